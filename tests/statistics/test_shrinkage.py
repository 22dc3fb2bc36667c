"""DerSimonian-Laird shrinkage against metafor's BCG trials, statsmodels and eight schools."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from cxdata.model.errors import CxError
from cxdata.statistics.shrinkage import shrink

BCG = np.array(  # treated positive, negative; control positive, negative
    [
        [4, 119, 11, 128],
        [6, 300, 29, 274],
        [3, 228, 11, 209],
        [62, 13536, 248, 12619],
        [33, 5036, 47, 5761],
        [180, 1361, 372, 1079],
        [8, 2537, 10, 619],
        [505, 87886, 499, 87892],
        [29, 7470, 45, 7232],
        [17, 1699, 65, 1600],
        [186, 50448, 141, 27197],
        [5, 2493, 3, 2338],
        [27, 16886, 29, 17825],
    ]
)


def log_risk_ratios() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = BCG.T.astype(float)
    return np.log(a / (a + b)) - np.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_thirteen_trials_equal_metafor() -> None:
    s = shrink(*log_risk_ratios())
    assert (s.mean, s.se, s.tau2) == pytest.approx((-0.7141, 0.1787, 0.3088), abs=5e-5)
    assert (s.q, 100 * s.i2) == pytest.approx((152.2330, 92.12), abs=5e-3)
    expected = [-0.7994, -1.2486, -0.9844, -1.3973]
    assert s.shrunken[:4] == pytest.approx(expected, abs=5e-5)
    assert (s.differ, s.n) == (True, 13)


def test_eight_schools_do_not_differ_and_get_no_ranking() -> None:
    s = shrink([28, 8, -3, 7, -1, 1, 18, 12], np.square([15, 10, 16, 11, 9, 11, 10, 18]))
    assert s.tau2 == 0
    assert not s.differ
    assert s.shrunken == pytest.approx([7.6856] * 8, abs=5e-5)


@given(slices=st.lists(st.tuples(st.floats(-50, 50), st.floats(0.5, 40)), min_size=3, max_size=15))
def test_equal_statsmodels_and_lie_between_raw_and_mean(
    slices: list[tuple[float, float]],
) -> None:
    y, v = (np.array(c) for c in zip(*slices, strict=True))
    s = shrink(y, v)
    with np.errstate(all="ignore"):
        theirs = combine_effects(y, v, method_re="dl")
    assert s.tau2 == pytest.approx(max(0.0, theirs.tau2), abs=1e-9)
    assert s.q == pytest.approx(theirs.q, abs=1e-9)
    if s.differ:
        assert s.mean == pytest.approx(theirs.mean_effect_re, abs=1e-9)
    low, high = np.minimum(y, s.mean), np.maximum(y, s.mean)
    assert ((s.shrunken >= low - 1e-9) & (s.shrunken <= high + 1e-9)).all()


def test_small_slices_are_drawn_further() -> None:
    s = shrink([60, 60, 10, -20], [400, 25, 30, 40])
    assert s.weight[0] > s.weight[1]
    assert s.shrunken[0] < s.shrunken[1]


def test_slices_without_value_or_variance_are_left_out() -> None:
    full = shrink([10, 30, 50], [4, 4, 4])
    gaps = shrink([10, np.nan, 30, 50, 70], [4, 4, 4, 4, 0])
    assert gaps.mean == full.mean
    assert np.isnan(gaps.shrunken).tolist() == [False, True, False, False, True]
    assert np.isnan(shrink([np.nan], [1]).mean)
    alone = shrink([12], [4])
    assert (alone.mean, alone.tau2, alone.differ) == (12, 0, False)


def test_a_table_of_tables_is_refused() -> None:
    with pytest.raises(CxError, match="one table"):
        shrink([[1, 2]], [[1, 1]])
