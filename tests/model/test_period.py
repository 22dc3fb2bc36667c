"""Periods at the edges of months, years and fiscal years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxdata.model.errors import BadScope
from cxdata.model.period import Grain, Period, add_months

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
GRAINS = st.sampled_from(Grain)
STARTS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_on_end_on_a_day_that_exists(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_february_has_its_leap_day() -> None:
    assert Period.parse("2024-02").days == 29
    assert Period.parse("2023-02").days == 28
    assert Period.parse("2024").days == 366


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026-Q1", date(2025, 4, 1), date(2025, 7, 1), "Q1 FY 2026"),
        ("2026-Q4", date(2026, 1, 1), date(2026, 4, 1), "Q4 FY 2026"),
        ("2026", date(2025, 4, 1), date(2026, 4, 1), "FY 2026"),
        ("2026-03", date(2026, 3, 1), date(2026, 4, 1), "Mar 2026"),
    ],
)
def test_a_fiscal_year_from_april_is_named_by_the_year_it_ends_in(
    text: str, start: date, end: date, label: str
) -> None:
    period = Period.parse(text, fiscal_start=4)
    assert (period.start, period.end, period.label) == (start, end, label)


@given(DAYS, GRAINS, STARTS)
def test_each_day_lies_in_one_period_that_reads_back(day: date, grain: Grain, start: int) -> None:
    period = Period.containing(day, grain, start)
    assert period.start <= day < period.end
    assert Period.parse(period.key, start) == period
    assert period.previous().end == period.start
    assert period.shift(1).start == period.end
    assert sum(1 for _ in period.months()) == grain.months
    assert period.year_before().shift(12 // grain.months) == period


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "2026-W01", "0000", "9999", "26-1", ""])
def test_what_is_no_period_is_a_sentence(text: str) -> None:
    with pytest.raises(BadScope, match="is no period"):
        Period.parse(text)
