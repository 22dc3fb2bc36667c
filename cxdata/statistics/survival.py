"""Kaplan-Meier survival, median lifetime and restricted mean lifetime from a risk table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.interval import (
    Estimate,
    Floats,
    check,
    critical,
    divide,
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


def rmst(table: RiskTable, horizon: float, level: float = 0.95, *, width: float = 0.0) -> Estimate:
    """Restricted mean survival time: the area under S up to the horizon.

    "Expected months kept out of the first H".  Var = Σ A_t²·d/(n(n - d)) over events up to H, A_t
    the area from t to H.  Klein & Moeschberger 2003, 4.5; Royston & Parmar 2013. NaN when the
    horizon lies beyond the observed ages and S has not reached 0.

    ``width`` is that of the bins whose ends the ages are: 1 where whole months are counted and an
    event at age 3 fell anywhere after age 2. S then falls evenly within the bin: taken as a step at
    its end, every loss would come half a bin too late.

    >>> losses = RiskTable.of([1, 2], [10, 5], [5, 5])
    >>> float(rmst(losses, 2).estimate), float(rmst(losses, 2, width=1).estimate)
    (1.5, 1.0)
    """
    check(horizon > 0, "The horizon of a restricted mean is an age above 0.")
    curve = kaplan_meier(table)
    if np.isnan(curve.at(horizon)):
        nothing = scalar(np.nan)
        return Estimate(nothing, nothing, nothing, nothing)
    before = np.concatenate([[1.0], curve.survival[:-1]])
    kept = np.maximum(horizon - table.time, 0.0)  # time left after each age
    begun = np.clip(
        horizon - (table.time - width), 0.0, width
    )  # part of its bin before the horizon
    drop = before - curve.survival
    area = horizon - np.sum(drop * (kept + _triangle(begun, width)))
    after = _area_after(curve, horizon, width)
    beside = curve.survival * _triangle(begun, width)  # its own bin falls with its hazard
    se = np.sqrt(np.sum((after + beside) ** 2 * _greenwood(table)))
    lo, hi = normal_interval(area, se, level)
    return Estimate(scalar(area), scalar(se), lo, hi)


def _triangle(begun: Floats, width: float) -> Floats:
    """Area that a unit drop, even over a bin, takes from the part of the bin before the horizon."""
    return begun**2 / (2 * width) if width else np.zeros_like(begun)


def _area_after(curve: Survival, horizon: float, width: float) -> Floats:
    """Area under S from the end of each age's bin to the horizon."""
    drop = np.concatenate([[1.0], curve.survival[:-1]]) - curve.survival
    kept = np.maximum(horizon - curve.time, 0.0)
    begun = np.clip(horizon - (curve.time - width), 0.0, width)
    taken = drop * (kept + _triangle(begun, width))
    later = np.cumsum(taken[::-1])[::-1] - taken
    return curve.survival * kept - later


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
