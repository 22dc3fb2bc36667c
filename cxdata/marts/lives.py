"""The firsts of each customer's life: active, left, paid, and in which segment (METRICS.md 2.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.currency import converted
from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import FAR_DATE, month_start
from cxdata.marts.profiles import profile_at
from cxdata.marts.workspace import Workspace
from cxdata.model.summaries import ACTIVITY_SPAN, CUSTOMER_LIFE

_PAID = {
    "revenue_period": ("period_month", "recurring_amount"),
    "subscription_period": ("start_date", "recurring_amount"),
    "sales_transaction": ("transaction_date", "net_amount"),
}
"""What a first payment is found in: the first of these that is there, by its date and amount."""


def fill_life(work: Workspace) -> None:
    """Firsts of each customer: active, left, paid; and the profile it started with."""
    if not work.has("customer"):
        return
    work.run(sa.delete(CUSTOMER_LIFE).where(work.among(CUSTOMER_LIFE.c.customer_key)))
    span = ACTIVITY_SPAN
    order: dict[str, Any] = {"partition_by": span.c.customer_key, "order_by": span.c.start_date}
    ranked = (
        sa.select(*span.c, sa.func.row_number().over(**order).label("nth"))
        .where(work.among(span.c.customer_key))
        .cte("ranked")
    )
    stated = _stated_first(work)
    paid = _first_paid(work)
    last = _last_terms(work, ranked)
    first = sa.func.least(
        ranked.c.start_date, sa.func.coalesce(stated.c.first, ranked.c.start_date)
    )
    joined = ranked.outerjoin(stated, stated.c.customer_key == ranked.c.customer_key).outerjoin(
        paid, paid.c.customer_key == ranked.c.customer_key
    )
    rows_from: sa.FromClause = joined.outerjoin(last, last.c.customer_key == ranked.c.customer_key)
    rows_from, profile = profile_at(rows_from, ranked.c.customer_key, first)
    rows = (
        sa.select(
            ranked.c.customer_key,
            first.label("first_active_date"),
            ranked.c.end_date.label("first_exit_date"),
            ranked.c.end_reason.label("first_exit_reason"),
            paid.c.first_month.label("first_revenue_month"),
            last.c.amount.label("last_recurring"),
            profile.label("profile_id"),
        )
        .select_from(rows_from)
        .where(ranked.c.nth == 1)
    )
    work.fill(CUSTOMER_LIFE, rows)


def _stated_first(work: Workspace) -> sa.CTE:
    customer = work.table("customer")
    joined, key = customer_key(customer, work.index)
    return (
        sa.select(
            key.label("customer_key"), sa.func.min(customer.c.first_active_date).label("first")
        )
        .select_from(joined)
        .where(key.is_not(None))
        .group_by(key)
        .cte("stated")
    )


def _last_terms(work: Workspace, ranked: sa.CTE) -> sa.CTE:
    """Monthly amount of the contracts that ran to a customer's first exit, or run now."""
    if not work.has("subscription_period"):
        nothing = sa.select(
            sa.cast(sa.null(), sa.Integer()).label("customer_key"),
            sa.cast(sa.null(), sa.Numeric(18, 2)).label("amount"),
        )
        return nothing.where(sa.false()).cte("last_terms")
    term = work.table("subscription_period")
    joined, key = customer_key(term, work.index)
    now = sa.literal(work.activity_through + timedelta(days=1), sa.Date())
    close = sa.case((ranked.c.end_date <= now, ranked.c.end_date), else_=now)
    runs = sa.and_(term.c.start_date < close, sa.func.coalesce(term.c.end_date, FAR_DATE) >= close)
    amount = converted(work, term, term.c.recurring_amount, term.c.start_date)
    return (
        sa.select(key.label("customer_key"), sa.func.sum(amount).label("amount"))
        .select_from(joined.join(ranked, sa.and_(ranked.c.customer_key == key, ranked.c.nth == 1)))
        .where(key.is_not(None), runs, sa.func.coalesce(term.c.status, "active") != "trial")
        .group_by(key)
        .cte("last_terms")
    )


def paid_in(work: Workspace) -> str | None:
    """The table that the movement of revenue is made of."""
    return next((name for name in _PAID if work.has(name)), None)


def payment(name: str, rows: sa.FromClause) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[bool]]:
    """The month of a row that may be a payment, and whether it is one."""
    day, amount = (rows.c[column] for column in _PAID[name])
    paying: sa.ColumnElement[bool] = sa.true()
    if name == "subscription_period":
        paying = sa.func.coalesce(rows.c.status, "active") != "trial"
    return month_start(day), sa.and_(amount > 0, paying)


def _first_paid(work: Workspace) -> sa.CTE:
    """First month with positive revenue, by the source that the movement is made of."""
    name = paid_in(work)
    if name is None:
        nobody = sa.select(
            sa.cast(sa.null(), sa.Integer()).label("customer_key"),
            sa.cast(sa.null(), sa.Date()).label("first_month"),
        )
        return nobody.where(sa.false()).cte("paid")
    table = work.table(name)
    joined, key = customer_key(table, work.index)
    month, is_paid = payment(name, table)
    return (
        sa.select(key.label("customer_key"), sa.func.min(month).label("first_month"))
        .select_from(joined)
        .where(key.is_not(None), is_paid)
        .group_by(key)
        .cte("paid")
    )


def history_start(work: Workspace) -> Any:
    """First day from which leavers would have been seen (left truncation, METRICS.md 2.4).

    As configured; else the first month of revenue; else, where customers are older than the
    oldest contract or purchase, the first of those.
    """
    if work.rules.history_start:
        return work.rules.history_start
    if work.has("revenue_period"):
        revenue = work.table("revenue_period")
        return work.connection.scalar(sa.select(sa.func.min(revenue.c.period_month)))
    seen = work.connection.scalar(sa.select(sa.func.min(ACTIVITY_SPAN.c.start_date)))
    life = CUSTOMER_LIFE
    oldest = work.connection.scalar(sa.select(sa.func.min(life.c.first_active_date)))
    return seen if oldest and seen and oldest < seen else None
