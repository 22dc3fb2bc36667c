"""customer_flow: who came, stayed and left between two instants, in heads and in money.

The bridge in heads is METRICS.md 2.1, the revenue movement 2.5. Both ends are taken at the state of
the instants, customers by customer; segment and journeys at the period's start, for new customers
at their first active day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.currency import converted, is_single
from cxdata.marts.expressions import flag, months_before, number, zero
from cxdata.marts.profiles import profile_at
from cxdata.marts.workspace import PERIOD, Spread, Workspace
from cxdata.model.summaries import (
    ACTIVITY_SPAN,
    CURRENCY_MONTH,
    CUSTOMER_FLOW,
    CUSTOMER_LIFE,
    CUSTOMER_MONTH,
)

Column = sa.ColumnElement[Any]
_NOUGHT: Column = sa.literal_column("0")


VOLUNTARY = ("voluntary", "end_of_term", "downgrade", "upgrade")
"""Reasons by the customer's choice: it left, or took no other contract when one ran out."""

INVOLUNTARY = ("involuntary",)
"""Reasons that nobody chose: payments that failed."""


def fill_monthly_flow(work: Workspace, months: list[date]) -> None:
    """Flows of single months."""
    work.spread([(month, 1) for month in months])
    work.fill(CUSTOMER_FLOW, _flow(monthly_pairs(work, months)))


def monthly_pairs(work: Workspace, months: list[date]) -> sa.CTE:
    """Each customer at both ends of the scratch months: they stand in one row of customer_month."""
    table, life = CUSTOMER_MONTH, CUSTOMER_LIFE
    left = _left()
    gone = sa.and_(
        left.c.customer_key == table.c.customer_key, left.c.period_start == table.c.month
    )
    rows: sa.FromClause = table.outerjoin(
        life, life.c.customer_key == table.c.customer_key
    ).outerjoin(left, gone)
    closing: Column = table.c.recurring
    if not is_single(work):
        before = months_before(CURRENCY_MONTH.c.month, 1)
        steady = _at_rate_of(work, before, CURRENCY_MONTH.c.month.in_(months))
        same = sa.and_(
            steady.c.customer_key == table.c.customer_key, steady.c.month == table.c.month
        )
        rows, closing = rows.outerjoin(steady, same), closing + zero(steady.c.amount)
    return (
        sa.select(
            table.c.customer_key,
            table.c.month.label("period_start"),
            number(1).label("months"),
            life.c.first_revenue_month,
            table.c.profile_id,
            table.c.profile_end_id,
            table.c.journey_set,
            table.c.is_start,
            table.c.is_end,
            table.c.is_new,
            table.c.is_reactivated,
            table.c.is_joined_and_left,
            left.c.reason,
            table.c.recurring_before.label("opening"),
            table.c.recurring.label("closing"),
            closing.label("steady"),
        )
        .select_from(rows)
        .where(table.c.month.in_(months))
        .cte("pair")
    )


_KEYS = ("period_start", "months", "customer_key")


def fill_flow(work: Workspace, periods: Sequence[Spread]) -> None:
    """Flows of longer periods."""
    work.spread(periods)
    work.fill(CUSTOMER_FLOW, _flow(pairs(work)))


