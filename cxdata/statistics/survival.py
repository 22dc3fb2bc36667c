"""Kaplan-Meier survival, median lifetime and restricted mean lifetime from a risk table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.interval import (
    Difference,
    Estimate,
    Floats,
    check,
    critical,
    divide,
    normal_difference,
    normal_interval,
    scalar,
)
from cxdata.statistics.risk import RiskTable


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """S(t) at each age of a risk table, with Greenwood's error and the log-log interval.

    The interval is NaN where S is 1 (before the first event) or 0. n is the largest risk set.
    """

    time: Floats
    at_risk: Floats
    lost: Floats
    survival: Floats
    se: Floats
    lo: Floats
    hi: Floats
    n: float

    def at(self, age: ArrayLike) -> Floats:
        """S at any ages: 1 before the first row, NaN beyond the last unless S has reached 0."""
        ages = np.asarray(age, dtype=np.float64)
        steps = np.concatenate([[1.0], self.survival])
        value = steps[np.searchsorted(self.time, ages, side="right")]
        end = self.time[-1] if self.time.size else 0.0
        return np.where((ages > end) & (value > 0), np.nan, value)[()]

    @property
    def median(self) -> float | None:
        """The first age at which S is at most one half; None when S does not reach it."""
        reached = self.survival <= 0.5 + 1e-12
        return float(self.time[reached][0]) if reached.any() else None


def kaplan_meier(table: RiskTable, level: float = 0.95) -> Survival:
    """S(t) = Π (1 - d/n) over ages up to t.

    Greenwood: se = S·√Σ d/(n(n - d)). Interval S^exp(-/+ z·θ), θ = √Σ d/(n(n - d)) / ln S.
    Kaplan & Meier 1958; Greenwood 1926; Kalbfleisch & Prentice 2002.

    >>> s = kaplan_meier(RiskTable.of([6, 7, 10], [21, 17, 15], [3, 1, 1]))
    >>> s.survival.round(6).tolist(), s.lo.round(6).tolist()
    ([0.857143, 0.806723, 0.752941], [0.619718, 0.563147, 0.5032])
    """
    n, d = table.at_risk, table.lost
    survival = scalar(np.cumprod(1 - _hazard(table)))
    spread = np.sqrt(np.cumsum(_greenwood(table)))
    inside = (survival > 0) & (survival < 1)
    se = np.where(inside, survival * spread, np.where(survival == 1, 0.0, np.nan))
    lo, hi = log_log_interval(np.where(inside, survival, np.nan), se, level)
    size = float(n.max()) if n.size else 0.0
    return Survival(table.time, n, d, survival, se, lo, hi, size)


def rmst(table: RiskTable, horizon: float, level: float = 0.95) -> Estimate:
    """Restricted mean survival time: the area under S up to the horizon.

    "Expected months kept out of the first H".  Var = Σ A_t²·d/(n(n - d)) over events up to H, A_t
    the area from t to H.  Klein & Moeschberger 2003, 4.5; Royston & Parmar 2013. NaN when the
    horizon lies beyond the observed ages and S has not reached 0.
    """
    check(horizon > 0, "The horizon of a restricted mean is an age above 0.")
    curve = kaplan_meier(table)
    if np.isnan(curve.at(horizon)):
        nothing = scalar(np.nan)
        return Estimate(nothing, nothing, nothing, nothing)
    inside = table.time < horizon
    edges = np.concatenate([[0.0], table.time[inside], [horizon]])
    heights = np.concatenate([[1.0], curve.survival[inside]])
    areas = np.diff(edges) * heights
    remaining = np.cumsum(areas[::-1])[::-1][1:]  # A_t of each age inside
    se = np.sqrt(np.sum(remaining**2 * _greenwood(table)[inside]))
    lo, hi = normal_interval(areas.sum(), se, level)
    return Estimate(scalar(areas.sum()), scalar(se), lo, hi)


def rmst_difference(
    later: RiskTable, earlier: RiskTable, horizon: float, level: float = 0.95
) -> Difference:
    """Restricted mean of one group minus another's: the size that goes with a log-rank test."""
    one, zero = rmst(later, horizon), rmst(earlier, horizon)
    return normal_difference(one.estimate - zero.estimate, np.hypot(one.se, zero.se), level)


def log_log_interval(share: Floats, se: Floats, level: float) -> tuple[Floats, Floats]:
    """Interval share^exp(-/+ z·se/(share·ln share)), which stays inside (0, 1)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.exp(critical(level) * np.abs(divide(se, share * np.log(share))))
    return share**factor, share ** (1 / factor)


def _hazard(table: RiskTable) -> Floats:
    """d/n; an age with nobody at risk has no event and changes nothing."""
    return np.nan_to_num(divide(table.lost, table.at_risk))


def _greenwood(table: RiskTable) -> Floats:
    """d/(n(n - d)), 0 once everybody at risk is lost: no area and no survival remain there."""
    n, d = table.at_risk, table.lost
    return np.nan_to_num(divide(d, n * (n - d)))
