"""Cost to serve: contacts, direct costs, and the slice's share of the rest (METRICS.md 2.7)."""

from __future__ import annotations

from cxdata.metrics.finish.allocation import allocated
from cxdata.metrics.finish.average import over_average_customers
from cxdata.metrics.finish.census import without_interval
from cxdata.model.metric import Estimates, Floats, Stats


def _cost(stats: Stats) -> Floats:
    return stats["contact_cost"] + stats["direct_cost"] + allocated(stats)


def total_cost(stats: Stats) -> Estimates:
    """Finish the total; its n is the contacts."""
    return without_interval(_cost(stats), stats["contacts"] * 1.0)


def cost_per_average_customer(stats: Stats) -> Estimates:
    """Finish the total over the average number of customers."""
    return over_average_customers(_cost(stats), stats["customers"])


def shared_cost_per_average_customer(stats: Stats) -> Estimates:
    """Finish what is shared out alone over the average number of customers."""
    return over_average_customers(allocated(stats), stats["customers"])
