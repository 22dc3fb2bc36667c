"""Figures that say something else than when they were first shown, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from cxdata.analysis.figure import Figure, figures
from cxdata.analysis.restatement import Cause, Showing, restatement
from cxdata.journal.database import Journal
from cxdata.journal.shown import ShownFigure, remember, shown
from cxdata.model.errors import CxError
from cxdata.model.evidence import Flag
from cxdata.model.metric import Metric, Unit
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.definition import digest
from cxdata.query.gate import Gate
from cxdata.story.restated import restated

Causes = Callable[[str, str, frozenset[str], Period], frozenset[Cause]]
"""Why figures of a period, made of some tables, may differ between two data versions."""

Between = Callable[[str, str], tuple[tuple[int, str], ...]]
"""Number and id of each version that was published between two, oldest first."""


def _nothing_between(before: str, after: str) -> tuple[tuple[int, str], ...]:
    return ()


def _no_gate(number: int) -> Gate | None:
    return None


@dataclass(frozen=True)
class History:
    """How the data came to be as they are: why versions differ, and which lie between two.

    ``gate`` opens a version of the history; None where it or its summaries are not kept.
    """

    causes: Causes
    between: Between = _nothing_between
    gate: Callable[[int], Gate | None] = _no_gate


_LOOKED_AT = 4
"""Versions between two showings whose figure is read; of more, the newest."""

_MONEY_TABLES = frozenset({"fx_rate", "unit_cost", "service_cost"})
_WHO = frozenset({"customer", "customer_segment"})


def restatements(
    desk: Desk, journal: Journal, history: History, scope: Scope, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Keep what is shown now, and say which figures were another when they were first shown.

    Only figures of finished periods count: an unfinished one changes because it goes on.
    """
    found = [one for one in figures(desk.gate, names, scope).values() if _is_settled(one)]
    now = [_shown(desk, one) for one in found]
    before = [shown(journal, one.metric, one.period, one.slice_key) for one in now]
    new = [
        one
        for one, known in zip(now, before, strict=True)
        if _state(one) not in {_state(other) for other in known}
    ]
    if new:
        remember(journal, new)
    said = (
        _sentence(desk, history, one, at, known)
        for one, at, known in zip(found, now, before, strict=True)
    )
    return tuple(sentence for sentence in said if sentence)


def _is_settled(found: Figure) -> bool:
    has_figure = found.cell.flag.shows and found.cell.estimate is not None
    return has_figure and found.cell.flag is not Flag.PARTIAL and found.metric.is_dated


def slice_key(scope: Scope) -> str:
    """Return the customers of a scope as one text: the same for the same customers.

    >>> from cxdata.model.period import Period
    >>> slice_key(Scope(Period.parse("2026-09"), where=(("segment", ("smb", "mid")),)))
    'segment=mid,smb'
    """
    parts = [f"{scheme}={','.join(codes)}" for scheme, codes in scope.where]
    if scope.journeys:
        parts.append(f"journey={','.join(scope.journeys)}")
    return ";".join(parts)


def _shown(desk: Desk, found: Figure) -> ShownFigure:
    return ShownFigure(
        metric=found.metric.name,
        period=found.scope.period.key,
        slice_key=slice_key(found.scope),
        data_version=desk.gate.version.id,
        method=digest(found.metric),
        value=found.cell.estimate,
        n=found.cell.n,
    )


def _sentence(
    desk: Desk, history: History, found: Figure, now: ShownFigure, known: tuple[ShownFigure, ...]
) -> str:
    before = [one for one in known if one.value is not None and _state(one) != _state(now)]
    if not before:
        return ""
    showings = _filled(history, found, [*map(_showing, before), _showing(now)])
    tables = tables_of(found.metric)
    steps = [
        history.causes(one.data_version, other.data_version, tables, found.scope.period)
        for one, other in pairwise(showings)
    ]
    told = restatement(showings, steps)
    if told is None:
        return ""
    return restated(found.metric, found.scope.period.label, told, desk.choices.format)


def _filled(history: History, found: Figure, shown_at: list[Showing]) -> list[Showing]:
    """Add what the figure was at each publish between two showings, where that can be read.

    So each publish answers for its own part; those that cannot be read are told together.
    """
    filled = shown_at[:1]
    for before, after in pairwise(shown_at):
        for number, version in history.between(before.data_version, after.data_version)[
            -_LOOKED_AT:
        ]:
            value = _value_at(history, number, found)
            if value is not None:
                filled.append(Showing(version, after.method, value, after.shown_at))
        filled.append(after)
    return filled


def _value_at(history: History, number: int, found: Figure) -> float | None:
    """What a figure was at a version of the history, counted as it is now."""
    try:
        gate = history.gate(number)
        if gate is None:
            return None
        then = figures(gate, [found.metric.name], found.scope).get(found.metric.name)
    except CxError:
        return None
    return None if then is None or not then.cell.flag.shows else then.cell.estimate


def tables_of(metric: Metric) -> frozenset[str]:
    """Return the curated tables that a metric's figures are made of."""
    needed = {table for tables in metric.needs for table in tables}
    is_money = metric.unit in (Unit.MONEY, Unit.UNIT_MONEY)
    return frozenset(needed | _WHO | (_MONEY_TABLES if is_money else frozenset()))


def _state(one: ShownFigure) -> tuple[str, str]:
    return one.data_version, one.method


def _showing(one: ShownFigure) -> Showing:
    at = one.shown_at or datetime.max.replace(tzinfo=UTC)
    return Showing(one.data_version, one.method, float(one.value or 0.0), at)
