"""Value-sorted histograms of customers: count and sum a bin, fine enough for any quantile.

Bins are spaced on a log scale, 40 a decade, so a bin is 5.9 % wide; the largest customers come as
bins of one. Raw values are a histogram in which every bin holds one customer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.interval import Floats, check, divide

BINS_PER_DECADE = 40


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Bins in order of value: n customers and the total of their values in each."""

    n: Floats
    total: Floats

    def __post_init__(self) -> None:
        check(self.n.shape == self.total.shape, "A histogram needs one total for each count.")
        check(self.n > 0, "A histogram has no empty bins.")

    @classmethod
    def of_values(cls, values: ArrayLike) -> Histogram:
        """One bin a value; values that are NaN are left out."""
        x = np.asarray(values, dtype=np.float64).ravel()
        x = np.sort(x[~np.isnan(x)])
        return cls(np.ones(x.size), x)

    @classmethod
    def of_bins(cls, n: ArrayLike, total: ArrayLike) -> Histogram:
        """Bins as SQL returns them, in any order; empty ones are dropped, the others sorted."""
        counts, totals = (np.asarray(v, dtype=np.float64).ravel() for v in (n, total))
        used = counts > 0
        counts, totals = counts[used], totals[used]
        order = np.argsort(totals / counts, kind="stable")
        return cls(counts[order], totals[order])

    @property
    def size(self) -> float:
        """Customers in all bins."""
        return float(self.n.sum())

    @property
    def value(self) -> Floats:
        """The mean value of each bin."""
        return divide(self.total, self.n)

    def at_least(self, floor: float) -> Histogram:
        """The bins whose mean is at or above the floor."""
        kept = self.value >= floor
        return Histogram(self.n[kept], self.total[kept])


def log_bin(value: ArrayLike) -> NDArray[np.int64]:
    """The bin of a value: floor(40·log10(1 + x)); below zero mirrored, -1 - bin(-x).

    >>> log_bin([0, 0.05, 9, 99, -0.05, -99]).tolist()
    [0, 0, 40, 80, -1, -81]
    """
    x = np.asarray(value, dtype=np.float64)
    size = np.floor(BINS_PER_DECADE * np.log10(1 + np.abs(x))).astype(np.int64)
    return np.where(x < 0, -1 - size, size)


def bin_edges(number: ArrayLike) -> tuple[Floats, Floats]:
    """Lower and upper edge of a bin: 10^(b/40) - 1 to 10^((b + 1)/40) - 1, mirrored below zero.

    >>> [round(float(v), 3) for v in bin_edges(40)]
    [9.0, 9.593]
    """
    b = np.asarray(number, dtype=np.float64)
    size = np.where(b < 0, -1 - b, b)
    near = 10 ** (size / BINS_PER_DECADE) - 1
    far = 10 ** ((size + 1) / BINS_PER_DECADE) - 1
    return np.where(b < 0, -far, near)[()], np.where(b < 0, -near, far)[()]
