"""Slices side by side without luck at the ends, and those that the average hides.

The raw extremes of a league table are its small slices, so each is drawn towards the common mean by
how little it knows (DerSimonian & Laird 1986); where slices do not differ beyond chance there is no
ranking at all. A slice is hidden by the average where it differs from all others taken together and
passes Benjamini-Hochberg over all slices looked at (METRICS.md 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.analysis.anatomy import Anatomy, anatomy, read_as
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.metric import Floats, Metric, Stats
from cxdata.model.scope import Labels, Scope
from cxdata.query.cells import SEVERAL, cells
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.query.maturity import small_groups
from cxdata.query.options import options
from cxdata.query.statement import JOURNEY
from cxdata.statistics.interval import critical, divide, root, two_sided_p
from cxdata.statistics.mean import ratio_interval
from cxdata.statistics.multiplicity import discoveries
from cxdata.statistics.shrinkage import shrink

FALSE_FLAGS = 0.05
"""Share of tables without any hidden slice in which one is flagged, at most."""

FEWEST = 30
"""Units in a slice below which it is not looked at."""


@dataclass(frozen=True)
class Standing:
    """One slice: its own value, the value drawn to the mean, and how it stands to all others.

    ``drawn_lo`` and ``drawn_hi`` are the interval of the value drawn to the mean. ``gap`` is its
    value less that of all others together, with interval and p; ``is_hidden`` where the average
    hides it. ``rank`` counts from the best shrunken value; None without a ranking.
    """

    codes: tuple[str, ...]
    label: str
    n: float
    value: float
    shrunken: float
    gap: float
    lo: float
    hi: float
    p: float
    is_hidden: bool
    rank: int | None
    drawn_lo: float
    drawn_hi: float


@dataclass(frozen=True)
class League:
    """Slices of one metric in a period, best first; ``mean`` is what they share.

    ``differ`` says whether slices differ by more than their own errors; ``looked_at`` how many.
    """

    metric: Metric
    scope: Scope
    by: tuple[str, ...]
    value: float
    mean: float
    standings: tuple[Standing, ...]
    differ: bool
    looked_at: int

    @property
    def hidden(self) -> tuple[Standing, ...]:
        """Slices that the average hides, the largest gap first."""
        found = [one for one in self.standings if one.is_hidden]
        return tuple(sorted(found, key=lambda one: -abs(one.gap)))


def league(
    gate: Gate,
    name: str,
    scope: Scope,
    by: tuple[str, ...],
    apart: frozenset[str] = frozenset(),
) -> League:
    """Rank the slices of a share, score or average; those with a code ``apart`` are left out.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: a total or a full count, which has no error to shrink by, or no journeys.
    """
    metric = metric_of(name)
    made = anatomy(metric)
    if JOURNEY in by and (not metric.has_journey or made.is_whole_by_journey):
        raise BadScope(f"{metric.label} of a journey is no figure of its own: {metric.definition}")
    if made.is_total or not (made.classes or made.squares):
        raise BadScope(f"{metric.label} is a full count: its slices differ as they do.")
    reading = read_as(made)
    gate.require(reading)
    whole = evaluate(gate, [metric], scope, at=[scope.period])[name].cell(0)
    found = cells(gate, reading, scope, by, [scope.period])
    stats = {stat: values[0] for stat, values in found.stats.items()}
    kept = looked_at(metric, made, stats, gate.policy.k_min)
    kept &= np.array([apart.isdisjoint(codes) for codes in found.codes], dtype=bool)
    if whole.estimate is None or kept.sum() < 2:
        raise BadScope(
            f"{metric.label} has fewer than two slices of {FEWEST} in {scope.period.label}."
        )
    labels = options(gate).labels
    return ranked(
        metric,
        scope,
        by,
        {stat: values[kept] for stat, values in stats.items()},
        tuple(code for code, is_kept in zip(found.codes, kept, strict=True) if is_kept),
        whole.estimate,
        labels,
    )


def ranked(
    metric: Metric,
    scope: Scope,
    by: tuple[str, ...],
    stats: Stats,
    codes: tuple[tuple[str, ...], ...],
    value: float,
    labels: Labels,
) -> League:
    """Rank slices by their statistics, one element a slice."""
    made = anatomy(metric)
    values, errors, base = estimates(made, stats)
    shared = shrink(values, errors**2)
    rest, rest_error = _others(values, errors, base)
    gap, se = values - rest, np.hypot(errors, rest_error)
    p = np.asarray(two_sided_p(divide(gap, _null_error(made, stats, se))))
    hidden = discoveries(p, FALSE_FLAGS).tolist()
    half = critical(0.95) * se
    # What is left of a slice's own error, and the error of the mean it is drawn to (Morris 1983).
    left = (1 - shared.weight) * errors**2 + (shared.weight * shared.se) ** 2
    reach = critical(0.95) * np.sqrt(left)
    sign = -1 if metric.better.value == "down" else 1
    order = np.argsort(-sign * shared.shrunken, kind="stable")
    rank = {int(at): place for place, at in enumerate(order, 1)} if shared.differ else {}
    standings = [
        Standing(
            codes[at],
            ", ".join(_label(d, c, labels) for d, c in zip(by, codes[at], strict=True)),
            float(base[at]),
            float(values[at]),
            float(shared.shrunken[at]),
            float(gap[at]),
            float(gap[at] - half[at]),
            float(gap[at] + half[at]),
            float(p[at]),
            bool(hidden[at]),
            rank.get(at),
            float(shared.shrunken[at] - reach[at]),
            float(shared.shrunken[at] + reach[at]),
        )
        for at in (int(one) for one in order)
    ]
    return League(
        metric, scope, by, value, shared.mean, tuple(standings), shared.differ, len(standings)
    )


def looked_at(metric: Metric, made: Anatomy, stats: Stats, k_min: int) -> np.ndarray:
    """Which slices are large enough, and may be shown."""
    people = _people(made, stats)
    kept: np.ndarray = people >= FEWEST
    if metric.is_survey:
        kept &= ~small_groups(people, k_min, len(people), [list(range(len(people)))])
    return kept


def _people(made: Anatomy, stats: Stats) -> Floats:
    if made.squares is not None:
        return np.asarray(made.squares(stats).n, dtype=np.float64)
    counted = made.units or made.base
    return np.zeros(0) if counted is None else counted(stats)


def estimates(made: Anatomy, stats: Stats) -> tuple[Floats, Floats, Floats]:
    """Value, standard error and units of each slice, in the metric's unit."""
    assert made.base is not None
    base = made.base(stats)
    if made.squares is not None:
        sums = made.squares(stats)
        error = ratio_interval(*sums).se * divide(sums.sum_x, base)
        return made.scale * divide(made.top(stats), base), made.scale * error, _people(made, stats)
    weight = np.array([each for each, _ in made.classes])
    counts = np.array([count(stats) for _, count in made.classes])
    mean = divide(weight @ counts, base)
    # One answer's worth of the average opinion keeps a unanimous slice from knowing everything.
    pooled = counts.sum(axis=1) / counts.sum()
    smooth = (counts + pooled[:, np.newaxis]) / (base + 1)
    spread = weight**2 @ smooth - (weight @ smooth) ** 2
    factor = 1.0 if made.effective is None else float(base.sum() / made.effective(stats))
    return made.scale * mean, made.scale * root(divide(spread * factor, base)), base


