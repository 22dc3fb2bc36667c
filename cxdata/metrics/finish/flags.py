"""Flags by base and by width, the same for every cell of a kind (METRICS.md C6)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cxdata.model.evidence import Flag
from cxdata.model.metric import Floats

Flags = npt.NDArray[np.str_]


def by_base(n: Floats, known: npt.NDArray[np.bool_], enough: int, few: int) -> Flags:
    """``ok`` from ``enough`` independent units, ``indicative`` from ``few``; else ``too_few``."""
    return np.select(
        [~known, n >= enough, n >= few],
        [Flag.NO_DATA, Flag.OK, Flag.INDICATIVE],
        default=Flag.TOO_FEW,
    )


def wider(flags: Flags, half_width: Floats, limit: float | Floats) -> Flags:
    """Lower ``ok`` to ``indicative`` where the interval is wider than the limit."""
    wide = (flags == Flag.OK) & ~(half_width <= limit)
    return np.where(wide, Flag.INDICATIVE, flags)
