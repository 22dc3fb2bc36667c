"""account_score: what each account says, alike and by revenue, and how much is heard (1.5, 2.8)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.expressions import double, flag, number, zero
from cxdata.marts.profiles import profile_at
from cxdata.marts.workspace import PERIOD, SCRATCH

HEARD = sa.Table(
    "scratch_heard",
    SCRATCH,
    sa.Column("period_start", sa.Date()),
    sa.Column("months", sa.Integer()),
    sa.Column("customer_key", sa.Integer()),
    sa.Column("score", sa.Double()),
    prefixes=["TEMPORARY"],
)
"""Each customer's own score in each period: the mean of its answers' +1, 0, -1."""


def is_counted(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether a customer was active in a period, or anything happened."""
    return sa.or_(
        table.c.active_days > 0, table.c.revenue != 0, table.c.contacts > 0, table.c.cost != 0
    )


def account_scores(totals: sa.FromClause) -> sa.Select[Any]:
    """Sum the scores of the scratch periods' customers, whose ``totals`` are given.

    Segments are those of the totals, at the start of the period; who has none is looked up there.
    """
    heard, period = HEARD.c, PERIOD.c
    now = sa.and_(
        period.month == period.period_start,
        period.period_start == heard.period_start,
        period.months == heard.months,
    )
    same = sa.and_(
        *(totals.c[name] == heard[name] for name in ("period_start", "months", "customer_key"))
    )
    joined = HEARD.join(PERIOD, now).outerjoin(totals, same)
    absent = sa.case((totals.c.profile_id.is_(None), heard.customer_key))
    rows, elsewhere = profile_at(joined, absent, heard.period_start)
    base = (
        sa.select(
            heard.period_start,
            heard.months,
            sa.func.coalesce(totals.c.profile_id, elsewhere).label("profile_id"),
            heard.score,
            double(sa.func.greatest(zero(totals.c.revenue), number(0))).label("paid"),
            flag(totals.c.active_days > 0).label("is_active"),
            sa.case((is_counted(totals), totals.c.revenue), else_=number(0)).label("revenue"),
        )
        .select_from(rows)
        .cte("base")
    )
    y, w = base.c.score, base.c.paid
    sums = {
        "active": base.c.is_active,
        "revenue": base.c.revenue,
        "score": y,
        "score_sq": y * y,
        "weight": w,
        "weight_sq": w * w,
        "weight_score": w * y,
        "weight_sq_score": w * w * y,
        "weight_score_sq": w * y * w * y,
    }
    keys = [base.c[name] for name in ("period_start", "months", "profile_id")]
    return sa.select(
        *keys,
        sa.func.count().label("accounts"),
        *(sa.func.sum(value).label(name) for name, value in sums.items()),
    ).group_by(*keys)
