"""Cohort triangles: which cells may be read, and one curve out of many cohorts.

A triangle is an array (cohorts, ages 0, 1, 2, ...): how many of the cohort were still there at
each age in months. Cells that are not mature are NaN, never 0: a blank read as 0 turns customers
who could not have left yet into losses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.interval import Floats, check, divide
from cxdata.statistics.proportion import wilson
from cxdata.statistics.survival import log_log_interval


@dataclass(frozen=True, slots=True, eq=False)
class RetentionCurve:
    """Share still there at each age, with interval, cohorts that speak and their customers."""

    age: NDArray[np.int64]
    share: Floats
    lo: Floats
    hi: Floats
    cohorts: NDArray[np.int64]
    n: Floats


def mature(cohort_months: Sequence[date], ages: int, complete_through: date) -> NDArray[np.bool_]:
    """Cells (cohort, age 0 .. ages - 1) that every member could have reached.

    Cohort month plus age must be a month the data hold to its end: the end of the cohort's month
    plus k months is at or before the last complete day.

    >>> mature([date(2026, 1, 1), date(2026, 3, 1)], 4, date(2026, 4, 29)).tolist()
    [[True, True, True, False], [True, False, False, False]]
    """
    months = np.array(cohort_months, dtype="datetime64[M]")
    day_after = np.datetime64(complete_through, "D") + 1
    last_complete = day_after.astype("datetime64[M]") - 1
    reached = months[:, np.newaxis] + np.arange(ages)
    return reached <= last_complete


def blank_immature(
    alive: ArrayLike, cohort_months: Sequence[date], complete_through: date
) -> Floats:
    """The triangle with NaN in every cell that is not mature."""
    triangle = _triangle(alive)
    seen = mature(cohort_months, triangle.shape[1], complete_through)
    return np.where(seen, triangle, np.nan)


def chain_curve(alive: ArrayLike, level: float = 0.95) -> RetentionCurve:
    """S_k = Π over j up to k of Σ alive_j / Σ alive_(j-1), both sums over cohorts mature at j.

    Kaplan-Meier on grouped time: every cohort speaks as long as it can. Interval: Greenwood,
    log-log. For a triangle of customers *not yet lapsed* (one that never rises); where it rises
    there are no losses to count and the interval is NaN.

    >>> chain_curve([[100, 80, 70], [120, 90, np.nan]]).share.round(4).tolist()
    [1.0, 0.7727, 0.6761]
    """
    triangle = _triangle(alive)
    known = ~np.isnan(triangle[:, 1:])
    before = _sum(triangle[:, :-1], known)
    now = _sum(triangle[:, 1:], known)
    nobody_left = (before == 0) & known.any(axis=0)
    step = np.where(nobody_left, 1.0, divide(now, before))
    start = 1.0 if np.nansum(triangle[:, :1]) > 0 else np.nan
    share = start * np.concatenate([[1.0], np.cumprod(step)])
    term = divide(before - now, before * now)  # d/(n(n - d)); below zero where the triangle rises
    spread = np.cumsum(np.where(term < 0, np.nan, term))
    se = share * np.sqrt(np.concatenate([[np.nan], spread]))
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    lo, hi = log_log_interval(inside, se, level)
    first = ~np.isnan(triangle[:, :1])
    cohorts = np.concatenate([first.sum(axis=0), known.sum(axis=0)])
    n = np.concatenate([_sum(triangle[:, :1], first), before])
    return RetentionCurve(np.arange(share.size), share, lo, hi, cohorts, n)


def pooled_curve(alive: ArrayLike, level: float = 0.95) -> RetentionCurve:
    """Σ alive_k / Σ cohort size over the cohorts mature at k, with Wilson intervals.

    Each age compares other cohorts, so the curve can rise though no customer came back; for the
    variants *active at age k* and *bought in month k*, which may rise anyhow, show this one.
    """
    triangle = _triangle(alive)
    known = ~np.isnan(triangle)
    size = _sum(np.broadcast_to(triangle[:, :1], triangle.shape), known)
    now = _sum(triangle, known)
    lo, hi = wilson(now, size, level)
    ages = np.arange(triangle.shape[1])
    return RetentionCurve(ages, divide(now, size), lo, hi, known.sum(axis=0), size)


def _triangle(alive: ArrayLike) -> Floats:
    triangle = np.asarray(alive, dtype=np.float64)
    check(triangle.ndim == 2, "A cohort triangle has a row a cohort and a column an age.")
    check(~(triangle > triangle[:, :1]), "More customers at an age than the cohort ever had.")
    return triangle


def _sum(triangle: Floats, known: NDArray[np.bool_]) -> Floats:
    return np.sum(np.where(known, triangle, 0.0), axis=0)
