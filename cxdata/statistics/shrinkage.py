"""League tables without luck at the ends: slices drawn towards their common mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.interval import Floats, check, floats


@dataclass(frozen=True, slots=True, eq=False)
class Shrinkage:
    """Common mean, its error and the spread between slices; shrunken value of each slice.

    weight is how far each slice is drawn to the mean (1: all the way). q is Cochran's Q,
    i2 its share beyond chance. Slices without a value or a variance above 0 are left out (NaN).
    """

    mean: float
    se: float
    tau2: float
    q: float
    i2: float
    n: int
    shrunken: Floats
    weight: Floats

    @property
    def differ(self) -> bool:
        """Whether slices differ by more than their own errors; if not, there is no ranking."""
        return self.tau2 > 0


def shrink(values: ArrayLike, variances: ArrayLike) -> Shrinkage:
    """DerSimonian-Laird: τ² = max(0, (Q - (k - 1)) / (Σw - Σw²/Σw)), w = 1/v.

    Shown value B·μ + (1 - B)·y, B = v/(v + τ²); μ is weighted by 1/(v + τ²). The raw extremes are
    the small slices; shrunken ones are ranked. DerSimonian & Laird 1986; Efron & Morris 1977.

    >>> s = shrink([28, 8, -3, 7, -1, 1, 18, 12], np.square([15, 10, 16, 11, 9, 11, 10, 18]))
    >>> s.differ, round(s.mean, 4)
    (False, 7.6856)
    """
    y, v = floats(values, variances)
    check(y.ndim == 1, "Slices of one table are shrunken at a time.")
    known = np.isfinite(y) & np.isfinite(v) & (v > 0)
    blank = np.full(y.shape, np.nan)
    if not known.any():
        nothing = float("nan")
        return Shrinkage(nothing, nothing, nothing, nothing, nothing, 0, blank, blank)
    q, tau2 = _between(y[known], v[known])
    w = 1 / (v[known] + tau2)
    mean, k = float(np.sum(w * y[known]) / w.sum()), int(known.sum())
    weight, shrunken = blank.copy(), blank.copy()
    weight[known] = v[known] * w
    shrunken[known] = weight[known] * mean + (1 - weight[known]) * y[known]
    i2 = max(0.0, 1 - (k - 1) / q) if q > 0 else 0.0
    return Shrinkage(mean, float(w.sum() ** -0.5), tau2, q, i2, k, shrunken, weight)


def _between(y: Floats, v: Floats) -> tuple[float, float]:
    """Cochran's Q and the DerSimonian-Laird variance between slices."""
    w = 1 / v
    q = float(np.sum(w * (y - np.sum(w * y) / w.sum()) ** 2))
    scale = float(w.sum() - np.sum(w**2) / w.sum())
    return q, max(0.0, (q - (y.size - 1)) / scale) if y.size > 1 else 0.0
