"""What came of an extract: tables, records set aside, and a ledger that closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cxdata.intake.aside import Reason, SetAside, counted
from cxdata.intake.rows import TableRows

__all__ = ["Counts", "Loaded", "Reason", "TableCount", "TableRows", "Unresolved", "counted"]


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
class Unresolved:
    """Rows of a table whose reference points to nothing that is loaded or published.

    They are kept, as what they refer to may come later, unless the analyst has them set aside.
    ``referring`` counts the rows that refer to anything.
    """

    table: str
    column: str
    target: str
    rows: int
    referring: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"Rows of {self.table} whose {self.column} is not in {self.target} (for example "
            f"{self.examples[0]!r}): {self.rows:,}."
        )


@dataclass(frozen=True)
class Loaded:
    """Curated tables made from one extract, not yet published.

    ``complete_through`` and ``history`` are the source's promise about them (None: no promise).
    ``numbered`` names the tables whose keys are the numbers of the records, which mean nothing
    beyond this extract. ``stop_above`` is the share of records that may break one rule, where the
    recipe states it. ``sha256`` is that of the extract's bytes. ``unresolved`` are references to
    what is not known (yet).
    """

    tables: Mapping[str, TableRows]
    set_aside: SetAside
    notes: tuple[str, ...]
    counts: Counts
    source_system: str = ""
    complete_through: date | None = None
    history: str = "dated"
    numbered: frozenset[str] = frozenset()
    stop_above: float | None = None
    sha256: str = ""
    unresolved: tuple[Unresolved, ...] = ()

    def reasons(self) -> tuple[Reason, ...]:
        """Return why records were set aside, the most frequent reason first."""
        return self.set_aside.reasons
