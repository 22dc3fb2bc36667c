"""Who counts as a customer: the index of customers and their times of activity (METRICS.md 2.2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.currency import converted
from cxdata.marts.expressions import (
    FAR_DATE,
    days_between,
    flag,
    month_start,
    number,
    plus_days,
    zero,
)
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.summaries import ACTIVITY_SPAN, CUSTOMER_INDEX, CUSTOMER_LIFE


def fill_index(work: Workspace) -> None:
    """Number the customers; merged ids take their survivor's number, test accounts take none.

    Numbers once given stay, so that months already built keep their meaning.
    """
    if not work.has("customer"):
        return
    known = CUSTOMER_INDEX
    customer = work.table("customer")
    merged = survivors(customer)
    survivor = sa.func.coalesce(merged.c.survivor_id, customer.c.customer_id)
    everybody = customer.outerjoin(merged, merged.c.customer_id == customer.c.customer_id)
    top = sa.select(sa.func.coalesce(sa.func.max(known.c.customer_key), 0)).scalar_subquery()
    test = sa.func.coalesce(customer.c.is_test, sa.false())
    heads = (
        sa.select(
            survivor.label("customer_id"),
            (top + sa.func.row_number().over(order_by=survivor)).label("customer_key"),
        )
        .select_from(everybody)
        .where(~test, survivor.not_in(sa.select(known.c.customer_id)))
        .group_by(survivor)
        .cte("head")
    )
    given = sa.union_all(
        sa.select(heads.c.customer_id, heads.c.customer_key),
        sa.select(known.c.customer_id, known.c.customer_key),
    ).cte("given")
    rows = (
        sa.select(
            customer.c.customer_id,
            sa.case((~test, given.c.customer_key)).label("customer_key"),
            _contractual(work, customer).label("is_contractual"),
        )
        .select_from(everybody.outerjoin(given, given.c.customer_id == survivor))
        .where(customer.c.customer_id.not_in(sa.select(known.c.customer_id)))
    )
    work.run(_restated(work, customer))
    work.fill(CUSTOMER_INDEX, rows)


def _restated(work: Workspace, customer: sa.FromClause) -> sa.Update:
    """Judge numbered customers anew: a first contract decides for who only bought before."""
    now = sa.select(
        customer.c.customer_id, _contractual(work, customer).label("is_contractual")
    ).subquery("now")
    return (
        sa.update(CUSTOMER_INDEX)
        .values(is_contractual=now.c.is_contractual)
        .where(
            now.c.customer_id == CUSTOMER_INDEX.c.customer_id,
            now.c.is_contractual != CUSTOMER_INDEX.c.is_contractual,
        )
    )


def survivors(customer: sa.FromClause) -> sa.CTE:
    """Merged customer ids, each with the one that is left at the end of all its merges.

    Ids merged in a circle have no survivor; they are not in it and stand for themselves.
    """
    into = customer.c.merged_into_id
    merged = sa.select(customer.c.customer_id, into.label("into_id")).where(into.is_not(None))
    steps = merged.cte("merge_step", recursive=True)
    onward, gone = merged.subquery("onward"), merged.subquery("gone")
    steps = steps.union(
        sa.select(steps.c.customer_id, onward.c.into_id).join(
            onward, onward.c.customer_id == steps.c.into_id
        )
    )
    return (
        sa.select(steps.c.customer_id, steps.c.into_id.label("survivor_id"))
        .select_from(steps.outerjoin(gone, gone.c.customer_id == steps.c.into_id))
        .where(gone.c.customer_id.is_(None))
        .cte("survivor")
    )


def _contractual(work: Workspace, customer: sa.FromClause) -> sa.ColumnElement[bool]:
    stated = customer.c.relationship_type
    if work.has("subscription_period"):
        terms = work.table("subscription_period")
        if not work.has("sales_transaction"):
            return sa.func.coalesce(stated, "contractual") == "contractual"
        has_term = customer.c.customer_id.in_(sa.select(terms.c.customer_id))
        return sa.func.coalesce(stated == "contractual", has_term)
    if work.has("revenue_period") and not work.has("sales_transaction"):
        return sa.true()
    return sa.func.coalesce(stated, "non_contractual") == "contractual"


def customer_key(table: sa.FromClause) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Join a fact to the index; facts of test accounts and of unknown ids have no key."""
    joined = table.join(CUSTOMER_INDEX, CUSTOMER_INDEX.c.customer_id == table.c.customer_id)
    return joined, CUSTOMER_INDEX.c.customer_key


def fill_activity(work: Workspace) -> None:
    """Merge terms and purchases into uninterrupted times of activity."""
    raw = [
        select for select in (_terms(work), _billed(work), _purchases(work)) if select is not None
    ]
    if raw:
        work.fill(ACTIVITY_SPAN, _islands(sa.union_all(*raw).cte("raw")))


def _terms(work: Workspace) -> sa.Select[Any] | None:
    if not work.has("subscription_period", "customer"):
        return None
    term = work.table("subscription_period")
    joined, key = customer_key(term)
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
            CUSTOMER_INDEX.c.is_contractual,
            sa.func.coalesce(term.c.status, "active").in_(states),
            end > term.c.start_date,
        )
    )


