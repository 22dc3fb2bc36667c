"""Means and ratios from sums against hand figures, scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from cxdata.statistics.mean import (
    RatioSums,
    cochran_minimum,
    mean_interval,
    ratio_difference,
    ratio_interval,
    welch,
)

samples = st.lists(st.floats(-1_000, 1_000), min_size=3, max_size=30).filter(
    lambda x: float(np.std(x)) > 0.1
)


def sums(x: list[float]) -> tuple[int, float, float]:
    return len(x), sum(x), sum(v * v for v in x)


def ratio_sums(y: list[float], x: list[float]) -> RatioSums:
    b, a = np.asarray(y), np.asarray(x)
    return RatioSums(len(y), b.sum(), b @ b, a.sum(), a @ a, a @ b)


def test_mean_from_sums_equals_the_hand_figure() -> None:
    m = mean_interval(8, 40, 232)
    assert (m.estimate, m.lo, m.hi) == pytest.approx((5, 3.212512, 6.787488), abs=5e-7)
    assert m.half_width == pytest.approx(1.787488, abs=5e-7)


@given(x=samples, level=st.sampled_from([0.9, 0.95]))
def test_mean_equals_statsmodels(x: list[float], level: float) -> None:
    m = mean_interval(*sums(x), level=level)
    theirs = DescrStatsW(x).tconfint_mean(alpha=1 - level)
    assert (m.lo, m.hi) == pytest.approx(theirs, rel=1e-6, abs=1e-6)


def test_one_customer_has_a_mean_and_no_interval_and_none_has_neither() -> None:
    m = mean_interval([1, 0, 4], [7, 0, 8], [49, 0, 16])
    assert m.estimate[[0, 2]].tolist() == [7, 2]
    assert np.isnan(m.estimate).tolist() == [False, True, False]
    assert np.isnan(m.lo).tolist() == [True, True, False]
    assert (m.lo[2], m.hi[2]) == (2, 2)


def test_two_customers_are_enough_for_a_very_wide_interval() -> None:
    m = mean_interval(*sums([1, 3]))
    assert (m.lo, m.hi) == pytest.approx((2 - 12.7062, 2 + 12.7062), abs=5e-5)


@given(a=samples, b=samples)
def test_welch_equals_statsmodels(a: list[float], b: list[float]) -> None:
    d = welch(*sums(a), *sums(b))
    theirs = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    _, p, _ = theirs.ttest_ind(usevar="unequal")
    assert (d.lo, d.hi) == pytest.approx(theirs.tconfint_diff(usevar="unequal"), rel=1e-6, abs=1e-6)
    assert d.p == pytest.approx(p, rel=1e-6, abs=1e-9)


def test_welch_equals_the_hand_figure_of_four_and_four_clusters() -> None:
    d = welch(*sums([3, 5, 4, 6]), *sums([1, 0, 2, 1]))
    assert (d.estimate, d.lo, d.hi) == pytest.approx((3.5, 1.544693, 5.455307), abs=5e-7)


def test_welch_without_spread_and_without_data() -> None:
    d = welch([3, 3, 0, 1], [6, 6, 0, 2], [12, 12, 0, 4], 3, [6, 3, 6, 6], [12, 3, 12, 12])
    assert d.estimate[:2].tolist() == [0, 1]
    assert d.p[:2].tolist() == [1, 0]
    assert np.isnan([d.lo, d.hi, d.p])[:, 2:].all()
    assert np.isnan(d.estimate).tolist() == [False, False, True, False]


def test_ratio_equals_the_hand_figure() -> None:
    r = ratio_interval(*ratio_sums([2, 4, 6, 8, 10], [1, 2, 2, 3, 4]))
    assert (r.estimate, r.se, r.lo, r.hi) == pytest.approx(
        (2.5, 0.147314, 2.211270, 2.788730), abs=5e-7
    )


@given(x=samples)
def test_ratio_with_x_all_one_is_the_mean(x: list[float]) -> None:
    r = ratio_interval(*ratio_sums(x, [1.0] * len(x)))
    m = mean_interval(*sums(x))
    assert (r.estimate, r.se) == pytest.approx((m.estimate, m.se), rel=1e-6, abs=1e-6)


def test_ratio_without_denominator_is_no_data() -> None:
    r = ratio_interval([5, 1, 0], [10, 4, 0], [30, 16, 0], [0, 2, 0], [0, 4, 0], [0, 8, 0])
    assert np.isnan(r.estimate).tolist() == [True, False, True]
    assert np.isnan(r.se).all()


def test_ratio_difference_adds_the_two_variances() -> None:
    one = ratio_sums([2, 4, 6, 8, 10], [1, 2, 2, 3, 4])
    zero = ratio_sums([1, 2, 2, 5], [1, 1, 2, 3])
    d = ratio_difference(one, zero)
    se = np.hypot(ratio_interval(*one).se, ratio_interval(*zero).se)
    assert d.estimate == pytest.approx(2.5 - 10 / 7)
    assert d.hi - d.lo == pytest.approx(2 * 1.959964 * se, rel=1e-6)
    assert (d.p < 0.05) == (d.lo > 0)


@given(seed=st.integers(0, 10_000))
def test_ratio_error_is_near_the_jackknife(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.gamma(4, 1, 300)
    y = 3 * x + rng.normal(0, 1, 300)
    left_out = (y.sum() - y) / (x.sum() - x)
    jackknife = np.sqrt(299 / 300 * ((left_out - left_out.mean()) ** 2).sum())
    r = ratio_interval(*ratio_sums(y.tolist(), x.tolist()))
    assert r.se == pytest.approx(jackknife, rel=0.02)


def test_cochrans_rule() -> None:
    assert cochran_minimum([4, 0.5]).tolist() == [400, 7]
