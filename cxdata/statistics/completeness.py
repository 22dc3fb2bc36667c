"""Late facts: how complete a young period is, and what it will come to.

A falling last point that is only incompleteness is never shown as a fall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.interval import (
    Estimate,
    Floats,
    check,
    divide,
    floats,
    normal_interval,
    root,
)

COMPLETE = 0.98
"""A period whose youngest day has less than this share of its facts is provisional."""


@dataclass(frozen=True, slots=True, eq=False)
class LagDistribution:
    """F(k): share of facts loaded within k days of their date, k = 0, 1, ...; from n facts."""

    share: Floats
    n: float

    def at(self, age: ArrayLike) -> Floats:
        """F at ages in days: 0 before the date, 1 beyond the longest lag; NaN without facts."""
        days = np.asarray(age, dtype=np.float64)
        if self.share.size == 0:
            return np.full(days.shape, np.nan)[()]
        steps = np.concatenate([[0.0], self.share])
        row = np.clip(np.floor(np.nan_to_num(days)) + 1, 0, self.share.size).astype(np.int64)
        return np.where(np.isnan(days), np.nan, steps[row])[()]

    def quantile(self, share: float) -> int:
        """The lag within which that share of facts arrives: recompute p99 days on each load."""
        check(self.share.size > 0, "There are no facts whose lag could be counted.")
        return int(np.argmax(self.share >= share - 1e-12))


def lag_distribution(lag: ArrayLike, count: ArrayLike = 1) -> LagDistribution:
    """F(k) from the lags (whole days) of facts of mature days, `count` of each.

    Mature: old enough that even the longest lag would have been seen; young days would bias F
    upwards, use `chain_ladder` with them. A negative lag (loaded before its date) counts as 0.

    >>> lag_distribution([0, 1, 3], [50, 30, 20]).share.tolist()
    [0.5, 0.8, 0.8, 1.0]
    """
    days, n = floats(lag, count)
    if n.sum() == 0:
        return LagDistribution(np.array([]), 0.0)
    whole = np.maximum(days.ravel(), 0).astype(np.int64)
    share = np.cumsum(np.bincount(whole, weights=n.ravel())) / n.sum()
    return LagDistribution(share, float(n.sum()))


def chain_ladder(triangle: ArrayLike) -> LagDistribution:
    """F(k) from a reporting triangle with young days in it.

    triangle[i, k]: facts of day i that arrived at lag k, NaN where that lag lies in the future.
    Development factor f_k = Σ C_(i,k+1) / Σ C_(i,k) over days seen at k + 1, C cumulated;
    F(k) = 1 / Π f_j over j from k on.  Mack 1993.

    >>> chain_ladder([[50, 30, 20], [40, 24, np.nan], [10, np.nan, np.nan]]).share.tolist()
    [0.5, 0.8, 1.0]
    """
    arrived = np.asarray(triangle, dtype=np.float64)
    check(arrived.ndim == 2, "A reporting triangle has a row a day and a column a lag.")
    total = np.cumsum(arrived, axis=1)  # NaN from the first lag not seen
    seen = ~np.isnan(total[:, 1:])
    before = np.sum(np.where(seen, total[:, :-1], 0.0), axis=0)
    after = np.sum(np.where(seen, total[:, 1:], 0.0), axis=0)
    kept = divide(before, after)  # 1 / f_k
    share = np.cumprod(np.concatenate([[1.0], kept[::-1]]))[::-1]
    return LagDistribution(share, float(np.nansum(arrived)))


def completeness(distribution: LagDistribution, ages: ArrayLike, facts: ArrayLike = 1) -> Floats:
    """Share of a period's facts that have arrived: the mean of F over its days.

    ages: days since each day of the period (last axis); facts: weights, such as the usual facts
    of a weekday.
    """
    share, weight = floats(distribution.at(ages), facts)
    return divide(np.sum(share * weight, axis=-1), np.sum(weight, axis=-1))


def is_provisional(
    distribution: LagDistribution, youngest: ArrayLike, complete: float = COMPLETE
) -> NDArray[np.bool_]:
    """Whether a period whose youngest day is that many days old is still filling up."""
    return np.asarray(distribution.at(youngest) < complete)[()]


def expected_final(seen: ArrayLike, share: ArrayLike, level: float = 0.95) -> Estimate:
    """The final count seen / F, with the interval of facts arriving independently.

    se = √(seen·(1 - F))/F; the final count is never below what has been seen. The doubt about F
    itself is not in it.

    >>> float(expected_final(80, 0.8).estimate)
    100.0
    """
    count, arrived = floats(seen, share)
    check(~(arrived < 0) & ~(arrived > 1), "The share that has arrived lies between 0 and 1.")
    final = divide(count, arrived)
    se = divide(root(count * (1 - arrived)), arrived)
    lo, hi = normal_interval(final, se, level)
    return Estimate(final, se, np.maximum(lo, count), hi)
