"""Late facts: lag distribution, chain ladder, provisional periods and final counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.completeness import (
    chain_ladder,
    completeness,
    expected_final,
    is_provisional,
    lag_distribution,
)

WITHIN = lag_distribution([0, 1, 2, 3], [50, 30, 19, 1])


def test_share_loaded_by_age() -> None:
    assert WITHIN.share == pytest.approx([0.5, 0.8, 0.99, 1])
    assert WITHIN.at([-1, 0, 1.7, 3, 400]) == pytest.approx([0, 0.5, 0.8, 1, 1])
    assert (WITHIN.quantile(0.5), WITHIN.quantile(0.99), WITHIN.quantile(1)) == (0, 2, 3)


def test_eighty_seen_at_four_fifths_will_be_a_hundred() -> None:
    e = expected_final(80, WITHIN.at(1))
    assert e.estimate == pytest.approx(100)
    assert e.se == pytest.approx(np.sqrt(80 * 0.2) / 0.8)
    assert e.lo < 100 < e.hi


def test_a_complete_period_is_final_and_an_unseen_one_no_data() -> None:
    e = expected_final([80, 80, 0], [1, 0, 0.5])
    assert (e.estimate[0], e.lo[0], e.hi[0]) == (80, 80, 80)
    assert np.isnan(e.estimate[1])
    assert (e.estimate[2], e.lo[2]) == (0, 0)


def test_final_count_is_never_below_what_was_seen() -> None:
    assert expected_final(3, 0.5).lo == 3


def test_period_is_provisional_by_its_youngest_day() -> None:
    assert is_provisional(WITHIN, [0, 1, 2, 3]).tolist() == [True, True, False, False]
    assert completeness(WITHIN, [0, 1, 2, 3]) == pytest.approx((0.5 + 0.8 + 0.99 + 1) / 4)
    assert completeness(WITHIN, [0, 3], facts=[3, 1]) == pytest.approx(0.625)
    assert completeness(WITHIN, [[0, 0], [9, 9]]).tolist() == [0.5, 1]


def test_chain_ladder_by_hand() -> None:
    # developments: 144 after 90, then 100 after 80
    late = chain_ladder(np.array([[50, 30, 20], [40, 24, np.nan], [10, np.nan, np.nan]]))
    assert late.share == pytest.approx([90 / 144 * 0.8, 0.8, 1])
    assert late.n == 174


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50)),
        min_size=1,
        max_size=8,
    )
)
def test_without_young_days_chain_ladder_is_the_plain_share(
    rows: list[tuple[int, int, int]],
) -> None:
    counts = np.sum(rows, axis=0)
    assert chain_ladder(rows).share == pytest.approx(lag_distribution([0, 1, 2], counts).share)


def test_young_days_would_bias_the_plain_share_and_do_not_bias_the_ladder() -> None:
    rng = np.random.default_rng(6)
    lags = np.minimum(rng.geometric(0.25, (120, 400)) - 1, 20)
    full = np.stack([np.bincount(day, minlength=21) for day in lags]).astype(float)
    age = np.arange(120)[::-1]
    seen = np.where(np.arange(21) <= age[:, None], full, np.nan)
    truth = 1 - 0.75 ** np.arange(1, 22)
    assert chain_ladder(seen).share[:20] == pytest.approx(truth[:20], abs=0.01)
    plain = lag_distribution(np.arange(21), np.nansum(seen, axis=0)).share
    assert plain[0] > chain_ladder(seen).share[0] + 0.002


def test_no_facts_know_no_lag() -> None:
    empty = lag_distribution([], [])
    assert np.isnan(empty.at([0, 5])).all()
    with pytest.raises(CxError, match="no facts"):
        empty.quantile(0.99)
    assert np.isnan(WITHIN.at(np.nan))


def test_more_than_all_facts_is_refused() -> None:
    with pytest.raises(CxError, match="between 0 and 1"):
        expected_final(80, 1.2)
