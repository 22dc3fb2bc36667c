"""Records that were set aside, mended, and brought again: they belong to the extract they left.

A file is known for such by the columns that the file of records set aside has behind its own. The
column ``_batch`` names the extract: a column survives sorting, filtering and a spreadsheet.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from cxdata.intake import Reading
from cxdata.intake.aside import BATCH, LEDGER_COLUMNS
from cxdata.intake.recipe import Layout, Recipe
from cxdata.intake.terms import ASIDE, UNKNOWN
from cxdata.model.errors import IntakeError
from cxdata.publish import aside
from cxdata.publish.line import line
from cxdata.sources.manifest import Version
from cxdata.sources.store import Store

_RECORD = LEDGER_COLUMNS[0]
_TELLING = frozenset({_RECORD, "_rule", "_expected", BATCH})


@dataclass(frozen=True)
class Mended:
    """A file of mended records, and the extract that they were set aside from."""

    reading: Reading
    batch: str

    def place(self, column: str) -> int:
        """Return where a column stands."""
        return self.reading.header.index(column)

    @property
    def answers(self) -> dict[str, str]:
        """What was decided of the extract that they left: the unknown had been set aside."""
        rule = self.place("_rule")
        was_aside = any(row[rule].strip() == "refers" for row in self.reading.rows())
        return {UNKNOWN: ASIDE} if was_aside else {}


@dataclass(frozen=True)
class BatchLedger:
    """Where the records of one extract are, mended ones included: records = loaded + set aside."""

    records: int
    loaded: int

    @property
    def set_aside(self) -> int:
        """Records that are still set aside."""
        return self.records - self.loaded


def mended(reading: Reading) -> Mended | None:
    """Return what a file of mended records says about itself; None for any other file."""
    if not _TELLING.issubset(reading.header):
        return None
    first = next(reading.rows(), None)
    found = Mended(reading, "")
    return found if first is None else Mended(reading, first[found.place(BATCH)].strip())


def unpack(store: Store, found: Mended, target: Path) -> int:
    """Write the mended records as the extract had them: its columns alone, in UTF-8 with commas.

    A record that could not be split into cells comes as its raw text alone; while its cells are
    empty nobody has mended it, and it stays set aside as it was. Returns how many those are.

    Raises:
        IntakeError: a record is not one of those that the extract set aside, or comes twice.
    """
    known = _set_aside(store, found)
    header = found.reading.header
    own = [at for at, name in enumerate(header) if name not in (*LEDGER_COLUMNS, BATCH)]
    record, batch = found.place(_RECORD), found.place(BATCH)
    waiting = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(header[at] for at in own)
        for row in found.reading.rows():
            _take(known, row[record].strip(), row[batch].strip(), found.batch)
            cells = [aside.original(row[at]) for at in own]
            if any(cell.strip() for cell in cells):
                lines.writerow(cells)
            else:
                waiting += 1
    if waiting == found.reading.records:
        raise IntakeError(
            "None of these records is mended yet: their cells are empty. Fill them from the text "
            f"in {LEDGER_COLUMNS[-1]}, and bring the file again."
        )
    return waiting


def adapted(recipe: Recipe) -> Recipe:
    """Return the recipe for the text that :func:`unpack` writes.

    Raises:
        IntakeError: its rows are known by the number of their record alone.
    """
    maps = (one for table in recipe.tables for group in table.groups for one in group)
    if any(one.record_number is not None for one in maps):
        raise IntakeError(
            f"The recipe {recipe.name} knows rows only by the number of their record, so records "
            "cannot be brought again by themselves. Mend the original file and replace the table."
        )
    plain = Layout()
    stated = {
        name: getattr(plain, name)
        for name in ("escape", "comment", "header", "skip", "sheet", "member")
    }
    layout = replace(recipe.layout, encoding="utf-8", delimiter=",", quote='"', **stated)
    return replace(recipe, layout=layout)


def root_of(store: Store, batch: str) -> str:
    """Return the first extract that mended records come from, through files mended again."""
    made = made_of(store, batch)
    return str(made.checks["batch"]) if made is not None and made.checks.get("batch") else batch


def made_of(store: Store, extract: str) -> Version | None:
    """Return the version that a staged extract became."""
    return next((one for one in store.versions() if one.checks.get("staged") == extract), None)


def batch_ledger(store: Store, batch: str) -> BatchLedger | None:
    """Return the ledger of an extract with all its mended records, as far as they are published."""
    made, head = made_of(store, batch), store.head()
    if made is None or head is None:
        return None
    shown = line(store, head)
    counted = [one for one in shown if batch in (one.checks.get("staged"), one.checks.get("batch"))]
    return BatchLedger(
        int(made.checks["records"]), sum(int(one.checks["loaded"]) for one in counted)
    )


def _set_aside(store: Store, found: Mended) -> set[str]:
    if not aside.is_known(store, found.batch):
        raise IntakeError(
            "The extract that these records were set aside from is not known here. Leave the "
            f"columns {_RECORD} to {BATCH} out to load the file as a new extract."
        )
    lines = aside.rows(store, found.batch)
    place = next(lines).index(_RECORD)
    return {row[place] for row in lines}


def _take(known: set[str], number: str, batch: str, wanted: str) -> None:
    """Take one record off those that may come; refuse any other."""
    if batch != wanted:
        raise IntakeError(
            "The file holds records of more than one extract. Bring those of each by themselves."
        )
    if number not in known:
        raise IntakeError(
            f"Record {number or '(without a number)'} is not one of those that were set aside, or "
            "stands in the file twice. Bring new records as an extract of their own."
        )
    known.discard(number)
