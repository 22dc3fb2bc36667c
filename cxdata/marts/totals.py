"""customer_total and spend_histogram: sums over customers and their spread (METRICS.md 2.6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.expressions import double, flag, number
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.period import add_months
from cxdata.model.summaries import (
    CUSTOMER_LIFE,
    CUSTOMER_MONTH,
    CUSTOMER_TOTAL,
    EVERYONE,
    JOURNEY_BIT,
    SPEND_HISTOGRAM,
)

Column = sa.ColumnElement[Any]

PERIOD_TOTAL = sa.Table(
    "scratch_total",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("profile_id", sa.Integer()),
    sa.Column("journey_set", sa.BigInteger()),
    sa.Column("active_days", sa.Integer()),
    sa.Column("recurring", sa.Numeric(18, 2)),
    sa.Column("revenue", sa.Numeric(18, 2)),
    sa.Column("sales", sa.Numeric(18, 2)),
    sa.Column("orders", sa.Integer()),
    sa.Column("contacts", sa.Integer()),
    sa.Column("cost", sa.Numeric(18, 4)),
    prefixes=["TEMPORARY"],
)


def fill_totals(work: Workspace, start: date, months: int) -> None:
    """Sum each customer over one period, then sum and bin the customers."""
    work.fresh(PERIOD_TOTAL)
    work.fill(PERIOD_TOTAL, _one_month(start) if months == 1 else _several(start, months))
    days = (work.close(start, months) - start).days
    work.fill(CUSTOMER_TOTAL, _sums(start, months, days))
    for measure, amount in _measures().items():
        work.fill(SPEND_HISTOGRAM, _histogram(start, months, measure, amount, None))
        work.fill(SPEND_HISTOGRAM, _histogram(start, months, measure, amount, JOURNEY_BIT))


_ADDED = ("active_days", "recurring", "revenue", "sales", "orders", "contacts", "cost")


def _one_month(start: date) -> sa.Select[Any]:
    table = CUSTOMER_MONTH
    names = ("customer_key", "profile_id", "journey_set", *_ADDED)
    return sa.select(*(table.c[name] for name in names)).where(table.c.month == sa.literal(start))


def _several(start: date, months: int) -> sa.Select[Any]:
    """Customers' sums, with profile and journeys at the start, or where they came in."""
    table = CUSTOMER_MONTH
    end = add_months(start, months)
    opening = sa.select(table).where(table.c.month == sa.literal(start)).cte("opening")
    summed = (
        sa.select(
            table.c.customer_key,
            sa.func.max(table.c.profile_id).label("profile_id"),
            *(sa.func.sum(table.c[name]).label(name) for name in _ADDED),
        )
        .where(table.c.month >= sa.literal(start), table.c.month < sa.literal(end))
        .group_by(table.c.customer_key)
        .cte("summed")
    )
    life = CUSTOMER_LIFE
    rows = summed.outerjoin(opening, opening.c.customer_key == summed.c.customer_key).outerjoin(
        life,
        sa.and_(
            life.c.customer_key == summed.c.customer_key,
            life.c.first_active_date >= sa.literal(start),
        ),
    )
    profile = sa.func.coalesce(opening.c.profile_id, life.c.profile_id, summed.c.profile_id)
    return sa.select(
        summed.c.customer_key,
        profile.label("profile_id"),
        sa.func.coalesce(opening.c.journey_set, number(0)).label("journey_set"),
        *(summed.c[name] for name in _ADDED),
    ).select_from(rows)


def _sums(start: date, months: int, days: int) -> sa.Select[Any]:
    table = PERIOD_TOTAL
    share = double(table.c.active_days) / sa.literal_column(f"{days}.0")
    revenue, contacts, cost = (double(table.c[name]) for name in ("revenue", "contacts", "cost"))
    active = sa.or_(
        table.c.active_days > 0, table.c.revenue != 0, table.c.contacts > 0, table.c.cost != 0
    )
    measures = {
        "customers": flag(active),
        "customer_days": table.c.active_days,
        "spenders": flag(table.c.revenue != 0),
        "negative_contribution": flag(table.c.revenue < table.c.cost),
        "recurring": table.c.recurring,
        "revenue": table.c.revenue,
        "sales": table.c.sales,
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
    return sa.select(
        sa.literal(start, sa.Date()).label("period_start"),
        number(months).label("months"),
        table.c.profile_id,
        table.c.journey_set,
        *(sa.func.sum(value).label(name) for name, value in measures.items()),
    ).group_by(table.c.profile_id, table.c.journey_set)


def _measures() -> dict[str, Column]:
    table = PERIOD_TOTAL
    return {
        "revenue": table.c.revenue,
        "cost": table.c.cost,
        "contribution": table.c.revenue - table.c.cost,
    }


def bin_of(amount: Column) -> Column:
    """Log-spaced bin, forty to a decade: floor(40 log10(1 + |x|)), mirrored below zero.

    Bin 0 holds the zeros alone, so that their share can be told; 1 and -1 hold the smallest amounts.
    """
    size = sa.cast(sa.func.floor(40 * sa.func.log(1 + sa.func.abs(double(amount)))), sa.Integer())
    return sa.case((amount == 0, number(0)), (amount > 0, size + 1), else_=-size - 1)


def _histogram(
    start: date, months: int, measure: str, amount: Column, journey: sa.Table | None
) -> sa.Select[Any]:
    """Bin the customers active in the period, all of them or those exposed to each journey."""
    table = PERIOD_TOTAL
    rows: sa.FromClause = table
    code: Column = sa.literal(EVERYONE, sa.String(64))
    if journey is not None:
        rows = table.join(journey, table.c.journey_set.bitwise_and(journey.c.mask) != 0)
        code = journey.c.journey_code
    binned = (
        sa.select(
            table.c.profile_id,
            code.label("journey_code"),
            bin_of(amount).label("bin"),
            sa.cast(amount, sa.Numeric(18, 4)).label("amount"),
        )
        .select_from(rows)
        .where(sa.or_(table.c.active_days > 0, amount != 0))
        .cte("binned")
    )
    keys = (binned.c.profile_id, binned.c.journey_code, binned.c.bin)
    return sa.select(
        sa.literal(start, sa.Date()).label("period_start"),
        number(months).label("months"),
        keys[0],
        keys[1],
        sa.literal(measure, sa.String(64)).label("measure"),
        keys[2],
        sa.func.count().label("customers"),
        sa.func.sum(binned.c.amount).label("total"),
    ).group_by(*keys)
