"""The condition of the data: rows by month of each table, and how well tables match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cxdata.model.summaries import TABLE_MONTH
from cxdata.model.tables import CURATED
from cxdata.query.gate import Gate


@dataclass(frozen=True)
class MonthRows:
    """Rows of one table in one month, those that name a customer, and a known one."""

    month: date
    rows: int
    named: int
    known: int


@dataclass(frozen=True)
class Matches:
    """How many rows of a table name a customer, and how many one that is in the data."""

    rows: int
    named: int
    known: int

    @property
    def unknown(self) -> int:
        """Rows that name a customer who is not in the data."""
        return self.named - self.known

    @property
    def share(self) -> float | None:
        """Share of all rows that belong to a known customer."""
        return self.known / self.rows if self.rows else None


def months(gate: Gate) -> Mapping[str, tuple[MonthRows, ...]]:
    """Return the rows by month of every dated table, in order.

    Raises:
        NotAllowed: whoever asks may not see all rows.
    """
    found: dict[str, list[MonthRows]] = {}
    columns = TABLE_MONTH.c
    rows = gate.read(sa.select(*columns).order_by(columns.table_name, columns.month))
    for row in rows.to_dict("records"):
        counts = (int(row[name]) for name in ("row_count", "named", "known"))
        one = MonthRows(row["month"], *counts)
        found.setdefault(str(row["table_name"]), []).append(one)
    return {name: tuple(some) for name, some in found.items()}


def matches(counted: Mapping[str, Iterable[MonthRows]]) -> Mapping[str, Matches]:
    """Return how well each dated table that names customers matches them."""
    return {
        name: Matches(
            sum(one.rows for one in some),
            sum(one.named for one in some),
            sum(one.known for one in some),
        )
        for name, some in counted.items()
        if "customer_id" in CURATED.tables[name].c
    }
