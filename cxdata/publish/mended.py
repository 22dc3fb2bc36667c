"""Records that were set aside, mended, and brought again: they belong to the extract they left.

A file is known for such by the columns that the file of records set aside has behind its own. The
column ``_batch`` names the extract: a column survives sorting, filtering and a spreadsheet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxdata.intake.aside import BATCH, LEDGER_COLUMNS
from cxdata.intake.recipe import Layout, Recipe
from cxdata.model.errors import IntakeError
from cxdata.publish import aside
from cxdata.publish.line import line
from cxdata.sources.manifest import Version
from cxdata.sources.store import Store

_RECORD = LEDGER_COLUMNS[0]
_TELLING = frozenset({_RECORD, "_rule", "_expected", BATCH})
_LONGEST_HEADER = 1 << 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Mended:
    """A file of mended records, and the extract that they were set aside from."""

    path: Path
    header: tuple[str, ...]
    delimiter: str
    encoding: str
    batch: str

    def rows(self) -> Iterator[list[str]]:
        """Yield the records."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = csv.reader(file, delimiter=self.delimiter)
            next(lines, None)
            yield from (row for row in lines if any(row))


@dataclass(frozen=True)
class BatchLedger:
    """Where the records of one extract are, mended ones included: records = loaded + set aside."""

    records: int
    loaded: int

    @property
    def set_aside(self) -> int:
        """Records that are still set aside."""
        return self.records - self.loaded


def mended(path: Path) -> Mended | None:
    """Return what a file of mended records says about itself; None for any other file."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            header, delimiter = header_of(path, encoding)
            if not _TELLING.issubset(header):
                return None
            first = next(Mended(path, header, delimiter, encoding, "").rows(), None)
        except (UnicodeDecodeError, csv.Error):
            continue
        place = header.index(BATCH)
        batch = first[place].strip() if first is not None and len(first) > place else ""
        return Mended(path, header, delimiter, encoding, batch)
    return None


def header_of(path: Path, encoding: str = "utf-8-sig") -> tuple[tuple[str, ...], str]:
    """Return the names in the first line of a text, and what separates them."""
    with path.open("rb") as file:
        line = file.readline(_LONGEST_HEADER).decode(encoding).rstrip("\r\n")
    delimiter = max(_DELIMITERS, key=line.count)
    return tuple(next(csv.reader([line], delimiter=delimiter), [])), delimiter


def unpacked(store: Store, found: Mended, target: Path) -> None:
    """Write the mended records as the extract had them: its columns alone, in UTF-8 with commas.

    Raises:
        IntakeError: a record is not one of those that the extract set aside, or comes twice.
    """
    known = _set_aside(store, found)
    own = [at for at, name in enumerate(found.header) if name not in (*LEDGER_COLUMNS, BATCH)]
    record, batch = found.header.index(_RECORD), found.header.index(BATCH)
    with target.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(found.header[at] for at in own)
        for row in found.rows():
            _take(known, row, record, batch, found.batch)
            lines.writerow(aside.original(row[at]) for at in own)


def adapted(recipe: Recipe) -> Recipe:
    """Return the recipe for the text that :func:`unpacked` writes.

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


def _take(known: set[str], row: Sequence[str], record: int, batch: int, wanted: str) -> None:
    """Take one record off those that may come; refuse any other."""
    said = row[batch].strip() if len(row) > batch else ""
    number = row[record].strip() if len(row) > record else ""
    if said != wanted:
        raise IntakeError(
            "The file holds records of more than one extract. Bring those of each by themselves."
        )
    if number not in known:
        raise IntakeError(
            f"Record {number or '(without a number)'} is not one of those that were set aside, or "
            "stands in the file twice. Bring new records as an extract of their own."
        )
    known.discard(number)
