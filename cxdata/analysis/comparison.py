"""Now against then: the test is on the difference, or on the figure's own usual range.

Shares and scores are compared by the test that their metric names (METRICS.md C10). Ledger facts
have no sampling error: they moved only where they leave the limits of their own history, and with
fewer than eight points nothing is said (METRICS.md 3.4, 9.16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from cxdata.model.evidence import Comparison, Flag, Verdict, number
from cxdata.model.metric import Differences, Floats, Metric
from cxdata.model.period import Grain, Period
from cxdata.query.evaluate import Figures
from cxdata.statistics.control import FEWEST_POINTS, ControlChart, xmr

SIGNIFICANT = 0.05
"""Level of the two-sided test of a difference."""

LONGEST_BASELINE = 24
"""Points that set the limits of a series; later ones never move them."""

SEASON = 12
"""Months after which a pattern repeats."""


@dataclass(frozen=True)
class UsualRange:
    """Limits of a figure's own history at one period.

    ``p`` is the chance of a point this far from the centre while nothing changed; None where the
    history has no spread.
    """

    lo: float
    hi: float
    points: int
    p: float | None = None


def compare(
    figures: Figures, row: int, against: int | None, usual: UsualRange | None
) -> Comparison:
    """Compare one row with another of the same slice; a ledger fact with its usual range."""
    return compare_each(figures, [(row, against)], [usual])[0]


def compare_each(
    figures: Figures,
    pairs: Sequence[tuple[int, int | None]],
    usual: Sequence[UsualRange | None],
) -> list[Comparison]:
    """Compare rows now, each with one then of the same slice; those to be tested in one test."""
    found = [_unjudged(figures, row, against) for row, against in pairs]
    both = [
        (at, row, against)
        for at, (row, against) in enumerate(pairs)
        if found[at] is None and against is not None
    ]
    if not both:
        return [one for one in found if one is not None]
    places, now, then = (list(part) for part in zip(*both, strict=True))
    test = figures.metric.difference
    if test is not None:
        sides = ({name: v[rows] for name, v in figures.stats.items()} for rows in (now, then))
        differences = test(*sides)
        for cell, at in enumerate(places):
            found[at] = tested(differences, cell)
    else:
        for at, row, against in both:
            found[at] = _census(figures, row, against, usual[at])
    return [one for one in found if one is not None]


def _unjudged(figures: Figures, row: int, against: int | None) -> Comparison | None:
    """Say why two rows cannot be compared; None where they can."""
    now = _row(figures, row)
    if Flag(now["flag"]) is Flag.PARTIAL:
        return _nothing(Verdict.INCOMPLETE, "unfinished period: not compared with a finished one")
    if not Flag(now["flag"]).shows:
        return _nothing(Verdict.TOO_FEW, Flag(now["flag"]).words)
    if not figures.metric.is_dated:
        return _nothing(Verdict.NONE, "of the whole history")
    if against is None:
        return _nothing(Verdict.NONE, "nothing to compare with")
    then = _row(figures, against)
    if Flag(then["flag"]) in (Flag.PARTIAL, Flag.NO_DATA):
        return _nothing(Verdict.NONE, "the earlier period is incomplete")
    if not Flag(then["flag"]).shows:
        return _nothing(Verdict.TOO_FEW, f"earlier period: {Flag(then['flag']).words}")
    return None


def tested(found: Differences, at: int) -> Comparison:
    """Read one cell of a test."""
    p = number(found.p[at])
    verdict = Verdict.NONE if p is None else Verdict.MOVED if p < SIGNIFICANT else Verdict.USUAL
    return Comparison(
        number(found.estimate[at]),
        number(found.lo[at]),
        number(found.hi[at]),
        p,
        verdict,
        found.basis,
    )


def _row(figures: Figures, row: int) -> Mapping[Any, Any]:
    return figures.record(row)


def _census(figures: Figures, row: int, against: int, usual: UsualRange | None) -> Comparison:
    """Judge a full count by its usual range; the way it went by as many days of both."""
    value, then = (float(_row(figures, at)["estimate"]) for at in (row, against))
    now_days, then_days = _days(figures, [row, against])
    per_day = figures.metric.per_day and now_days != then_days
    gap = number(value - then)
    way = np.sign(value - then * (now_days / then_days if per_day else 1.0))

    def said(verdict: Verdict, words: str) -> Comparison:
        return Comparison(gap, None, None, None, verdict, words, per_day)

    if usual is None:
        return said(Verdict.NONE, "too short a history to judge")
    if usual.lo <= value <= usual.hi:
        return said(Verdict.USUAL, f"within the usual range of {usual.points} periods")
    side = 1 if value > usual.hi else -1
    where = "above" if side > 0 else "below"
    if way == -side:
        # Still outside, but on its way back: the step itself is no news, and has no colour.
        return said(Verdict.NONE, f"{where} its usual range, and moving back")
    if np.sign(value - then) == -side:
        # More a day, yet less in all: a colour on the step that is shown would say the opposite.
        return said(Verdict.NONE, f"{where} its usual range, per day")
    return said(Verdict.MOVED, f"outside the usual range of {usual.points} periods")


def _days(figures: Figures, rows: Sequence[int]) -> list[int]:
    starts = [figures.record(row)["period_start"] for row in rows]
    return days_of(starts, _grain(figures, rows[0]))


def days_of(starts: Sequence[date], grain: Grain) -> list[int]:
    """Return how many days each period has.

    >>> days_of([date(2026, 1, 1), date(2026, 2, 1)], Grain.MONTH)
    [31, 28]
    """
    return [Period(start, grain).days for start in starts]


def usual_range(figures: Figures, row: int) -> UsualRange | None:
    """Return the limits that the history before a row sets for it; None below eight points."""
    rows = _history(figures, row)
    values = figures.frame["estimate"].to_numpy(float)[rows]
    days = _days(figures, rows) if rows and figures.metric.per_day else None
    chart = usual_course(figures.metric, values, _grain(figures, row), days)
    if chart is None:
        return None
    lo, hi = number(chart.lo[-1]), number(chart.hi[-1])
    if lo is None or hi is None:
        return None
    charted = len(values) - 1 - figures.metric.is_stock
    return UsualRange(lo, hi, charted, number(chart.p_ahead[-1]))


def usual_course(
    metric: Metric, values: Floats, grain: Grain, days: Sequence[int] | None = None
) -> ControlChart | None:
    """Chart a full count as its tile and its trend show it; None for fewer than two points.

    A stock carries over, so its steps are charted and the limits put on the level before. What
    happens on days is charted per day where their number is given, and put back on each period.
    """
    if not metric.is_stock:
        if len(values) < 2:
            return None
        return limits(values, grain) if days is None else _per_day(values, grain, days)
    if len(values) < 3:
        return None
    chart = limits(np.diff(values), grain)
    before = values[:-1]
    return replace(
        chart,
        values=values,
        centre=np.append(np.nan, chart.centre + before),
        sigma=np.append(np.nan, chart.sigma),
        lo=np.append(np.nan, chart.lo + before),
        hi=np.append(np.nan, chart.hi + before),
        signals=tuple(replace(one, index=one.index + 1) for one in chart.signals),
    )


def _per_day(values: Floats, grain: Grain, days: Sequence[int]) -> ControlChart:
    each = np.asarray(days, dtype=np.float64)
    chart = limits(values / each, grain)
    return replace(
        chart,
        values=values,
        centre=chart.centre * each,
        sigma=chart.sigma * each,
        lo=chart.lo * each,
        hi=chart.hi * each,
    )


def limits(values: Floats, grain: Grain) -> ControlChart:
    """Chart a series; the last point is judged by those before it and never moves its own limits.

    Months with two years of history are compared with the same month of the year before.
    """
    before = values[:-1]
    known = int(np.sum(~np.isnan(before)))
    season = SEASON if grain is Grain.MONTH and known >= 2 * SEASON else None
    usable = known - (season or 0)
    if usable < FEWEST_POINTS:
        return xmr(np.full(len(values), np.nan))
    return xmr(values, baseline=min(usable, LONGEST_BASELINE), season=season)


def _history(figures: Figures, row: int) -> list[int]:
    """Finished rows of the same slice, up to this one, oldest first."""
    open_ended = (Flag.PARTIAL.value, Flag.NO_DATA.value)
    return [at for at in figures.history(row) if figures.record(at)["flag"] not in open_ended]


def _grain(figures: Figures, row: int) -> Grain:
    return Period.parse(str(figures.record(row)["period"])).grain


OUTSIDE = 0.0027
"""Chance of a point outside three sigmas: of a figure whose history gives none of its own."""


def chance(comparison: Comparison, usual: UsualRange | None) -> float | None:
    """Return how likely so large a step is while nothing changed; None where nothing was judged."""
    if comparison.verdict not in (Verdict.MOVED, Verdict.USUAL):
        return None
    if comparison.p is not None:
        return comparison.p
    known = usual.p if usual is not None else None
    return known if known is not None else OUTSIDE if comparison.verdict is Verdict.MOVED else 1.0


def _nothing(verdict: Verdict, basis: str) -> Comparison:
    return Comparison(None, None, None, None, verdict, basis)


def better(metric: Metric, difference: float | None) -> bool | None:
    """Whether a difference is for the better; None where neither way is."""
    if difference is None or difference == 0 or metric.better.value == "neutral":
        return None
    return (difference > 0) == (metric.better.value == "up")
