"""What was done, and the first 90 days of the figure it is judged by, beside the goal it works for.

A figure that moved after a start was not moved by it, as far as two periods can tell; only the
design of an initiative could say that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cxdata.analysis.programme import goal_of
from cxdata.metrics import registry
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.picture import say
from cxdata.panels.since import Course, course
from cxdata.query.programme import Initiative, initiatives

FIRST_DAYS: Final = 90
_DESIGNED: Final = "none"


@dataclass(frozen=True)
class QuickWin:
    """An initiative with the course of its figure: from the month before it to 90 days on.

    ``waits`` says why there is no course, "" where there is one. ``goal`` is the long goal in
    words, "" where none is set. ``caution`` says what the course cannot tell.
    """

    initiative: Initiative
    course: Course | None
    waits: str
    goal: str
    caution: str


def quick_wins(desk: Desk) -> tuple[QuickWin, ...]:
    """Return every initiative with its first results, the newest first."""
    return tuple(_win(desk, one) for one in initiatives(desk.gate))


def _win(desk: Desk, one: Initiative) -> QuickWin:
    if one.metric not in registry():
        return QuickWin(one, None, "It names no figure by which it is judged.", "", "")
    fiscal = desk.gate.fiscal_start
    before = Period.containing(one.start, Grain.MONTH, fiscal).previous()
    last = Period.containing(one.start + timedelta(days=FIRST_DAYS), Grain.MONTH, fiscal)
    newest = desk.choices.latest(Grain.MONTH)
    after = min(last, newest, key=lambda period: period.start)
    known = one.journey in desk.choices.journeys
    scope = Scope(after, journeys=(one.journey,) if known else ())
    started = Period.containing(one.start, Grain.MONTH, fiscal)
    found = course(desk, one.metric, scope, before) if after.start > started.start else None
    waits = "" if found else _waits(one, newest, started)
    caution = (
        "Two periods side by side; they do not say what the initiative did."
        if found and one.design == _DESIGNED
        else ""
    )
    return QuickWin(one, found, waits, _goal(desk, one, newest), caution)


def _waits(one: Initiative, newest: Period, started: Period) -> str:
    if newest.start <= started.start:
        return "No finished month after its start yet."
    return "The data do not reach the month before its start."


def _goal(desk: Desk, one: Initiative, newest: Period) -> str:
    metric = registry()[one.metric]
    goal = goal_of(desk.gate, metric, Scope(newest), newest)
    return (
        f"Goal: {metric.label} {say(desk.choices.format, goal.value, metric.unit)}" if goal else ""
    )
