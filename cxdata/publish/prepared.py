"""What an extract in waiting became: tables as Parquet, records set aside, a ledger that closes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cxdata.intake.aside import Fault, Reason
from cxdata.intake.loaded import TableCount, Unresolved


@dataclass(frozen=True)
class PreparedTable:
    """Accepted rows of one table in one Parquet file of the prepared folder.

    ``low`` and ``high`` are the first and last event date. ``spoken`` names the columns that the
    extract speaks about (None: all): the others keep what is published.
    """

    table: str
    file: str
    sha256: str
    bytes: int
    rows: int
    columns: tuple[str, ...]
    low: date | None = None
    high: date | None = None
    spoken: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Prepared:
    """What preparing made of an extract.

    ``folder`` is relative to the staged extract's own; ``aside_file`` the CSV of the records set
    aside in it ("" where none was), and ``first`` the first faults. ``complete_through`` and
    ``history`` are the source's promise. ``mode`` and ``auto`` are what the recipe says about
    publishing. ``misread`` is the sentence for so many records set aside that the extract was most
    likely misread, "" where they are few. ``unresolved`` are references to what is not known, and
    ``unknown`` the sentence for so many of them that something is amiss. ``batch`` is the staged
    extract whose records these are the mended ones of.
    """

    folder: str
    at: datetime
    records: int
    set_aside: int
    tables: tuple[PreparedTable, ...]
    counts: tuple[TableCount, ...] = ()
    reasons: tuple[Reason, ...] = ()
    first: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    aside_file: str = ""
    source_system: str = ""
    complete_through: date | None = None
    history: str = "dated"
    numbered: frozenset[str] = frozenset()
    recipe: str = ""
    mode: str = ""
    auto: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    misread: str = ""
    batch: str = ""
    unresolved: tuple[Unresolved, ...] = ()
    unknown: str = ""

    @property
    def loaded(self) -> int:
        """Records that were taken."""
        return self.records - self.set_aside

    def of(self, table: str) -> PreparedTable | None:
        """Return one table, if the extract has it."""
        return next((one for one in self.tables if one.table == table), None)
