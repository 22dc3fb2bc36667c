"""What a movement is worth, at past value (METRICS.md 9.19).

Retention: customers gained or lost against the comparison, times what a customer brought in the
last twelve months less what serving it cost. Spend and cost: the change per customer times the
average number of customers. A score has no money until its link to behaviour is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.analysis.figure import Figure
from cxdata.metrics import metric as metric_of
from cxdata.model.evidence import number
from cxdata.model.period import Grain, Period
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import periods

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
    """Return revenue less cost to serve of an average customer over the last twelve months.

    Fewer months of data are scaled to twelve; without contacts the cost to serve is left out.
    """
    months = _last_months(gate, found.scope.period)
    wanted = [metric_of(name) for name in ("revenue_per_customer", "cost_per_customer")]
    by_month = found.scope.at(Period.containing(found.scope.period.start, Grain.MONTH))
    read = evaluate(gate, wanted, by_month, at=months) if months else {}
    if "revenue_per_customer" not in read:
        return None
    totals = {name: number(figures.frame["estimate"].mean()) for name, figures in read.items()}
    revenue = totals["revenue_per_customer"]
    if revenue is None:
        return None
    return MONTHS * (revenue - (totals.get("cost_per_customer") or 0.0))


def _last_months(gate: Gate, period: Period) -> list[Period]:
    known = [month for month in periods(gate, Grain.MONTH) if month.end <= period.end]
    return known[-MONTHS:]