def pairs(work: Workspace) -> sa.CTE:
    """Each customer at both ends of longer periods: first month's opening, last month's close.

    An unfinished period closes with the last month of data.
    """
    first = _ends(PERIOD.c.period_start, "first_month")
    last = _ends(PERIOD.c.last_month, "last_month")
    inside = _inside()
    life = CUSTOMER_LIFE
    start, months, key = (
        sa.func.coalesce(first.c[name], last.c[name], inside.c[name]) for name in _KEYS
    )
    is_start, is_end = zero(first.c.is_start), zero(last.c.is_end)
    entered = sa.and_(is_end == 1, is_start == 0)
    began = life.c.first_active_date >= start
    never_at_ends = sa.and_(inside.c.customer_key.is_not(None), is_start == 0, is_end == 0)
    either = {name: sa.func.coalesce(first.c[name], last.c[name]) for name in _KEYS}
    everybody: sa.FromClause = first.join(
        last, sa.and_(*(last.c[name] == first.c[name] for name in _KEYS)), full=True
    ).join(inside, sa.and_(*(inside.c[name] == either[name] for name in _KEYS)), full=True)
    left = _left()
    gone = zip((left.c[name] for name in _KEYS), (start, months, key), strict=True)
    everybody = everybody.outerjoin(life, life.c.customer_key == key).outerjoin(
        left, sa.and_(*(mine == theirs for mine, theirs in gone))
    )
    # Only who has no row at the start is looked up there: the others' profile is in theirs.
    absent = sa.case((first.c.customer_key.is_(None), key))
    everybody, opening = profile_at(everybody, absent, start)
    profile = sa.case(
        (began, life.c.profile_id), else_=sa.func.coalesce(first.c.profile_id, opening)
    )
    closing: Column = last.c.recurring
    if not is_single(work):
        steady = _at_opening_rates(work)
        same = sa.and_(*(steady.c[name] == last.c[name] for name in _KEYS))
        everybody, closing = everybody.outerjoin(steady, same), closing + zero(steady.c.amount)
    return (
        sa.select(
            key.label("customer_key"),
            start.label("period_start"),
            months.label("months"),
            life.c.first_revenue_month,
            profile.label("profile_id"),
            sa.func.coalesce(last.c.profile_end_id, first.c.profile_end_id, profile).label(
                "profile_end_id"
            ),
            sa.func.coalesce(first.c.journey_set, _NOUGHT).label("journey_set"),
            is_start.label("is_start"),
            is_end.label("is_end"),
            flag(sa.and_(entered, began)).label("is_new"),
            flag(sa.and_(entered, ~began)).label("is_reactivated"),
            flag(never_at_ends).label("is_joined_and_left"),
            left.c.reason,
            zero(first.c.recurring_before).label("opening"),
            zero(last.c.recurring).label("closing"),
            zero(closing).label("steady"),
        )
        .select_from(everybody)
        .cte("pair")
    )


def _ends(month: Column, name: str) -> sa.CTE:
    """Rows of customer_month at one end of each scratch period."""
    table, period = CUSTOMER_MONTH, PERIOD
    at_end = sa.and_(period.c.month == month, table.c.month == period.c.month)
    return (
        sa.select(period.c.period_start, period.c.months, table)
        .select_from(table.join(period, at_end))
        .cte(name)
    )


def _inside() -> sa.CTE:
    """Customers with a time of activity that begins and ends within a scratch period."""
    times, period = ACTIVITY_SPAN, PERIOD
    within = sa.and_(
        period.c.month == period.c.period_start,
        times.c.start_date >= period.c.period_start,
        times.c.end_date < period.c.close,
    )
    return (
        sa.select(period.c.period_start, period.c.months, times.c.customer_key)
        .select_from(times.join(period, within))
        .distinct()
        .cte("inside")
    )


def _left() -> sa.CTE:
    """Customers whose time of activity ended within a scratch period, and why the last one did."""
    times, period = ACTIVITY_SPAN, PERIOD
    within = sa.and_(
        period.c.month == period.c.period_start,
        times.c.end_date >= period.c.period_start,
        times.c.end_date < period.c.close,
    )
    # A date is ten characters: the greatest text is the last end, and its reason follows it.
    last = sa.func.max(
        sa.cast(times.c.end_date, sa.String()) + sa.func.coalesce(times.c.end_reason, "")
    )
    keys = [period.c.period_start, period.c.months, times.c.customer_key]
    return (
        sa.select(*keys, sa.func.substr(last, 11).label("reason"))
        .select_from(times.join(period, within))
        .group_by(*keys)
        .cte("gone")
    )


