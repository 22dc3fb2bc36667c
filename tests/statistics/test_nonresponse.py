"""Bounds and tipping point of those who did not answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import CxError
from cxdata.statistics.nonresponse import nonresponse_bounds, response_rate, tipping_point


def test_one_in_five_answered() -> None:
    assert response_rate(200, 1000) == 0.2
    assert nonresponse_bounds(110, 60, 30, 1000) == pytest.approx((-72, 88))
    assert tipping_point(40, 200, 1000, target=30) == pytest.approx(27.5)


@given(
    classes=st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50)),
    silent=st.integers(1, 500),
)
def test_tipping_points_of_the_bounds_are_the_ends_of_the_scale(
    classes: tuple[int, int, int], silent: int
) -> None:
    good, _, bad = classes
    n = sum(classes)
    lo, hi = nonresponse_bounds(*classes, n + silent)
    score = 100 * (good - bad) / n
    assert tipping_point(score, n, n + silent, lo) == pytest.approx(-100)
    assert tipping_point(score, n, n + silent, hi) == pytest.approx(100)


def test_nobody_asked_and_everybody_answered() -> None:
    assert np.isnan(response_rate(0, 0))
    assert np.isnan(tipping_point(40, 100, 100, 30))
    assert nonresponse_bounds(50, 30, 20, 100) == pytest.approx((30, 30))


def test_more_answers_than_people_asked_are_refused() -> None:
    with pytest.raises(CxError, match="More people answered"):
        response_rate(11, 10)
