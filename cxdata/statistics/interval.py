"""What every estimator returns and the arithmetic they share.

Level is the two-sided confidence level (0.95 unless said). Lists, scalars and arrays are taken
alike; scalars come back as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from cxdata.model.errors import CxError

Floats = NDArray[np.float64]
"""An array of doubles; where a scalar went in, a scalar (0-d) comes out."""


class InvalidInput(CxError):
    """Figures that no data can have, such as more successes than cases."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its standard error and interval, each a scalar or one entry a cell."""

    estimate: Floats
    se: Floats
    lo: Floats
    hi: Floats

    @property
    def half_width(self) -> Floats:
        """Half the width of the interval, in the unit of the estimate."""
        return (self.hi - self.lo) / 2


@dataclass(frozen=True, slots=True)
class Difference:
    """Later (or treated) minus earlier (or control), with interval and two-sided p-value."""

    estimate: Floats
    lo: Floats
    hi: Floats
    p: Floats


def floats(*values: ArrayLike) -> tuple[Floats, ...]:
    """The values as doubles, broadcast to one shape.

    >>> [v.tolist() for v in floats([1, 2], 3)]
    [[1.0, 2.0], [3.0, 3.0]]
    """
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    return tuple(arrays)


def divide(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """Numerator / denominator, NaN where the denominator is zero or missing.

    >>> divide([1, 0, 3], [2, 0, 0]).tolist()
    [0.5, nan, nan]
    """
    top, bottom = floats(numerator, denominator)
    known = np.isfinite(bottom) & (bottom != 0)
    return scalar(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=known))


def root(value: ArrayLike) -> Floats:
    """Square root; what rounding pushed just below zero counts as zero."""
    return scalar(np.sqrt(np.maximum(value, 0.0)))


def scalar(value: ArrayLike) -> Floats:
    """An array as it is, and a 0-d array as its number."""
    return np.asarray(value, dtype=np.float64)[()]


def critical(level: float) -> float:
    """The normal quantile z of a two-sided interval.

    >>> round(critical(0.95), 6)
    1.959964
    """
    check_level(level)
    return float(ndtri(0.5 + level / 2))


def two_sided_p(statistic: ArrayLike) -> Floats:
    """P(|Z| >= |statistic|) for a standard normal Z."""
    return scalar(2 * ndtr(-np.abs(statistic)))


def normal_interval(estimate: ArrayLike, se: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Estimate -/+ z standard errors."""
    middle, error = floats(estimate, se)
    half = critical(level) * error
    return scalar(middle - half), scalar(middle + half)


def normal_difference(estimate: ArrayLike, se: ArrayLike, level: float) -> Difference:
    """A difference judged by z = estimate / se.

    Without any spread (se = 0) the interval has no width, and p is 1 for no difference, else 0.
    """
    gap, error = floats(estimate, se)
    lo, hi = normal_interval(gap, error, level)
    flat = np.where(gap == 0, 1.0, 0.0)
    p = np.where(error == 0, np.where(np.isnan(gap), np.nan, flat), two_sided_p(divide(gap, error)))
    return Difference(scalar(gap), lo, hi, scalar(p))


def check_level(level: float) -> None:
    """Refuse a level outside (0, 1)."""
    if not 0 < level < 1:
        raise InvalidInput(f"A confidence level lies between 0 and 1, such as 0.95; got {level}.")


def check(condition: Any, sentence: str) -> None:
    """Refuse input for which the condition fails in any cell; NaN cells always pass."""
    if not np.all(condition):
        raise InvalidInput(sentence)
