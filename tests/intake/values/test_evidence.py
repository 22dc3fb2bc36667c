"""Evidence from every record, however late it stands; choices; many columns."""

from __future__ import annotations

import time
from typing import Any

import duckdb
import pytest

from cxdata.intake.values import profile
from tests.intake.values.kit import see, text


def test_a_text_in_record_29000_goes_aside_and_the_column_stays_a_number() -> None:
    numbers = [str(number % 97) for number in range(30_000)]
    numbers[28_999] = "broken"
    seen = see({"id": [str(one) for one in range(30_000)], "count": numbers})
    column = seen.columns["count"]
    assert column.writing.kind == "integer"
    assert [(one.record, one.line, one.value) for one in column.faults] == [
        (29_000, 29_001, "broken")
    ]
    assert "29001" in seen.report
    assert column.filled == 30_000


@pytest.mark.parametrize(
    ("usual", "late", "outcome", "expected"),
    [
        ("05/02/2024", "25/02/2024", "accept", "2024-02-25"),
        ("05/02/2024", "02/25/2024", "accept", "2024-02-25"),
        ("1.234", "1.5", "accept", "1.5"),
        ("1.234", "1,5", "accept", "1.5"),
        ("1.234", "1.234.567", "accept", "1234567"),
        ("12", "€12.50", "accept", "12.50"),
        ("12", "1,234.50", "accept", "1234.50"),
        ("12", "007", "accept", "007"),
        ("12", "(7)", "accept", "-7"),
        ("", "12.5", "accept", "12.5"),
        ("NA", "12.5", "accept", "12.5"),
        ("2024-01-31", "2024-02-01 10:30:00", "accept", "2024-02-01T10:30:00Z"),
        ("2024-01-31", "1 February 2024", "accept", "2024-02-01"),
        ("yes", "nein", "accept", "False"),
        ("12%", "7", "ask", "0.07"),
        ("€12", "$7", "ask", None),
        ("1234567890123456", "1.23457E+15", "ask", "1.23457E+15"),
    ],
)
def test_the_last_record_counts_as_much_as_the_first(
    usual: str, late: str, outcome: str, expected: str | None
) -> None:
    name = "at" if usual.startswith("2024") or "/" in usual else "x"
    seen = see({name: [usual] * 500 + [late]}, sample=50)
    assert seen.outcome == outcome, seen.report
    if expected is None:
        assert len(seen.typed[name]) == 500
    else:
        assert str(text(seen.typed[name][-1])) == expected


def test_many_late_values_of_another_form_change_the_judgement() -> None:
    seen = see({"level": ["1"] * 50 + ["A-1", "B-2"] * 2000}, sample=50)
    assert seen.columns["level"].writing.kind == "text"
    assert seen.outcome == "accept"


def test_a_column_empty_for_long_is_judged_by_what_comes_late() -> None:
    seen = see({"date": [""] * 5000 + ["31/01/2024"]})
    assert seen.columns["date"].writing.date_formats == ("%d/%m/%Y",)
    assert seen.columns["date"].filled == 1


