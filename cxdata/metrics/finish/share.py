"""A share of independent units, with Wilson's interval (METRICS.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable

from cxdata.metrics.finish.differences import as_differences
from cxdata.metrics.finish.flags import by_base, wider
from cxdata.model.metric import Differences, Estimates, Stats
from cxdata.statistics.interval import divide
from cxdata.statistics.proportion import newcombe, wilson

METHOD = "Wilson"


def share(part: str, whole: str, *, complement: bool = False) -> Callable[[Stats], Estimates]:
    """Finish ``part / whole``, or what is left of it; too few below 10, wide above 10 points."""

    def finish(stats: Stats) -> Estimates:
        base = stats[whole]
        count = base - stats[part] if complement else stats[part]
        lo, hi = wilson(count, base)
        flags = wider(by_base(base, base > 0, 30, 10), (hi - lo) / 2, 0.10)
        return Estimates(divide(count, base), base, lo, hi, flags, METHOD)

    return finish


def share_difference(
    part: str, whole: str, *, complement: bool = False
) -> Callable[[Stats, Stats], Differences]:
    """Test the difference of two shares by Newcombe's method 10."""

    def difference(now: Stats, then: Stats) -> Differences:
        counts = [
            (side[whole] - side[part] if complement else side[part], side[whole])
            for side in (now, then)
        ]
        found = newcombe(*counts[0], *counts[1])
        return as_differences(found, "difference of two shares (Newcombe)")

    return difference