def _null_error(made: Anatomy, stats: Stats, se: Floats) -> Floats:
    """Error of a gap while all slices are alike: each has the spread of all answers together.

    A slice's own spread is too small where by luck it is nearly unanimous. Means keep their own.
    """
    if made.base is None or not made.classes:
        return se
    base = made.base(stats)
    weight = np.array([each for each, _ in made.classes])
    shares = np.array([count(stats).sum() for _, count in made.classes]) / base.sum()
    spread = weight**2 @ shares - (weight @ shares) ** 2
    factor = 1.0 if made.effective is None else float(base.sum() / made.effective(stats))
    return made.scale * root(spread * factor * (divide(1, base) + divide(1, base.sum() - base)))


def _others(values: Floats, errors: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Value and error of all other slices taken together, for each slice."""
    whole, spread = np.sum(base * values), np.sum((base * errors) ** 2)
    rest = base.sum() - base
    return (
        divide(whole - base * values, rest),
        root(divide(spread - (base * errors) ** 2, rest**2)),
    )


def _label(dimension: str, code: str, labels: Labels) -> str:
    if dimension != JOURNEY:
        return labels.segment(dimension, code)
    if code == SEVERAL:
        return "Several journeys"
    return "No journey" if code == "(none)" else labels.journey(code)
