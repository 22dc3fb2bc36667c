"""From a test of the statistics package to the differences that metrics hand on."""

from __future__ import annotations

import numpy as np

from cxdata.model.metric import Differences
from cxdata.statistics.interval import Difference


def as_differences(found: Difference, basis: str) -> Differences:
    """Name how the differences were tested."""
    return Differences(
        np.asarray(found.estimate),
        np.asarray(found.lo),
        np.asarray(found.hi),
        np.asarray(found.p),
        basis,
    )
