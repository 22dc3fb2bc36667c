"""renewal_summary: contracts that ran out, and how many of their customers stayed (METRICS.md 2.2).

Due is a paid contract that ran out: at its term, or by the customer's notice to the end of a full
month of it. One that was paused, replaced by an upgrade or downgrade, given another price before
its month was full, or ended by failed payments or by notice within a month was not up for renewal.
A customer renewed who has a paid contract that begins within the grace days and runs on; an end too
young to tell is not counted yet.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import FAR_DATE, flag, month_start, plus_days
from cxdata.marts.profiles import profile_at
from cxdata.marts.rules import Span
from cxdata.marts.workspace import Workspace
from cxdata.model.summaries import RENEWAL_SUMMARY

Column = sa.ColumnElement[Any]


def settled_from(work: Workspace, span: Span) -> Span:
    """The span and the months before it whose renewals may have become known."""
    first = (span.first - timedelta(days=work.rules.grace_days + 1)).replace(day=1)
    return Span(max(first, work.span.first), span.last)


def fill_renewals(work: Workspace, span: Span) -> None:
    """Count customers whose contract ran out in each month, by segment on that day."""
    if work.has("subscription_period", "customer"):
        work.fill(RENEWAL_SUMMARY, _counts(work, span))


def _status(term: sa.FromClause) -> Column:
    return sa.func.coalesce(term.c.status, "active")


def _ended(work: Workspace, span: Span) -> sa.CTE:
    """Paid terms that ended in the span for a reason that may be their term's, and knowably so."""
    term = work.table("subscription_period")
    joined, key = customer_key(term)
    known = work.activity_through - timedelta(days=work.rules.grace_days)
    kept = ("subscription_id", "end_date", "end_reason", "product_code", "recurring_amount")
    return (
        sa.select(key.label("customer_key"), *(term.c[name] for name in kept))
        .select_from(joined)
        .where(
            key.is_not(None),
            _status(term) == "active",
            sa.func.coalesce(term.c.end_reason, "end_of_term").in_(("end_of_term", "voluntary")),
            term.c.end_date >= sa.literal(span.first),
            term.c.end_date < sa.literal(span.end),
            term.c.end_date <= sa.literal(known),
        )
        .cte("ended")
    )


def _due(work: Workspace, span: Span) -> sa.CTE:
    """Customers and days on which a paid contract ran out, long enough ago to tell."""
    ended, term = _ended(work, span), work.table("subscription_period")
    began = (
        sa.select(term.c.subscription_id, sa.func.min(term.c.start_date).label("day"))
        .where(
            _status(term) != "trial", term.c.subscription_id.in_(sa.select(ended.c.subscription_id))
        )
        .group_by(term.c.subscription_id)
        .cte("began")
    )
    onward = term.alias("onward")
    straight_on = sa.and_(
        onward.c.subscription_id == ended.c.subscription_id,
        onward.c.start_date == ended.c.end_date,
    )
    rows = ended.join(began, began.c.subscription_id == ended.c.subscription_id).outerjoin(
        onward, straight_on
    )
    is_full = _full_months(began.c.day, ended.c.end_date)
    stated = sa.func.coalesce(ended.c.end_reason, "")
    is_changed = sa.or_(
        onward.c.product_code.is_distinct_from(ended.c.product_code),
        onward.c.recurring_amount.is_distinct_from(ended.c.recurring_amount),
    )
    ran_out = sa.case(
        (_status(onward) == "paused", sa.false()),
        (stated == "voluntary", is_full),
        (onward.c.subscription_id.is_(None), sa.true()),
        (is_changed, sa.and_(stated == "end_of_term", is_full)),
        else_=sa.true(),
    )
    return (
        sa.select(ended.c.customer_key, ended.c.end_date.label("day"))
        .select_from(rows)
        .where(ran_out)
        .distinct()
        .cte("due")
    )


def _full_months(first: Column, end: Column) -> Column:
    """Whether whole months lie between two days; from a 31st on they end with the month."""
    began, ended = sa.extract("day", first), sa.extract("day", end)
    is_last = sa.extract("day", plus_days(end, 1)) == 1
    return sa.or_(began == ended, sa.and_(began > ended, is_last))


def _counts(work: Workspace, span: Span) -> sa.Select[Any]:
    due = _due(work, span)
    term = work.table("subscription_period")
    joined, key = customer_key(term)
    goes_on = sa.and_(
        key == due.c.customer_key,
        term.c.start_date <= plus_days(due.c.day, work.rules.grace_days),
        sa.func.coalesce(term.c.end_date, FAR_DATE) > due.c.day,
    )
    stayed = (
        sa.select(due.c.customer_key, due.c.day)
        .select_from(joined.join(due, goes_on))
        .where(_status(term) != "trial")
        .distinct()
        .cte("stayed")
    )
    same = sa.and_(stayed.c.customer_key == due.c.customer_key, stayed.c.day == due.c.day)
    rows, profile = profile_at(due.outerjoin(stayed, same), due.c.customer_key, due.c.day)
    base = (
        sa.select(
            month_start(due.c.day).label("month"),
            profile.label("profile_id"),
            flag(stayed.c.customer_key.is_not(None)).label("is_renewed"),
        )
        .select_from(rows)
        .cte("base")
    )
    keys = [base.c.month, base.c.profile_id]
    return sa.select(
        *keys, sa.func.count().label("due"), sa.func.sum(base.c.is_renewed).label("renewed")
    ).group_by(*keys)
