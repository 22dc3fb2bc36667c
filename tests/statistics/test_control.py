"""XmR charts: the handbook's figures, rules, seasons, autocorrelation and false alarms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.control import Signal, lag_one, xmr

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_limits_of_the_handbook() -> None:
    c = xmr(FLOW, correct=False)
    assert c.centre == pytest.approx([50.81] * 10)
    assert c.moving_range == pytest.approx(1.877778, abs=5e-7)
    assert c.hi[0] == pytest.approx(55.804889, abs=5e-7)
    assert c.lo[0] == pytest.approx(45.815111, abs=5e-7)
    assert c.range_limit == pytest.approx(3.267 * 1.877778, abs=5e-6)
    assert c.signals == ()


def test_neighbours_that_go_together_widen_the_limits() -> None:
    c = xmr(FLOW)
    assert c.autocorrelation == pytest.approx(lag_one(np.array(FLOW)))
    assert c.autocorrelation > 0.3
    assert c.inflation == pytest.approx(1 / np.sqrt(1 - c.autocorrelation))
    assert c.hi[0] - c.centre[0] == pytest.approx(2.66 * 1.877778 * c.inflation, abs=5e-6)


@given(values=st.lists(st.floats(0, 100), max_size=7))
def test_fewer_than_eight_points_have_no_limits(values: list[float]) -> None:
    c = xmr(values)
    assert np.isnan([c.centre, c.lo, c.hi, c.sigma]).all()
    assert (c.signals, c.baseline) == ((), len(values))


def test_later_points_never_move_the_baseline() -> None:
    rng = np.random.default_rng(1)
    steady = rng.normal(50, 2, 24)
    short, longer = xmr(steady), xmr(np.concatenate([steady, rng.normal(80, 9, 12)]))
    assert longer.hi[:24] == pytest.approx(short.hi)
    assert longer.baseline == 24
    assert Signal(24, "outside") in longer.signals
    twelve = xmr(np.concatenate([steady, [80.0]]), baseline=12)
    assert twelve.hi[0] == pytest.approx(xmr(steady[:12]).hi[0])


def test_eight_in_a_row_on_one_side_are_a_signal_and_a_gap_ends_the_run() -> None:
    wobble = [10.0, 12.0] * 12
    shifted = [*wobble, *[11.5] * 9]
    runs = [s.index for s in xmr(shifted, correct=False).signals if s.rule == "run"]
    assert runs == [30, 31, 32]  # the run starts with the last 12.0 of the baseline, index 23
    interrupted = [*wobble, *[11.5] * 4, np.nan, *[11.5] * 5]
    assert [s for s in xmr(interrupted, correct=False).signals if s.rule == "run"] == []


def test_missing_points_have_no_range_with_their_neighbours() -> None:
    with_gap = [1.0, 2, 1, 2, np.nan, 50, 51, 50, 51]
    c = xmr(with_gap)
    assert c.baseline == 8
    assert c.moving_range / c.inflation == pytest.approx(1)


def test_season_is_removed_with_two_years_and_kept_with_less() -> None:
    rng = np.random.default_rng(5)
    month = np.arange(36)
    series = 100 + 30 * np.sin(month * np.pi / 6) + rng.normal(0, 1, 36)
    c = xmr(series, season=12)
    assert c.season_removed
    assert np.isnan(c.lo[:12]).all()
    assert (np.abs(series - c.centre)[12:] < 6).all()
    assert c.signals == ()
    series[35] += 15
    assert Signal(35, "outside") in xmr(series, season=12).signals
    assert not any(s.index == 35 for s in xmr(series, correct=False).signals if s.rule == "outside")
    assert not xmr(series[:23], season=12).season_removed


def test_p_of_a_point_on_the_limit_is_that_of_three_sigma() -> None:
    values = np.array(FLOW)
    c = xmr(values, correct=False)
    on_limit = np.append(np.tile(values, 3)[:24], np.nan)
    on_limit[24] = xmr(on_limit, correct=False).hi[0]
    assert xmr(on_limit, correct=False).p[24] == pytest.approx(0.0026998, abs=1e-6)
    away = np.abs(values - 50.81) / c.sigma
    assert (np.argsort(-c.p) == np.argsort(away)).all()


def test_false_alarms_in_a_year_after_two_years_of_baseline() -> None:
    rng = np.random.default_rng(7)
    alarms = {"outside": 0, "either": 0}
    for _ in range(1_500):
        c = xmr(rng.normal(0, 1, 36), correct=False)
        new = {s.rule for s in c.signals if s.index >= 24}
        alarms["outside"] += "outside" in new
        alarms["either"] += bool(new)
    assert alarms["outside"] / 1_500 == pytest.approx(0.092, abs=0.02)
    assert alarms["either"] / 1_500 == pytest.approx(0.148, abs=0.03)


def test_constant_and_empty_series() -> None:
    flat = xmr([5.0] * 12)
    assert (flat.lo[0], flat.hi[0], flat.signals) == (5, 5, ())
    assert xmr([]).values.size == 0
    assert np.isnan(xmr([np.nan] * 12).lo).all()


def test_a_baseline_outside_one_to_two_years_is_refused() -> None:
    with pytest.raises(CxError, match="12 to 24"):
        xmr(FLOW, baseline=6)
