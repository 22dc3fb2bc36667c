"""What is known of the tables: dates, completeness, lateness (METRICS.md C12, 1.5, 9.17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.expressions import days_between, number
from cxdata.marts.workspace import Workspace
from cxdata.model.period import add_months, month_of
from cxdata.model.summaries import EVENT_LAG, TABLE_MONTH
from cxdata.model.tables import CURATED

MATURE_DAYS = 90
"""Days of events whose lateness is measured."""

ACTIVITY = ("subscription_period", "revenue_period", "sales_transaction")
"""Tables that say who is a customer."""

_SAME = object()
"""Stands for a table in which nothing changed."""

LONGEST_LAG = 120
"""A load this late is a backfill, not lateness."""

LONGEST_HISTORY = 120
"""Months of history that are built; older events are counted and left out."""


@dataclass(frozen=True)
class Health:
    """One table: its rows, its dates, and how far it is complete."""

    table_name: str
    row_count: int
    first_date: date | None
    last_date: date | None
    complete_through: date | None
    is_assumed: bool
    is_snapshot: bool
    future_dated: int


def measure(
    connection: sa.Connection, tables: Mapping[str, frozenset[str]], today: date
) -> list[Health]:
    """Measure every table that is there; dates after today are counted, not believed."""
    promised = _promises(connection) if "data_load" in tables else {}
    return [_measure(connection, name, promised, today) for name in sorted(tables)]


def _promises(connection: sa.Connection) -> dict[str, tuple[date, bool]]:
    load = CURATED.tables["data_load"]
    rows = connection.execute(
        sa.select(
            load.c.table_name,
            sa.func.max(load.c.complete_through),
            sa.func.max(sa.case((load.c.history == "snapshot", 1), else_=0)),
        ).group_by(load.c.table_name)
    )
    return {name: (through, bool(snapshot)) for name, through, snapshot in rows if through}


def _measure(
    connection: sa.Connection, name: str, promised: Mapping[str, tuple[date, bool]], today: date
) -> Health:
    table = CURATED.tables[name]
    event_date = table.info["event_date"]
    if event_date is None:
        count = connection.scalar(sa.select(sa.func.count()).select_from(table))
        return Health(name, count or 0, None, None, None, True, False, 0)
    day = table.c[event_date]
    past = sa.case((day <= sa.literal(today), day))
    count, first, last, future = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.min(day),
            sa.func.max(past),
            sa.func.coalesce(sa.func.sum(sa.case((day > sa.literal(today), 1), else_=0)), 0),
        ).select_from(table)
    ).one()
    through, snapshot = promised.get(name, (None, False))
    assumed = through is None
    if name == "subscription_period" and assumed:
        # With a promise, an end that is only scheduled is no sign of later data.
        last = _latest(last, _last_ending(connection, today))
    if assumed and last is not None:
        through = _assumed_through(name, last)
    return Health(name, count, first, last, through, assumed, snapshot, int(future))


def _assumed_through(name: str, last: date) -> date:
    """Without a promise the last day may still fill; a monthly table's last month is whole."""
    if name == "revenue_period":
        return add_months(last.replace(day=1), 1) - timedelta(days=1)
    return last - timedelta(days=1)


def _last_ending(connection: sa.Connection, today: date) -> date | None:
    term = CURATED.tables["subscription_period"]
    past = sa.select(sa.func.max(term.c.end_date)).where(term.c.end_date <= sa.literal(today))
    return connection.scalar(past)


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day), default=None)


def horizon(healths: list[Health]) -> date | None:
    """Last day of data in any table, complete or not: nothing later is built."""
    days = ((h.complete_through, h.last_date) for h in healths if h.row_count)
    return _latest(*(day for pair in days for day in pair))


def activity_through(healths: list[Health], last: date) -> date:
    """Last day on which it is wholly known who is a customer."""
    known = [
        health.complete_through
        for health in healths
        if health.table_name in ACTIVITY and health.row_count and health.complete_through
    ]
    return min(known, default=last)


