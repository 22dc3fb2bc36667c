"""Who holds how much: Gini, top share, tenths and the whale curve.

An average hides whom it is made of; these stand next to every mean. Each takes a `Histogram`, of
raw values or of bins. Within a bin customers count as equal, which moves a figure by far less than
the width of a bin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.statistics.histogram import Histogram
from cxdata.statistics.interval import Floats, check, divide


@dataclass(frozen=True, slots=True)
class Gini:
    """Gini coefficient over n customers; those below zero are excluded and counted."""

    estimate: float
    n: float
    excluded: float


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Equal parts of the customers, poorest first: each part's total, mean and share."""

    total: Floats
    mean: Floats
    share: Floats


@dataclass(frozen=True, slots=True, eq=False)
class WhaleCurve:
    """Cumulative share of the total, customers sorted from the largest down.

    A peak above 1 is what the customers below zero eat up again.
    """

    customers: Floats
    share: Floats
    peak: float
    below_zero: float


def gini(histogram: Histogram) -> Gini:
    """G = 2·Σ i·x_(i)/(n·Σx) - (n + 1)/n, as one less twice the area under the Lorenz curve.

    Defined for values of 0 or more with a total above 0, else NaN. Lorenz 1905; Gini 1912.

    >>> gini(Histogram.of_values([1, 2, 3, 4])).estimate
    0.25
    """
    kept = histogram.at_least(0.0)
    excluded = histogram.size - kept.size
    if kept.size == 0 or kept.total.sum() <= 0:
        return Gini(float("nan"), kept.size, excluded)
    people, value = _from_zero(kept.n), _from_zero(kept.total)
    area = np.sum(np.diff(people) * (value[1:] + value[:-1])) / (people[-1] * value[-1])
    return Gini(float(np.clip(1 - area, 0.0, 1.0)), kept.size, excluded)


def top_share(histogram: Histogram, share: float) -> float:
    """Share of the total held by the top `share` of customers, the boundary one in part.

    NaN unless the total is above 0. With customers below zero it can pass 1.

    >>> round(top_share(Histogram.of_values([100, 50, 20, 10, 5, 5, 4, 3, 2, 1]), 0.25), 6)
    0.8
    """
    check(0 <= share <= 1, "A top share is asked for a part of the customers between 0 and 1.")
    total = float(histogram.total.sum())
    if total <= 0:
        return float("nan")
    rest = np.interp(
        (1 - share) * histogram.size, _from_zero(histogram.n), _from_zero(histogram.total)
    )
    return float(1 - rest / total)


def parts(histogram: Histogram, number: int = 10) -> Parts:
    """Total, mean and share of each tenth of the customers (or other part), boundary ones split."""
    check(number >= 1, "Customers are cut into at least one part.")
    if histogram.size == 0:
        nothing = np.full(number, np.nan)
        return Parts(nothing, nothing, nothing)
    cuts = np.linspace(0, histogram.size, number + 1)
    total = np.diff(np.interp(cuts, _from_zero(histogram.n), _from_zero(histogram.total)))
    everything = histogram.total.sum()
    share = divide(total, everything if everything > 0 else np.nan)
    return Parts(total, total / (histogram.size / number), share)


def whale_curve(histogram: Histogram) -> WhaleCurve:
    """Cumulative share of contribution against cumulative share of customers, best first.

    Kaplan & Narayanan 2001. Leave out costs allocated by a key: they would only sort by the key.
    Both axes start at 0; share is NaN unless the total is above 0.
    """
    customers = divide(_from_zero(histogram.n[::-1]), histogram.size)
    total = float(histogram.total.sum())
    share = divide(_from_zero(histogram.total[::-1]), total if total > 0 else np.nan)
    below = histogram.size - histogram.at_least(0.0).size
    return WhaleCurve(customers, share, float(share.max()), below)


def _from_zero(amounts: Floats) -> Floats:
    """Running total that starts at 0."""
    return np.concatenate([[0.0], np.cumsum(amounts)])
