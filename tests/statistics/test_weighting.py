"""Scores weighted to the base: hand figures, equal weights, pooled and empty strata."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.statistics.score import nps
from cxdata.statistics.weighting import (
    nps_weighted,
    pooled_strata,
    trimmed,
    weighted_nps_kish,
)

BASE = [6000, 3000, 1000]
ANSWERS = [30, 60, 140], [40, 30, 50], [30, 10, 10]


def test_three_strata_by_hand() -> None:
    s = nps_weighted(BASE, *ANSWERS)
    assert (s.estimate, s.raw) == pytest.approx((21.5, 45))
    assert (s.se, s.lo, s.hi) == pytest.approx((5.106238, 11.491958, 31.508042), abs=5e-7)
    assert (s.n, s.n_effective, s.design_effect) == pytest.approx((400, 219.780, 1.82), abs=5e-4)


def test_the_same_three_strata_by_weights_of_responses() -> None:
    weight = np.array(BASE) / np.sum(ANSWERS, axis=0)
    good, neutral, bad = (float(weight @ np.array(a)) for a in ANSWERS)
    squares = float(weight**2 @ np.sum(ANSWERS, axis=0))
    s = weighted_nps_kish(good, neutral, bad, squares, n=400, raw=45)
    assert (s.estimate, s.n_effective, s.design_effect) == pytest.approx(
        (21.5, 219.780, 1.82), abs=5e-4
    )
    assert s.lo < 21.5 < s.hi


@given(
    case=st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 90)),
    weight=st.floats(0.1, 10),
)
def test_equal_weights_change_nothing(case: tuple[int, int, int], weight: float) -> None:
    n = sum(case)
    s = weighted_nps_kish(case[0] * weight, case[1] * weight, case[2] * weight, weight**2 * n, n)
    plain = nps(*case)
    assert (s.estimate, s.lo, s.hi) == pytest.approx((plain.estimate, plain.lo, plain.hi))
    assert s.design_effect == pytest.approx(1)


def test_many_cells_at_once_equal_one_at_a_time() -> None:
    good, neutral, bad = ANSWERS
    many = nps_weighted([BASE, BASE[::-1]], [good] * 2, [neutral] * 2, [bad] * 2)
    for row, base in enumerate([BASE, BASE[::-1]]):
        one = nps_weighted(base, *ANSWERS)
        assert many.estimate[row] == one.estimate
        assert many.hi[row] == one.hi
        assert many.n_effective[row] == one.n_effective


def test_a_stratum_nobody_answered_for_is_no_data_and_one_without_people_is_ignored() -> None:
    silent = nps_weighted([600, 300], [30, 0], [40, 0], [30, 0])
    assert np.isnan([silent.estimate, silent.se, silent.lo, silent.hi]).all()
    gone = nps_weighted([600, 0], [30, 5], [40, 5], [30, 0])
    assert [gone.estimate, gone.n] == [0, 100]
    empty = nps_weighted([600, 0], [30, 0], [40, 0], [30, 0])
    assert [empty.estimate, empty.n] == [0, 100]


def test_one_response_in_a_stratum_has_a_score_and_no_interval() -> None:
    one = nps_weighted([600, 300], [30, 1], [40, 0], [30, 0], trim=np.inf)
    assert one.estimate == pytest.approx(100 / 3)
    assert np.isnan([one.se, one.lo, one.hi]).all()
    two = nps_weighted([600, 300], [30, 1], [40, 0], [30, 1], trim=np.inf)
    v_large, v_small = 0.6 / 99, 1 / 1
    assert two.se == pytest.approx(100 * np.sqrt(4 / 9 * v_large + 1 / 9 * v_small))


def test_weighted_interval_stays_on_the_scale() -> None:
    assert nps_weighted([60, 30], [19, 20], [1, 0], [0, 0]).hi == 100
    assert nps_weighted([60, 30], [0, 0], [1, 0], [19, 20]).lo == -100


def test_no_strata_with_data_at_all() -> None:
    s = nps_weighted([0, 0], [0, 0], [0, 0], [0, 0])
    assert np.isnan([s.estimate, s.se, s.lo, s.hi, s.raw, s.n_effective]).all()


def test_a_huge_weight_is_trimmed_at_five_medians() -> None:
    s = nps_weighted([100, 100_000], [50, 0], [50, 0], [0, 10])
    untrimmed = nps_weighted([100, 100_000], [50, 0], [50, 0], [0, 10], trim=np.inf)
    assert untrimmed.estimate == pytest.approx(-99.85, abs=0.01)
    assert s.estimate == pytest.approx((100 * 50 - 50 * 100) / 150)


def test_trimming_uses_the_median_of_responses_not_of_strata() -> None:
    assert trimmed([1.0, 7.0, 50.0], [10, 10, 1]).tolist() == [1, 7, 35]
    assert trimmed([1.0, 7.0, 50.0], [100, 10, 1]).tolist() == [1, 5, 5]


@given(n=st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_pooled_strata_are_all_large_enough(n: list[int]) -> None:
    group = pooled_strata(n)
    sizes = np.bincount(group, weights=n, minlength=len(n))[np.unique(group)]
    assert sizes.min() >= min(10, sum(n))
    assert sizes.sum() == sum(n)
    alone = [i for i, g in enumerate(group) if np.sum(group == g) == 1]
    assert all(n[i] >= 10 for i in alone) or len(n) == 1
