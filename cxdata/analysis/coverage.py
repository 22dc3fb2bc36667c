"""Who is silent: how much of the business a score speaks for, and what the silent could do to it.

No sampling interval holds those who do not answer (METRICS.md 2.8). Beside the score stand the
share of customers and of revenue that is heard, the score re-weighted to the customer base, the
score if every silent one were a detractor or a promoter, and what the silent would have to say for
all those asked to be at a stated value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.evidence import Cell, number
from cxdata.model.metric import Floats, Metric, total_where
from cxdata.model.scope import Scope
from cxdata.model.summaries import INVITATION_SUMMARY, UNIDENTIFIED
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import options
from cxdata.statistics.nonresponse import nonresponse_bounds, tipping_point
from cxdata.statistics.weighting import nps_weighted, pooled_strata

FEWEST = 10
"""Answers below which a stratum is weighted together with others."""


@dataclass(frozen=True)
class Weighted:
    """The score re-weighted to the base by ``by``; ``strata`` is how many cells carried weights.

    ``n_effective`` is Kish's: as many answers as the weighted score is worth.
    """

    estimate: float
    lo: float
    hi: float
    n: float
    n_effective: float
    design_effect: float
    by: tuple[str, ...]
    strata: int


@dataclass(frozen=True)
class Silence:
    """What the silent could do: scores if all were detractors (lo) or promoters (hi).

    ``tipping`` is the score at which the silent bring all those asked to ``target``; None where no
    silence can, or everybody answered.
    """

    rate: float
    asked: int
    lo: float
    hi: float
    target: float
    tipping: float | None


@dataclass(frozen=True)
class Coverage:
    """A score and whom it speaks for; what the data cannot tell is None."""

    scope: Scope
    score: Cell
    customers: Cell | None
    revenue: Cell | None
    weighted: Weighted | None
    silence: Silence | None


def coverage(gate: Gate, scope: Scope, target: float = 0.0) -> Coverage:
    """Tell whom the relationship score of a period speaks for.

    Args:
        gate: who asks, at which version.
        scope: who and when; the score has no journey.
        target: the value that all those asked might be at, in points.

    Raises:
        MissingTables: there are no answers.
        BadScope: a journey is chosen.
    """
    score = metric_of("nps")
    gate.require(score)
    if scope.journeys:
        raise BadScope(f"{score.label} cannot be told by journey: {score.definition}")
    asked = _invited()
    customers, revenue = metric_of("accounts_heard"), metric_of("revenue_heard")
    found = evaluate(gate, [score, asked, customers, revenue], scope, at=[scope.period])
    cell = found["nps"].cell(0)
    return Coverage(
        scope,
        cell,
        _cell(found.get(customers.name)),
        _cell(found.get(revenue.name)),
        _weighted(gate, scope) if cell.flag.shows else None,
        _silence(found["nps"], found.get(asked.name), target) if cell.flag.shows else None,
    )


def _invited() -> Metric:
    """Invitations to the relationship survey, and those answered."""
    table = INVITATION_SUMMARY.c
    of_relationship = table.survey_type == "relationship"
    return replace(
        metric_of("response_rate"),
        name="relationship_response_rate",
        stats={
            name: total_where(of_relationship, table[name]) for name in ("responded", "delivered")
        },
    )


def _cell(found: Figures | None) -> Cell | None:
    cell = None if found is None else found.cell(0)
    return cell if cell is not None and cell.estimate is not None else None


def _classes(found: Figures) -> Floats:
    return np.stack([found.stats[name] for name in ("promoters", "passives", "detractors")])


def _weighted(gate: Gate, scope: Scope) -> Weighted | None:
    """Post-stratify by segment and tenure; None where the customers of the strata are not known."""
    base = metric_of("accounts_heard")
    by = _strata(gate)
    if gate.missing(base) or not by:
        return None
    found = evaluate(gate, [metric_of("nps"), base], scope, by=by, at=[scope.period])
    classes, people = _classes(found["nps"]), found["accounts_heard"].stats["customers"]
    known = ~(found["nps"].frame[list(by)] == UNIDENTIFIED).any(axis=1).to_numpy() & (people > 0)
    classes, people = classes[:, known], people[known]
    if not classes.sum():
        return None
    groups = pooled_strata(classes.sum(axis=0), FEWEST)
    strata = np.unique(groups)
    pooled = np.stack([classes[:, groups == one].sum(axis=1) for one in strata], axis=1)
    score = nps_weighted([people[groups == one].sum() for one in strata], *pooled)
    values = [number(v) for v in (score.estimate, score.lo, score.hi, score.n_effective)]
    if any(value is None for value in values):
        return None
    estimate, lo, hi, effective = (value or 0.0 for value in values)
    return Weighted(
        estimate, lo, hi, float(score.n), effective, float(score.design_effect), by, len(strata)
    )


def _strata(gate: Gate) -> tuple[str, ...]:
    """The first slicing attribute, and with it that of tenure where there is one."""
    schemes = list(options(gate).schemes)
    return tuple(dict.fromkeys([*schemes[:1], *(s for s in schemes if "tenure" in s)]))[:2]


def _silence(score: Figures, asked: Figures | None, target: float) -> Silence | None:
    """Bounds over all those asked; people asked are counted at the rate of their invitations."""
    if asked is None or not asked.stats["delivered"][0] or not asked.stats["responded"][0]:
        return None
    delivered, responded = asked.stats["delivered"][0], asked.stats["responded"][0]
    rate = float(min(responded / delivered, 1.0))
    good, neutral, bad = _classes(score)[:, 0]
    n = float(good + neutral + bad)
    lo, hi = nonresponse_bounds(good, neutral, bad, n / rate)
    needed = number(tipping_point(float(score.frame["estimate"].iloc[0]), n, n / rate, target))
    within = needed if needed is not None and -100 <= needed <= 100 else None
    return Silence(rate, round(float(delivered)), float(lo), float(hi), target, within)
