"""When did a level change? At most one change in mean, with its chance and its date's margin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.interval import Floats

SHUFFLES = 1000
NEAR = 1.92
"""Half of χ²(1)'s 95 % point: splits whose log-likelihood is this near the best one's."""

_D2 = 1.128
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """The best split: points up to and with ``after`` lie on one level, those beyond on another.

    ``first`` and ``last`` bound the splits that fit nearly as well; ``p`` is the chance of so large
    a contrast while nothing changed.
    """

    after: int
    before_mean: float
    after_mean: float
    first: int
    last: int
    p: float


def change_point(values: ArrayLike, seed: int = 1898) -> ChangePoint | None:
    """Find the split with the largest standardised CUSUM; None below eight known points.

    |S_k - k/n·S_n| / (σ·√(k(n - k)/n)), σ the mean step between neighbours / 1.128, so that the
    change itself does not widen it. p from 1,000 shuffles of the series, each with its own largest
    contrast and its own σ; missing points are left out. Page 1954; Hinkley 1970.
    """
    series = np.asarray(values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(series))
    y = series[known]
    if y.size < _SHORTEST or np.ptp(y) == 0:
        return None
    contrast = _contrasts(y[np.newaxis])[0]
    best = int(np.argmax(contrast))
    random = np.random.default_rng(seed)
    shuffled = _contrasts(random.permuted(np.tile(y, (SHUFFLES, 1)), axis=1)).max(axis=1)
    p = (1 + int(np.sum(shuffled >= contrast[best] - 1e-12))) / (SHUFFLES + 1)
    near = np.flatnonzero(contrast**2 / 2 >= contrast[best] ** 2 / 2 - NEAR)
    return ChangePoint(
        int(known[best]),
        float(y[: best + 1].mean()),
        float(y[best + 1 :].mean()),
        int(known[near[0]]),
        int(known[near[-1]]),
        p,
    )


def _contrasts(rows: Floats) -> Floats:
    """Standardised contrast of every split of every row, (rows, n - 1)."""
    n = rows.shape[1]
    k = np.arange(1, n)
    sums = np.cumsum(rows, axis=1)
    away = np.abs(sums[:, :-1] - k / n * sums[:, -1:])
    sigma = np.abs(np.diff(rows, axis=1)).mean(axis=1, keepdims=True) / _D2
    floor = np.finfo(np.float64).tiny
    return np.asarray(away / (np.maximum(sigma, floor) * np.sqrt(k * (n - k) / n)), np.float64)
