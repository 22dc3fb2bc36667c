"""tenure_risk and cohort_summary: how long customers stay (METRICS.md 2.3, 2.4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.expressions import flag, month_start, number, started_months, whole_months, zero
from cxdata.marts.workspace import Workspace
from cxdata.model.summaries import COHORT_SUMMARY, CUSTOMER_LIFE, CUSTOMER_MONTH, TENURE_RISK

CENSORED = ""
"""Cause of an exit that is only the end of the data."""


def fill_tenure(work: Workspace) -> None:
    """Count customers by age at entry into the data, age at exit, and why.

    A loss counts in the month of age that it falls in; who is still here leaves the risk set after
    the last whole month. Entry is later than 0 for customers older than the data (left truncation).
    """
    life = CUSTOMER_LIFE
    first = life.c.first_active_date
    now = sa.literal(work.activity_through + timedelta(days=1), sa.Date())
    lost = sa.and_(life.c.first_exit_date.is_not(None), life.c.first_exit_date <= now)
    entry: sa.ColumnElement[Any] = number(0)
    if work.history_start:
        start = sa.literal(work.history_start, sa.Date())
        entry = sa.case((first < start, whole_months(start, first)), else_=number(0))
    age = sa.case(
        (lost, started_months(life.c.first_exit_date, first)), else_=whole_months(now, first)
    )
    cause = sa.case((lost, sa.func.coalesce(life.c.first_exit_reason, "unknown")), else_=CENSORED)
    base = (
        sa.select(
            life.c.profile_id,
            entry.label("entry_age"),
            age.label("exit_age"),
            cause.label("cause"),
            life.c.last_recurring,
        )
        .where(first < now)
        .cte("base")
    )
    keys = [base.c[name] for name in ("profile_id", "entry_age", "exit_age", "cause")]
    work.fill(
        TENURE_RISK,
        sa.select(
            *keys,
            sa.func.count().label("customers"),
            sa.func.sum(zero(base.c.last_recurring)).label("recurring"),
        )
        .where(base.c.exit_age >= base.c.entry_age)
        .group_by(*keys),
    )


def fill_cohorts(work: Workspace, since: date | None = None) -> None:
    """Count, by month of first activity and age, who is active, has never left, and bought.

    What was counted of months before ``since`` stays (None: nothing does).
    """
    life, month = CUSTOMER_LIFE, CUSTOMER_MONTH
    first = sa.literal(since or work.span.first, sa.Date())
    stale = COHORT_SUMMARY.c.age >= whole_months(first, COHORT_SUMMARY.c.cohort_month)
    work.run(sa.delete(COHORT_SUMMARY).where(sa.true() if since is None else stale))
    cohort = month_start(life.c.first_active_date)
    age = whole_months(month.c.month, cohort)
    kept = sa.and_(
        month.c.is_end == 1,
        sa.or_(
            life.c.first_exit_date.is_(None),
            life.c.first_exit_date
            >= sa.cast(month.c.month + sa.text("INTERVAL '1 month'"), sa.Date()),
        ),
    )
    seen = (
        sa.select(
            cohort.label("cohort_month"),
            age.label("age"),
            life.c.profile_id,
            month.c.is_end.label("is_active"),
            flag(kept).label("is_kept"),
            flag(month.c.orders > 0).label("is_buyer"),
            month.c.revenue,
            number(0).label("is_member"),
        )
        .select_from(month.join(life, life.c.customer_key == month.c.customer_key))
        .where(
            month.c.month >= cohort,
            month.c.month >= first,
            cohort >= sa.literal(work.span.first),
        )
    )
    # Who is stated to have begun before the first row of facts is of the cohort all the same.
    joined = sa.select(
        cohort.label("cohort_month"),
        number(0).label("age"),
        life.c.profile_id,
        *(number(0).label(name) for name in ("is_active", "is_kept", "is_buyer")),
        sa.cast(number(0), month.c.revenue.type).label("revenue"),
        number(1).label("is_member"),
    ).where(
        cohort >= sa.literal(work.span.first),
        cohort >= first,
        life.c.first_active_date <= sa.literal(work.through),
    )
    base = sa.union_all(seen, joined).cte("base")
    keys = [base.c[name] for name in ("cohort_month", "age", "profile_id")]
    sums = {
        "customers": base.c.is_member,
        "customers_active": base.c.is_active,
        "customers_kept": base.c.is_kept,
        "customers_bought": base.c.is_buyer,
        "revenue": base.c.revenue,
    }
    work.fill(
        COHORT_SUMMARY,
        sa.select(
            *keys, *(sa.func.sum(value).label(name) for name, value in sums.items())
        ).group_by(*keys),
    )
