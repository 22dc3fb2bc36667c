"""Property tests draw the same cases on every machine; data that several tests share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("fixed")


@dataclass(frozen=True)
class Trial:
    """Weeks in remission, Freireich et al. 1963: the drug arm (with censoring) and placebo."""

    drug: NDArray[np.int64]
    drug_event: NDArray[np.int64]
    drug_entry: NDArray[np.int64]
    placebo: NDArray[np.int64]


@pytest.fixture(scope="session")
def remission() -> Trial:
    return Trial(
        drug=np.array(
            [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
        ),
        drug_event=np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]),
        drug_entry=np.repeat([0, 3, 8], [10, 6, 5]),
        placebo=np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]),
    )
