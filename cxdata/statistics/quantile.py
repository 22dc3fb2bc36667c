"""Quantiles of customers with order-statistic intervals, from raw values or a histogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, bdtrik

from cxdata.statistics.histogram import Histogram
from cxdata.statistics.interval import Floats, check, check_level


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A quantile between two order statistics; level is the exact coverage, not the asked one."""

    estimate: float
    lo: float
    hi: float
    level: float
    n: int


def quantile(histogram: Histogram, share: ArrayLike) -> Floats:
    """The value below which a share of customers lies, interpolated between customers.

    For raw values the same as SQL's percentile_cont (and numpy's default). In a bin all customers
    have the bin's mean, so the error is below half a bin, about 3 %. NaN without customers.

    >>> quantile(Histogram.of_values([1, 2, 3, 4]), [0.5, 0.9]).round(2).tolist()
    [2.5, 3.7]
    """
    wanted = np.asarray(share, dtype=np.float64)
    check((wanted >= 0) & (wanted <= 1), "A quantile is asked for a share between 0 and 1.")
    return _at_rank(histogram, wanted * (histogram.size - 1))


def quantile_interval(
    histogram: Histogram, share: float = 0.5, level: float = 0.95
) -> QuantileInterval:
    """Order statistics x_(l) and x_(u) around a quantile, without assuming any shape.

    l and u leave at most (1 - level)/2 on either side: P(Bin(n, share) < l) and
    P(Bin(n, share) >= u). NaN limits when there are too few customers (below 6 for a median at
    95 %).  Conover 1999, 3.2.

    >>> median = quantile_interval(Histogram.of_values(range(1, 21)))
    >>> median.lo, median.hi, round(median.level, 6)
    (6.0, 15.0, 0.958611)
    """
    check_level(level)
    check(0 < share < 1, "An interval needs a share between 0 and 1.")
    n, tail = round(histogram.size), (1 - level) / 2
    estimate = float(quantile(histogram, share))
    below = _most(tail, n, share)
    above = _most(tail, n, 1 - share)
    if below < 0 or above < 0:
        return QuantileInterval(estimate, np.nan, np.nan, np.nan, n)
    lo, hi = _at_rank(histogram, np.array([below, n - 1 - above], dtype=np.float64)).tolist()
    outside = float(bdtr(below, n, share) + bdtr(above, n, 1 - share))
    return QuantileInterval(estimate, lo, hi, 1 - outside, n)


def median_interval(histogram: Histogram, level: float = 0.95) -> QuantileInterval:
    """The median with its order-statistic interval."""
    return quantile_interval(histogram, 0.5, level)


def _most(tail: float, n: int, share: float) -> int:
    """The largest k with P(Bin(n, share) <= k) <= tail, or -1."""
    if n < 1 or bdtr(0, n, share) > tail:
        return -1
    k = int(np.floor(bdtrik(tail, n, share)))
    while bdtr(k, n, share) > tail:
        k -= 1
    while bdtr(k + 1, n, share) <= tail:
        k += 1
    return k


def _at_rank(histogram: Histogram, rank: Floats) -> Floats:
    """The value at a rank from 0 to n - 1, between two customers in proportion."""
    if histogram.size == 0:
        return np.full(np.shape(rank), np.nan)[()]
    last = np.cumsum(histogram.n) - 1
    first = last - histogram.n + 1
    ranks = np.stack([first, last], axis=1).ravel()
    return np.interp(rank, ranks, np.repeat(histogram.value, 2))
