"""Texts as typed values in the notation of their column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from cxdata.intake.values.sql import constant, literal, snake_case
from cxdata.intake.values.typed import number_text, present, typed
from cxdata.intake.values.writing import Writing

PLAIN = Writing()
EUROPE = Writing(
    decimal=",",
    thousands=".",
    date_formats=("%d.%m.%Y", "%d.%m.%Y %H:%M"),
    zone="Europe/Paris",
)
OFFSETS = Writing(date_formats=("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"), zone="Europe/Paris")
NAMES = Writing(date_formats=("%d %B %Y", "%B %d %Y", "%d %B %Y %H:%M", "%B %Y"))
EXCEL = Writing("timestamp", date_formats=("excel",))


def value(expression: str) -> Any:
    with duckdb.connect() as connection:
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
        ("(5)", "MONEY", None),
        ("10.0", "INT", 10),
        ("10.5", "INT", None),
        ("3000000000", "INT", None),
        ("1_000", "INT", None),
        ("1e3", "NUM", 1000.0),
        ("1e400", "NUM", None),
        ("-1e400", "NUM", None),
        ("nan", "NUM", None),
        ("inf", "NUM", None),
        ("#DIV/0!", "NUM", None),
        ("#DIV/0!", "TEXT", None),
        ("#promo", "TEXT", "#promo"),
        ("2024-02-29", "DATE", date(2024, 2, 29)),
        ("2023-02-29", "DATE", None),
        ("9999-12-31", "DATE", None),
        ("2024-01-01x", "DATE", None),
        ("2024-01-31 09:30:00", "TS", datetime(2024, 1, 31, 9, 30, tzinfo=UTC)),
        ("2024-01-31T09:30:00Z", "TS", datetime(2024, 1, 31, 9, 30, tzinfo=UTC)),
        ("2024-01-31T09:30", "TS", None),
        ("Yes", "BOOL", True),
        ("FALSE", "BOOL", False),
        ("nein", "BOOL", False),
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
        ("5.6.2024 23:30", "DATE", date(2024, 6, 5)),
        ("31.03.2024 03:30", "TS", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        ("31.03.2024 02:30", "TS", None),
        ("31.03.9999 02:30", "TS", None),
    ],
)
def test_decimal_comma_day_first_and_a_zone_with_a_skipped_hour(
    text: str, logical: str, expected: Any
) -> None:
    assert value(typed(literal(text), logical, EUROPE)) == expected


@pytest.mark.parametrize(
    ("text", "writing", "logical", "expected"),
    [
        ("12.5%", Writing("percent"), "NUM", 0.125),
        ("0.7%", Writing("percent"), "NUM", 0.007),
        ("12.5%", Writing("percent"), "UCOST", Decimal("0.1250")),
        ("12.5%", Writing("percent"), "MONEY", None),
        ("(12,5 %)", Writing("percent", ",", negative=("-", "()")), "NUM", -0.125),
        ("0.3", Writing("percent", bare="rate"), "NUM", 0.3),
        ("30%", Writing("percent", bare="rate"), "NUM", 0.3),
        ("9 - Very satisfied", Writing("score"), "INT", 9),
        ("10.0", Writing("score"), "INT", 10),
        ("kr. 12,50", Writing("money", ",", signs=("kr.",)), "MONEY", Decimal("12.50")),
        ("kr. 12,50", Writing("money", ",", signs=("€",)), "MONEY", None),
        ("€ 5 -", Writing("money", negative=("1-",), signs=("€",)), "MONEY", Decimal("-5.00")),
        ("1,2,3", Writing("decimal", thousands=","), "NUM", None),
        ("31-JAN-24", Writing(date_formats=("%d-%b-%y",)), "DATE", date(2024, 1, 31)),
        ("ja", Writing("boolean", yes=("yes",), no=("no",)), "BOOL", None),
    ],
)
def test_a_columns_own_notation(text: str, writing: Writing, logical: str, expected: Any) -> None:
    assert value(typed(literal(text), logical, writing)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 févr. 2024", date(2024, 2, 12)),
        ("12. März 2024", date(2024, 3, 12)),
        ("Feb 12, 2024", date(2024, 2, 12)),
        ("12 de febrero de 2024", date(2024, 2, 12)),
        ("mar. 12 mars 2024", date(2024, 3, 12)),
        ("1er août 2024", date(2024, 8, 1)),
        ("3 maggio 2024 10:30", date(2024, 5, 3)),
        ("September 2024", date(2024, 9, 1)),
        ("12 Foo 2024", None),
        ("31 avril 2024", None),
        ("12 mars 9999", None),
    ],
)
def test_names_of_months(text: str, expected: date | None) -> None:
    assert value(typed(literal(text), "DATE", NAMES)) == expected


def test_an_offset_says_the_instant_and_the_zone_says_the_business_date() -> None:
    for text in ("2024-12-31T23:30:00+0000", "2024-12-31T23:30:00Z", "2025-01-01T01:30+02"):
        assert value(typed(literal(text), "TS", OFFSETS)) == datetime(
            2024, 12, 31, 23, 30, tzinfo=UTC
        )
        assert value(typed(literal(text), "DATE", OFFSETS)) == date(2025, 1, 1)


def test_seven_digits_of_a_second_and_commas_before_them() -> None:
    moment = datetime(2024, 1, 31, 9, 30, 0, 123456, tzinfo=UTC)
    iso = Writing(date_formats=("%Y-%m-%dT%H:%M:%S.%f%z",))
    other = Writing(date_formats=("%d/%m/%Y %H:%M:%S,%f",))
    assert value(typed("'2024-01-31T09:30:00.1234567Z'", "TS", iso)) == moment
    assert value(typed("'31/01/2024 09:30:00,1234567'", "TS", other)) == moment


def test_times_without_a_zone_are_not_taken_where_none_is_stated() -> None:
    both = Writing(date_formats=("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%z"), zone="")
    assert value(typed("'2024-01-31 09:30:00'", "TS", both)) is None
    assert value(typed("'2024-01-31 09:30:00Z'", "TS", both)) is not None


def test_counts_of_spreadsheets_and_computers() -> None:
    noon = datetime(2024, 1, 31, 12, tzinfo=UTC)
    assert value(typed("'45322.5'", "TS", EXCEL)) == noon
    assert value(typed("'45322.500000000004'", "TS", EXCEL)) == noon
    mac = Writing("timestamp", date_formats=("excel-1904",))
    assert value(typed("'43860.5'", "TS", mac)) == noon
    epochs = Writing("timestamp", date_formats=("epoch-s", "epoch-ms"))
    assert value(typed("'1706702400'", "TS", epochs)) == noon
    assert value(typed("'1706702400000'", "TS", epochs)) == noon


def test_numbers_of_any_size_are_exact() -> None:
    text = "123456789012345678901234567890.000000000000000001"
    assert value(number_text(literal(text), PLAIN)) == text


def test_missing_words_and_spaces_of_any_kind() -> None:
    writing = Writing(missing=("", "n/a"))
    assert value(present("' \u00a0x\u202f\t'", writing)) == "x"
    assert value(present("' n/a '", writing)) is None
    assert value(present("'\u00a0'", writing)) is None
    assert value(present("NULL", writing)) is None


def test_a_writing_is_stored_and_read_back_equal() -> None:
    for writing in (PLAIN, EUROPE, NAMES, Writing("score", low=0.0, high=10.0), Writing(zone="")):
        assert Writing.from_json(writing.as_json()) == writing
    assert Writing.from_json({"kind": "money", "of another version": 1}) == Writing("money")


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
