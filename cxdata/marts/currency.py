"""One reporting currency: amounts are converted at the rate of their own day (METRICS.md 1.5)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.workspace import Workspace


def is_single(work: Workspace) -> bool:
    """Whether every amount is in the reporting currency already."""
    return work.currencies <= {work.currency}


def rate(
    work: Workspace, currency: sa.ColumnElement[Any], day: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    """Rate into the reporting currency on a day; none where no rate is known, never 1."""
    own = sa.func.coalesce(currency, work.currency) == work.currency
    if not work.has("fx_rate"):
        return sa.case((own, sa.literal(1.0, sa.Double())))
    table = work.table("fx_rate").alias()
    latest = (
        sa.select(table.c.rate)
        .where(
            table.c.from_ccy == currency,
            table.c.to_ccy == work.currency,
            sa.func.coalesce(table.c.kind, "actual") == "actual",
            table.c.rate_date <= day,
        )
        .order_by(table.c.rate_date.desc())
        .limit(1)
        .correlate_except(table)
        .scalar_subquery()
    )
    return sa.case((own, sa.literal(1.0, sa.Double())), else_=latest)


def converted(
    work: Workspace, table: sa.FromClause, amount: sa.ColumnElement[Any], day: sa.ColumnElement[Any]
) -> sa.ColumnElement[Any]:
    """An amount in the reporting currency; none where the rate is missing."""
    if is_single(work):
        return amount
    own = sa.func.coalesce(table.c.currency, work.currency) == work.currency
    # Decimal by decimal, so that no engine rounds a double in its own way.
    at_rate = sa.cast(rate(work, table.c.currency, day), sa.Numeric(18, 8))
    exact = sa.cast(sa.cast(amount, sa.Numeric(18, 4)) * at_rate, sa.Numeric(18, 4))
    return sa.case((own, sa.cast(amount, sa.Numeric(18, 4))), else_=exact)
