"""Is a score to be trusted: does it move at all, can it still rise, does behaviour agree with it?

A score that moves less than sampling alone would make it is steered or copied; one at its ceiling
cannot tell of anything better; one that rises while customers leave or spend less, or falls while
they stay and spend more, says something else than what they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtr

from cxdata.analysis.comparison import better
from cxdata.analysis.figure import Figure
from cxdata.model.evidence import Flag, Verdict
from cxdata.model.metric import Floats
from cxdata.statistics.interval import critical

FLAT = 0.01
"""Chance below which so little movement counts as none."""

FEWEST_PERIODS = 6
CEILING = 0.90
"""Share of answers in the best class from which a score has no room left."""


@dataclass(frozen=True)
class Flat:
    """A score that moves too little: ``p`` is the chance of so little by sampling alone."""

    periods: int
    p: float
    n: int


@dataclass(frozen=True)
class Ceiling:
    """A score with no room left: the share of answers in its best class, and their number."""

    share: float
    n: int


@dataclass(frozen=True)
class Divergence:
    """A score that moved one way while a figure of behaviour moved the other."""

    score: Figure
    behaviour: Figure
    score_is_better: bool


def flat(values: Floats, half_widths: Floats, n: Floats) -> Flat | None:
    """Test whether periods differ by less than their own margins (lower tail of Cochran's Q).

    Args:
        values: the score in finished periods, oldest first.
        half_widths: half the 95 % interval of each.
        n: answers in each.
    """
    known = np.isfinite(values) & (half_widths > 0) & np.isfinite(half_widths)
    if known.sum() < FEWEST_PERIODS:
        return None
    y, weight = values[known], (critical(0.95) / half_widths[known]) ** 2
    q = float(np.sum(weight * (y - np.sum(weight * y) / weight.sum()) ** 2))
    p = float(chdtr(int(known.sum()) - 1, q))
    return Flat(int(known.sum()), p, int(n[known].sum())) if p < FLAT else None


def flat_line(figure: Figure) -> Flat | None:
    """Return whether a figure's finished periods up to its own move too little to be answers."""
    trend = figure.trend
    finished = trend[
        (trend["period_start"] <= figure.scope.period.start)
        & ~trend["flag"].isin([Flag.PARTIAL.value, Flag.NO_DATA.value, Flag.SUPPRESSED.value])
    ]
    values, lo, hi, n = (finished[name].to_numpy(float) for name in ("estimate", "lo", "hi", "n"))
    return flat(values, (hi - lo) / 2, n)


def ceiling(best: float, n: float) -> Ceiling | None:
    """Return whether so many answers are in the best class that a score cannot tell of better."""
    if n <= 0 or best / n < CEILING:
        return None
    return Ceiling(best / n, round(n))


def divergences(scores: Sequence[Figure], behaviours: Sequence[Figure]) -> tuple[Divergence, ...]:
    """Pair each score that moved with each figure of behaviour that moved the other way.

    The first behaviour is the plainest: a score that went along with it is doubted by none of the
    others, for more customers can be won while more of those who were asked leave.
    """
    theirs = [(one, _direction(one)) for one in behaviours]
    found = []
    for score in scores:
        ours = _direction(score)
        if ours is None or (theirs and theirs[0][1] is ours):
            continue
        found += [Divergence(score, one, ours) for one, way in theirs if way is (not ours)]
    return tuple(found)


def _direction(figure: Figure) -> bool | None:
    """Whether a figure moved for the better; None where it did not move."""
    if figure.comparison.verdict is not Verdict.MOVED:
        return None
    return better(figure.metric, figure.comparison.difference)


SCORES = ("nps", "csat")
BEHAVIOURS = ("logo_retention", "revenue_per_customer", "customers_net", "contact_rate")
"""What customers say, and what they do."""


def alarms(found: Mapping[str, Figure]) -> tuple[Divergence, ...]:
    """Return where what customers say and what they do went opposite ways."""
    scores, behaviours = (
        [found[name] for name in names if name in found] for names in (SCORES, BEHAVIOURS)
    )
    return divergences(scores, behaviours)
