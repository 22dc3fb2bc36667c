"""Share of top boxes; answers of one account may agree (METRICS.md 1.5, 2.9)."""

from __future__ import annotations

import numpy as np

from cxdata.metrics.finish.differences import as_differences
from cxdata.metrics.finish.flags import by_base, wider
from cxdata.model.metric import Differences, Estimates, Floats, Stats
from cxdata.statistics.interval import divide
from cxdata.statistics.proportion import effective_cases, newcombe, wilson


def _worth(stats: Stats) -> tuple[Floats, Floats]:
    """Satisfied answers and answers, as many as they are worth independently."""
    n, top = stats["answers"], stats["top"]
    worth = effective_cases(
        n - stats["beyond_first"],
        n,
        top,
        n + stats["pairs"],
        top + stats["pairs_top"],
        top + stats["pairs_product"],
    )
    return worth * np.nan_to_num(divide(top, n)), worth


def satisfied(stats: Stats) -> Estimates:
    """Finish satisfied answers / answers; Wilson's interval over what the answers are worth."""
    n, top = stats["answers"], stats["top"]
    lo, hi = wilson(*_worth(stats))
    flags = wider(by_base(n, n > 0, 30, 10), (hi - lo) / 2, 0.10)
    clustered = " over Korn and Graubard's effective n" if (stats["pairs"] > 0).any() else ""
    return Estimates(divide(top, n), n, lo, hi, flags, f"Wilson{clustered}")


def satisfied_difference(now: Stats, then: Stats) -> Differences:
    """Test the difference of two such shares by Newcombe's method 10."""
    found = newcombe(*_worth(now), *_worth(then))
    return as_differences(found, "difference of two shares (Newcombe)")