def first_month(healths: list[Health], through: date) -> date:
    """First month that is built: the oldest of what dates a customer's money, else of anything.

    Contracts reach back to before the data began, so they decide only where nothing else does.
    """
    dates = {h.table_name: h.first_date for h in healths if h.first_date and h.row_count}
    money = [dates[name] for name in ("revenue_period", "sales_transaction") if name in dates]
    contracts = [dates[name] for name in ("subscription_period",) if name in dates]
    first = min(money or contracts or list(dates.values()) or [through])
    oldest = add_months(through.replace(day=1), 1 - LONGEST_HISTORY)
    return max(min(first, through).replace(day=1), oldest)


def _happened(name: str, day: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Day from which a row can be late: a month of revenue is known at its end."""
    if name != "revenue_period":
        return day
    return sa.cast(day + sa.text("INTERVAL '1 month'"), sa.Date())


def fill_lags(work: Workspace) -> None:
    """Count days between event and load, a table, over the last mature days."""
    for name in work.tables:
        table = work.table(name)
        event_date = CURATED.tables[name].info["event_date"]
        real = work.tables[name]
        if event_date is None or not {event_date, "loaded_at"} <= real:
            continue
        day = table.c[event_date]
        end = work.through - timedelta(days=LONGEST_LAG // 4)
        # Rows come in loads: an instant is made a date once a load and day, not once a row.
        loads = (
            sa.select(day.label("day"), table.c.loaded_at, sa.func.count().label("events"))
            .where(
                day > sa.literal(end - timedelta(days=MATURE_DAYS)),
                day <= sa.literal(end),
                table.c.loaded_at.is_not(None),
            )
            .group_by(day, table.c.loaded_at)
            .cte("load")
        )
        lag = days_between(sa.cast(loads.c.loaded_at, sa.Date()), _happened(name, loads.c.day))
        late = sa.func.greatest(lag, number(0))
        rows: sa.Select[Any] = (
            sa.select(
                sa.literal(name, sa.String(64)).label("table_name"),
                late.label("lag_days"),
                sa.func.sum(loads.c.events).label("events"),
            )
            .where(lag <= LONGEST_LAG)
            .group_by(late)
        )
        work.fill(EVENT_LAG, rows)


def fill_months(work: Workspace, days: Mapping[str, Any] | None) -> None:
    """Count rows by the month of their event, and those of them that name a customer.

    ``days`` are the event dates that changed since the last build, by table: what was counted of
    earlier months stays, unless rows there wait for a customer who may have come.
    """
    for name in work.tables:
        table, real = work.table(name), work.tables[name]
        event_date = CURATED.tables[name].info["event_date"]
        if event_date is None or event_date not in real:
            continue
        first = _counted_from(work, name, days)
        if first is None:
            continue
        mine = TABLE_MONTH.c.table_name == name
        work.run(sa.delete(TABLE_MONTH).where(mine, TABLE_MONTH.c.month >= sa.literal(first)))
        day = table.c[event_date]
        month: sa.ColumnElement[Any] = sa.cast(sa.func.date_trunc("month", day), sa.Date())
        named, known = _customers_of(work, name, table)
        counted: sa.Select[Any] = (
            sa.select(
                sa.literal(name, sa.String(64)).label("table_name"),
                month.label("month"),
                sa.func.count().label("row_count"),
                named.label("named"),
                known.label("known"),
            )
            .where(day.is_not(None), day >= sa.literal(first))
            .group_by(month)
        )
        work.fill(TABLE_MONTH, counted)


def _counted_from(work: Workspace, name: str, days: Mapping[str, Any] | None) -> date | None:
    """First month whose rows are counted anew: the first of all, or None where all stay."""
    if work.turnover is None or days is None or days.get(name, _SAME) is None:
        return date.min
    if not work.keeps("customer"):
        kept = TABLE_MONTH.c
        waiting = sa.select(sa.func.sum(kept.named - kept.known)).where(kept.table_name == name)
        if work.connection.scalar(waiting):
            return date.min
    return month_of(days[name].low) if name in days else None


def _customers_of(
    work: Workspace, name: str, table: sa.FromClause
) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """Count rows that name a customer, and those whose customer is in the data."""
    if "customer_id" not in work.tables[name]:
        return sa.func.count(), sa.func.count()
    named = sa.func.count(table.c.customer_id)
    if not work.has("customer"):
        return named, named
    ids = sa.select(work.table("customer").c.customer_id)
    known = sa.case((table.c.customer_id.in_(ids), 1), else_=0)
    return named, sa.func.sum(known)
