"""Quantiles and order-statistic intervals against numpy, scipy and exact coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.histogram import Histogram, log_bin
from cxdata.statistics.quantile import median_interval, quantile, quantile_interval

values = st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=40)


@given(x=values, q=st.floats(0, 1))
def test_raw_values_give_numpys_quantile(x: list[float], q: float) -> None:
    ours = quantile(Histogram.of_values(x), q)
    assert ours == pytest.approx(np.quantile(x, q), rel=1e-9, abs=1e-6)


def test_ties_in_a_bin_are_exact() -> None:
    h = Histogram.of_bins([600, 400], [0, 4_000])
    assert quantile(h, [0.1, 0.5, 0.59, 0.7]).tolist() == [0, 0, 0, 10]


def test_log_bins_keep_quantiles_within_half_a_bin() -> None:
    spend = np.random.default_rng(3).lognormal(4, 1.3, 20_000)
    _, place = np.unique(log_bin(spend), return_inverse=True)
    h = Histogram.of_bins(np.bincount(place), np.bincount(place, weights=spend))
    at = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
    assert quantile(h, at) == pytest.approx(np.quantile(spend, at), rel=0.035)


def test_median_of_one_to_twenty() -> None:
    m = median_interval(Histogram.of_values(range(1, 21)))
    assert (m.estimate, m.lo, m.hi, m.n) == (10.5, 6, 15, 20)
    assert m.level == pytest.approx(0.958611, abs=5e-7)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("n", [40, 137, 1_000, 200_000])
def test_interval_is_the_tightest_that_keeps_its_level(n: int, share: float) -> None:
    from scipy.stats import binom

    i = quantile_interval(Histogram.of_values(np.arange(1, n + 1)), share)
    lower, upper = int(i.lo), int(i.hi)  # ranks, since the values are 1..n
    coverage = binom.cdf(upper - 1, n, share) - binom.cdf(lower - 1, n, share)
    assert i.level == pytest.approx(coverage, abs=1e-9)
    assert i.level >= 0.95
    assert binom.cdf(lower, n, share) > 0.025
    assert binom.sf(upper - 2, n, share) > 0.025


def test_too_few_customers_have_a_median_and_no_interval() -> None:
    five, six = (median_interval(Histogram.of_values(range(n))) for n in (5, 6))
    assert (five.estimate, np.isnan(five.lo)) == (2, True)
    assert (six.lo, six.hi) == (0, 5)
    assert np.isnan(median_interval(Histogram.of_values([])).estimate)


def test_a_share_given_in_per_cent_is_refused() -> None:
    with pytest.raises(CxError, match="between 0 and 1"):
        quantile(Histogram.of_values([1, 2]), 90)