@pytest.mark.parametrize(
    ("columns", "choices", "expected"),
    [
        ({"a": ["1.234"]}, {"decimal": ","}, "1234"),
        ({"a": ["1.234"]}, {"column:a:decimal": "."}, "1.234"),
        ({"date": ["05/02/2024"]}, {"date_order": "month"}, "2024-05-02"),
        ({"date": ["05/02/2024"]}, {"column:date:date_order": "day"}, "2024-02-05"),
        ({"date": ["45321"]}, {"column:date:serial": "number"}, "45321"),
        ({"date": ["43860"]}, {"column:date:serial": "excel-1904"}, "2024-01-31"),
        ({"at": ["1706702400"]}, {"column:at:epoch": "number"}, "1706702400"),
        ({"at": ["2024-01-31 12:00:00"]}, {"zone": "Europe/Paris"}, "2024-01-31T11:00:00Z"),
        ({"a": ["€5", "$7"]}, {"column:a:currency": "USD"}, "7"),
        ({"a": ["5%", "7"]}, {"column:a:percent": "rate"}, "7"),
        ({"a": ["5", "999"]}, {"column:a:missing": ["999"]}, "None"),
        ({"a": ["1.23457E+15"]}, {"column:a:ruined": "number"}, "1.23457E+15"),
        ({"a": ["20240131"]}, {"column:a:kind": "date"}, "2024-01-31"),
        ({"a": ["1", "0"]}, {"column:a:kind": "boolean"}, "False"),
        ({"a": ["2024-01-31", "x"]}, {"column:a:kind": "text"}, "x"),
    ],
)
def test_a_choice_is_not_asked_again_and_decides(
    columns: dict[str, list[str]], choices: dict[str, Any], expected: str
) -> None:
    seen = see(columns, choices)
    assert seen.outcome != "ask", seen.report
    assert str(text(seen.typed[next(iter(columns))][-1])) == expected


def test_every_question_is_settled_by_any_of_its_options() -> None:
    asked = {
        "amount": ["1.234", "5.678"],
        "date": ["05/02/2024", "03/04/2024"],
        "sold_date": ["45321", "45322"],
        "at": ["1706702400", "1706702401"],
        "price": ["€5", "$7"],
        "rate": ["5%", "7"],
        "id": ["1.23457E+15", "1.23457E+15"],
    }
    for name, values in asked.items():
        (one,) = see({name: values}).columns[name].questions
        assert one.default in [value for value, _ in one.options]
        for value, _ in one.options:
            assert see({name: values}, {one.key: value}).columns[name].questions == ()


def test_a_fault_says_why() -> None:
    seen = see(
        {
            "date": ["31/01/2024", "30/01/2024", "02/31/2024", "31/02/2024", "99/99/9999", "soon"],
            "amount": ["1.5", "2.5", "3,25", "€7.50", "many", "#REF!"],
            "end_date": ["2024-01-31", "2024-01-30", "2099-12-31", "9999-12-31", "1066-01-01", ""],
        }
    )
    reasons = [one.why for column in seen.columns.values() for one in column.faults]
    assert any("not a day of the calendar" in one for one in reasons)
    assert any("no end" in one for one in reasons)
    assert any("not between the years" in one for one in reasons)
    assert any("decimal sign" in one for one in reasons)
    assert any("spreadsheet" in one for one in reasons)
    assert all(column.fault_count == len(column.faults) for column in seen.columns.values())


def test_faults_beyond_the_first_hundred_are_counted() -> None:
    seen = see({"amount": ["1.5"] * 5000 + ["broken"] * 150})
    column = seen.columns["amount"]
    assert (column.fault_count, len(column.faults)) == (150, 100)
    assert "50 more" in seen.report


def test_no_header_and_no_records() -> None:
    with duckdb.connect() as connection:
        assert profile(connection, "raw", (), records=0) == ()
    seen = see({"a": [], "b": []})
    assert [one.writing.kind for one in seen.columns.values()] == ["empty", "empty"]


@pytest.mark.slow
def test_time_grows_with_columns_and_not_with_their_square() -> None:
    def seconds(columns: int) -> float:
        with duckdb.connect() as connection:
            cells = ", ".join(f"CAST(i % {3 + n % 7} AS VARCHAR) AS c{n}" for n in range(columns))
            connection.execute(
                f"CREATE TABLE raw AS SELECT i AS _record, i AS _line, {cells} "
                "FROM range(200) AS t(i)"
            )
            began = time.process_time()
            found = profile(connection, "raw", [f"q{n}" for n in range(columns)], records=200)
            assert len(found) == columns
            return time.process_time() - began

    few, many = seconds(100), seconds(600)
    assert many < 6 * few * 2.5
