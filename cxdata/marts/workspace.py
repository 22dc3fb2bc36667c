"""Where a build reads and writes: one connection that names curated tables and marts alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.rules import Rules, Span
from cxdata.model.period import Grain as PeriodGrain
from cxdata.model.period import Period, add_months
from cxdata.model.summaries import CUSTOMER_INDEX
from cxdata.model.tables import CURATED
from cxdata.sources.source import Turnover

SCRATCH = sa.MetaData()
"""Temporary tables of one build, private to its connection."""

MONTH = sa.Table(
    "scratch_month",
    SCRATCH,
    sa.Column("month", sa.Date()),
    sa.Column("close", sa.Date()),
    prefixes=["TEMPORARY"],
)
"""Months of a build; ``close`` is the first day after, or after the last complete day."""

PERIOD = sa.Table(
    "scratch_period",
    SCRATCH,
    sa.Column("month", sa.Date()),
    sa.Column("months", sa.Integer()),
    sa.Column("period_start", sa.Date()),
    sa.Column("last_month", sa.Date()),
    sa.Column("close", sa.Date()),
    prefixes=["TEMPORARY"],
)
"""Months of some periods, a row a month and period; ``close`` is that of the period."""

CHANGED = sa.Table(
    "scratch_changed",
    SCRATCH,
    sa.Column("table_name", sa.String(64)),
    sa.Column("customer_id", sa.String(64)),
    prefixes=["TEMPORARY"],
)
"""Customers whom rows name that changed since the last build, by table."""

Spread = tuple[date, int]
"""A period as its first day and its months."""


@dataclass
class Workspace:
    """One build under way.

    ``tables`` tells which curated tables are there; ``span`` the months of data; ``through`` the
    last day of data; ``activity_through`` the last on which it is known who is a customer;
    ``sound`` the tables of which rows are set aside, without those. ``turnover`` holds the rows
    that came and went since the last build (None: not known, or all is built); ``index`` the part
    of the customer index that is looked at anew.
    """

    connection: sa.Connection
    tables: Mapping[str, frozenset[str]]
    rules: Rules
    span: Span
    through: date
    activity_through: date = date.min
    history_start: date | None = None
    lapse_days: int = 180
    lapse_return_share: float | None = None
    currency: str = "EUR"
    currencies: frozenset[str] = field(default_factory=frozenset)
    months_a_batch: int = 6
    is_unseen: bool = False
    sound: Mapping[str, sa.FromClause] = field(default_factory=dict)
    turnover: Mapping[str, Turnover] | None = None
    index: sa.Table = CUSTOMER_INDEX

    def has(self, *names: str) -> bool:
        """Whether all these curated tables are there."""
        return all(name in self.tables for name in names)

    def table(self, name: str) -> sa.FromClause:
        """The curated table, without rows that are set aside."""
        return self.sound.get(name, CURATED.tables[name])

    def keeps(self, *names: str) -> bool:
        """Whether these tables are known to hold what they held at the last build."""
        return self.turnover is not None and not any(name in self.turnover for name in names)

    def among(self, key: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Whether a customer is looked at anew."""
        if self.index is CUSTOMER_INDEX:
            return sa.true()
        return key.in_(sa.select(self.index.c.customer_key))

    def run(self, statement: sa.Executable) -> None:
        """Run one statement."""
        self.connection.execute(statement)

    def fill(self, table: sa.Table, rows: sa.Select[Any] | sa.CompoundSelect[Any]) -> None:
        """Append what a query gives to a table, matched by column name."""
        names = [column.name for column in rows.selected_columns]
        self.connection.execute(table.insert().from_select(names, rows))

    def put(self, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append a few rows from Python."""
        listed = list(rows)
        if listed:
            self.connection.execute(table.insert(), listed)

    def settle(self) -> None:
        """Commit a step of marts that nobody sees yet.

        Until a commit the engine keeps every scratch table that was dropped.
        """
        if self.is_unseen:
            self.connection.commit()

    def fresh(self, *tables: sa.Table) -> None:
        """Make tables anew, empty."""
        for table in tables:
            self.run(sa.schema.DropTable(table, if_exists=True))
            self.run(sa.schema.CreateTable(table))

    def calendar(self, span: Span, since: date = date.min) -> None:
        """Fill the scratch calendar: months of the span, and the periods they belong to.

        Periods that have ended by ``since`` are left out.
        """
        self.fresh(MONTH, PERIOD)
        self.put(
            MONTH,
            ({"month": month, "close": self.close(month)} for month in span.months()),
        )
        grains = ((month, grain) for month in span.months() for grain in PeriodGrain)
        periods = (self._in_grain(month, grain) for month, grain in grains)
        self.put(
            PERIOD,
            (one for one in periods if add_months(one["period_start"], one["months"]) > since),
        )

    def spread(self, periods: Iterable[Spread]) -> None:
        """Fill the scratch periods with these, each with all its months that have data."""
        self.fresh(PERIOD)
        self.put(PERIOD, self.months_of(periods))

    def months_of(self, periods: Iterable[Spread]) -> list[dict[str, Any]]:
        """Return the months of periods that have data, as the scratch periods hold them."""
        return [
            self._in_period(month, start, months)
            for start, months in periods
            for month in Span(start, min(add_months(start, months - 1), self.span.last)).months()
        ]

    def close(self, month: date, months: int = 1) -> date:
        """First day after a period, or after the last complete day where that comes first."""
        return min(add_months(month, months), self.through + timedelta(days=1))

    def _in_grain(self, month: date, grain: PeriodGrain) -> dict[str, Any]:
        start = Period.containing(month, grain, self.rules.fiscal_start).start
        return self._in_period(month, start, grain.months)

    def _in_period(self, month: date, start: date, months: int) -> dict[str, Any]:
        return {
            "month": month,
            "months": months,
            "period_start": start,
            "last_month": min(add_months(start, months - 1), self.span.last),
            "close": self.close(start, months),
        }
