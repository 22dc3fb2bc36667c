"""renewal_summary: contracts that ran out, and how many of their customers stayed (METRICS.md 2.2).

Due is a paid contract that ended at its term or by the customer's choice: one that was replaced by
an upgrade or downgrade, or whose payments failed, was not up for renewal. A customer renewed who
has a paid contract that begins within the grace days and runs on; an end too young to tell is not
counted yet.
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


def settled_from(work: Workspace, span: Span) -> Span:
    """The span and the months before it whose renewals may have become known."""
    first = (span.first - timedelta(days=work.rules.grace_days + 1)).replace(day=1)
    return Span(max(first, work.span.first), span.last)


def fill_renewals(work: Workspace, span: Span) -> None:
    """Count customers whose contract ran out in each month, by segment on that day."""
    if work.has("subscription_period", "customer"):
        work.fill(RENEWAL_SUMMARY, _counts(work, span))


def _due(work: Workspace, span: Span) -> sa.CTE:
    """Customers and days on which a paid contract ran out, long enough ago to tell."""
    term = work.table("subscription_period")
    joined, key = customer_key(term)
    known = work.activity_through - timedelta(days=work.rules.grace_days)
    return (
        sa.select(key.label("customer_key"), term.c.end_date.label("day"))
        .select_from(joined)
        .where(
            key.is_not(None),
            sa.func.coalesce(term.c.end_reason, "end_of_term").in_(("end_of_term", "voluntary")),
            sa.func.coalesce(term.c.status, "active") != "trial",
            term.c.end_date >= sa.literal(span.first),
            term.c.end_date < sa.literal(span.end),
            term.c.end_date <= sa.literal(known),
        )
        .distinct()
        .cte("due")
    )


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
        .where(sa.func.coalesce(term.c.status, "active") != "trial")
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
