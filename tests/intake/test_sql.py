"""Texts as typed values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from cxdata.intake.recipe import Layout
from cxdata.intake.sql import Notation, constant, literal, local_date, snake_case, typed

PLAIN = Notation.of(Layout(), (), "DATE")
EUROPE = Notation(",", ".", ("%d.%m.%Y",), ("%d.%m.%Y %H:%M",), "Europe/Paris")
OFFSETS = Notation(".", ",", (), ("%Y-%m-%dT%H:%M:%S%z",), "Europe/Paris")


def value(expression: str) -> Any:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    row = connection.execute(f"SELECT {expression}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "logical", "expected"),
    [
        ("11.77", "MONEY", Decimal("11.77")),
        ("77", "MONEY", Decimal("77.00")),
        ("-.5", "MONEY", Decimal("-0.50")),
        ("1.500", "MONEY", Decimal("1.50")),
        ("1.005", "MONEY", None),
        ("1.00505", "UCOST", None),
        ("1.0050", "UCOST", Decimal("1.0050")),
        ("1,000", "MONEY", None),
        ("1e3", "MONEY", None),
        ("12345678901234567.00", "MONEY", None),
        ("$5", "MONEY", None),
        ("10.0", "INT", 10),
        ("10.5", "INT", None),
        ("3000000000", "INT", None),
        ("1e3", "NUM", 1000.0),
        ("nan", "NUM", None),
        ("#DIV/0!", "NUM", None),
        ("2024-02-29", "DATE", date(2024, 2, 29)),
        ("2023-02-29", "DATE", None),
        ("9999-12-31", "DATE", None),
        ("2024-01-01x", "DATE", None),
        ("2024-01-31 09:30:00", "TS", datetime(2024, 1, 31, 9, 30, tzinfo=UTC)),
        ("Yes", "BOOL", True),
        ("FALSE", "BOOL", False),
        ("maybe", "BOOL", None),
        ("007", "ID", "007"),
    ],
)
def test_plain_notation(text: str, logical: str, expected: Any) -> None:
    assert value(typed(literal(text), logical, PLAIN)) == expected


@pytest.mark.parametrize(
    ("text", "logical", "expected"),
    [
        ("1.234,50", "MONEY", Decimal("1234.50")),
        ("1234,5", "MONEY", Decimal("1234.50")),
        ("1.23,5", "MONEY", None),
        ("1,5", "NUM", 1.5),
        ("1.000", "INT", 1000),
        ("5.6.2024", "DATE", date(2024, 6, 5)),
        ("31.03.2024 03:30", "TS", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        ("31.03.2024 02:30", "TS", None),
    ],
)
def test_decimal_comma_day_first_and_a_zone_with_a_skipped_hour(
    text: str, logical: str, expected: Any
) -> None:
    assert value(typed(literal(text), logical, EUROPE)) == expected


def test_an_offset_says_the_instant_and_the_zone_says_the_business_date() -> None:
    text = literal("2024-12-31T23:30:00+0000")
    assert value(typed(text, "TS", OFFSETS)) == datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    assert value(local_date(text, OFFSETS)) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bank transfer (automatic)", "bank_transfer_automatic"),
        ("  Ärger & Zoll ", "ärger_zoll"),
        ("--", None),
    ],
)
def test_names_become_codes(name: str, code: str | None) -> None:
    assert value(snake_case(literal(name))) == code


def test_stated_values_are_typed_and_the_empty_text_is_nothing() -> None:
    assert value(constant("it's", "TEXT")) == "it's"
    assert value(constant(1.5, "MONEY")) == Decimal("1.50")
    assert value(constant(True, "BOOL")) is True
    assert value(constant("", "DATE")) is None
