"""How many responses a score needs, before anybody is asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from cxdata.statistics.interval import Floats, check_level, critical, floats, scalar

TYPICAL_VARIANCE = 0.7
"""Variance of one +1/0/-1 response as met in practice (0.5 to 0.8; never above 1)."""


def responses_for_half_width(
    half_width: ArrayLike, variance: ArrayLike = TYPICAL_VARIANCE, level: float = 0.95
) -> Floats:
    """Responses for an interval of -/+ half_width points: v·(100·z/h)², rounded up.

    >>> responses_for_half_width([20, 10, 5]).tolist()
    [68.0, 269.0, 1076.0]
    """
    h, v = floats(half_width, variance)
    return scalar(np.ceil(v * (100 * critical(level) / h) ** 2))


def responses_to_detect(
    change: ArrayLike,
    variance: ArrayLike = TYPICAL_VARIANCE,
    power: float = 0.8,
    level: float = 0.95,
) -> Floats:
    """Responses in each of two periods to see a change: 2v·((z_level + z_power)·100/change)².

    >>> responses_to_detect([5, 10]).tolist()
    [4396.0, 1099.0]
    """
    check_level(power)
    gap, v = floats(change, variance)
    quantiles = critical(level) + float(ndtri(power))
    return scalar(np.ceil(2 * v * (100 * quantiles / gap) ** 2))
