"""Rates: shares of cases (retention, top-box, first contact resolution) and events per exposure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainccinv, gammaincinv, ndtr, stdtrit

from cxdata.statistics.interval import (
    Difference,
    Floats,
    check,
    check_level,
    critical,
    divide,
    floats,
    scalar,
)

_FARTHEST = 40.0  # beyond z = 38 a two-sided p is 0 in double precision
_MOST_STEPS = 60  # halving alone would do; Newton's steps end it after five or so
_CLOSE = 1e-14  # relative; the z at which steps stop


def wilson(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson's score interval of a share, NaN where n is 0.

    (k + z²/2 -/+ z·√(k(n - k)/n + z²/4)) / (n + z²).  Wilson 1927; Newcombe 1998, method 3.

    >>> [round(float(v), 4) for v in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    k, cases = _counts(successes, n)
    return _wilson_at(k, cases, critical(level))


def effective_cases(
    accounts: ArrayLike,
    n: ArrayLike,
    successes: ArrayLike,
    n_squares: ArrayLike,
    n_successes: ArrayLike,
    successes_squares: ArrayLike,
    level: float = 0.95,
) -> Floats:
    """Independent cases that n cases of G accounts are worth, where those of one account agree.

    From G and the sums Σn_a, Σk_a, Σn_a², Σn_a·k_a, Σk_a² over accounts: the design effect is the
    variance of the share with accounts as units over p(1 - p)/n, at least 1; n over it, times
    (z/t)² with G - 1 degrees of freedom, goes into `wilson` or `newcombe`. Shares of 0 and 1 take
    accounts as wholly agreeing. One case an account is worth n; one account alone is worth
    nothing known (NaN). Korn & Graubard 1998, Survey Methodology 24: 193.

    >>> float(effective_cases(40, 40, 30, 40, 30, 30))
    40.0
    """
    groups, cases, k, nn, nk, kk = floats(
        accounts, n, successes, n_squares, n_successes, successes_squares
    )
    share = divide(k, cases)
    between = np.maximum(kk - 2 * share * nk + share**2 * nn, 0)
    design = divide(between * divide(groups, groups - 1), cases * share * (1 - share))
    whole = (share <= 0) | (share >= 1)
    design = np.maximum(np.where(whole, divide(nn, cases), design), 1)
    few = (critical(level) / stdtrit(np.maximum(groups - 1, 1e-9), 0.5 + level / 2)) ** 2
    worth = np.where(groups >= 2, divide(cases, design) * few, np.nan)
    return scalar(np.where(nn > cases, worth, cases))


def newcombe(
    k1: ArrayLike, n1: ArrayLike, k0: ArrayLike, n0: ArrayLike, level: float = 0.95
) -> Difference:
    """Difference of two independent shares p1 - p0, Newcombe's method 10.

    With Wilson limits (l, u) of each share: lo = d - √((p1 - l1)² + (u0 - p0)²) and
    hi = d + √((u1 - p1)² + (p0 - l0)²).  Newcombe 1998, Statistics in Medicine 17: 873.

    p inverts that interval: it is the level at which the interval just touches 0, so p < 1 - level
    exactly when the interval leaves 0 out. A score test would now and then contradict it.

    >>> d = newcombe(56, 70, 48, 80)
    >>> [round(float(v), 4) for v in (d.estimate, d.lo, d.hi)]
    [0.2, 0.0524, 0.3339]
    """
    x1, m1 = _counts(k1, n1)
    x0, m0 = _counts(k0, n0)
    x1, m1, x0, m0 = floats(x1, m1, x0, m0)
    gap = scalar(divide(x1, m1) - divide(x0, m0))
    down, up = _reach(x1, m1, x0, m0, critical(level))
    return Difference(gap, scalar(gap - down), scalar(gap + up), _inverted_p(x1, m1, x0, m0))


def garwood(events: ArrayLike, exposure: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Exact Poisson interval of a rate events / exposure, NaN where the exposure is 0.

    lo = χ²(α/2; 2k)/2, hi = χ²(1 - α/2; 2k + 2)/2, over the exposure.  Garwood 1936.

    >>> [round(float(v), 6) for v in garwood(10, 100)]
    [0.047954, 0.183904]
    """
    check_level(level)
    count, time = floats(events, exposure)
    check(~(count < 0) & ~(time < 0), "Events and exposure cannot be negative.")
    tail = (1 - level) / 2
    lo = np.where(count == 0, 0.0, gammaincinv(count, tail))
    return divide(lo, time), divide(gammainccinv(count + 1, tail), time)


