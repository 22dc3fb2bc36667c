"""Many looks at once: which of the slices moved by more than the luck of looking at many?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.interval import Floats, check


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjusted p-values: reject those at or below q to keep false discoveries below q.

    Sorted, the i-th of m becomes min over j >= i of m·p_(j)/j, at most 1. Valid for independent or
    positively dependent slices. NaN (slices without data) stay NaN and are not among the m.
    Benjamini & Hochberg 1995, JRSS-B 57: 289.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    return _adjusted(p, harmonic=False)


def benjamini_yekutieli(p: ArrayLike) -> Floats:
    """As Benjamini-Hochberg times 1 + 1/2 + ... + 1/m: valid under any dependence, and wider.

    Benjamini & Yekutieli 2001, Annals of Statistics 29: 1165.
    """
    return _adjusted(p, harmonic=True)


def discoveries(p: ArrayLike, q: float = 0.10, any_dependence: bool = False) -> NDArray[np.bool_]:
    """Which slices pass at false discovery rate q."""
    check(0 < q < 1, f"A false discovery rate lies between 0 and 1, such as 0.10; got {q}.")
    return np.asarray(_adjusted(p, harmonic=any_dependence) <= q)


def _adjusted(p: ArrayLike, harmonic: bool) -> Floats:
    values = np.asarray(p, dtype=np.float64)
    check(~(values < 0) & ~(values > 1), "A p-value lies between 0 and 1.")
    flat = values.ravel()
    known = np.flatnonzero(~np.isnan(flat))
    order = known[np.argsort(flat[known], kind="stable")]
    rank = np.arange(1, order.size + 1)
    looks = order.size * (np.sum(1 / rank) if harmonic else 1.0)
    stepped = np.minimum.accumulate((flat[order] * looks / rank)[::-1])[::-1]
    adjusted = np.full(flat.shape, np.nan)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted.reshape(values.shape)
