"""Times of activity: from when to when somebody was a customer (METRICS.md 2.2)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import (
    FAR_DATE,
    days_between,
    flag,
    is_sale,
    month_start,
    number,
    plus_days,
    zero,
)
from cxdata.marts.workspace import Workspace
from cxdata.model.summaries import ACTIVITY_SPAN


def fill_activity(work: Workspace) -> None:
    """Merge terms and purchases into uninterrupted times, for the customers of the work's index."""
    work.run(sa.delete(ACTIVITY_SPAN).where(work.among(ACTIVITY_SPAN.c.customer_key)))
    raw = [
        select for select in (_terms(work), _billed(work), _purchases(work)) if select is not None
    ]
    if raw:
        work.fill(ACTIVITY_SPAN, _islands(sa.union_all(*raw).cte("raw")))


def _terms(work: Workspace) -> sa.Select[Any] | None:
    if not work.has("subscription_period", "customer"):
        return None
    term = work.table("subscription_period")
    joined, key = customer_key(term, work.index)
    states = ("active", "paused") if work.rules.paused_is_active else ("active",)
    end = sa.func.coalesce(term.c.end_date, FAR_DATE)
    return (
        sa.select(
            key.label("customer_key"),
            term.c.start_date.label("start_date"),
            end.label("end_date"),
            term.c.end_reason.label("end_reason"),
            number(work.rules.grace_days).label("grace"),
        )
        .select_from(joined)
        .where(
            key.is_not(None),
            work.index.c.is_contractual,
            sa.func.coalesce(term.c.status, "active").in_(states),
            end > term.c.start_date,
        )
    )


def _billed(work: Workspace) -> sa.Select[Any] | None:
    """Months with positive recurring revenue, where no contract says who is a customer."""
    if not work.has("revenue_period", "customer") or work.has("subscription_period"):
        return None
    revenue = work.table("revenue_period")
    joined, key = customer_key(revenue, work.index)
    month = month_start(revenue.c.period_month)
    return (
        sa.select(
            key.label("customer_key"),
            month.label("start_date"),
            sa.cast(month + sa.text("INTERVAL '1 month'"), sa.Date()).label("end_date"),
            sa.cast(sa.null(), sa.String(64)).label("end_reason"),
            number(0).label("grace"),
        )
        .select_from(joined)
        .where(key.is_not(None), work.index.c.is_contractual)
        .group_by(key, month)
        .having(sa.func.sum(zero(revenue.c.recurring_amount)) > 0)
    )


def _purchases(work: Workspace) -> sa.Select[Any] | None:
    """Each purchase keeps a customer active for W days."""
    if not work.has("sales_transaction", "customer"):
        return None
    sale = work.table("sales_transaction")
    joined, key = customer_key(sale, work.index)
    return (
        sa.select(
            key.label("customer_key"),
            sale.c.transaction_date.label("start_date"),
            plus_days(sale.c.transaction_date, work.lapse_days).label("end_date"),
            sa.cast(sa.literal("lapsed"), sa.String(64)).label("end_reason"),
            number(0).label("grace"),
        )
        .select_from(joined)
        .where(
            key.is_not(None),
            ~work.index.c.is_contractual,
            is_sale(sale),
        )
        .distinct()
    )


def _islands(raw: sa.CTE) -> sa.Select[Any]:
    """Merge overlapping times, and those at most the grace days apart."""
    order: dict[str, Any] = {
        "partition_by": raw.c.customer_key,
        "order_by": (raw.c.start_date, raw.c.end_date),
    }
    reach = sa.func.max(raw.c.end_date).over(**order, rows=(None, -1))
    gap = days_between(raw.c.start_date, reach)
    marked = sa.select(
        *raw.c, flag(sa.or_(reach.is_(None), gap > raw.c.grace)).label("begins")
    ).cte("marked")
    island = sa.func.sum(marked.c.begins).over(
        partition_by=marked.c.customer_key,
        order_by=(marked.c.start_date, marked.c.end_date),
        rows=(None, 0),
    )
    numbered = sa.select(marked, island.label("island")).cte("numbered")
    # A date is ten characters: the greatest text is the last end, and its reason follows it.
    last = sa.func.max(
        sa.cast(numbered.c.end_date, sa.String()) + sa.func.coalesce(numbered.c.end_reason, "")
    )
    return sa.select(
        numbered.c.customer_key,
        sa.func.min(numbered.c.start_date).label("start_date"),
        sa.func.nullif(sa.func.max(numbered.c.end_date), FAR_DATE).label("end_date"),
        sa.func.nullif(sa.func.substr(last, 11), "").label("end_reason"),
    ).group_by(numbered.c.customer_key, numbered.c.island)
