"""W: after how long without a purchase a customer counts as lost (METRICS.md 2.2).

Estimated from the gaps between purchases at the first build, then frozen with the marts; only an
explicit ``build --estimate-lapse`` estimates it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import sqlalchemy as sa

from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import days_between, flag, is_sale
from cxdata.marts.workspace import Workspace
from cxdata.model.summaries import CUSTOMER_INDEX
from cxdata.statistics.lapse import lapse_window

DEFAULT_DAYS = 180
"""W where too few purchases are known to estimate it."""


@dataclass(frozen=True)
class Lapse:
    """W in days and the share of customers who do come back after it."""

    days: int
    return_share: float | None


def estimate(work: Workspace) -> Lapse:
    """Estimate W from the purchases of customers without a contract."""
    gaps = _gaps(work)
    if gaps is None:
        return Lapse(DEFAULT_DAYS, None)
    days, censored, counts = gaps
    found = lapse_window(days, censored, counts)
    if found is None:
        return Lapse(DEFAULT_DAYS, None)
    return Lapse(found.days, found.comes_back)


def _gaps(work: Workspace) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    sale = work.table("sales_transaction")
    joined, key = customer_key(sale)
    days = (
        sa.select(key.label("customer_key"), sale.c.transaction_date.label("day"))
        .select_from(joined)
        .where(
            key.is_not(None),
            ~CUSTOMER_INDEX.c.is_contractual,
            is_sale(sale),
            sale.c.transaction_date <= sa.literal(work.through),
        )
        .distinct()
        .cte("bought")
    )
    following = sa.func.lead(days.c.day).over(partition_by=days.c.customer_key, order_by=days.c.day)
    now = sa.literal(work.through + timedelta(days=1), sa.Date())
    gap = (
        sa.select(
            days_between(sa.func.coalesce(following, now), days.c.day).label("gap"),
            flag(following.is_(None)).label("is_censored"),
        )
        .select_from(days)
        .cte("gap")
    )
    rows = work.connection.execute(
        sa.select(gap.c.gap, gap.c.is_censored, sa.func.count()).group_by(
            gap.c.gap, gap.c.is_censored
        )
    ).all()
    if not rows:
        return None
    table = np.array([tuple(row) for row in rows], dtype=float)
    return table[:, 0], table[:, 1].astype(bool), table[:, 2]
