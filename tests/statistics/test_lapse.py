"""The quiet days after which a customer counts as lapsed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.lapse import error_of_window, lapse_window


def test_by_hand() -> None:
    # S: 100 gaps; 60 end by day 5, 30 by day 10, 2 on day 20; 8 stay open to day 60.
    # W = 7: S(7) = .40, S(14) = .10 -> 75 % return; W = 14: S(28) = .08 -> 20 %; W = 21: none.
    w = lapse_window([5, 10, 20, 60], [0, 0, 0, 1], [60, 30, 2, 8])
    assert w is not None
    assert (w.days, w.comes_back, w.at_risk, w.n) == (21, 0, 8, 100)
    loose = lapse_window([5, 10, 20, 60], [0, 0, 0, 1], [60, 30, 2, 8], tolerance=0.2)
    assert loose is not None
    assert (loose.days, loose.comes_back, loose.at_risk) == pytest.approx((14, 0.2, 10))
    assert loose.lo < 0.2 < loose.hi  # 2 of 10
    assert (loose.lo, loose.hi) == pytest.approx((0.05413, 0.59131), abs=5e-6)


def test_mixed_with_customers_who_are_gone_it_solves_the_equation() -> None:
    rng = np.random.default_rng(3)
    gaps = np.ceil(rng.exponential(30, 5_000))
    w = lapse_window(np.append(gaps, np.full(2_000, 700)), [0] * 5_000 + [1] * 2_000)
    assert w is not None

    def returns(days: int) -> float:
        x = np.exp(-days / 30)
        return 5 * x * (1 - x) / (5 * x + 2)

    assert returns(w.days) < 0.105
    assert returns(w.days - 7) > 0.095


def test_memoryless_buyers_who_all_return_lapse_only_beyond_their_longest_gap() -> None:
    gaps = np.ceil(np.random.default_rng(3).exponential(300, 500))
    w = lapse_window(gaps, 0)
    assert w is not None
    assert w.days >= gaps.max() > w.days - 7


def test_buyers_with_a_rhythm_lapse_after_their_longest_gap() -> None:
    w = lapse_window([30, 10], [0, 1], [50, 20])
    assert w is not None
    assert (w.days, w.comes_back, w.at_risk) == (35, 0, 0)
    assert lapse_window([30, 365], [0, 1], [50, 20]).days == 35  # type: ignore[union-attr]


def test_a_straggler_in_the_thin_tail_does_not_move_the_window() -> None:
    steady = lapse_window([5, 10, 400, 900], [0, 0, 1, 1], [60, 30, 90, 9])
    straggler = lapse_window([5, 10, 400, 600, 900], [0, 0, 1, 0, 1], [60, 30, 90, 2, 7])
    assert steady is not None
    assert straggler is not None
    assert steady.days == straggler.days


def test_error_of_a_window_chosen_otherwise() -> None:
    w = error_of_window(14, [5, 10, 20, 60], [0, 0, 0, 1], [60, 30, 2, 8])
    assert (w.days, w.comes_back, w.at_risk, w.n) == pytest.approx((14, 0.2, 10, 100))
    beyond = error_of_window(40, [5, 10, 20, 60], [0, 0, 0, 1], [60, 30, 2, 8])
    assert np.isnan([beyond.comes_back, beyond.lo, beyond.hi]).all()
    assert np.isnan(error_of_window(7, [], []).comes_back)


def test_a_history_too_short_to_look_two_windows_ahead_gives_none() -> None:
    assert lapse_window([3, 13], [0, 1], [1, 99]) is None
    assert lapse_window([], []) is None
    assert lapse_window([3, 14], [0, 1], [1, 99]) is not None


@given(
    gaps=st.lists(
        st.tuples(st.integers(1, 120), st.integers(0, 1), st.integers(1, 50)),
        min_size=1,
        max_size=30,
    )
)
def test_window_is_a_multiple_of_seven_within_tolerance(gaps: list[tuple[int, int, int]]) -> None:
    days, censored, count = (np.array(c) for c in zip(*gaps, strict=True))
    w = lapse_window(days, censored, count)
    if w is None:
        return
    assert w.days % 7 == 0
    assert 0 <= w.comes_back <= 0.1 + 1e-9
    one_by_one = lapse_window(np.repeat(days, count), np.repeat(censored, count))
    assert one_by_one is not None
    assert one_by_one.days == w.days


def test_a_flag_that_is_a_number_of_days_is_refused() -> None:
    with pytest.raises(CxError, match="censored"):
        lapse_window([5, 7], [30, 0])
