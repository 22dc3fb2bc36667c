"""Events over time at risk, with the exact Poisson interval (METRICS.md 2.2)."""

from __future__ import annotations

from cxdata.metrics.finish.flags import by_base
from cxdata.model.metric import Estimates, Stats
from cxdata.statistics.interval import divide
from cxdata.statistics.proportion import garwood

DAYS_A_MONTH = 365.25 / 12


def events_per_month(stats: Stats) -> Estimates:
    """Finish events per customer-month from events and customer-days."""
    months = stats["days"] / DAYS_A_MONTH
    lo, hi = garwood(stats["events"], months)
    rate = divide(stats["events"], months)
    return Estimates(rate, months.round(), lo, hi, by_base(months, months > 0, 30, 10), "Garwood")
