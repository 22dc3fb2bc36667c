"""Net promoter score with the adjusted Wald interval (METRICS.md 2.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cxdata.metrics.finish.differences import as_differences
from cxdata.model.evidence import Flag
from cxdata.model.metric import Differences, Estimates, Floats, Stats
from cxdata.statistics.score import (
    AccountSums,
    WeightedAccounts,
    nps,
    nps_change,
    nps_change_clustered,
    nps_clustered,
    nps_of_accounts,
    nps_of_accounts_change,
)
from cxdata.statistics.weighting import weighted_nps_kish

METHOD = "adjusted Wald"
CLUSTERED = "adjusted Wald, answers of an account clustered"
BY_ACCOUNT = "adjusted Wald, accounts as units"
WEIGHTED = "adjusted Wald, Kish effective n"


def _flags(n: Floats, half: Floats) -> np.ndarray:
    """By half-width: to 10 points ok, to 20 indicative, beyond too few (METRICS.md 2.8)."""
    return np.select(
        [~(n > 0), half <= 10, half <= 20],
        [Flag.NO_DATA, Flag.OK, Flag.INDICATIVE],
        default=Flag.TOO_FEW,
    )


def _counts(stats: Stats) -> tuple[Floats, Floats, Floats]:
    return stats["promoters"], stats["passives"], stats["detractors"]


def _by_account(stats: Stats) -> AccountSums:
    """Sums over accounts, from the counts of answers and the pairs within accounts."""
    promoters, passives, detractors = _counts(stats)
    n, s = promoters + passives + detractors, promoters - detractors
    return AccountSums(
        n - stats["beyond_first"],
        n,
        s,
        n + stats["pairs"],
        s + stats["pairs_score"],
        promoters + detractors + stats["pairs_product"],
    )


def score(stats: Stats) -> Estimates:
    """Finish the score; where accounts answered several times, with accounts as units.

    Where each answered once it is the plain adjusted interval.
    """
    plain, clustered = nps(*_counts(stats)), nps_clustered(_by_account(stats))
    several = stats["pairs"] > 0
    lo = np.where(several, clustered.lo, plain.lo)
    hi = np.where(several, clustered.hi, plain.hi)
    n = np.sum(_counts(stats), axis=0)
    method = CLUSTERED if several.any() else METHOD
    return Estimates(plain.estimate, n, lo, hi, _flags(n, (hi - lo) / 2), method)


def score_difference(now: Stats, then: Stats) -> Differences:
    """Test the change of two scores by their adjusted standard errors."""
    plain = nps_change(*_counts(now), *_counts(then))
    clustered = nps_change_clustered(_by_account(now), _by_account(then))
    several = (now["pairs"] > 0) | (then["pairs"] > 0)
    lo, hi, p = (
        np.where(several, ours, theirs)
        for ours, theirs in (
            (clustered.lo, plain.lo),
            (clustered.hi, plain.hi),
            (clustered.p, plain.p),
        )
    )
    words = CLUSTERED if several.any() else METHOD
    return Differences(np.asarray(plain.estimate), lo, hi, p, f"difference of two scores ({words})")


def _weighted(stats: Stats, names: Sequence[str]) -> WeightedAccounts:
    return WeightedAccounts(*(stats[name] for name in names))


def account_score(*sums: str) -> Callable[[Stats], Estimates]:
    """Finish a score of accounts from the five sums of `nps_of_accounts`, accounts as n."""

    def finish(stats: Stats) -> Estimates:
        found = nps_of_accounts(_weighted(stats, sums))
        n = stats["accounts"] * 1.0
        flags = _flags(n, found.half_width)
        return Estimates(found.estimate, n, found.lo, found.hi, flags, BY_ACCOUNT)

    return finish


def account_score_difference(*sums: str) -> Callable[[Stats, Stats], Differences]:
    """Test the change of two scores of accounts."""

    def difference(now: Stats, then: Stats) -> Differences:
        found = nps_of_accounts_change(_weighted(now, sums), _weighted(then, sums))
        return as_differences(found, "difference of two scores (accounts as units)")

    return difference


def weighted_score(stats: Stats) -> Estimates:
    """Finish the score from survey weights a class and their squares."""
    found = weighted_nps_kish(
        stats["weight_promoters"],
        stats["weight_passives"],
        stats["weight_detractors"],
        stats["weight_sq"],
        stats["answers"],
    )
    n = stats["answers"] * 1.0
    return Estimates(found.estimate, n, found.lo, found.hi, _flags(n, found.half_width), WEIGHTED)
