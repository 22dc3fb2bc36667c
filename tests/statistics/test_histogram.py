"""Histograms and the log-spaced bin rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.histogram import Histogram, bin_edges, log_bin


@given(x=st.floats(-1e9, 1e9))
def test_a_value_lies_between_the_edges_of_its_bin(x: float) -> None:
    lo, hi = bin_edges(log_bin(x))
    slack = 1e-9 * max(1.0, abs(x))
    assert lo - slack <= x <= hi + slack


@given(x=st.floats(1e-6, 1e9))
def test_bins_below_zero_mirror_those_above(x: float) -> None:
    assert log_bin(-x) == -1 - log_bin(x)
    lo, hi = bin_edges(log_bin(x))
    assert bin_edges(log_bin(-x)) == (-hi, -lo)


@given(x=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_bins_rise_with_values(x: list[float]) -> None:
    assert (np.diff(log_bin(np.sort(x))) >= 0).all()


def test_neighbouring_bins_touch() -> None:
    lo, hi = bin_edges(np.arange(-50, 50))
    assert hi[:-1] == pytest.approx(lo[1:], abs=1e-12)


def test_bins_from_sql_come_in_any_order_with_empty_ones() -> None:
    h = Histogram.of_bins([3, 0, 2, 1], [30, 0, 4, -7])
    assert h.value.tolist() == [-7, 2, 10]
    assert (h.size, h.at_least(0).size) == (6, 5)


def test_missing_values_are_left_out() -> None:
    assert Histogram.of_values([3, np.nan, 1]).total.tolist() == [1, 3]


def test_misfitting_bins_are_refused() -> None:
    with pytest.raises(CxError, match="one total"):
        Histogram(np.ones(2), np.ones(3))
    with pytest.raises(CxError, match="no empty bins"):
        Histogram(np.zeros(2), np.ones(2))
