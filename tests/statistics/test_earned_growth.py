"""Earned growth: METRICS.md V13, the book's example, and what cannot be told."""

from __future__ import annotations

import pytest

from cxdata.statistics.earned_growth import earned_growth
from cxdata.statistics.interval import InvalidInput


def test_unknown_sources_widen_the_rate() -> None:
    """Prior 100; same customers now 105; earned 10, bought 12, unknown 3: 15 to 18 % of 30 %."""
    found = earned_growth(100, 105, 10, 12, 3)
    assert found is not None
    assert found.retention == pytest.approx(1.05)
    assert found.new_lo == pytest.approx(0.10)
    assert found.rate == pytest.approx((0.15, 0.18))
    assert found.growth == pytest.approx(0.30)
    assert not found.is_indicative


def test_the_example_of_the_book() -> None:
    """Growth of 30 %, of which 10 % is earned: a third."""
    found = earned_growth(100, 95, 15, 20)
    assert found is not None
    assert found.rate == pytest.approx((0.10, 0.10))
    assert found.ratio == pytest.approx((1 / 3, 1 / 3))


def test_too_little_known_is_indicative() -> None:
    found = earned_growth(100, 100, 5, 5, 10)
    assert found is not None
    assert found.is_indicative


def test_without_growth_or_revenue_there_is_no_ratio() -> None:
    shrinking = earned_growth(100, 80, 5, 5)
    assert shrinking is not None
    assert shrinking.ratio is None
    assert earned_growth(0, 0, 5, 5) is None
    with pytest.raises(InvalidInput):
        earned_growth(100, 100, -1, 0)
