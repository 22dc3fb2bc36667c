"""The goal of a figure and what happened to it, ready to stand on its trend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from cxdata.analysis.programme import concerning, goal_of, ownership
from cxdata.charts.trend import EVENT, GOAL
from cxdata.metrics import metric as known
from cxdata.model.format import Format
from cxdata.model.metric import Metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.finding import in_sentence
from cxdata.panels.picture import say
from cxdata.query.gate import Gate
from cxdata.query.programme import Event

_MOST: Final = 9
"""Marks on one trend; older ones are left out."""


@dataclass(frozen=True)
class Marked:
    """Rows of a trend with ``goal`` and ``event`` where there are any, and the marks in words."""

    rows: pd.DataFrame
    notes: tuple[str, ...]


def marked(gate: Gate, metric: Metric, scope: Scope, trend: pd.DataFrame, form: Format) -> Marked:
    """Put the goal and the events of a metric beside the figures of its trend."""
    periods = [replace(scope.period, start=start) for start in trend["period_start"]]
    rows = trend.assign(**_goals(gate, metric, scope, periods, form))
    happened = _by_period(concerning(gate, metric, scope), periods)
    if not happened:
        return Marked(rows, ())
    marks = {period: str(at) for at, period in enumerate(happened, 1)}
    rows[EVENT] = [marks.get(period) for period in periods]
    rows["event_text"] = [happened.get(period) for period in periods]
    notes = tuple(f"{marks[period]} {period.label}: {said}" for period, said in happened.items())
    return Marked(rows, notes)


def _goals(
    gate: Gate, metric: Metric, scope: Scope, periods: list[Period], form: Format
) -> dict[str, Any]:
    held = [goal_of(gate, metric, scope, period) for period in periods]
    if not any(held):
        return {}
    values = [goal.value if goal else None for goal in held]
    words = [
        f"goal {say(form, value, metric.unit)}" if value is not None else None for value in values
    ]
    return {GOAL: values, "goal_text": words}


def _by_period(found: tuple[Event, ...], periods: list[Period]) -> dict[Period, str]:
    """Say what happened in each period that is drawn, oldest first."""
    said: dict[Period, list[str]] = {}
    for event in found:
        for period in periods:
            if period.start <= event.day < period.end:
                said.setdefault(period, []).append(_words(event))
    newest = sorted(said, key=lambda period: period.start)[-_MOST:]
    return {period: "; ".join(said[period]) for period in newest}


def _words(event: Event) -> str:
    return f"start of {event.label} ({event.owner})" if event.owner else event.label


def owned_by(desk: Desk, scope: Scope, names: tuple[str, ...]) -> str:
    """Say who answers for figures, journeys and segments: one sentence, "" where nobody is named.

    Who owns several is named once.
    """
    labels = {known(name).label: in_sentence(known(name)) for name in names}
    owned: dict[str, list[str]] = {}
    for one in ownership(desk.gate, names, scope):
        what = labels[one.what] if one.kind == "metric" else f"{one.kind} {one.what}"
        owned.setdefault(one.who, []).append(what)
    parts = [f"{who} ({', '.join(dict.fromkeys(what))})" for who, what in owned.items()]
    return f"Owned by {', '.join(parts)}." if parts else ""
