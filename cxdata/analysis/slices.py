"""Figures by every slice that the data declare, each judged as the whole is (METRICS.md 3.3).

Slices are each segment of each slicing attribute and each journey. Who is in no known segment, or
on no journey, is no slice. All periods of all slices are read together and remembered by the gate,
so that another period costs no further read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxdata.analysis.comparison import UsualRange, compare_each, usual_range
from cxdata.analysis.figure import Figure
from cxdata.metrics import metric as metric_of
from cxdata.model.evidence import Comparison
from cxdata.model.metric import Metric
from cxdata.model.scope import Scope
from cxdata.model.summaries import CUSTOMER_FLOW, UNIDENTIFIED, UNKNOWN
from cxdata.query.evaluate import Figures, histories
from cxdata.query.gate import Gate
from cxdata.query.maturity import complete_through, is_assumed
from cxdata.query.options import leaving, options
from cxdata.query.statement import EVERY, JOURNEY, member_code

FEWEST = 30
"""People in a slice, then and now, below which it is not looked at."""

ON_JOURNEYS = {"nps": "nps_after_journey"}
"""Figures that have no journey, and those that stand for them there."""


@dataclass(frozen=True)
class Slice:
    """One slice of one figure: ``by`` is its slicing attribute, or the journeys.

    ``scope`` is narrowed to the slice. ``found`` and ``row`` say where its figure stands.
    """

    metric: Metric
    scope: Scope
    by: str
    label: str
    comparison: Comparison
    usual: UsualRange | None
    found: Figures
    row: int

    def figure(self, gate: Gate) -> Figure:
        """Return the figure of the slice, as of the whole."""
        course = self.found.history(self.row)
        against = self.scope.against
        then = {self.found.record(row)["period"]: row for row in course}
        earlier = None if against is None else then.get(against.key)
        return Figure(
            self.metric,
            self.scope,
            self.found.cell(self.row),
            None if earlier is None else self.found.cell(earlier),
            self.comparison,
            self.usual,
            self.found.frame.loc[course],
            complete_through(gate, self.metric),
            is_assumed(gate, self.metric),
        )


@dataclass(frozen=True)
class Place:
    """One declared slice: its attribute, or the journeys; its name; the scope narrowed to it."""

    by: str
    label: str
    scope: Scope


def slices(gate: Gate, names: Sequence[str], scope: Scope) -> tuple[Slice, ...]:
    """Return each slice of some figures; nothing where no period is compared with."""
    if scope.against is None:
        return ()
    metrics = [one for one in map(metric_of, names) if one.is_dated]
    found = [*_judged(gate, metrics, scope, EVERY, _segments(gate, scope))]
    told = [metric_of(ON_JOURNEYS.get(one.name, one.name)) for one in metrics]
    on_journeys = [one for one in told if one.has_journey]
    found += _judged(gate, on_journeys, scope, JOURNEY, _journeys(gate, scope))
    return tuple(found)


def _segments(gate: Gate, scope: Scope) -> dict[str, Place]:
    """Segments by code; those of an attribute held to one segment are the whole."""
    offered, chosen = options(gate), dict(scope.where)
    return {
        member_code(scheme, code): Place(
            scheme, offered.labels.segment(scheme, code), scope.narrowed(scheme, code)
        )
        for scheme, codes in offered.schemes.items()
        if len(chosen.get(scheme, codes)) > 1
        for code in codes
        if code not in (UNKNOWN, UNIDENTIFIED)
    }


def _journeys(gate: Gate, scope: Scope) -> dict[str, Place]:
    offered = options(gate)
    codes = scope.journeys or offered.journeys
    if len(codes) < 2:
        return {}
    return {
        code: Place(JOURNEY, offered.labels.journey(code), scope.on_journey(code)) for code in codes
    }


def _judged(
    gate: Gate,
    metrics: Sequence[Metric],
    scope: Scope,
    dimension: str,
    places: Mapping[str, Place],
) -> list[Slice]:
    """Read every place of every metric, and judge those that are large enough."""
    if not metrics or not places:
        return []
    told: list[Slice] = []
    ways_out = leaving(gate) if dimension == JOURNEY else frozenset()
    for found in histories(gate, metrics, scope, (dimension,)).values():
        aside = ways_out if tells_leaving(found.metric) else frozenset()
        kept = {code: place for code, place in places.items() if code not in aside}
        told += judged(found, scope, kept)
    return told


def judged(found: Figures, scope: Scope, places: Mapping[str, Place]) -> list[Slice]:
    """Judge the places that are large enough by figures of one dimension, over all periods."""
    (dimension,) = found.by
    pairs = _pairs(found, scope)
    kept = {
        now: places[code]
        for now, then in pairs.items()
        if (code := found.record(now)[dimension]) in places
        if _is_enough(found, now) and _is_enough(found, then)
    }
    usual = [None if found.metric.difference else usual_range(found, row) for row in kept]
    compared = compare_each(found, [(row, pairs[row]) for row in kept], usual)
    return [
        Slice(found.metric, place.scope, place.by, place.label, one, limits, found, row)
        for (row, place), one, limits in zip(kept.items(), compared, usual, strict=True)
    ]


def _pairs(found: Figures, scope: Scope) -> dict[int, int]:
    """Row of each slice now, and its row then."""
    assert scope.against is not None
    now, then = found.rows(scope.period), found.rows(scope.against)
    return {int(a): int(b) for a, b in zip(now, then, strict=False)}


def _is_enough(found: Figures, row: int) -> bool:
    n = found.record(row)["n"]
    return bool(n >= FEWEST)


def tells_leaving(metric: Metric) -> bool:
    """Whether a journey out of the company makes a metric bad by itself."""
    flows = any(stat.mart is CUSTOMER_FLOW for stat in metric.stats.values())
    return flows or metric.is_survey
