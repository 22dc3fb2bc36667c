"""Means per customer and ratios of totals, from sums alone.

The independent unit is the customer (or account): n counts customers, y and x are a customer's
totals. Sums of squares lose digits when the mean is huge against the spread; send them on values
shifted by the rounded grand mean when the coefficient of variation is below 0.01.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from cxdata.statistics.interval import (
    Difference,
    Estimate,
    Floats,
    check_level,
    divide,
    floats,
    normal_difference,
    normal_interval,
    root,
    scalar,
)


class RatioSums(NamedTuple):
    """What a ratio Σy / Σx needs: customers, sums, squares and the cross-product."""

    n: ArrayLike
    sum_y: ArrayLike
    sum_yy: ArrayLike
    sum_x: ArrayLike
    sum_xx: ArrayLike
    sum_xy: ArrayLike


def mean_interval(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, level: float = 0.95
) -> Estimate:
    """Mean with Student's t interval from (n, Σx, Σx²).

    se = s/√n with s² = (Σx² - n·x̄²)/(n - 1). One customer has a mean but no interval. Trust it
    from n = 25·skew² on (`cochran_minimum`), else show the median.

    >>> m = mean_interval(8, 40, 232)
    >>> [round(float(v), 6) for v in (m.estimate, m.lo, m.hi)]
    [5.0, 3.212512, 6.787488]
    """
    cases, mean, variance = _moments(n, total, squares)
    se = root(divide(variance, cases))
    half = _t_quantile(cases - 1, level) * se
    return Estimate(mean, se, scalar(mean - half), scalar(mean + half))


def welch(
    n1: ArrayLike,
    s1: ArrayLike,
    q1: ArrayLike,
    n0: ArrayLike,
    s0: ArrayLike,
    q0: ArrayLike,
    level: float = 0.95,
) -> Difference:
    """Difference of two independent means from (n, Σx, Σx²) of each, unequal variances.

    t with Satterthwaite's df = (a + b)²/(a²/(n1 - 1) + b²/(n0 - 1)), a and b the squared errors.
    Welch 1947, Biometrika 34: 28. When neither group has any spread the interval has no width
    and p is 1 for no difference, else 0.
    """
    m1, mean1, v1 = _moments(n1, s1, q1)
    m0, mean0, v0 = _moments(n0, s0, q0)
    a, b = divide(v1, m1), divide(v0, m0)
    gap, se = scalar(mean1 - mean0), root(a + b)
    df = divide((a + b) ** 2, divide(a**2, m1 - 1) + divide(b**2, m0 - 1))
    half = np.where(se == 0, 0.0, _t_quantile(df, level) * se)
    p = 2 * stdtr(_valid(df), -np.abs(divide(gap, se)))
    p = np.where(se == 0, np.where(gap == 0, 1.0, 0.0), p)
    return Difference(gap, scalar(gap - half), scalar(gap + half), scalar(p))


def ratio_interval(
    n: ArrayLike,
    sum_y: ArrayLike,
    sum_yy: ArrayLike,
    sum_x: ArrayLike,
    sum_xx: ArrayLike,
    sum_xy: ArrayLike,
    level: float = 0.95,
) -> Estimate:
    """Ratio of totals R = Σy / Σx with customers as units, linearised.

    se² = (s_y² - 2·R·s_xy + R²·s_x²) / (n·x̄²).  Cochran 1977, chapter 6. Cost per contact, value
    per order and NRR are such ratios; their rows are not independent, their customers are.
    """
    cases, y, yy, x, xx, xy = floats(n, sum_y, sum_yy, sum_x, sum_xx, sum_xy)
    ratio = divide(y, x)
    residual = yy - 2 * ratio * xy + ratio**2 * xx  # Σ(y - R·x)²; its mean is 0 by construction
    se = root(divide(divide(residual, _valid(cases - 1)) * cases, x**2))
    lo, hi = normal_interval(ratio, se, level)
    return Estimate(ratio, se, lo, hi)


def ratio_difference(later: RatioSums, earlier: RatioSums, level: float = 0.95) -> Difference:
    """Later ratio minus earlier ratio of two independent groups of customers, linearised each.

    The same customers seen twice make the groups dependent: the interval is then too wide when
    their ratios move together, the usual case.
    """
    one, zero = ratio_interval(*later), ratio_interval(*earlier)
    return normal_difference(one.estimate - zero.estimate, np.hypot(one.se, zero.se), level)


def cochran_minimum(skewness: ArrayLike) -> Floats:
    """Customers needed before a t interval of the mean can be trusted, 25·skew².  Cochran 1977.

    >>> float(cochran_minimum(4))
    400.0
    """
    return scalar(np.ceil(25 * np.square(np.asarray(skewness, dtype=np.float64))))


def _moments(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Cases, mean and sample variance; the variance of fewer than two cases is NaN."""
    cases, s, q = floats(n, total, squares)
    mean = divide(s, cases)
    variance = np.maximum(divide(q - mean * s, _valid(cases - 1)), 0.0)
    return cases, mean, scalar(variance)


def _t_quantile(df: ArrayLike, level: float) -> Floats:
    check_level(level)
    return scalar(stdtrit(_valid(df), 0.5 + level / 2))


def _valid(df: ArrayLike) -> Floats:
    """Degrees of freedom, NaN where there are none."""
    freedom = np.asarray(df, dtype=np.float64)
    return scalar(np.where(freedom > 0, freedom, np.nan))
