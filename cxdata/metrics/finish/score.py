"""Net promoter score with the adjusted Wald interval (METRICS.md 2.8)."""

from __future__ import annotations

import numpy as np

from cxdata.metrics.finish.differences import as_differences
from cxdata.model.evidence import Flag
from cxdata.model.metric import Differences, Estimates, Floats, Stats
from cxdata.statistics.score import nps, nps_change
from cxdata.statistics.weighting import weighted_nps_kish

METHOD = "adjusted Wald"
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


def score(stats: Stats) -> Estimates:
    """Finish the score from promoters, passives and detractors."""
    promoters, passives, detractors = _counts(stats)
    n = promoters + passives + detractors
    found = nps(promoters, passives, detractors)
    return Estimates(found.estimate, n, found.lo, found.hi, _flags(n, found.half_width), METHOD)


def score_difference(now: Stats, then: Stats) -> Differences:
    """Test the change of two scores by their adjusted standard errors."""
    good, neutral, bad = _counts(now)
    good_then, neutral_then, bad_then = _counts(then)
    found = nps_change(good, neutral, bad, good_then, neutral_then, bad_then)
    return as_differences(found, "difference of two scores (adjusted Wald)")


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
