from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.analysis.restatement import Cause, Part, Showing, restatement

START = datetime(2026, 10, 3, tzinfo=UTC)


def _showing(place: int, value: float, method: str = "m1") -> Showing:
    return Showing(f"v{place}", method, value, START + timedelta(days=place))


def test_parts_name_their_causes_and_equal_the_total() -> None:
    """31 when it was shown, 29 now: late answers -1.4, definition -0.6 (PRODUCT.md, row 6)."""
    showings = [_showing(1, 31.0), _showing(2, 29.6), _showing(3, 29.0, "m2")]
    found = restatement(showings, [frozenset({Cause.LATE}), frozenset()])
    assert found is not None
    assert found.total == pytest.approx(-2.0)
    assert [(part.causes, round(part.amount, 9)) for part in found.parts] == [
        ((Cause.LATE,), -1.4),
        ((Cause.DEFINITION,), -0.6),
    ]


def test_a_step_with_two_causes_is_one_part_of_both() -> None:
    found = restatement(
        [_showing(1, 10.0), _showing(2, 12.0)], [frozenset({Cause.CORRECTION, Cause.LATE})]
    )
    assert found is not None
    assert found.parts == (Part((Cause.LATE, Cause.CORRECTION), 2.0),)


def test_a_step_of_unknown_cause_says_so() -> None:
    found = restatement([_showing(1, 10.0), _showing(2, 12.0)], [frozenset()])
    assert found is not None
    assert found.parts[0].causes == (Cause.UNKNOWN,)


def test_one_showing_is_no_restatement() -> None:
    assert restatement([_showing(1, 10.0)], []) is None


VALUES = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.lists(st.tuples(VALUES, st.sets(st.sampled_from(list(Cause)))), min_size=2, max_size=9))
def test_the_parts_equal_the_total(steps: list[tuple[float, set[Cause]]]) -> None:
    showings = [_showing(place, value) for place, (value, _) in enumerate(steps)]
    found = restatement(showings, [frozenset(causes) for _, causes in steps[1:]])
    assert found is not None
    assert math.fsum(part.amount for part in found.parts) == pytest.approx(found.total, abs=1e-6)
