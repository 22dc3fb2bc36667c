"""customer_flow: who came, stayed and left between two instants, in heads and in money.

The bridge in heads is METRICS.md 2.1, the revenue movement 2.5. Both ends are taken at the state of
the instants, customers by customer; segment and journeys at the period's start, for new customers
at their first active day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.expressions import flag, number, zero
from cxdata.marts.workspace import Workspace
from cxdata.model.period import add_months
from cxdata.model.summaries import CUSTOMER_FLOW, CUSTOMER_LIFE, CUSTOMER_MONTH

Column = sa.ColumnElement[Any]
_NOUGHT: Column = sa.literal_column("0")


def fill_monthly_flow(work: Workspace, months: list[date]) -> None:
    """Flows of single months: both ends stand in one row of customer_month."""
    table = CUSTOMER_MONTH
    pair = (
        sa.select(
            table.c.month.label("period_start"),
            number(1).label("months"),
            table.c.customer_key,
            table.c.profile_id,
            table.c.profile_end_id,
            table.c.journey_set,
            table.c.is_start,
            table.c.is_end,
            table.c.is_new,
            table.c.is_reactivated,
            table.c.is_joined_and_left,
            table.c.recurring_before.label("opening"),
            table.c.recurring.label("closing"),
        )
        .where(table.c.month.in_(months))
        .cte("pair")
    )
    work.fill(CUSTOMER_FLOW, _flow(pair))


def fill_flow(work: Workspace, start: date, months: int) -> None:
    """Flows of one longer period: its first month's opening against its last month's close.

    An unfinished period closes with the last month of data.
    """
    first = _month(start, "first_month")
    last = _month(min(add_months(start, months - 1), work.span.last), "last_month")
    life = CUSTOMER_LIFE
    key = sa.func.coalesce(first.c.customer_key, last.c.customer_key)
    is_start, is_end = zero(first.c.is_start), zero(last.c.is_end)
    entered = sa.and_(is_end == 1, is_start == 0)
    began = life.c.first_active_date >= sa.literal(start)
    entry = sa.case((began, life.c.profile_id), else_=last.c.profile_id)
    both = first.join(last, last.c.customer_key == first.c.customer_key, full=True)
    pair = (
        sa.select(
            sa.literal(start, sa.Date()).label("period_start"),
            number(months).label("months"),
            key.label("customer_key"),
            sa.func.coalesce(first.c.profile_id, entry).label("profile_id"),
            sa.func.coalesce(last.c.profile_end_id, first.c.profile_end_id).label("profile_end_id"),
            sa.func.coalesce(first.c.journey_set, _NOUGHT).label("journey_set"),
            is_start.label("is_start"),
            is_end.label("is_end"),
            flag(sa.and_(entered, began)).label("is_new"),
            flag(sa.and_(entered, ~began)).label("is_reactivated"),
            number(0).label("is_joined_and_left"),
            zero(first.c.recurring_before).label("opening"),
            zero(last.c.recurring).label("closing"),
        )
        .select_from(both.outerjoin(life, life.c.customer_key == key))
        .cte("pair")
    )
    work.fill(CUSTOMER_FLOW, _flow(pair))


def _month(month: date, name: str) -> sa.Alias | sa.CTE:
    return sa.select(CUSTOMER_MONTH).where(CUSTOMER_MONTH.c.month == sa.literal(month)).cte(name)


def _flow(pair: sa.CTE) -> sa.Select[Any]:
    """Sum the pairs into flows; each line of the movement by its rule in METRICS.md 2.5."""
    life = CUSTOMER_LIFE
    opening, closing = pair.c.opening, pair.c.closing
    before, after = _positive(opening), _positive(closing)
    paid_before = life.c.first_revenue_month < pair.c.period_start
    kept = sa.and_(opening > 0, closing > 0)
    measures = {
        "customers_start": pair.c.is_start,
        "customers_end": pair.c.is_end,
        "customers_new": pair.c.is_new,
        "customers_reactivated": pair.c.is_reactivated,
        "customers_lost": flag(sa.and_(pair.c.is_start == 1, pair.c.is_end == 0)),
        "customers_retained": flag(sa.and_(pair.c.is_start == 1, pair.c.is_end == 1)),
        "joined_and_left": pair.c.is_joined_and_left,
        "revenue_start": opening,
        "revenue_end": closing,
        "revenue_base": before,
        "revenue_kept": sa.func.least(before, after),
        "revenue_new": _when(sa.and_(opening <= 0, closing > 0, ~_known(paid_before)), after),
        "revenue_reactivation": _when(
            sa.and_(opening <= 0, closing > 0, _known(paid_before)), after
        ),
        "revenue_expansion": _when(sa.and_(kept, closing > opening), after - before),
        "revenue_contraction": _when(sa.and_(kept, closing < opening), before - after),
        "revenue_churn": _when(sa.and_(opening > 0, closing <= 0), before),
        "revenue_adjustment": (closing - after) - (opening - before),
        "base_customers": flag(opening > 0),
    }
    keys = [
        pair.c[name]
        for name in ("period_start", "months", "profile_id", "profile_end_id", "journey_set")
    ]
    return (
        sa.select(
            *keys,
            *(sa.func.sum(value).label(name) for name, value in measures.items()),
            sa.func.max(before).label("base_largest"),
        )
        .select_from(pair.outerjoin(life, life.c.customer_key == pair.c.customer_key))
        .group_by(*keys)
    )


def _positive(amount: Column) -> Column:
    return sa.case((amount > 0, amount), else_=_NOUGHT)


def _when(condition: Column, amount: Column) -> Column:
    return sa.case((condition, amount), else_=_NOUGHT)


def _known(condition: Column) -> Column:
    return sa.func.coalesce(condition, sa.false())
