"""Gini, top share, tenths and whale curve: hand figures, formulas, bins near raw values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.distribution import gini, parts, top_share, whale_curve
from cxdata.statistics.histogram import Histogram, log_bin

SPEND = [100, 50, 20, 10, 5, 5, 4, 3, 2, 1]
spends = st.lists(st.integers(0, 5_000), min_size=1, max_size=60).filter(lambda x: sum(x) > 0)


def raw(values: list[int] | list[float]) -> Histogram:
    return Histogram.of_values(values)


def binned(values: np.ndarray) -> Histogram:
    _, place = np.unique(log_bin(values), return_inverse=True)
    return Histogram.of_bins(np.bincount(place), np.bincount(place, weights=values))


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 2, 3, 4], 0.25), ([0, 0, 0, 10], 0.75), ([7, 7, 7], 0), (SPEND, 0.665)],
)
def test_gini_by_hand(values: list[int], expected: float) -> None:
    assert gini(raw(values)).estimate == pytest.approx(expected, abs=1e-12)


@given(values=spends)
def test_gini_equals_its_formula_over_ranks(values: list[int]) -> None:
    x, n = np.sort(np.array(values, dtype=float)), len(values)
    formula = 2 * np.sum(np.arange(1, n + 1) * x) / (n * x.sum()) - (n + 1) / n
    assert gini(raw(values)).estimate == pytest.approx(formula, abs=1e-9)


def test_customers_below_zero_are_excluded_and_counted() -> None:
    g = gini(raw([-5, 1, 2, 3, 4]))
    assert (g.estimate, g.n, g.excluded) == pytest.approx((0.25, 4, 1))


@pytest.mark.parametrize("values", [[], [0, 0], [-3, -1]])
def test_nothing_to_share_has_no_gini_and_no_top_share(values: list[int]) -> None:
    assert np.isnan(gini(raw(values)).estimate)
    assert np.isnan(top_share(raw(values), 0.2))


def test_top_share_takes_the_boundary_customer_in_part() -> None:
    assert top_share(raw(SPEND), 0.20) == pytest.approx(0.75)
    assert top_share(raw(SPEND), 0.25) == pytest.approx(0.80)
    assert [top_share(raw(SPEND), q) for q in (0, 1)] == pytest.approx([0, 1])


@given(values=spends, number=st.integers(1, 12))
def test_parts_make_the_whole_and_rise(values: list[int], number: int) -> None:
    p = parts(raw(values), number)
    assert p.total.sum() == pytest.approx(sum(values))
    assert (np.diff(p.total) >= -1e-7).all()
    assert p.share.sum() == pytest.approx(1)
    assert p.share[-1] == pytest.approx(top_share(raw(values), 1 / number))


def test_tenths_of_ten_customers_are_the_customers() -> None:
    p = parts(raw(SPEND))
    assert p.mean == pytest.approx(sorted(SPEND))
    assert np.isnan(parts(raw([])).total).all()


@given(values=spends)
def test_order_of_rows_and_grouping_of_equals_change_nothing(values: list[int]) -> None:
    distinct, n = np.unique(values, return_counts=True)
    grouped = Histogram.of_bins(n, n * distinct)
    assert gini(grouped).estimate == pytest.approx(gini(raw(values[::-1])).estimate, abs=1e-9)
    assert top_share(grouped, 0.1) == pytest.approx(top_share(raw(values), 0.1))


def test_log_bins_lose_almost_nothing() -> None:
    spend = np.random.default_rng(2).lognormal(4, 1.3, 20_000)
    exact, coarse = Histogram.of_values(spend), binned(spend)
    assert coarse.n.size < 300
    assert gini(coarse).estimate == pytest.approx(gini(exact).estimate, abs=2e-4)
    assert top_share(coarse, 0.1) == pytest.approx(top_share(exact, 0.1), abs=5e-4)


def test_whale_curve_peaks_above_one_when_some_lose_money() -> None:
    w = whale_curve(raw([60, 50, 10, -5, -15]))
    assert w.customers.tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert w.share.tolist() == pytest.approx([0, 0.6, 1.1, 1.2, 1.15, 1])
    assert (w.peak, w.below_zero) == pytest.approx((1.2, 2))
    assert np.isnan(whale_curve(raw([])).peak)


def test_impossible_parts_are_refused() -> None:
    with pytest.raises(CxError, match="between 0 and 1"):
        top_share(raw(SPEND), 20)
    with pytest.raises(CxError, match="at least one part"):
        parts(raw(SPEND), 0)