def _at_opening_rates(work: Workspace) -> sa.CTE:
    """What closing recurring revenue would be more at the rates of the month before the period."""
    native, period = CURRENCY_MONTH, PERIOD
    closes = sa.and_(period.c.month == period.c.last_month, native.c.month == period.c.month)
    rows = (
        sa.select(period.c.period_start, period.c.months, native)
        .select_from(native.join(period, closes))
        .cte("native")
    )
    more = _more_at(work, rows, months_before(rows.c.period_start, 1))
    keys = [rows.c[name] for name in _KEYS]
    return sa.select(*keys, sa.func.sum(more).label("amount")).group_by(*keys).cte("steady")


def _at_rate_of(work: Workspace, day: Column, months: sa.ColumnElement[bool]) -> sa.CTE:
    """What recurring revenue of some months would be more at the rates of a day."""
    native = CURRENCY_MONTH
    more = _more_at(work, native, day)
    keys = [native.c.customer_key, native.c.month]
    return (
        sa.select(*keys, sa.func.sum(more).label("amount"))
        .where(months)
        .group_by(*keys)
        .cte("steady")
    )


def _more_at(work: Workspace, native: sa.FromClause, day: Column) -> Column:
    """An amount at a day's rate less the same at its own month's; 0 where either rate is missing.

    Both are in cents, so that a rate that stands still moves nothing.
    """
    then, now = (
        sa.cast(converted(work, native, native.c.amount, at), sa.Numeric(18, 2))
        for at in (day, native.c.month)
    )
    return zero(then - now)


def _flow(pair: sa.CTE) -> sa.Select[Any]:
    """Sum the pairs into flows; each line of the movement by its rule in METRICS.md 2.5.

    The lines compare both ends at the opening's rates of exchange; what the rates alone did is
    ``revenue_fx``.
    """
    opening, closing = pair.c.opening, pair.c.steady
    before, after = _positive(opening), _positive(closing)
    paid_before = pair.c.first_revenue_month < pair.c.period_start
    kept = sa.and_(opening > 0, closing > 0)
    lost = sa.and_(pair.c.is_start == 1, pair.c.is_end == 0)
    measures = {
        "customers_start": pair.c.is_start,
        "customers_end": pair.c.is_end,
        "customers_new": pair.c.is_new,
        "customers_reactivated": pair.c.is_reactivated,
        "customers_lost": flag(lost),
        "lost_voluntary": flag(sa.and_(lost, pair.c.reason.in_(VOLUNTARY))),
        "lost_involuntary": flag(sa.and_(lost, pair.c.reason.in_(INVOLUNTARY))),
        "customers_retained": flag(sa.and_(pair.c.is_start == 1, pair.c.is_end == 1)),
        "joined_and_left": pair.c.is_joined_and_left,
        "revenue_start": opening,
        "revenue_end": pair.c.closing,
        "revenue_base": before,
        "revenue_kept": sa.func.least(before, after),
        "revenue_new": _when(sa.and_(opening <= 0, closing > 0, ~_known(paid_before)), after),
        "revenue_reactivation": _when(
            sa.and_(opening <= 0, closing > 0, _known(paid_before)), after
        ),
        "revenue_expansion": _when(sa.and_(kept, closing > opening), after - before),
        "revenue_contraction": _when(sa.and_(kept, closing < opening), before - after),
        "revenue_churn": _when(sa.and_(opening > 0, closing <= 0), before),
        "revenue_lost": _when(lost, before),
        "revenue_adjustment": (closing - after) - (opening - before),
        "revenue_fx": pair.c.closing - closing,
        "base_customers": flag(opening > 0),
    }
    keys = [
        pair.c[name]
        for name in ("period_start", "months", "profile_id", "profile_end_id", "journey_set")
    ]
    return sa.select(
        *keys,
        *(sa.func.sum(value).label(name) for name, value in measures.items()),
        sa.func.max(before).label("base_largest"),
    ).group_by(*keys)


def _positive(amount: Column) -> Column:
    return sa.case((amount > 0, amount), else_=_NOUGHT)


def _when(condition: Column, amount: Column) -> Column:
    return sa.case((condition, amount), else_=_NOUGHT)


def _known(condition: Column) -> Column:
    return sa.func.coalesce(condition, sa.false())
