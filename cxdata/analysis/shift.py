"""What the mean hides: whether all moved or only the top, who brings it all, two camps.

The shift function compares two periods decile by decile (Wilcox 2012), the whale curve adds up
contribution from the best customer down (Kaplan & Narayanan 2001), and a score is two-humped where
unhappy and happy answers both outnumber those between (METRICS.md 2.6, 2.8, 2.12).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.analysis.nps import score_shares
from cxdata.analysis.parts import Amount
from cxdata.model.errors import BadScope
from cxdata.model.metric import Floats
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.gate import Gate
from cxdata.query.spreads import histogram_bins
from cxdata.statistics.distribution import WhaleCurve, whale_curve
from cxdata.statistics.draws import DRAWS, draw_p, percentile_interval
from cxdata.statistics.histogram import Histogram
from cxdata.statistics.interval import divide, two_sided_p
from cxdata.statistics.multiplicity import discoveries

DECILES = np.arange(1, 10) / 10
SEED = 2012

CAMPS = 0.01
"""Chance below which a valley between two camps counts as one."""

_GROUPS = ((0, 3), (4, 6), (7, 8), (9, 10))


@dataclass(frozen=True)
class Shift:
    """Deciles of a measure then and now, and each one's step; ``moved`` pass the false discovery.

    ``n0`` and ``n1`` are the customers of both periods. Those in both make the intervals too wide.
    """

    measure: str
    against: Period
    n0: int
    n1: int
    before: Floats
    after: Floats
    steps: tuple[Amount, ...]
    moved: tuple[bool, ...]

    @property
    def reach(self) -> str:
        """Which part of the customers moved: ``all``, ``top``, ``bottom``, ``some`` or ``none``."""
        if not any(self.moved):
            return "none"
        if all(self.moved):
            return "all"
        half = len(self.moved) // 2
        low, high = any(self.moved[:half]), any(self.moved[half + 1 :])
        return "top" if high and not low else "bottom" if low and not high else "some"


def shift(gate: Gate, scope: Scope, measure: str = "revenue") -> Shift:
    """Compare the deciles of a measure over customers with those of the period compared with.

    Raises:
        BadScope: nothing to compare with, or no customers in one of the periods.
    """
    if scope.against is None:
        raise BadScope("Choose what to compare with: the period before, or the year before.")
    sides = []
    for period in (scope.against, scope.period):
        bins = histogram_bins(gate, scope.at(period), measure)
        if bins.empty:
            raise BadScope(f"There is no customer in {period.label}.")
        found = Histogram.of_bins(bins["customers"].to_numpy(), bins["total"].to_numpy())
        sides.append(found)
    return shifted(measure, scope.against, *sides)


def shifted(measure: str, against: Period, before: Histogram, after: Histogram) -> Shift:
    """Compare two histograms decile by decile, with intervals over draws of customers."""
    random = np.random.default_rng(SEED)
    exact, drawn = [], []
    for side in (before, after):
        exact.append(_deciles(side.value, side.n[np.newaxis])[0])
        counts = random.multinomial(round(side.size), side.n / side.size, size=DRAWS)
        drawn.append(_deciles(side.value, counts.astype(np.float64)))
    steps, again = exact[1] - exact[0], drawn[1] - drawn[0]
    lo, hi = percentile_interval(again)
    p = np.where(again.std(axis=0) > 0, draw_p(steps, again), np.where(steps == 0, 1.0, 0.0))
    amounts = tuple(Amount(*(float(v) for v in row)) for row in zip(steps, lo, hi, p, strict=True))
    return Shift(
        measure,
        against,
        round(before.size),
        round(after.size),
        exact[0],
        exact[1],
        amounts,
        tuple(discoveries(p, 0.05).tolist()),
    )


def _deciles(value: Floats, counts: Floats) -> Floats:
    """Deciles of each row of counts over bins in order of value, (rows, 9)."""
    running = np.cumsum(counts, axis=1)
    wanted = DECILES * running[:, -1:]
    return np.stack(
        [value[np.argmax(running >= wanted[:, [at]] - 1e-9, axis=1)] for at in range(len(DECILES))],
        axis=1,
    )


@dataclass(frozen=True)
class Whales:
    """The whale curve of contribution: how much the best customers bring, and the worst take back.

    ``peak`` is the most that some customers bring together as a share of the total, ``best`` their
    share of customers; ``below_zero`` the share of customers with less than nothing.
    """

    curve: WhaleCurve
    n: int
    total: float
    peak: float
    best: float
    below_zero: float


def whales(gate: Gate, scope: Scope) -> Whales | None:
    """Return the whale curve of a period; None without customers or with nothing to share."""
    bins = histogram_bins(gate, scope, "contribution")
    total = float(bins["total"].sum()) if len(bins) else 0.0
    if total <= 0:
        return None
    found = Histogram.of_bins(bins["customers"].to_numpy(), bins["total"].to_numpy())
    curve = whale_curve(found)
    at = int(np.argmax(curve.share))
    return Whales(
        curve,
        round(found.size),
        total,
        curve.peak,
        float(curve.customers[at]),
        float(curve.below_zero / found.size),
    )


@dataclass(frozen=True)
class Camps:
    """Two camps of answers: shares of the unhappy (0-6), those between (7-8) and the happy."""

    n: int
    unhappy: float
    between: float
    happy: float
    p: float


def camps(gate: Gate, scope: Scope) -> Camps | None:
    """Return the two camps of a score's answers; None where there is one hump only."""
    counts = score_shares(gate, scope)["answers"].to_numpy(float)
    return two_camps(counts)


def two_camps(counts: Floats) -> Camps | None:
    """Test whether answers at 7-8 are rarer, a point of the scale, than on either side.

    counts: answers at 0 to 10. The denser of 0-3 and 4-6, and 9-10, must each stand above 7-8
    beyond chance; of the two tests the weaker counts, doubled for the choice of the low side.
    """
    n = float(counts.sum())
    if n <= 0:
        return None
    sums = np.array([counts[low : high + 1].sum() for low, high in _GROUPS])
    width = np.array([high - low + 1 for low, high in _GROUPS])
    density, spread = sums / width, sums / width**2
    low = int(np.argmax(density[:2]))
    gaps = np.array([density[low], density[3]]) - density[2]
    error = np.sqrt(np.array([spread[low], spread[3]]) + spread[2])
    if (gaps <= 0).any():
        return None
    p = min(2 * float(np.max(two_sided_p(divide(gaps, error)))), 1.0)
    if not p < CAMPS:
        return None
    return Camps(round(n), (sums[0] + sums[1]) / n, sums[2] / n, sums[3] / n, p)