def _billed(work: Workspace) -> sa.Select[Any] | None:
    """Months with positive recurring revenue, where no contract says who is a customer."""
    if not work.has("revenue_period", "customer") or work.has("subscription_period"):
        return None
    revenue = work.table("revenue_period")
    joined, key = customer_key(revenue)
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
        .where(key.is_not(None), CUSTOMER_INDEX.c.is_contractual)
        .group_by(key, month)
        .having(sa.func.sum(zero(revenue.c.recurring_amount)) > 0)
    )


def _purchases(work: Workspace) -> sa.Select[Any] | None:
    """Each purchase keeps a customer active for W days."""
    if not work.has("sales_transaction", "customer"):
        return None
    sale = work.table("sales_transaction")
    joined, key = customer_key(sale)
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
            ~CUSTOMER_INDEX.c.is_contractual,
            sa.func.coalesce(sale.c.kind, "sale") == "sale",
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


def fill_life(work: Workspace) -> None:
    """Firsts of each customer: active, left, paid; and the profile it started with."""
    if not work.has("customer"):
        return
    from cxdata.marts.profiles import profile_at

    span = ACTIVITY_SPAN
    order: dict[str, Any] = {"partition_by": span.c.customer_key, "order_by": span.c.start_date}
    ranked = sa.select(*span.c, sa.func.row_number().over(**order).label("nth")).cte("ranked")
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


_TIMES_BEFORE = sa.Table(
    "scratch_times_before",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("start_date", sa.Date()),
    sa.Column("end_date", sa.Date()),
    prefixes=["TEMPORARY"],
)
_FIRSTS_BEFORE = sa.Table(
    "scratch_firsts_before",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("first_active_date", sa.Date()),
    sa.Column("first_revenue_month", sa.Date()),
    prefixes=["TEMPORARY"],
)


def remember(work: Workspace) -> None:
    """Keep the times of activity and the firsts as they were last built."""
    work.fresh(_TIMES_BEFORE, _FIRSTS_BEFORE)
    for kept, of in ((_TIMES_BEFORE, ACTIVITY_SPAN), (_FIRSTS_BEFORE, CUSTOMER_LIFE)):
        work.fill(kept, sa.select(*(of.c[column.name] for column in kept.c)))


def first_difference(work: Workspace) -> date | None:
    """First day on which it is otherwise than remembered who is a customer, or who is new.

    What arrives late can reach back before its own date: a contract bridges the gap before it, a
    customer's stated first day moves, W is estimated for the first time.
    """
    now, then = ACTIVITY_SPAN, _TIMES_BEFORE
    same = sa.and_(then.c.customer_key == now.c.customer_key, then.c.start_date == now.c.start_date)
    start = sa.func.coalesce(now.c.start_date, then.c.start_date)
    ends = [sa.func.coalesce(side.c.end_date, FAR_DATE) for side in (now, then)]
    in_both = sa.and_(now.c.customer_key.is_not(None), then.c.customer_key.is_not(None))
    times = (
        sa.select(sa.func.min(sa.case((in_both, sa.func.least(*ends)), else_=start)))
        .select_from(now.join(then, same, full=True))
        .where(sa.or_(~in_both, ends[0] != ends[1]))
    )
    life, was = CUSTOMER_LIFE, _FIRSTS_BEFORE
    days = [work.connection.scalar(times)]
    for name in ("first_active_date", "first_revenue_month"):
        moved = (
            sa.select(sa.func.min(sa.func.least(life.c[name], was.c[name])))
            .select_from(life.join(was, was.c.customer_key == life.c.customer_key))
            .where(life.c[name] != was.c[name])
        )
        days.append(work.connection.scalar(moved))
    return min((day for day in days if day), default=None)


def _stated_first(work: Workspace) -> sa.CTE:
    customer = work.table("customer")
    joined, key = customer_key(customer)
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
    joined, key = customer_key(term)
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


def _first_paid(work: Workspace) -> sa.CTE:
    """First month with positive revenue, by the source that the movement is made of."""
    paying: sa.ColumnElement[bool] = sa.true()
    if work.has("revenue_period"):
        table, day, amount = _columns(work, "revenue_period", "period_month", "recurring_amount")
    elif work.has("subscription_period"):
        table, day, amount = _columns(work, "subscription_period", "start_date", "recurring_amount")
        paying = sa.func.coalesce(table.c.status, "active") != "trial"
    elif work.has("sales_transaction"):
        table, day, amount = _columns(work, "sales_transaction", "transaction_date", "net_amount")
    else:
        nobody = sa.select(
            sa.cast(sa.null(), sa.Integer()).label("customer_key"),
            sa.cast(sa.null(), sa.Date()).label("first_month"),
        )
        return nobody.where(sa.false()).cte("paid")
    joined, key = customer_key(table)
    return (
        sa.select(key.label("customer_key"), month_start(sa.func.min(day)).label("first_month"))
        .select_from(joined)
        .where(key.is_not(None), amount > 0, paying)
        .group_by(key)
        .cte("paid")
    )


def _columns(
    work: Workspace, name: str, day: str, amount: str
) -> tuple[sa.FromClause, sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    table = work.table(name)
    return table, table.c[day], table.c[amount]


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
