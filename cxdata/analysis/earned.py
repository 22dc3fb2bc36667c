"""How much of the growth of revenue is earned: by whom it came (METRICS.md 2.10)."""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.metrics import metric as metric_of
from cxdata.metrics.finish.earned import growth_of
from cxdata.model.errors import BadScope
from cxdata.model.scope import Scope
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.statistics.earned_growth import EarnedGrowth


@dataclass(frozen=True)
class Earned:
    """Growth over the twelve months to a period's end, and what each kind of customer adds to it.

    ``same`` is what customers of the twelve months before pay more or less; the others are what new
    ones pay, by where they came from. Each is a share of the revenue before.
    """

    growth: EarnedGrowth
    customers: int
    same: float
    earned: float
    unknown: float
    bought: float


def earned(gate: Gate, scope: Scope) -> Earned | None:
    """Tell how much of the growth is earned; None where two years of revenue are not known.

    Raises:
        MissingTables: the data lack what it needs.
        BadScope: a journey is chosen.
    """
    metric = metric_of("earned_growth")
    gate.require(metric)
    if scope.journeys:
        raise BadScope("Where new customers come from cannot be told by journey.")
    stats = evaluate(gate, [metric], scope, at=[scope.period])[metric.name].stats
    (growth,) = growth_of(stats)
    if growth is None:
        return None
    before = float(stats["opening"][0])
    earned_, unknown, bought = (
        float(stats[name][0]) / before for name in ("earned", "unknown", "bought")
    )
    people = round(float(stats["customers"][0]))
    return Earned(growth, people, growth.retention - 1, earned_, unknown, bought)
