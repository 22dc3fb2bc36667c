"""The rows behind the summaries: what a build sums, by the same statements, not summed.

A list of customers or answers is made of these, so that it cannot differ from the figure whose
rows it shows. Every relation here has ``customer_key`` and the profile by which it is sliced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from cxdata.marts import answers, contacts, flows, quality, sales, totals
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Rules, Span
from cxdata.marts.workspace import PERIOD, Spread, Workspace
from cxdata.model.period import add_months
from cxdata.model.summaries import BUILD, CURRENCY_MONTH, DATA_QUALITY
from cxdata.model.tables import CURATED

Rows = sa.Select[Any]


def as_built(connection: sa.Connection, tables: Mapping[str, frozenset[str]]) -> Workspace:
    """Return the build that the summaries of a connection come from: its rules, days and faults."""
    facts = connection.execute(sa.select(BUILD)).mappings().one()
    columns = DATA_QUALITY.c
    aside = connection.execute(sa.select(DATA_QUALITY).where(columns.set_aside > 0)).mappings()
    faults = [quality.Fault(**row) for row in aside]
    return Workspace(
        connection,
        tables,
        Rules.parse(facts["rules"]),
        Span(facts["first_month"], facts["last_month"]),
        facts["complete_through"],
        activity_through=facts["activity_through"],
        lapse_days=facts["lapse_days"],
        currency=facts["currency"],
        sound={
            name: quality.sound(CURATED.tables[name], tables[name], faults)
            for name in {fault.table_name for fault in faults}
        },
    )


def moves(work: Workspace, periods: Sequence[Spread]) -> Rows:
    """Each customer at both ends of the periods, as ``customer_flow`` sums them."""
    work.currencies = frozenset({"several"}) if _any(work, CURRENCY_MONTH) else frozenset()
    singles = [start for start, months in periods if months == 1]
    found = flows.monthly_pairs(work, singles) if singles else flows.pairs(work)
    return _over(work, periods, sa.select(found))


def sums(work: Workspace, periods: Sequence[Spread]) -> Rows:
    """Each customer's sums in periods of one length, as ``customer_total`` adds them up."""
    is_month = all(months == 1 for _, months in periods)
    return _over(work, periods, totals.one_month() if is_month else totals.several_months())


def calls(work: Workspace, period: Spread) -> Rows:
    """Each contact of a period, costed and chained, as ``interaction_summary`` counts them."""
    work.currencies = _currencies(work, "interaction", "unit_cost")
    return contacts.costed(work, _span(work, period))


def orders(work: Workspace, period: Spread) -> Rows:
    """Each order of a period, as ``sales_summary`` counts them."""
    work.currencies = _currencies(work, "sales_transaction")
    found = sales.orders(work, _span(work, period)).subquery("sale")
    rows, profile = profile_at(found, found.c.customer_key, found.c.first_date)
    return sa.select(found, profile.label("profile_id")).select_from(rows)


def responses(work: Workspace, period: Spread) -> Rows:
    """The latest answer of each person to each survey in a period, with its ``response_id``."""
    return _over(work, [period], answers.with_ids(work, _span(work, period)))


def _span(work: Workspace, period: Spread) -> Span:
    start, months = period
    return Span(start, min(add_months(start, months - 1), work.span.last))


def _over(work: Workspace, periods: Iterable[Spread], query: Rows) -> Rows:
    """The query over periods that are written into it, not kept in a scratch table."""
    months = work.months_of(periods)
    columns = [sa.column(column.name, column.type) for column in PERIOD.c]
    names = [column.name for column in columns]
    listed = sa.values(*columns, name=PERIOD.name).data(
        [tuple(month[name] for name in names) for month in months]
    )
    period = sa.select(listed).cte("asked")

    def instead(element: Any, **_: Any) -> Any:
        if element is PERIOD:
            return period
        if isinstance(element, sa.Column) and element.table is PERIOD:
            return period.c[element.name]
        return None

    return cast("Rows", sa.sql.visitors.replacement_traverse(query, {}, instead))


def _any(work: Workspace, table: sa.Table) -> bool:
    return bool(work.connection.scalar(sa.select(sa.exists().select_from(table))))


def _currencies(work: Workspace, *names: str) -> frozenset[str]:
    """Currencies of the amounts of some tables."""
    found: set[str | None] = set()
    for name in names:
        if "currency" in work.tables.get(name, ()):
            found.update(work.connection.scalars(sa.select(work.table(name).c.currency).distinct()))
    return frozenset(code for code in found if code)
