"""A ratio of totals with customers as the independent units, linearised (METRICS.md 2.6, V09)."""

from __future__ import annotations

import numpy as np

from cxdata.metrics.finish.differences import as_differences
from cxdata.metrics.finish.events import DAYS_A_MONTH
from cxdata.metrics.finish.flags import by_base, wider
from cxdata.model.metric import Differences, Estimates, Stats
from cxdata.statistics.interval import divide
from cxdata.statistics.mean import RatioSums, ratio_difference, ratio_interval

METHOD = "linearised ratio, customers as units"


def _sums(stats: Stats) -> RatioSums:
    """Sums with time in months: x comes as each customer's share of the period's days."""
    months = divide(stats["days"], stats["x"]) / DAYS_A_MONTH
    n, y, yy, x, xx, xy = (stats[name] for name in ("n", "y", "yy", "x", "xx", "xy"))
    return RatioSums(n, y, yy, x * months, xx * months**2, xy * months)


def per_customer_month(stats: Stats) -> Estimates:
    """Finish events per customer-month; months of unequal length are counted by their days."""
    found = ratio_interval(*_sums(stats))
    estimate = np.asarray(found.estimate)
    flags = by_base(stats["n"], ~np.isnan(estimate), 30, 10)
    half = (found.hi - found.lo) / 2
    flags = wider(flags, np.abs(half), 0.25 * np.abs(estimate).clip(1e-12))
    return Estimates(estimate, stats["n"] * 1.0, found.lo, found.hi, flags, METHOD)


def per_customer_month_difference(now: Stats, then: Stats) -> Differences:
    """Test the difference of two such ratios; conservative where customers are in both."""
    found = ratio_difference(_sums(now), _sums(then))
    return as_differences(found, "difference of two averages, customers as units")
