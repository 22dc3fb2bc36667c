"""Amounts of a split: the exact value, its interval and p from the draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxdata.model.metric import Floats
from cxdata.statistics.draws import draw_p, percentile_interval


@dataclass(frozen=True)
class Amount:
    """A part of a change in the metric's unit; without draws it is a full count."""

    value: float
    lo: float | None = None
    hi: float | None = None
    p: float | None = None

    @property
    def is_noise(self) -> bool:
        """Whether its interval covers 0: not distinguishable from noise."""
        return self.lo is not None and self.hi is not None and self.lo <= 0 <= self.hi


@dataclass(frozen=True)
class Part:
    """One named part of a change."""

    name: str
    label: str
    amount: Amount


@dataclass(frozen=True)
class Drawn:
    """Exact parts by cell (K,) and the same on each draw (D, K); None where nothing is drawn."""

    exact: Floats
    draws: Floats | None

    def sum(self, cells: Sequence[int] | None = None) -> Amount:
        """The parts of some cells, or of all, as one amount."""
        chosen = slice(None) if cells is None else list(cells)
        value = float(self.exact[chosen].sum())
        if self.draws is None:
            return Amount(value)
        drawn = self.draws[:, chosen].sum(axis=1)
        if not np.std(drawn) > 0:
            return Amount(value)
        lo, hi = percentile_interval(drawn)
        return Amount(value, float(lo), float(hi), float(draw_p(value, drawn)))

    def plus(self, other: Drawn | None) -> Drawn:
        """Both parts of each cell."""
        if other is None:
            return self
        if self.draws is None or other.draws is None:
            return Drawn(self.exact + other.exact, None)
        return Drawn(self.exact + other.exact, self.draws + other.draws)
