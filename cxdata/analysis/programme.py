"""What the programme says about one figure: its owner, its goal, what happened to it.

A goal is set for everybody and for a month, so a scope that is narrower, or a rate over a longer
period, has none. That something happened before a figure moved makes it no cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cxdata.metrics import metric as metric_of
from cxdata.model.metric import Metric
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.options import options
from cxdata.query.programme import Event, Goal, events, goals, owner


@dataclass(frozen=True)
class Ownership:
    """Who answers for one thing of a scope; ``kind`` is metric, journey or segment."""

    kind: str
    what: str
    who: str


def goal_of(gate: Gate, metric: Metric, scope: Scope, period: Period) -> Goal | None:
    """Return the goal that holds at the end of a period; None where none fits the scope."""
    if scope.where or scope.journeys:
        return None
    if period.grain is not Grain.MONTH and not metric.is_survey:
        return None
    last = period.end - timedelta(days=1)
    held = [goal for goal in goals(gate, metric.name) if goal.since <= last]
    return held[-1] if held else None


def concerning(gate: Gate, metric: Metric, scope: Scope) -> tuple[Event, ...]:
    """Return what happened to a metric in a scope, oldest first.

    An event that concerns a journey belongs to all customers' figures and to those of its journey;
    one that concerns a measure belongs to the metrics named for it.
    """
    journeys = frozenset(options(gate).journeys)
    return tuple(event for event in events(gate) if _concerns(event, metric, scope, journeys))


def _concerns(event: Event, metric: Metric, scope: Scope, journeys: frozenset[str]) -> bool:
    named = event.journey or (event.affects if event.affects in journeys else "")
    if named and scope.journeys and named not in scope.journeys:
        return False
    if not event.affects or event.affects in journeys:
        return True
    return event.affects == metric.name or bool(_words(event.affects) & _words(metric.name))


def _words(name: str) -> frozenset[str]:
    """What a name is about: its words in the singular, without the "per" part.

    >>> sorted(_words("cost_per_customer")), sorted(_words("contacts"))
    (['cost'], ['contact'])
    """
    subject = name.lower().split("_per_")[0]
    return frozenset(word.removesuffix("s") for word in subject.split("_")) - {"rate", "share"}


def ownership(gate: Gate, names: Sequence[str], scope: Scope) -> tuple[Ownership, ...]:
    """Return who answers for metrics, and for the journeys and segments that a scope names."""
    labels, on = options(gate).labels, scope.period.end - timedelta(days=1)
    asked = [
        *(("metric", name, metric_of(name).label) for name in names),
        *(("journey", code, labels.journey(code)) for code in scope.journeys),
        *(
            ("segment", code, labels.segment(scheme, code))
            for scheme, codes in scope.where
            for code in codes
        ),
    ]
    found = ((kind, what, owner(gate, kind, code, on)) for kind, code, what in asked)
    return tuple(Ownership(kind, what, who) for kind, what, who in found if who)
