"""Why did the number change? Exact splits of a change that do not depend on an order.

`mix_rate` and `ratio_change` for averages and shares, `two_way_mix` for two crossed dimensions,
`shapley` and `total_change` for totals that are products of factors. Parts sum to the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.interval import Floats, check, divide, floats, scalar

_MOST_FACTORS = 5


@dataclass(frozen=True, slots=True, eq=False)
class MixRate:
    """Each cell's rate and mix part (cells on the last axis); value0, value1 the two averages."""

    rate: Floats
    mix: Floats
    value0: Floats
    value1: Floats

    @property
    def change(self) -> Floats:
        """The change of the average, later minus earlier."""
        return self.value1 - self.value0

    @property
    def rate_total(self) -> Floats:
        """What the cells' own values brought."""
        return np.sum(self.rate, axis=-1)

    @property
    def mix_total(self) -> Floats:
        """What the change of who is counted brought."""
        return np.sum(self.mix, axis=-1)


@dataclass(frozen=True, slots=True)
class TwoWayMix:
    """Change of an average over crossed rows and columns: its parts and their sum."""

    rows: float
    columns: float
    rate: float

    @property
    def change(self) -> float:
        """The change of the average, later minus earlier."""
        return self.rows + self.columns + self.rate


def mix_rate(size0: ArrayLike, rate0: ArrayLike, size1: ArrayLike, rate1: ArrayLike) -> MixRate:
    """Change of Σ w·r from period 0 to 1, w each cell's share of the sizes (Kitagawa 1955).

    rate_k = ½(w0 + w1)(r1 - r0);  mix_k = (w1 - w0)(½(r0 + r1) - ½(R0 + R1)). The centring adds
    nothing in total and makes cells readable: growing in a cell worse than average is negative.
    Sizes are denominators: responses for NPS, start revenue for NRR, customers for cost. A cell
    empty in one period takes the other period's rate, so it is all mix. A period without any size
    makes everything NaN.

    >>> m = mix_rate([100, 100], [50, -30], [50, 150], [58, -46 / 3])
    >>> m.rate.round(3).tolist(), m.mix.round(3).tolist(), round(float(m.change), 6)
    ([3.0, 9.167], [-11.875, -7.292], -7.0)
    """
    n0, r0, n1, r1 = floats(size0, rate0, size1, rate1)
    check(~(n0 < 0) & ~(n1 < 0), "Sizes of cells are never below 0.")
    before = np.where(n0 > 0, r0, np.where(n1 > 0, r1, 0.0))
    after = np.where(n1 > 0, r1, np.where(n0 > 0, r0, 0.0))
    w0 = divide(n0, np.sum(n0, axis=-1, keepdims=True))
    w1 = divide(n1, np.sum(n1, axis=-1, keepdims=True))
    value0, value1 = np.sum(w0 * before, axis=-1), np.sum(w1 * after, axis=-1)
    centre = (value0 + value1)[..., np.newaxis] / 2
    rate = (w0 + w1) / 2 * (after - before)
    mix = (w1 - w0) * ((before + after) / 2 - centre)
    return MixRate(rate, mix, scalar(value0), scalar(value1))


@dataclass(frozen=True, slots=True, eq=False)
class VolumeMixRate:
    """Each cell's volume, mix and rate part of the change of a total (cells on the last axis)."""

    volume: Floats
    mix: Floats
    rate: Floats


def ratio_change(top0: ArrayLike, base0: ArrayLike, top1: ArrayLike, base1: ArrayLike) -> MixRate:
    """`mix_rate` of Σ top / Σ base, from sums; exact also where a cell has a top without a base.

    Costs of contacts that name no customer are such a cell: what it adds, top / Σ base, has no size
    that could shift, so its change counts as rate.

    >>> m = ratio_change([10.0, 1.0], [5.0, 0.0], [20.0, 4.0], [10.0, 0.0])
    >>> m.rate.round(3).tolist(), round(float(m.mix_total), 3), round(float(m.change), 3)
    ([0.0, 0.2], 0.0, 0.2)
    """
    t0, n0, t1, n1 = floats(top0, base0, top1, base1)
    split = mix_rate(n0, divide(t0, n0), n1, divide(t1, n1))
    alone0, alone1 = (
        np.where(n > 0, 0.0, divide(t, np.sum(n, axis=-1, keepdims=True)))
        for t, n in ((t0, n0), (t1, n1))
    )
    return MixRate(
        split.rate + alone1 - alone0,
        split.mix,
        scalar(split.value0 + alone0.sum(axis=-1)),
        scalar(split.value1 + alone1.sum(axis=-1)),
    )


