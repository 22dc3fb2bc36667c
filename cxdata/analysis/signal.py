"""A figure over time: its usual range at every point, what breaks it, and when its level changed.

Limits come from the first periods and then stay (METRICS.md 3.4). They are drawn anew only from a
change of level that is confirmed and that an event on record accompanies; without one the old range
stands, because a range that follows the figure would never be left. Shares and rates have Laney's
limits, which know that n changes; other figures those of Wheeler, against the same month of the
year before where there are two years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from cxdata.analysis.anatomy import anatomy
from cxdata.analysis.comparison import LONGEST_BASELINE, days_of, usual_course
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.evidence import Flag
from cxdata.model.metric import Floats, Metric, Stats
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures, histories
from cxdata.query.gate import Gate
from cxdata.statistics.change_point import ChangePoint, change_point
from cxdata.statistics.control import ControlChart, xmr
from cxdata.statistics.laney import laney_p, laney_u

CONFIRMED = 0.05
"""Chance below which a change of level counts as one."""

_SHORTEST_LANEY = 12


@dataclass(frozen=True)
class Event:
    """Something on record at a day: a price, a release, another survey."""

    day: date
    label: str


@dataclass(frozen=True)
class LevelChange:
    """A confirmed change of level: the first period on the new level, and where else it may lie.

    ``event`` is what is on record then; None: nothing, so the limits stay as they were.
    ``is_adjusted`` tells whether season and days are taken out of both levels, which then differ
    from the figures drawn. ``is_anew`` tells whether limits were drawn from it: only where enough
    periods came since.
    """

    since: date
    earliest: date
    latest: date
    before: float
    after: float
    p: float
    event: Event | None
    is_adjusted: bool = False
    is_anew: bool = False


@dataclass(frozen=True)
class Signal:
    """One figure's finished periods against its usual range.

    ``frame`` has ``period``, ``period_start``, ``estimate``, ``centre``, ``lo``, ``hi`` and
    ``rule``: "" within, "outside", or "run" for the eighth and later on one side. ``points`` is how
    many periods set the newest limits; ``method`` names them.
    """

    metric: Metric
    scope: Scope
    frame: pd.DataFrame
    points: int
    method: str
    season_removed: bool
    change: LevelChange | None


def signal(gate: Gate, name: str, scope: Scope, events: Sequence[Event] = ()) -> Signal:
    """Chart a metric over the finished periods of the scope's grain, up to the one asked for.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: a figure of the whole history, which has no course.
    """
    metric = metric_of(name)
    gate.require(metric)
    if not metric.is_dated:
        raise BadScope(f"{metric.label} is of the whole history: it has no course over time.")
    found = histories(gate, [metric], scope)[name]
    rows = _finished(found, scope)
    frame = found.frame.loc[rows, ["period", "period_start", "estimate"]].reset_index(drop=True)
    stats = {name: values[rows] for name, values in found.stats.items()}
    return charted(metric, scope, frame, stats, events)


def charted(
    metric: Metric, scope: Scope, frame: pd.DataFrame, stats: Stats, events: Sequence[Event] = ()
) -> Signal:
    """Chart finished periods, oldest first, and the statistics behind them."""
    chart, method = _chart(metric, frame, stats, scope.period.grain)
    change = _level_change(frame, chart, scope, events, metric)
    if change is not None and change.event is not None:
        at = int(np.flatnonzero((frame["period_start"] >= change.since).to_numpy())[0])
        anew = _anew(metric, frame, stats, scope.period.grain, at)
        if anew is not None:
            chart, method = anew
            change = replace(change, is_anew=True)
    rule = np.full(len(frame), "", dtype=object)
    for one in chart.signals:
        rule[one.index] = "outside" if "outside" in (one.rule, rule[one.index]) else one.rule
    limits = frame.assign(centre=chart.centre, lo=chart.lo, hi=chart.hi, rule=rule)
    return Signal(metric, scope, limits, chart.baseline, method, chart.season_removed, change)


def _finished(found: Figures, scope: Scope) -> list[int]:
    flags = found.frame["flag"].astype(str)
    is_open = flags.isin([Flag.PARTIAL.value, Flag.NO_DATA.value])
    shown = flags.map(lambda flag: Flag(flag).shows) & ~is_open
    early = found.frame["period_start"] <= scope.period.start
    return [int(at) for at in np.flatnonzero((shown & early).to_numpy())]


def _chart(
    metric: Metric, frame: pd.DataFrame, stats: Stats, grain: Grain
) -> tuple[ControlChart, str]:
    """Limits of a series by its kind of figure; blank below eight points.

    A full count has those of its tile, which is judged by them.
    """
    values = frame["estimate"].to_numpy(float)
    known = int(np.sum(~np.isnan(values)))
    counted = None if metric.difference is None else _counted(metric, stats)
    if counted is not None and known >= _SHORTEST_LANEY:
        top, base, is_share = counted
        chart = (laney_p if is_share else laney_u)(top, base, baseline=LONGEST_BASELINE)
        return chart, "Laney's p'" if is_share else "Laney's u'"
    days = days_of(list(frame["period_start"]), grain) if metric.per_day else None
    usual = usual_course(metric, values, grain, days)
    if usual is None:
        usual = xmr(np.full(len(values), np.nan))
    return usual, "XmR of the steps" if metric.is_stock else "XmR"


def _counted(metric: Metric, stats: Stats) -> tuple[Floats, Floats, bool] | None:
    """Cases and base of a share or a rate of events; None for other figures."""
    try:
        made = anatomy(metric)
    except BadScope:
        return None
    is_share = len(made.classes) == 2 and made.scale == 1 and not made.is_total
    if made.base is None or made.extra or not (is_share or made.events):
        return None
    return made.top(stats), made.base(stats), is_share


def _level_change(
    frame: pd.DataFrame,
    chart: ControlChart,
    scope: Scope,
    events: Sequence[Event],
    metric: Metric,
) -> LevelChange | None:
    """A confirmed change of level, and the event on record within its margin."""
    values = frame["estimate"].to_numpy(float)
    is_level = not chart.season_removed and not metric.per_day
    if not is_level and np.isnan(chart.centre).all():
        return None  # too short a history to have a centre
    series = values if is_level else values - (chart.centre - np.nanmean(chart.centre))
    if metric.is_stock:
        series = np.concatenate([[np.nan], np.diff(values)])
    found = change_point(series)
    if found is None or found.p >= CONFIRMED:
        return None
    starts = list(frame["period_start"])
    earliest, latest = starts[found.first + 1], starts[found.last + 1]
    return LevelChange(
        starts[found.after + 1],
        earliest,
        latest,
        found.before_mean,
        found.after_mean,
        found.p,
        _nearest(events, found, starts, scope),
        is_adjusted=not is_level and not metric.is_stock,
    )


def _nearest(
    events: Sequence[Event], found: ChangePoint, starts: Sequence[date], scope: Scope
) -> Event | None:
    """The event nearest to a change, within the periods in which it may lie.

    Several of one day are named together: nothing tells which of them it was.
    """
    first = starts[found.first]
    ends = [*starts[1:], scope.period.end]
    last = ends[min(found.last + 1, len(ends) - 1)]
    within = [event for event in events if first <= event.day < last]
    since = starts[found.after + 1]
    nearest = min(within, key=lambda event: abs((event.day - since).days), default=None)
    if nearest is None:
        return None
    same_day = dict.fromkeys(event.label for event in within if event.day == nearest.day)
    return Event(nearest.day, "; ".join(same_day))


def _anew(
    metric: Metric,
    frame: pd.DataFrame,
    stats: Stats,
    grain: Grain,
    at: int,
) -> tuple[ControlChart, str] | None:
    """Limits of the periods before a change, and their own of those from it on.

    None with fewer than eight points since: the old limits stand.
    """
    later = {name: column[at:] for name, column in stats.items()}
    chart, method = _chart(metric, frame.iloc[at:], later, grain)
    if np.isnan(chart.centre).all():
        return None
    earlier = {name: column[:at] for name, column in stats.items()}
    first, _ = _chart(metric, frame.iloc[:at], earlier, grain)
    return _joined(first, chart, at), method


def _joined(first: ControlChart, second: ControlChart, at: int) -> ControlChart:
    def both(name: str) -> Floats:
        return np.concatenate([getattr(first, name), getattr(second, name)])

    moved = tuple(type(one)(one.index + at, one.rule) for one in second.signals)
    return ControlChart(
        both("values"),
        both("centre"),
        both("sigma"),
        both("lo"),
        both("hi"),
        second.moving_range,
        second.range_limit,
        second.baseline,
        second.autocorrelation,
        second.inflation,
        second.season_removed,
        (*first.signals, *moved),
    )
