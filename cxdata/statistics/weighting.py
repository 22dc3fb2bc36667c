"""Scores weighted to the customer base, and what the weights cost in precision.

Weights mend who answered among the known cells (segment x tenure). They do not mend that
answering itself depends on the score: see `nonresponse`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.interval import (
    Estimate,
    Floats,
    check,
    divide,
    floats,
    normal_interval,
    root,
    scalar,
)
from cxdata.statistics.score import nps


@dataclass(frozen=True, slots=True)
class WeightedScore(Estimate):
    """A weighted score with the raw one, responses, Kish's effective n and the design effect."""

    raw: Floats
    n: Floats
    n_effective: Floats
    design_effect: Floats


def nps_weighted(
    population: ArrayLike,
    promoters: ArrayLike,
    passives: ArrayLike,
    detractors: ArrayLike,
    trim: float = 5.0,
    level: float = 0.95,
) -> WeightedScore:
    """Post-stratified score; strata lie along the last axis.

    m = Σ W_h(p_h - d_h), se² = Σ W_h²·v_h/(n_h - 1), W_h the stratum's share of the base after
    weights were trimmed at `trim` medians. n_eff = (Σw)²/Σw² over responses (Kish 1965), design
    effect n/n_eff. A stratum with people and fewer than two responses gives NaN: pool strata
    first (`pooled_strata`).

    >>> s = nps_weighted([6000, 3000, 1000], [30, 60, 140], [40, 30, 50], [30, 10, 10])
    >>> round(float(s.estimate), 1), round(float(s.raw), 1), round(float(s.n_effective), 2)
    (21.5, 45.0, 219.78)
    """
    base, good, neutral, bad = floats(population, promoters, passives, detractors)
    n = np.where(base == 0, 0.0, good + neutral + bad)
    share = _base_shares(base, n, trim)
    score, spread = _stratum(good, n, bad)
    estimate, se = 100 * _over_strata(share, score), 100 * root(_over_strata(share**2, spread))
    lo, hi = normal_interval(estimate, se, level)
    cases = scalar(np.sum(n, axis=-1))
    effective = divide(1.0, _over_strata(share**2, divide(1.0, n)))
    return WeightedScore(
        scalar(estimate),
        scalar(se),
        scalar(np.clip(lo, -100, 100)),
        scalar(np.clip(hi, -100, 100)),
        100 * _over_strata(divide(n, cases[..., None]), score),
        cases,
        effective,
        divide(cases, effective),
    )


def weighted_nps_kish(
    weight_promoters: ArrayLike,
    weight_passives: ArrayLike,
    weight_detractors: ArrayLike,
    weight_squares: ArrayLike,
    n: ArrayLike,
    raw: ArrayLike = np.nan,
    level: float = 0.95,
) -> WeightedScore:
    """Score of responses that carry their own weights, from Σw a class and Σw² in all.

    Shares p = Σw_P/Σw, d = Σw_D/Σw; the adjusted Wald interval of `nps` with Kish's
    n_eff = (Σw)²/Σw² in the place of n. Equal weights give `nps` itself.
    """
    good, neutral, bad, squares, cases, unweighted = floats(
        weight_promoters, weight_passives, weight_detractors, weight_squares, n, raw
    )
    total = good + neutral + bad
    effective = divide(total**2, squares)
    each = divide(effective, total)
    score = nps(good * each, neutral * each, bad * each, level=level)
    return WeightedScore(
        score.estimate,
        score.se,
        score.lo,
        score.hi,
        scalar(unweighted),
        scalar(cases),
        effective,
        divide(cases, effective),
    )


def trimmed(weights: ArrayLike, counts: ArrayLike, at: float = 5.0) -> Floats:
    """Weights cut at `at` times the median weight over responses; strata on the last axis.

    >>> trimmed([1, 1, 20], [50, 40, 10]).tolist()
    [1.0, 1.0, 5.0]
    """
    weight, n = floats(weights, counts)
    order = np.argsort(weight, axis=-1)
    sorted_weight = np.take_along_axis(weight, order, axis=-1)
    seen = np.cumsum(
        np.take_along_axis(np.where(np.isnan(weight), 0.0, n), order, axis=-1), axis=-1
    )
    half = seen[..., -1:] / 2
    lower = np.argmax(seen >= half, axis=-1, keepdims=True)
    upper = np.argmax(seen > half, axis=-1, keepdims=True)
    median = (
        np.take_along_axis(sorted_weight, lower, axis=-1)
        + np.take_along_axis(sorted_weight, upper, axis=-1)
    ) / 2
    return scalar(np.minimum(weight, at * median))


def pooled_strata(responses: ArrayLike, minimum: int = 10) -> NDArray[np.intp]:
    """For each stratum the number of the stratum it is weighted with.

    Strata below the minimum go together; while that pool is still too small it takes in the
    smallest remaining stratum. Sum population and counts over equal numbers before weighting.

    >>> pooled_strata([40, 3, 25, 9]).tolist()
    [0, 1, 2, 1]
    >>> pooled_strata([40, 3, 25]).tolist()
    [0, 1, 1]
    """
    n = np.asarray(responses, dtype=np.float64)
    check(n.ndim == 1, "Strata are pooled within one table of strata at a time.")
    rising = np.argsort(n, kind="stable")
    small = int(np.sum(n < minimum))
    while 0 < small < n.size and n[rising[:small]].sum() < minimum:
        small += 1
    group = np.arange(n.size)
    group[rising[:small]] = rising[:small].min(initial=n.size)
    return group


def _base_shares(base: Floats, n: Floats, trim: float) -> Floats:
    """Shares of the base the strata stand for: trimmed weight times responses, summing to 1."""
    weight = np.where(base == 0, 0.0, divide(base, n))
    stands_for = np.where(base == 0, 0.0, trimmed(weight, n, trim) * n)
    return divide(stands_for, np.sum(stands_for, axis=-1, keepdims=True))


def _over_strata(share: Floats, value: Floats) -> Floats:
    """Σ share·value over the strata that stand for somebody, NaN where none does."""
    used = share != 0
    total = np.sum(np.where(used, share * value, 0.0), axis=-1)
    return scalar(np.where(np.any(used, axis=-1), total, np.nan))


def _stratum(good: Floats, n: Floats, bad: Floats) -> tuple[Floats, Floats]:
    """Mean of the +1/0/-1 scores of each stratum and the variance of that mean."""
    p, d = divide(good, n), divide(bad, n)
    more_than_one = np.where(n > 1, n - 1, np.nan)
    return p - d, divide(p + d - (p - d) ** 2, more_than_one)
