"""Parametric bootstrap from sums: what the cells would have given on another draw of customers.

No row is needed. Counts of classes are multinomial over all cells at once, so that who is in which
cell varies with what they do; means are normal with their own error; rare events are Poisson. Draws
stand on the first axis.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from cxdata.statistics.interval import Floats, divide, floats, scalar, two_sided_p

DRAWS = 2000
"""Draws behind an interval (METRICS.md 3.1)."""


def class_draws(
    counts: ArrayLike, random: np.random.Generator, effective: float | None = None
) -> Floats:
    """Draw counts by class and cell, (draws, classes, cells), around those seen.

    ``effective`` is the number of independent answers where weights or clusters leave fewer than
    were counted; the drawn counts still sum to those seen.
    """
    (seen,) = floats(counts)
    total = float(seen.sum())
    if total <= 0:
        return np.zeros((DRAWS, *seen.shape))
    size = total if effective is None else min(max(effective, 1.0), total)
    shares = np.maximum(seen.ravel(), 0.0) / np.maximum(seen, 0.0).sum()
    drawn = random.multinomial(round(size), shares, size=DRAWS)
    return np.asarray(drawn.reshape(DRAWS, *seen.shape) * (total / round(size)), dtype=np.float64)


def mean_draws(
    top: ArrayLike, base: ArrayLike, units: ArrayLike, se: ArrayLike, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw sums and bases by cell, (draws, cells), from each cell's mean per base and its error.

    Units are multinomial over the cells, each with its cell's base; a cell whose error is unknown
    keeps its mean.
    """
    sums, bases, cases, error = floats(top, base, units, se)
    cases = np.maximum(np.nan_to_num(cases), 0.0)
    total = float(cases.sum())
    if total < 1:
        return np.broadcast_to(sums, (DRAWS, *sums.shape)), np.broadcast_to(
            bases, (DRAWS, *bases.shape)
        )
    drawn = random.multinomial(round(total), cases / total, size=DRAWS)
    moved = bases * np.where(cases > 0, divide(drawn, cases), 1.0)
    noise = random.standard_normal((DRAWS, *sums.shape)) * np.nan_to_num(error)
    mean = np.nan_to_num(divide(sums, bases))
    return np.where(bases > 0, moved * (mean + noise), sums), moved


def event_draws(events: ArrayLike, random: np.random.Generator) -> Floats:
    """Draw counts of rare events by cell, (draws, cells)."""
    (count,) = floats(events)
    return random.poisson(np.maximum(count, 0.0), size=(DRAWS, *count.shape)).astype(np.float64)


def percentile_interval(draws: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Percentile limits over the draws."""
    tail = 50 * (1 - level)
    lo, hi = np.percentile(np.asarray(draws, dtype=np.float64), [tail, 100 - tail], axis=0)
    return scalar(lo), scalar(hi)


def draw_p(estimate: ArrayLike, draws: ArrayLike) -> Floats:
    """Two-sided p of an estimate against 0, its error taken from the draws."""
    return two_sided_p(divide(estimate, np.std(np.asarray(draws, dtype=np.float64), axis=0)))
