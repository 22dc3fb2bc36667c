"""What a movement is worth, at past value (METRICS.md 9.4, 9.19).

Retention: customers gained or lost against the comparison, times the recurring revenue that left
with a customer over the last twelve months, less the marginal cost of serving one. Spend and cost:
the change per customer times the average number of customers. A score has no money until its link
to behaviour is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cxdata.analysis.figure import Figure
from cxdata.metrics import metric as metric_of
from cxdata.model.evidence import Flag, number
from cxdata.model.metric import Estimates, Metric, Stat, Stats, total
from cxdata.model.period import Grain, Period
from cxdata.model.summaries import CUSTOMER_FLOW, CUSTOMER_TOTAL, INTERACTION_SUMMARY
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import periods
from cxdata.statistics.interval import divide

MONTHS = 12


@dataclass(frozen=True)
class Worth:
    """Money of a movement in the reporting currency; positive is good for the company.

    ``customers`` is set where the movement is counted in customers; ``lo`` and ``hi`` are the ends
    that follow from the interval of the movement alone.
    """

    amount: float
    lo: float | None
    hi: float | None
    customers: float | None


def worth(gate: Gate, found: Figure) -> Worth | None:
    """Return what the movement of a figure is worth; None where money cannot be put on it."""
    difference = found.comparison.difference
    if difference is None or found.cell.n is None:
        return None
    if found.metric.name == "logo_retention":
        return _of_customers(gate, found, difference)
    if found.metric.name in ("revenue_per_customer", "cost_per_customer"):
        sign = 1 if found.metric.better.value == "up" else -1
        return Worth(sign * difference * found.cell.n, None, None, None)
    return None


def _of_customers(gate: Gate, found: Figure, difference: float) -> Worth | None:
    each = value_of_customer(gate, found)
    if each is None or found.cell.n is None:
        return None
    ends = [
        None if end is None else end * found.cell.n * each
        for end in (found.comparison.lo, found.comparison.hi)
    ]
    customers = difference * found.cell.n
    return Worth(customers * each, ends[0], ends[1], customers)


def value_of_customer(gate: Gate, found: Figure) -> float | None:
    """Return what a lost customer brings in a year, less the marginal cost of serving it.

    Recurring revenue that left with the customers lost in the last twelve months, not what
    those who pause took back; without contracts the revenue of an average customer. Claims in money
    take the marginal cost (METRICS.md 9.4); fewer months of data are scaled to twelve.
    """
    months = _last_months(gate, found.scope.period)
    by_month = found.scope.at(Period.containing(found.scope.period.start, Grain.MONTH))
    read = evaluate(gate, _VALUES, by_month, at=months) if months else {}
    revenue = _ratio(read, "value_lost", "revenue", "lost") if "value_lost" in read else None
    if revenue is None and "revenue_per_customer" in read:
        revenue = _ratio(read, "revenue_per_customer", "amount", "customers")
    if revenue is None:
        return None
    cost = _ratio(read, "value_cost", "cost", "customers") if "value_cost" in read else None
    return MONTHS * (revenue - (cost or 0.0))


def _ratio(read: Mapping[str, Figures], name: str, part: str, whole: str) -> float | None:
    """One ratio of sums over all months."""
    stats = read[name].stats
    return number(float(divide(stats[part].sum(), stats[whole].sum())))


def _helper(name: str, of: str, needs: tuple[tuple[str, ...], ...], **stats: Stat) -> Metric:
    return replace(metric_of(of), name=name, needs=needs, stats=stats, finish=_unfinished)


def _unfinished(stats: Stats) -> Estimates:
    """Only the sums are wanted."""
    first = next(iter(stats.values()))
    nothing = np.full(first.shape, np.nan)
    flags = np.full(first.shape, Flag.OK.value)
    return Estimates(nothing, nothing, nothing, nothing, flags, "sums")


_VALUES = (
    metric_of("revenue_per_customer"),
    _helper(
        "value_lost",
        "customers_lost",
        (("customer",), ("revenue_period", "subscription_period")),
        revenue=total(CUSTOMER_FLOW.c.revenue_lost),
        lost=total(CUSTOMER_FLOW.c.customers_lost),
    ),
    _helper(
        "value_cost",
        "cost_per_customer",
        metric_of("cost_per_customer").needs,
        cost=total(INTERACTION_SUMMARY.c.cost_marginal),
        customers=total(CUSTOMER_TOTAL.c.exposure, role="all"),
    ),
)


def _last_months(gate: Gate, period: Period) -> list[Period]:
    known = [month for month in periods(gate, Grain.MONTH) if month.end <= period.end]
    return known[-MONTHS:]
