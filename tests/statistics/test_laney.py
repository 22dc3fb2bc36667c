"""Laney's charts: they reduce to XmR at equal n and to the classic chart without extra spread."""

from __future__ import annotations

import numpy as np
import pytest

from cxdata.model.errors import CxError
from cxdata.statistics.control import Signal, xmr
from cxdata.statistics.laney import laney_p, laney_u

SHARES = [52, 48, 50, 55, 47, 51, 49, 53, 50, 46, 54, 50, 58]


def test_equal_n_gives_the_limits_of_xmr() -> None:
    p = laney_p(SHARES, 100)
    x = xmr(np.array(SHARES) / 100, correct=False)
    assert p.centre == pytest.approx(x.centre)
    assert p.hi == pytest.approx(x.hi, abs=1e-4)  # 3/1.128 is 2.6596, Wheeler rounds to 2.66
    u = laney_u(SHARES, 100)
    assert u.hi == pytest.approx(x.hi, abs=1e-4)


def test_binomial_data_give_the_classic_chart() -> None:
    rng = np.random.default_rng(11)
    n = rng.integers(2_000, 9_000, 24)
    sigma_z = [laney_p(rng.binomial(n, 0.3), n).inflation for _ in range(200)]
    assert np.mean(sigma_z) == pytest.approx(1, abs=0.03)


def test_extra_spread_in_large_samples_widens_limits_that_would_alarm() -> None:
    rng = np.random.default_rng(12)
    n = rng.integers(200_000, 900_000, 24)
    share = rng.normal(0.3, 0.01, 24)
    c = laney_p(np.round(share * n), n)
    classic = 3 * np.sqrt(0.3 * 0.7 / n)
    assert (np.abs(c.values - c.centre) > classic).mean() > 0.5
    assert sum(s.rule == "outside" for s in c.signals) <= 1
    assert c.inflation > 5


def test_small_periods_have_wider_limits_and_empty_ones_none() -> None:
    n = [100] * 12 + [25, 0]
    c = laney_p([50, 52, 48, 51] * 3 + [20, 0], n)
    assert c.hi[12] - c.centre[12] == pytest.approx(2 * (c.hi[0] - c.centre[0]))
    assert c.centre - c.lo == pytest.approx(c.hi - c.centre, nan_ok=True)
    assert c.hi - c.centre == pytest.approx(3 * c.sigma, nan_ok=True)
    assert np.isnan(c.hi[13])
    assert np.isnan(c.values[13])


def test_limits_stay_within_what_shares_and_rates_can_be() -> None:
    rare = laney_p([1, 0, 2, 0, 1, 0, 3, 0, 1, 0], 50)
    assert rare.lo.tolist() == [0] * 10
    sure = laney_p([50, 49, 50, 48, 50, 49, 50, 47, 50, 50], 50)
    assert sure.hi.tolist() == [1] * 10
    assert laney_u([1, 0, 2, 0, 1, 0, 3, 0, 1, 0], 50).lo.tolist() == [0] * 10


def test_a_jump_after_the_baseline_is_a_signal() -> None:
    c = laney_u([50, 52, 48, 51] * 6 + [90], 100)
    assert c.baseline == 24
    assert Signal(24, "outside") in c.signals
    alone = laney_u([50, 52, 48, 51] * 6, 100)
    assert c.hi[:24] == pytest.approx(alone.hi)
    assert c.range_limit == pytest.approx(alone.range_limit) == 3.267 * alone.moving_range
    assert c.autocorrelation == pytest.approx(alone.autocorrelation)


def test_the_unit_of_exposure_only_scales_the_rate() -> None:
    large, small = laney_u(SHARES, 100), laney_u(SHARES, 0.5)
    assert small.hi == pytest.approx(200 * large.hi)


@pytest.mark.parametrize("k", [[0] * 10, [5] * 7])
def test_no_events_at_all_or_too_few_points_have_no_limits(k: list[int]) -> None:
    for c in (laney_p(k, 50), laney_u(k, 50)):
        assert np.isnan(c.hi).all()
        assert c.signals == ()


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(CxError, match="between 0 and the number"):
        laney_p([5] * 9, 4)
    with pytest.raises(CxError, match="cannot be negative"):
        laney_u([-5] * 9, 4)
