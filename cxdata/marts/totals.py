"""customer_total and spend_histogram: sums over customers and their spread (METRICS.md 2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cxdata.marts.accounts import account_scores, is_counted
from cxdata.marts.expressions import days_between, double, flag, number
from cxdata.marts.profiles import profile_at
from cxdata.marts.workspace import PERIOD, SCRATCH, Spread, Workspace
from cxdata.model.summaries import (
    ACCOUNT_SCORE,
    CUSTOMER_LIFE,
    CUSTOMER_MONTH,
    CUSTOMER_TOTAL,
    EVERYONE,
    JOURNEY_BIT,
    SPEND_HISTOGRAM,
)

Column = sa.ColumnElement[Any]

_SUMMED: dict[str, sa.types.TypeEngine[Any]] = {
    "active_days": sa.Integer(),
    "recurring": sa.Numeric(18, 2),
    "revenue": sa.Numeric(18, 2),
    "orders": sa.Integer(),
    "contacts": sa.Integer(),
    "cost": sa.Numeric(18, 4),
}

_PERIOD_TOTAL = sa.Table(
    "scratch_total",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("period_start", sa.Date()),
    sa.Column("months", sa.Integer()),
    sa.Column("close", sa.Date()),
    sa.Column("profile_id", sa.Integer()),
    sa.Column("journey_set", sa.BigInteger()),
    *(sa.Column(name, kind) for name, kind in _SUMMED.items()),
    prefixes=["TEMPORARY"],
)

_MEMBER = sa.Table(
    "scratch_set_member",
    SCRATCH,
    sa.Column("journey_set", sa.BigInteger()),
    sa.Column("journey_code", sa.String(64)),
    prefixes=["TEMPORARY"],
)
"""Journeys of each journey set there is, and ``EVERYONE`` for each: one equality to join by."""


def fill_monthly_totals(work: Workspace, periods: Sequence[Spread]) -> None:
    """Sum and bin the customers of single months."""
    work.spread(periods)
    work.fresh(_MEMBER)
    work.fill(_MEMBER, _members())
    _fill(work, one_month().cte("total"))


def fill_totals(work: Workspace, periods: Sequence[Spread]) -> None:
    """Sum each customer over each longer period, then sum and bin the customers."""
    work.spread(periods)
    work.fresh(_PERIOD_TOTAL, _MEMBER)
    work.fill(_PERIOD_TOTAL, several_months())
    work.fill(_MEMBER, _members())
    _fill(work, _PERIOD_TOTAL)


def _fill(work: Workspace, rows: sa.FromClause) -> None:
    work.fill(CUSTOMER_TOTAL, _sums(rows))
    work.fill(ACCOUNT_SCORE, account_scores(rows))
    for measure, amount in _measures(rows).items():
        work.fill(SPEND_HISTOGRAM, _histogram(rows, measure, amount))


def _members() -> sa.CompoundSelect[Any]:
    """Journeys of each set that the scratch periods meet; the empty set is for those who came."""
    table = CUSTOMER_MONTH
    met = (
        sa.select(table.c.journey_set)
        .select_from(table.join(PERIOD, PERIOD.c.month == table.c.month))
        .union(sa.select(number(0)))
        .cte("met")
    )
    bit = JOURNEY_BIT
    return sa.union_all(
        sa.select(met.c.journey_set, sa.literal(EVERYONE, sa.String(64)).label("journey_code")),
        sa.select(met.c.journey_set, bit.c.journey_code).select_from(
            met.join(bit, met.c.journey_set.bitwise_and(bit.c.mask) != 0)
        ),
    )


def one_month() -> sa.Select[Any]:
    """Customers' sums in the scratch periods, which are single months."""
    table, period = CUSTOMER_MONTH, PERIOD
    return sa.select(
        *(period.c[name] for name in ("period_start", "months", "close")),
        *(table.c[name] for name in ("customer_key", "profile_id", "journey_set", *_SUMMED)),
    ).select_from(table.join(period, period.c.month == table.c.month))


