"""Earned growth between bounds: what is known to be earned, and what may be (METRICS.md 2.10)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cxdata.metrics.finish.census import METHOD
from cxdata.model.evidence import Flag
from cxdata.model.metric import Estimates, Stats
from cxdata.statistics.earned_growth import EarnedGrowth, earned_growth

PARTS = ("opening", "same", "earned", "bought", "unknown")


def growth_of(stats: Stats) -> list[EarnedGrowth | None]:
    """Return the growth of each cell; None without revenue before, or where refunds outweigh."""
    cells = zip(*(stats[name] for name in PARTS), strict=True)
    return [
        None if min(new) < 0 else earned_growth(opening, same, *new)
        for opening, same, *new in cells
    ]


def earned_rate(bound: int) -> Callable[[Stats], Estimates]:
    """Finish the lower (0) or the upper (1) bound of the rate."""

    def finish(stats: Stats) -> Estimates:
        found = growth_of(stats)
        nothing = np.full(len(found), np.nan)
        flags = [
            Flag.NO_DATA if one is None else Flag.INDICATIVE if one.is_indicative else Flag.OK
            for one in found
        ]
        rates = np.array([np.nan if one is None else one.rate[bound] for one in found], dtype=float)
        n = stats["customers"] * 1.0
        return Estimates(rates, n, nothing, nothing, np.array(flags, dtype=str), METHOD)

    return finish
