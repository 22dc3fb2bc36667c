"""Net promoter score with the adjusted Wald interval (METRICS.md 2.8)."""

from __future__ import annotations

import numpy as np

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


def score(stats: Stats) -> Estimates:
    """Finish the score from promoters, passives and detractors."""
    counts = [stats[name] for name in ("promoters", "passives", "detractors")]
    n = sum(counts, np.zeros_like(counts[0]))
    found = nps(*counts)
    return Estimates(found.estimate, n, found.lo, found.hi, _flags(n, found.half_width), METHOD)


def score_difference(now: Stats, then: Stats) -> Differences:
    """Test the change of two scores by their adjusted standard errors."""
    names = ("promoters", "passives", "detractors")
    found = nps_change(*(now[name] for name in names), *(then[name] for name in names))
    return Differences(
        *(np.asarray(v) for v in (found.estimate, found.lo, found.hi, found.p)),
        basis="difference of two scores (adjusted Wald)",
    )


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
