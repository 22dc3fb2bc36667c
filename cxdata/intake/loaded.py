"""What came of an extract: tables, records set aside, and a ledger that closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

SET_ASIDE = pa.schema(
    [
        ("record", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("rule", pa.string()),
        ("expected", pa.string()),
    ]
)
"""One line a fault; record numbers count from 1 after the header."""


@dataclass(frozen=True)
class Reason:
    """One rule that records broke: how many records, and one value that broke it."""

    column: str
    rule: str
    expected: str
    records: int
    example: str | None

    def __str__(self) -> str:
        shown = "nothing" if self.example is None else repr(self.example)
        return (
            f"{counted(self.records, 'record')}: {self.column} expects {self.expected}, "
            f"and has for example {shown}"
        )


@dataclass(frozen=True)
class TableCount:
    """Where the candidate rows of one table went.

    ``candidates`` = ``rows`` + ``filtered`` (left out by the recipe's condition) +
    ``superseded`` (an older update of the same key) + ``blank`` (nothing in that column of a wide
    record) + ``folded`` (equal to a row that counts) + ``set_aside``.
    """

    table: str
    candidates: int
    rows: int
    filtered: int = 0
    superseded: int = 0
    blank: int = 0
    folded: int = 0
    set_aside: int = 0

    @property
    def closes(self) -> bool:
        """Whether every candidate row is accounted for."""
        return self.candidates == (
            self.rows + self.filtered + self.superseded + self.blank + self.folded + self.set_aside
        )


@dataclass(frozen=True)
class Counts:
    """The ledger of one extract: records = loaded + set aside."""

    records: int
    set_aside: int
    tables: tuple[TableCount, ...]

    @property
    def loaded(self) -> int:
        """Records that were taken, whether or not each gave a row."""
        return self.records - self.set_aside

    def of(self, table: str) -> TableCount:
        """Return the count of one table."""
        return next(one for one in self.tables if one.table == table)


@dataclass(frozen=True)
class Loaded:
    """Curated tables made from one extract, not yet published.

    ``complete_through`` and ``history`` are the source's promise about them (None: no promise).
    ``numbered`` names the tables whose keys are the numbers of the records, which mean nothing
    beyond this extract.
    """

    tables: Mapping[str, pa.Table]
    set_aside: pa.Table
    notes: tuple[str, ...]
    counts: Counts
    source_system: str = ""
    complete_through: date | None = None
    history: str = "dated"
    numbered: frozenset[str] = frozenset()

    def reasons(self) -> tuple[Reason, ...]:
        """Return why records were set aside, the most frequent reason first."""
        grouped = self.set_aside.group_by(
            ["column", "rule", "expected"], use_threads=False
        ).aggregate([("record", "count_distinct"), ("value", "first")])
        found = [
            Reason(
                column=row["column"],
                rule=row["rule"],
                expected=row["expected"],
                records=row["record_count_distinct"],
                example=row["value_first"],
            )
            for row in grouped.to_pylist()
        ]
        return tuple(sorted(found, key=lambda one: (-one.records, one.column, one.rule)))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "record"), counted(1200, "record")
    ('1 record', '1,200 records')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def records_in(set_aside: pa.Table) -> int:
    """Return how many different records were set aside."""
    return int(pc.count_distinct(set_aside.column("record")).as_py())
