"""A booked total over the average number of active customers (METRICS.md 2.6, 2.7)."""

from __future__ import annotations

import numpy as np

from cxdata.metrics.finish.census import METHOD
from cxdata.metrics.finish.flags import by_base
from cxdata.model.metric import Estimates, Floats, Stats
from cxdata.statistics.interval import divide


def per_average_customer(stats: Stats) -> Estimates:
    """Finish amount / average customers; the average counts each customer by its share of days."""
    return _over(stats["amount"], stats["customers"])


def cost_per_average_customer(stats: Stats) -> Estimates:
    """Finish (cost of contacts + other costs) / average customers."""
    return _over(stats["contact_cost"] + stats["other_cost"], stats["customers"])


def _over(amount: Floats, customers: Floats) -> Estimates:
    estimate = divide(amount, np.where(customers > 0, customers, 0.0))
    nothing = np.full(estimate.shape, np.nan)
    flags = by_base(customers, ~np.isnan(estimate), 30, 10)
    return Estimates(estimate, np.round(customers), nothing, nothing, flags, METHOD)
