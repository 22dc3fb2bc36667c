"""Cohort triangles: maturity, the chain and the pooled curve."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.cohort import blank_immature, chain_curve, mature, pooled_curve
from cxdata.statistics.risk import risk_table
from cxdata.statistics.survival import kaplan_meier

NONE = np.nan
TRIANGLE: list[list[float]] = [
    [100, 80, 70, 65],
    [120, 90, 84, NONE],
    [80, 60, NONE, NONE],
    [50, NONE, NONE, NONE],
]
MONTHS = [date(2026, m, 1) for m in (1, 2, 3, 4)]


def test_curves_of_four_cohorts_by_hand() -> None:
    chain, pooled = chain_curve(TRIANGLE), pooled_curve(TRIANGLE)
    assert chain.share == pytest.approx([1, 0.766667, 0.694510, 0.644902], abs=5e-7)
    assert pooled.share == pytest.approx([1, 0.766667, 0.70, 0.65], abs=5e-7)
    assert chain.cohorts.tolist() == pooled.cohorts.tolist() == [4, 3, 2, 1]
    assert chain.n.tolist() == [350, 300, 170, 70]
    assert pooled.n.tolist() == [350, 300, 220, 100]


def test_blanks_read_as_zero_would_give_another_curve() -> None:
    wrong = pooled_curve(np.nan_to_num(np.array(TRIANGLE))).share
    assert wrong == pytest.approx([1, 0.657143, 0.44, 0.185714], abs=5e-7)


def test_maturity_at_the_last_day_of_april_and_the_day_before() -> None:
    upper_left = np.fliplr(np.triu(np.ones((4, 4), dtype=bool)))
    assert (mature(MONTHS, 4, date(2026, 4, 30)) == upper_left).all()
    day_before = mature(MONTHS, 4, date(2026, 4, 29))
    assert day_before.sum() == upper_left.sum() - 4
    leap = mature([date(2024, 1, 1)], 2, date(2024, 2, 28))
    assert leap.tolist() == [[True, False]]


def test_immature_cells_are_blanked() -> None:
    filled = [[100, 80, 70, 65], [120, 90, 84, 10], [80, 60, 5, 0], [50, 3, 0, 0]]
    blanked = blank_immature(filled, MONTHS, date(2026, 4, 30))
    assert np.array_equal(blanked, np.array(TRIANGLE), equal_nan=True)


@given(lifetimes=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 8)), min_size=1, max_size=60))
def test_chain_is_kaplan_meier_on_grouped_time(lifetimes: list[tuple[int, int]]) -> None:
    cohort, lifetime = (np.array(c) for c in zip(*lifetimes, strict=True))
    reach = 4 - cohort  # the oldest age the data hold
    alive = np.full((5, 5), np.nan)
    for c in range(5):
        for k in range(5 - c):
            alive[c, k] = np.sum((cohort == c) & (lifetime > k))
    chain = chain_curve(alive)
    leave = np.minimum(lifetime, reach)
    curve = kaplan_meier(risk_table(0, leave, lifetime <= reach))
    for i, t in enumerate(curve.time):
        if t > 0:
            assert chain.share[int(t)] == pytest.approx(curve.survival[i])
            assert chain.lo[int(t)] == pytest.approx(curve.lo[i], nan_ok=True)


def test_a_rising_triangle_has_a_pooled_interval_and_no_chain_interval() -> None:
    rising = [[50, 20, 30], [40, 10, 25]]
    assert np.isnan(chain_curve(rising).lo[2])
    assert pooled_curve(rising).lo[2] > 0.4


def test_an_age_without_mature_cohorts_is_no_data() -> None:
    curve = chain_curve([[10, 8, NONE], [20, 16, NONE]])
    assert np.isnan(curve.share).tolist() == [False, False, True]
    assert np.isnan(pooled_curve([[10, NONE], [0, NONE]]).share).tolist() == [False, True]


def test_a_cohort_that_is_gone_stays_gone_and_an_empty_one_says_nothing() -> None:
    assert chain_curve([[4, 2, 0, 0]]).share.tolist() == [1, 0.5, 0, 0]
    assert np.isnan(chain_curve([[0, 0]]).share).all()


def test_more_customers_than_the_cohort_had_are_refused() -> None:
    with pytest.raises(CxError, match="ever had"):
        pooled_curve([[10, 11]])
