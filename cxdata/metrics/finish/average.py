"""A booked total over the average number of active customers (METRICS.md 2.6, 2.7)."""

from __future__ import annotations

import numpy as np

from cxdata.metrics.finish.census import METHOD
from cxdata.metrics.finish.flags import by_base
from cxdata.model.metric import Estimates, Floats, Stats
from cxdata.statistics.interval import divide


def per_average_customer(stats: Stats) -> Estimates:
    """Finish amount / average customers; the average counts each customer by its share of days."""
    return over_average_customers(stats["amount"], stats["customers"])


def over_average_customers(amount: Floats, customers: Floats) -> Estimates:
    """Divide a booked total; too few below ten customers."""
    estimate = divide(amount, np.where(customers > 0, customers, 0.0))
    nothing = np.full(estimate.shape, np.nan)
    flags = by_base(customers, ~np.isnan(estimate), 30, 10)
    # Engines add shares of days in any order: a half must not fall either way by the last bit.
    n = np.round(np.round(customers, 6))
    return Estimates(estimate, n, nothing, nothing, flags, METHOD)