def several_months() -> sa.Select[Any]:
    """Customers' sums in longer periods; profile and journeys at the start, or as they came."""
    table, period, life = CUSTOMER_MONTH, PERIOD, CUSTOMER_LIFE
    at_start = period.c.month == period.c.period_start
    keys = [period.c[name] for name in ("period_start", "months", "close")]
    summed = (
        sa.select(
            table.c.customer_key,
            *keys,
            sa.func.max(sa.case((at_start, table.c.profile_id))).label("opening"),
            sa.func.max(sa.case((at_start, table.c.journey_set), else_=0)).label("journey_set"),
            *(
                sa.cast(sa.func.sum(table.c[name]), kind).label(name)
                for name, kind in _SUMMED.items()
            ),
        )
        .select_from(table.join(period, period.c.month == table.c.month))
        .group_by(table.c.customer_key, *keys)
        .cte("summed")
    )
    came = sa.and_(
        life.c.customer_key == summed.c.customer_key,
        life.c.first_active_date >= summed.c.period_start,
        life.c.first_active_date < summed.c.close,
    )
    # Only who neither came nor has a row at the start is looked up there.
    absent = sa.case(
        (sa.func.coalesce(life.c.profile_id, summed.c.opening).is_(None), summed.c.customer_key)
    )
    rows, at_start_day = profile_at(summed.outerjoin(life, came), absent, summed.c.period_start)
    profile = sa.func.coalesce(life.c.profile_id, summed.c.opening, at_start_day)
    return sa.select(
        *(summed.c[name] for name in ("customer_key", "period_start", "months", "close")),
        profile.label("profile_id"),
        *(summed.c[name] for name in ("journey_set", *_SUMMED)),
    ).select_from(rows)


def _sums(table: sa.FromClause) -> sa.Select[Any]:
    share = double(table.c.active_days) / double(days_between(table.c.close, table.c.period_start))
    revenue, contacts, cost = (double(table.c[name]) for name in ("revenue", "contacts", "cost"))
    measures = {
        "customers": flag(is_counted(table)),
        "active": flag(table.c.active_days > 0),
        "customer_days": table.c.active_days,
        "spenders": flag(table.c.revenue != 0),
        "negative_contribution": flag(table.c.revenue < table.c.cost),
        "recurring": table.c.recurring,
        "revenue": table.c.revenue,
        "orders": table.c.orders,
        "contacts": table.c.contacts,
        "cost": table.c.cost,
        "exposure": share,
        "exposure_sq": share * share,
        "revenue_sq": revenue * revenue,
        "revenue_exposure": revenue * share,
        "contacts_sq": contacts * contacts,
        "contacts_exposure": contacts * share,
        "cost_sq": cost * cost,
        "cost_exposure": cost * share,
        "contribution_sq": (revenue - cost) * (revenue - cost),
    }
    keys = [table.c[name] for name in ("period_start", "months", "profile_id", "journey_set")]
    return sa.select(
        *keys, *(sa.func.sum(value).label(name) for name, value in measures.items())
    ).group_by(*keys)


def _measures(table: sa.FromClause) -> dict[str, Column]:
    return {
        "revenue": table.c.revenue,
        "cost": table.c.cost,
        "contribution": table.c.revenue - table.c.cost,
    }


def bin_of(amount: Column) -> Column:
    """Log-spaced bin, forty to a decade: floor(40 log10(1 + |x|)), mirrored below zero.

    Bin 0 holds the zeros alone, so that their share can be told; 1 and -1 the smallest amounts.
    """
    size = sa.cast(sa.func.floor(40 * sa.func.log(1 + sa.func.abs(double(amount)))), sa.Integer())
    return sa.case((amount == 0, number(0)), (amount > 0, size + 1), else_=-size - 1)


def _histogram(table: sa.FromClause, measure: str, amount: Column) -> sa.Select[Any]:
    """Bin the customers active in each period, all of them and those exposed to each journey."""
    names = ("period_start", "months", "profile_id")
    binned = (
        sa.select(
            *(table.c[name] for name in (*names, "journey_set")),
            bin_of(amount).label("bin"),
            sa.cast(amount, sa.Numeric(18, 4)).label("amount"),
        )
        .where(sa.or_(table.c.active_days > 0, amount != 0))
        .cte("binned")
    )
    keys = [*(binned.c[name] for name in names), _MEMBER.c.journey_code, binned.c.bin]
    return (
        sa.select(
            *keys,
            sa.literal(measure, sa.String(64)).label("measure"),
            sa.func.count().label("customers"),
            sa.func.sum(binned.c.amount).label("total"),
        )
        .select_from(binned.join(_MEMBER, _MEMBER.c.journey_set == binned.c.journey_set))
        .group_by(*keys)
    )
