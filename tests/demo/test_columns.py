"""Numpy columns become the Arrow columns one would write by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest

from cxdata.demo import columns as c

MISSING = np.array([False, True, False])


def test_ids_are_prefix_and_digits() -> None:
    numbers = np.array([7, 0, 9_876_543_210])
    assert c.ids("C", numbers, MISSING).to_pylist() == ["C0000000007", None, "C9876543210"]
    assert c.ids("AB", np.array([12]), width=3).to_pylist() == ["AB012"]
    assert c.ids("C", np.array([], dtype=np.int64)).to_pylist() == []


def test_decimals_are_exact_below_zero_too() -> None:
    cents = np.array([-1, 5, 123_456_789_012_345_6])
    assert c.decimals(cents, 2, MISSING).to_pylist() == [
        Decimal("-0.01"),
        None,
        Decimal("12345678901234.56"),
    ]
    assert c.decimals(np.array([-12_345]), 4).to_pylist() == [Decimal("-1.2345")]


def test_days_and_instants() -> None:
    assert c.days(np.array([0, 1, 20_000]), MISSING).to_pylist() == [
        date(1970, 1, 1),
        None,
        date(2024, 10, 4),
    ]
    at = c.instants(np.array([0, 1, 86_400_000_000]), MISSING).to_pylist()
    assert at == [datetime(1970, 1, 1, tzinfo=UTC), None, datetime(1970, 1, 2, tzinfo=UTC)]


def test_a_negative_code_is_missing() -> None:
    assert c.codes(np.array([1, -1, 0]), ("a", "b")).to_pylist() == ["b", None, "a"]


def test_columns_not_given_are_missing() -> None:
    rows = c.batch("owner", kind=c.constant("metric", 2), code=c.constant("nps", 2))
    assert rows.column("owner").to_pylist() == [None, None]


def test_a_column_that_is_not_declared_is_an_error() -> None:
    with pytest.raises(KeyError, match="owner has no column colour"):
        c.batch("owner", kind=c.constant("metric", 1), colour=c.constant("red", 1))
