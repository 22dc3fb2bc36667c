"""Records set aside: why, how many, the first of them at hand and all of them in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from cxdata.intake.workspace import Folder
from cxdata.sources.parquet_io import read_batches

SET_ASIDE = pa.schema(
    [
        ("record", pa.int64()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("rule", pa.string()),
        ("expected", pa.string()),
    ]
)
"""One line a fault; records count from 1 after the header, lines from 1 at the top of the file."""

FIRST = 100
"""How many faults are at hand without opening a file."""

BATCH = "_batch"
"""Column that says, in a file that is handed out, which extract its records belong to."""

LEDGER_COLUMNS = ("_record", "_line", "_column", "_rule", "_expected", "_raw")
"""What stands behind the original columns in the file of records set aside.

``_raw`` is the text of a record that could not be split into the columns.
"""

WHOLE_RECORD = "(record)"
"""Stands for the column where a record as a whole does not fit."""

_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = "^[+-]?[0-9.,' \u00a0\u202f]+%?$"


@dataclass(frozen=True)
class Fault:
    """One reason why one record was set aside; ``raw`` is the record as the file has it."""

    record: int
    line: int | None
    column: str
    value: str | None
    rule: str
    expected: str
    raw: str = ""


@dataclass(frozen=True)
class Reason:
    """One rule that records broke: how many records, and some values that broke it."""

    column: str
    rule: str
    expected: str
    records: int
    examples: tuple[str, ...] = ()

    @property
    def example(self) -> str | None:
        """One value that broke it, if any was there at all."""
        return self.examples[0] if self.examples else None

    def __str__(self) -> str:
        shown = "nothing" if self.example is None else repr(self.example)
        return (
            f"{counted(self.records, 'record')}: {self.column} expects {self.expected}, "
            f"and has for example {shown}"
        )


@dataclass(frozen=True)
class SetAside:
    """What was set aside from one extract.

    ``reasons`` come most frequent first; ``first`` are the first faults in the order of the file.
    The rest is in files: ``faults_file`` holds :data:`SET_ASIDE`, and ``records_file`` one row a
    record: its cells as they were, then :data:`LEDGER_COLUMNS`.
    """

    records: int = 0
    faults: int = 0
    reasons: tuple[Reason, ...] = ()
    first: tuple[Fault, ...] = ()
    header: tuple[str, ...] = ()
    faults_file: Path | None = None
    records_file: Path | None = None
    folder: Folder | None = field(default=None, repr=False)

    def to_batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all faults, in the order of the file."""
        if self.faults_file is not None:
            yield from read_batches(self.faults_file)

    def write_csv(self, path: Path, *, for_spreadsheet: bool = False, batch: str = "") -> None:
        """Write the records set aside as CSV (UTF-8, commas): original text, and why not.

        Such a file can be mended and loaded again; ``batch`` names the extract that it belongs to.
        ``for_spreadsheet`` puts an apostrophe before text that a spreadsheet would run as a
        formula; plain numbers stay as they are.
        """
        names = [*self.header, *LEDGER_COLUMNS, *([BATCH] if batch else [])]
        schema = pa.schema(
            [(name, pa.int64() if name in ("_record", "_line") else pa.string()) for name in names]
        )
        with pa_csv.CSVWriter(path, schema) as writer:
            if self.records_file is None:
                return
            for rows in read_batches(self.records_file):
                columns = [neutral(one) if for_spreadsheet else one for one in rows.columns]
                if batch:
                    columns.append(pa.repeat(batch, rows.num_rows))
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def neutral(column: pa.Array) -> pa.Array:
    """Return texts that no spreadsheet takes for a formula.

    >>> neutral(pa.array(["=1+1", "-7.50", "@me", "a"])).to_pylist()
    ["'=1+1", '-7.50', "'@me", 'a']
    """
    if not pa.types.is_string(column.type):
        return column
    is_formula = pc.and_(
        pc.match_substring_regex(column, _FORMULA),
        pc.invert(pc.match_substring_regex(column, _NUMBER)),
    )
    quoted = pc.binary_join_element_wise(pa.scalar("'"), column, "")
    return pc.if_else(pc.fill_null(is_formula, False), quoted, column)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "record"), counted(1200, "record")
    ('1 record', '1,200 records')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
