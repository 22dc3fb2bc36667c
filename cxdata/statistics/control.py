"""Signal or noise over time: the XmR chart (Wheeler 1993; NIST/SEMATECH e-Handbook 6.3.2.2).

"Within its usual range" is a finding and the default sentence. Pass complete periods only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from cxdata.statistics.interval import Floats, check, divide, root, two_sided_p

FEWEST_POINTS = 8
"""Below this many points there are no limits."""

RUN = 8
RANGE_FACTOR = 3.267
_LIMIT_FACTOR = 2.66  # 3 sigma, sigma = mean range / 1.128
_CORRELATED = 0.3

Rule = Literal["outside", "run"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One point that breaks a rule: outside the limits, or the 8th or later on one side."""

    index: int
    rule: Rule


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """A series with its centre and limits at each point, NaN where there are none.

    baseline: points the limits come from, frozen after them. inflation: factor on the plain sigma
    (autocorrelation in XmR, Laney's sigma_z). moving_range and range_limit in the charted unit.
    """

    values: Floats
    centre: Floats
    sigma: Floats
    lo: Floats
    hi: Floats
    moving_range: float
    range_limit: float
    baseline: int
    autocorrelation: float
    inflation: float
    season_removed: bool
    signals: tuple[Signal, ...]

    @property
    def p(self) -> Floats:
        """Two-sided p of each point alone: what an alarm list over many slices corrects."""
        return two_sided_p(divide(self.values - self.centre, self.sigma))

    @property
    def p_ahead(self) -> Floats:
        """Two-sided p of points after the baseline, whose centre and sigma are estimates too.

        Student's t of the distance over √(1 + 1/n) sigmas; a sigma from n points' moving ranges has
        about 0.62(n - 1) degrees of freedom.  Roes, Does & Schurink 1993, J. Quality Technology 25.
        """
        n = self.baseline
        if n < 2:
            return np.full(self.values.shape, np.nan)
        away = divide(self.values - self.centre, self.sigma) / np.sqrt(1 + 1 / n)
        return np.asarray(2 * stdtr(0.62 * (n - 1), -np.abs(away)), dtype=np.float64)


def xmr(
    values: ArrayLike,
    baseline: int = 24,
    season: int | None = None,
    correct: bool = True,
) -> ControlChart:
    """Centre x̄ of the baseline, limits x̄ -/+ 2.66·mR̄, range limit 3.267·mR̄.

    The baseline is the first `baseline` points (12 to 24), all while the series is shorter; later
    points never move it. Missing points (NaN) have no range with their neighbours and end a run.

    season: with at least two seasons (12: 24 months) the chart is of the difference from the same
    month last year, and the limits are put back on the series; shorter series keep their season.
    correct: positive lag-1 correlation r makes mR̄ too small; for r > 0.3 it is divided by √(1 - r).

    >>> c = xmr([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1], correct=False)
    >>> [round(float(v[0]), 4) for v in (c.lo, c.centre, c.hi)]
    [45.8151, 50.81, 55.8049]
    """
    check(
        FEWEST_POINTS <= baseline <= 24,
        "The baseline of a control chart is its first 12 to 24 periods, 8 in a young series.",
    )
    series = np.asarray(values, dtype=np.float64)
    usual, removed = _usual(series, season)
    charted = series - usual
    known = np.flatnonzero(~np.isnan(charted))[:baseline]
    if known.size < FEWEST_POINTS:
        return _without_limits(series, known.size, removed)
    first = charted[: known[-1] + 1]
    middle, r = float(np.nanmean(first)), lag_one(first)
    inflation = float(1 / root(1 - r)) if correct and r > _CORRELATED else 1.0
    moving = mean_range(first) * inflation
    centre = usual + middle
    sigma = np.where(np.isnan(centre), np.nan, _LIMIT_FACTOR / 3 * moving)
    lo, hi = centre - 3 * sigma, centre + 3 * sigma
    return ControlChart(
        values=series,
        centre=centre,
        sigma=sigma,
        lo=lo,
        hi=hi,
        moving_range=moving,
        range_limit=RANGE_FACTOR * moving,
        baseline=known.size,
        autocorrelation=r,
        inflation=inflation,
        season_removed=removed,
        signals=signals(series, centre, lo, hi),
    )


def signals(values: Floats, centre: Floats, lo: Floats, hi: Floats) -> tuple[Signal, ...]:
    """Points outside the limits, and points that end a run of 8 or more on one side."""
    outside = (values < lo) | (values > hi)
    found = [Signal(int(i), "outside") for i in np.flatnonzero(outside)]
    side = np.nan_to_num(np.sign(values - centre))
    length = 0
    for i, here in enumerate(side):
        length = 0 if here == 0 else length + 1 if i and here == side[i - 1] else 1
        if length >= RUN:
            found.append(Signal(i, "run"))
    return tuple(sorted(found, key=lambda s: (s.index, s.rule)))


def mean_range(values: Floats) -> float:
    """Mean absolute step between neighbours that are both known; NaN when there are none."""
    steps = np.abs(np.diff(values))
    return float(divide(np.nansum(steps), np.sum(~np.isnan(steps))))


def lag_one(values: Floats) -> float:
    """Lag-1 autocorrelation; 0 for a series without spread, NaN for one without points."""
    away = values - divide(np.nansum(values), np.sum(~np.isnan(values)))
    square = np.nansum(away**2)
    if square == 0:
        return float("nan") if np.isnan(away).all() else 0.0
    return float(np.nansum(away[1:] * away[:-1]) / square)


def _usual(series: Floats, season: int | None) -> tuple[Floats, bool]:
    """What each point is compared with: itself a season ago, or 0."""
    if season is None or series.size < 2 * season:
        return np.zeros(series.size), False
    ago = np.full(series.size, np.nan)
    ago[season:] = series[:-season]
    return ago, True


def _without_limits(series: Floats, known: int, removed: bool) -> ControlChart:
    blank, nothing = np.full(series.size, np.nan), float("nan")
    return ControlChart(
        values=series,
        centre=blank,
        sigma=blank,
        lo=blank,
        hi=blank,
        moving_range=nothing,
        range_limit=nothing,
        baseline=known,
        autocorrelation=nothing,
        inflation=1.0,
        season_removed=removed,
        signals=(),
    )