def _counts(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    k, cases = floats(successes, n)
    possible = ~(k < 0) & ~(k > cases)
    check(possible, "A share needs successes between 0 and the number of cases.")
    return k, cases


def _wilson_at(k: Floats, n: Floats, z: float | Floats) -> tuple[Floats, Floats]:
    middle = k + z * z / 2
    half = z * np.sqrt(np.maximum(divide(k * (n - k), n), 0) + z * z / 4)
    below = np.where(k == 0, 0.0, divide(middle - half, n + z * z))
    above = np.where(k == n, 1.0, divide(middle + half, n + z * z))
    empty = ~(n > 0)
    return scalar(np.where(empty, np.nan, below)), scalar(np.where(empty, np.nan, above))


def _reach(
    k1: Floats, n1: Floats, k0: Floats, n0: Floats, z: float | Floats
) -> tuple[Floats, Floats]:
    """How far method 10 reaches below and above the difference, at the quantile z."""
    p1, p0 = divide(k1, n1), divide(k0, n0)
    l1, u1 = _wilson_at(k1, n1, z)
    l0, u0 = _wilson_at(k0, n0, z)
    return np.hypot(p1 - l1, u0 - p0), np.hypot(u1 - p1, p0 - l0)


def _inverted_p(k1: Floats, n1: Floats, k0: Floats, n0: Floats) -> Floats:
    """Find the z at which the interval touches 0, by Newton's steps kept inside a bracket.

    Only the ends that face each other matter: the lower one of the larger share, the upper one of
    the smaller. Their reach only grows with z.
    """
    gap = divide(k1, n1) - divide(k0, n0)
    swapped = gap < 0
    high, m_high = np.where(swapped, k0, k1), np.where(swapped, n0, n1)
    low, m_low = np.where(swapped, k1, k0), np.where(swapped, n1, n0)
    wanted = np.abs(gap)
    near, far = np.zeros(gap.shape), np.full(gap.shape, _FARTHEST)
    spread = _variance(high, m_high) + _variance(low, m_low)
    z = np.clip(divide(wanted, np.sqrt(spread)), 0.0, _FARTHEST / 2)
    z = np.where(z > 0, z, 1.0)
    for _ in range(_MOST_STEPS):
        reach, slope = _facing(high, m_high, low, m_low, z)
        covers = reach >= wanted
        near, far = np.where(covers, near, z), np.where(covers, z, far)
        step = z - divide(reach - wanted, slope)
        inside = (step >= near) & (step <= far)
        following = np.where(inside, step, (near + far) / 2)
        is_done = ~(np.abs(following - z) > _CLOSE * z)
        z = following
        if np.all(is_done):
            break
    p = np.where(gap == 0, 1.0, 2 * ndtr(-z))
    return scalar(np.where(np.isnan(gap), np.nan, p))


def _variance(k: Floats, n: Floats) -> Floats:
    """Wald's variance of a share."""
    return divide(k * (n - k), n**3)


def _facing(k1: Floats, n1: Floats, k0: Floats, n0: Floats, z: Floats) -> tuple[Floats, Floats]:
    """How far method 10 reaches from the larger share down to the smaller, and its slope in z.

    A Wilson limit w of a share p solves (p - w)² = z² w(1 - w)/n, which gives its slope too.
    """
    square = z * z
    below, above = divide(k1, n1), divide(k0, n0)
    half1 = z * np.sqrt(np.maximum(k1 * (1 - below), 0) + square / 4)
    half0 = z * np.sqrt(np.maximum(k0 * (1 - above), 0) + square / 4)
    lower = (k1 + square / 2 - half1) / (n1 + square)
    upper = (k0 + square / 2 + half0) / (n0 + square)
    down, up = below - lower, upper - above
    fall = divide(2 * z * lower * (1 - lower), 2 * n1 * down + square * (1 - 2 * lower))
    rise = divide(2 * z * upper * (1 - upper), 2 * n0 * up - square * (1 - 2 * upper))
    reach = np.hypot(down, up)
    return reach, divide(down * fall + up * rise, reach)
