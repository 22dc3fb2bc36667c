"""Ledger facts: customers counted, money booked. A census has no interval (METRICS.md C7)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cxdata.model.evidence import Flag
from cxdata.model.metric import Estimates, Floats, Stats
from cxdata.statistics.interval import divide

METHOD = "census"


def without_interval(estimate: Floats, n: Floats) -> Estimates:
    """A figure that was counted, not estimated."""
    nothing = np.full(estimate.shape, np.nan)
    flags = np.where(np.isnan(estimate), Flag.NO_DATA, Flag.OK)
    return Estimates(estimate, n, nothing, nothing, flags, METHOD)


def count(name: str, base: str | None = None) -> Callable[[Stats], Estimates]:
    """Finish a sum; its n is the base stated, else itself."""

    def finish(stats: Stats) -> Estimates:
        return without_interval(stats[name] * 1.0, stats[base or name] * 1.0)

    return finish


def net(plus: tuple[str, ...], minus: tuple[str, ...], base: str) -> Callable[[Stats], Estimates]:
    """Finish a sum of some statistics less others."""

    def finish(stats: Stats) -> Estimates:
        value = sum((stats[name] for name in plus), np.zeros_like(stats[base]))
        return without_interval(value - sum(stats[name] for name in minus), stats[base] * 1.0)

    return finish


def quotient(part: str, whole: str, base: str | None = None) -> Callable[[Stats], Estimates]:
    """Finish a ratio of two booked totals; nothing where the denominator is 0."""

    def finish(stats: Stats) -> Estimates:
        whole_of = np.where(stats[whole] > 0, stats[whole], 0.0)
        return without_interval(divide(stats[part], whole_of), stats[base or whole] * 1.0)

    return finish
