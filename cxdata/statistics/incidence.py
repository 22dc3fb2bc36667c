"""Cumulative incidence of several reasons for leaving (Aalen-Johansen)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.statistics.interval import Floats, divide, scalar
from cxdata.statistics.risk import RiskTable
from cxdata.statistics.survival import log_log_interval


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Share lost by each cause up to each age: arrays (T, C); they and S(t) sum to 1."""

    time: Floats
    causes: tuple[int, ...]
    survival: Floats
    incidence: Floats
    se: Floats
    lo: Floats
    hi: Floats


def aalen_johansen(table: RiskTable, level: float = 0.95) -> Incidence:
    """F_k(t) = Σ S(t-)·d_k/n over ages up to t.

    1 - Kaplan-Meier a cause overstates each: it treats the other leavers as if they could still
    leave. Variance (delta method), summed over ages u up to t with D = F_k(t) - F_k(u):
    Σ D²·d/(n(n - d)) + Σ S(u-)²·d_k(n - d_k)/n³ - 2 Σ D·S(u-)·d_k/n².
    Aalen & Johansen 1978; Marubini & Valsecchi 1995, 10.3. Interval log-log.

    >>> t = RiskTable(np.array([1.0, 2, 3]), np.array([10.0, 8, 5]),
    ...               np.array([[1.0, 0], [1, 1], [0, 1]]), causes=(1, 2))
    >>> aalen_johansen(t).incidence[-1].round(4).tolist()
    [0.2125, 0.2475]
    """
    n, d = table.at_risk, table.lost
    survival = scalar(np.cumprod(1 - np.nan_to_num(divide(d, n))))
    before = np.concatenate([[1.0], survival[:-1]])
    step = before[:, None] * np.nan_to_num(divide(table.lost_by, n[:, None]))
    incidence = np.cumsum(step, axis=0)
    variance = _variance(table, before, incidence)
    se = np.sqrt(np.maximum(variance, 0.0))
    inside = (incidence > 0) & (incidence < 1)
    lo, hi = log_log_interval(np.where(inside, incidence, np.nan), se, level)
    return Incidence(table.time, table.causes, survival, incidence, se, lo, hi)


def _variance(table: RiskTable, before: Floats, incidence: Floats) -> Floats:
    """The three sums, with (F(t) - F(u)) multiplied out so that each is a running sum."""
    n, d, d_k = table.at_risk[:, None], table.lost[:, None], table.lost_by
    a = np.nan_to_num(divide(d, n * (n - d)))  # 0 after the last loss, where F stands still
    b = before[:, None] ** 2 * np.nan_to_num(divide(d_k * (n - d_k), n**3))
    c = before[:, None] * np.nan_to_num(divide(d_k, n**2))
    f = incidence
    squared = f**2 * np.cumsum(a, 0) - 2 * f * np.cumsum(f * a, 0) + np.cumsum(f**2 * a, 0)
    crossed = f * np.cumsum(c, 0) - np.cumsum(f * c, 0)
    return squared + np.cumsum(b, 0) - 2 * crossed
