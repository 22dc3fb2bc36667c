"""The condition of the data: rows by month of each table, and how well tables match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from cxdata.model.summaries import DATA_QUALITY, TABLE_MONTH
from cxdata.model.tables import CURATED
from cxdata.query.gate import Gate


@dataclass(frozen=True)
class MonthRows:
    """Rows of one table in one month, and those of them that name a customer."""

    month: date
    rows: int
    named: int


@dataclass(frozen=True)
class Matches:
    """How many rows of a table name a customer, and how many of those are not in the data."""

    rows: int
    named: int
    unknown: int

    @property
    def share(self) -> float | None:
        """Share of all rows that belong to a known customer."""
        return (self.named - self.unknown) / self.rows if self.rows else None


def months(gate: Gate) -> Mapping[str, tuple[MonthRows, ...]]:
    """Return the rows by month of every dated table, in order.

    Raises:
        NotAllowed: whoever asks may not see all rows.
    """
    found: dict[str, list[MonthRows]] = {}
    columns = TABLE_MONTH.c
    rows = gate.read(sa.select(*columns).order_by(columns.table_name, columns.month))
    for row in rows.to_dict("records"):
        one = MonthRows(row["month"], int(row["row_count"]), int(row["named"]))
        found.setdefault(str(row["table_name"]), []).append(one)
    return {name: tuple(some) for name, some in found.items()}


def matches(gate: Gate) -> Mapping[str, Matches]:
    """Return how well each dated table that names customers matches them."""
    unknown = _unknown(gate)
    return {
        name: Matches(
            sum(one.rows for one in some), sum(one.named for one in some), unknown.get(name, 0)
        )
        for name, some in months(gate).items()
        if "customer_id" in CURATED.tables[name].c
    }


def _unknown(gate: Gate) -> dict[str, int]:
    columns = DATA_QUALITY.c
    rows = gate.read(
        sa.select(columns.table_name, columns.row_count).where(
            columns.rule == "refers", columns.column_name == "customer_id"
        )
    )
    return {str(row["table_name"]): int(row["row_count"]) for row in rows.to_dict("records")}
