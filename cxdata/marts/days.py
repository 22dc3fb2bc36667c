"""day_event: contacts and orders by day, for a period under way (METRICS.md C9).

Only what adds up by days is here: who came and who left is a matter of two instants, and a person's
latest answer of the period. Orders stand at the day of their first line in the month. The days kept
reach back to the year before the first of this one, and a little more.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.contacts import CONTACT
from cxdata.marts.expressions import number, zero
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.sales import SALE
from cxdata.marts.workspace import Workspace
from cxdata.model.period import add_months
from cxdata.model.summaries import DAY_EVENT, MONTHS_OF_DAYS

Column = sa.ColumnElement[Any]

_CONTACTS = {
    "inbound": "is_inbound",
    "identified": "is_identified",
    "abandoned": "is_abandoned",
    "uncosted": "is_uncosted",
    "imputed": "is_imputed",
    "cost": "cost",
    "cost_marginal": "cost_marginal",
    "repeats": "is_repeat",
    "target_known": "target_known",
    "target_met": "target_met",
    "handled": "is_handled",
    "handle_seconds": "handle_seconds",
}
_KEYS = ("day", "profile_id", "journey_code")
_MEASURES = [column for column in DAY_EVENT.c if column.name not in _KEYS]


def kept_from(work: Workspace) -> date:
    """First day of which anything is kept."""
    return add_months(work.span.last, 1 - MONTHS_OF_DAYS)


def clear_days(work: Workspace, span: Span) -> None:
    """Drop the days that are built again, and those that have grown old."""
    day = DAY_EVENT.c.day
    first, oldest = sa.literal(span.first), sa.literal(kept_from(work))
    work.run(sa.delete(DAY_EVENT).where(sa.or_(day >= first, day < oldest)))


def fill_days(work: Workspace) -> None:
    """Sum the scratch contacts and orders of a batch by day."""
    rows = sa.union_all(_contacts(work), _orders(work)).cte("rows")
    keys = [rows.c[name] for name in _KEYS]
    sums = (sa.func.sum(rows.c[one.name]).label(one.name) for one in _MEASURES)
    work.fill(DAY_EVENT, sa.select(*keys, *sums).group_by(*keys))


def _contacts(work: Workspace) -> sa.Select[Any]:
    one = CONTACT.c
    sums: dict[str, Column] = {to: zero(one[of]) for to, of in _CONTACTS.items()}
    measures = {"contacts": number(1), **sums}
    return _part(one.day, one.profile_id, one.journey_code, measures).where(
        one.day >= sa.literal(kept_from(work))
    )


def _orders(work: Workspace) -> sa.Select[Any]:
    one = SALE.c
    rows, profile = profile_at(SALE, one.customer_key, one.first_date)
    measures: dict[str, Column] = {"orders": one.is_order, "amount": one.amount}
    return (
        _part(one.first_date, profile, one.journey_code, measures)
        .select_from(rows)
        .where(one.first_date >= sa.literal(kept_from(work)))
    )


def _part(
    day: Column, profile: Column, journey: Column, measures: dict[str, Column]
) -> sa.Select[Any]:
    """One strand of events; what it does not measure is 0."""
    return sa.select(
        day.label("day"),
        profile.label("profile_id"),
        journey.label("journey_code"),
        *(
            sa.cast(measures.get(column.name, number(0)), column.type).label(column.name)
            for column in _MEASURES
        ),
    )
