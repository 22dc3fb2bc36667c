"""Change of a level: the Nile, false alarms on quiet series, power, margins of the date."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cxdata.statistics.change_point import change_point


def test_the_nile_fell_after_1898(shared_data: Path) -> None:
    """METRICS.md V18: after the 28th of 100 years; means 1097.75 and 849.9722."""
    flow = json.loads((shared_data.parent / "vectors" / "nile.json").read_text())
    found = change_point(flow["values"])
    assert found is not None
    assert found.after == 27
    assert (found.before_mean, found.after_mean) == pytest.approx((1097.75, 849.9722), abs=1e-4)
    assert found.p < 0.01
    assert found.first <= 27 <= found.last < 32


def test_a_quiet_series_cries_wolf_at_most_once_in_twenty() -> None:
    random = np.random.default_rng(3)
    found = [change_point(random.standard_normal(24)) for _ in range(400)]
    false = np.mean([one is not None and one.p < 0.05 for one in found])
    assert false <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_a_planted_change_is_found_where_it_is() -> None:
    """Two sigmas up after the 14th of 24 points: found, within a point, nine times in ten."""
    random = np.random.default_rng(4)
    hits = near = 0
    for _ in range(200):
        series = random.standard_normal(24)
        series[14:] += 2
        found = change_point(series)
        assert found is not None
        hits += found.p < 0.05
        near += abs(found.after - 13) <= 1
    assert hits >= 180
    assert near >= 160


def test_missing_points_are_left_out_and_dates_stay_theirs() -> None:
    series = np.array([1.0, 1.1, np.nan, 0.9, 1.0, 5.0, 5.1, np.nan, 4.9, 5.0])
    found = change_point(series)
    assert found is not None
    assert (found.after, found.first) == (4, 4)
    assert found.after_mean == pytest.approx(5.0)


def test_too_short_or_level_series_have_none() -> None:
    assert change_point([1, 2, 3, 4, 5, 6, 7]) is None
    assert change_point([3.0] * 12) is None
    assert change_point([np.nan] * 12) is None
