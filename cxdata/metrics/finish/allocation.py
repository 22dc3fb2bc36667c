"""Costs that no single customer has: shared out by their declared key (METRICS.md 2.7).

A pool per customer is shared by active days, per order by sales, per interaction by contacts; the
shares of all segments sum to the pool. A pool whose key counts nothing stays whole.
"""

from __future__ import annotations

import numpy as np

from cxdata.model.metric import Floats, Stat, Stats, total, total_where
from cxdata.model.summaries import CUSTOMER_TOTAL, INTERACTION_SUMMARY, SERVICE_COST_SUMMARY
from cxdata.statistics.interval import divide

_COST = SERVICE_COST_SUMMARY.c
_KEYS = {
    "per_customer": CUSTOMER_TOTAL.c.customer_days,
    "per_order": CUSTOMER_TOTAL.c.orders,
    "per_interaction": INTERACTION_SUMMARY.c.contacts,
}


def direct_cost() -> Stat:
    """Other costs that name their customer."""
    return total_where(_COST.allocation == "direct", _COST.cost)


def allocated_stats() -> dict[str, Stat]:
    """Each pool, and the slice's and everybody's count of its key."""
    found: dict[str, Stat] = {}
    for key, column in _KEYS.items():
        found[f"pool_{key}"] = total_where(_COST.allocation == key, _COST.cost, segments="whole")
        found[f"part_{key}"] = total(column, role="all")
        found[f"whole_{key}"] = total(column, role="all", segments="whole")
    return found


def allocated(stats: Stats) -> Floats:
    """The slice's share of all pools."""
    parts = []
    for key in _KEYS:
        whole = stats[f"whole_{key}"]
        share = np.where(whole > 0, divide(stats[f"part_{key}"], whole), 1.0)
        parts.append(stats[f"pool_{key}"] * share)
    return np.sum(parts, axis=0)