def total_change(
    top0: ArrayLike, base0: ArrayLike, top1: ArrayLike, base1: ArrayLike
) -> VolumeMixRate:
    """Change of a total Σ B·s·r: the base B, each cell's share s of it, top per base r in the cell.

    Shapley over the three factors. The mix is centred as in `mix_rate`: growing in a cell that
    brings less than the average is negative. A top without a base counts as rate.
    """
    t0, n0, t1, n1 = floats(top0, base0, top1, base1)
    whole0, whole1 = np.sum(n0, axis=-1, keepdims=True), np.sum(n1, axis=-1, keepdims=True)
    before = np.where(n0 > 0, divide(t0, n0), np.where(n1 > 0, divide(t1, n1), 0.0))
    after = np.where(n1 > 0, divide(t1, n1), np.where(n0 > 0, divide(t0, n0), 0.0))
    share0, share1 = divide(n0, whole0), divide(n1, whole1)
    base = (np.broadcast_to(whole0, t0.shape), np.broadcast_to(whole1, t1.shape))
    parts = shapley(np.stack([base[0], share0, before]), np.stack([base[1], share1, after]))
    level0 = np.sum(share0 * before, axis=-1, keepdims=True)
    level1 = np.sum(share1 * after, axis=-1, keepdims=True)
    average = whole0 * level0 / 3 + (whole0 * level1 + whole1 * level0) / 6 + whole1 * level1 / 3
    alone = np.where(n1 > 0, 0.0, t1) - np.where(n0 > 0, 0.0, t0)
    return VolumeMixRate(parts[0], parts[1] - (share1 - share0) * average, parts[2] + alone)


def two_way_mix(
    size0: ArrayLike, rate0: ArrayLike, size1: ArrayLike, rate1: ArrayLike
) -> TwoWayMix:
    """Rate, row and column parts for cells crossed by two dimensions (Das Gupta 1993, chapter 5).

    Share of a cell n_ij/n = A·B with A = √(n_ij/n_.j · n_i./n) (rows), B = √(n_ij/n_i. · n_.j/n)
    (columns). rows Σ r̄·B̄·ΔA, columns Σ r̄·Ā·ΔB, rate Σ w̄·Δr; bars are means of both periods.
    Arrays (I, J). Rows and columns need customers in both periods: merge empty ones first.
    """
    n0, r0, n1, r1 = floats(size0, rate0, size1, rate1)
    check(n0.ndim == 2, "A two-way split needs a table of rows by columns.")
    before = np.where(n0 > 0, r0, np.where(n1 > 0, r1, 0.0))
    after = np.where(n1 > 0, r1, np.where(n0 > 0, r0, 0.0))
    (a0, b0), (a1, b1) = _margins(n0), _margins(n1)
    mean = (before + after) / 2
    rate = np.sum((a0 * b0 + a1 * b1) / 2 * (after - before))
    rows = np.sum(mean * (b0 + b1) / 2 * (a1 - a0))
    columns = np.sum(mean * (a0 + a1) / 2 * (b1 - b0))
    return TwoWayMix(float(rows), float(columns), float(rate))


def shapley(factors0: ArrayLike, factors1: ArrayLike) -> Floats:
    """Part of each factor in the change of a product, averaged over all orders of changing them.

    factors: (k, ...) with up to 5 factors; returns the same shape. Sum a factor's row over cells
    (channels) for its part in the total: customers x contact rate x share x unit cost. Exact with
    zeros and negatives. Das Gupta 1993; Shorrocks 2013.

    >>> shapley([10930, 0.717892], [16591, 0.825974]).round(6).tolist()
    [4369.912713, 1487.262361]
    """
    x0, x1 = floats(factors0, factors1)
    check(x0.ndim >= 1, "Factors are given as rows, one factor a row.")
    k = x0.shape[0]
    check(1 <= k <= _MOST_FACTORS, f"A product is split into 1 to {_MOST_FACTORS} factors.")
    return np.stack([_part(i, x0, x1) for i in range(k)])


def _part(factor: int, x0: Floats, x1: Floats) -> Floats:
    """(x1 - x0) of one factor times the others, each subset of them changed or not."""
    others = [j for j in range(x0.shape[0]) if j != factor]
    context = np.zeros(x0.shape[1:])
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(others) + 1)
        for changed in combinations(others, size):
            rows = [x1[j] if j in changed else x0[j] for j in others]
            context = context + weight * np.prod(np.array(rows), axis=0)
    return (x1[factor] - x0[factor]) * context


def _margins(n: Floats) -> tuple[Floats, Floats]:
    """A (rows) and B (columns), whose product is each cell's share."""
    rows, columns, total = n.sum(axis=1, keepdims=True), n.sum(axis=0, keepdims=True), n.sum()
    check(
        bool((rows > 0).all() and (columns > 0).all()),
        "A row or column has no customers in one of the periods; merge it with another first.",
    )
    return np.sqrt(n / columns * rows / total), np.sqrt(n / rows * columns / total)
