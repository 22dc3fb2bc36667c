"""Whose growth it is, counted by hand (METRICS.md 2.10, V13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cxdata.model.evidence import Flag
from cxdata.sources.address import Address
from cxdata.sources.sql import SqlSource
from tests.company import Company, Tables, company, member, opened, paid, sale
from tests.postgres import load_folder

BEFORE, NOW = date(2024, 6, 1), date(2025, 6, 1)
YEAR = "2025"


def book(
    folder: Path, revenue: Mapping[str, tuple[str | None, str | None]], **more: Any
) -> Company:
    """Customers named by where they came from, with what they paid in 2024 and in 2025."""
    sources = {"e": "earned", "b": "bought", "u": "unknown"}
    rows: list[dict[str, Any]] = [
        paid(who, month, amount)
        for who, amounts in revenue.items()
        for month, amount in zip((BEFORE, NOW), amounts, strict=True)
        if amount is not None
    ]
    # The first and the last month make two whole years of data.
    rows += [paid("edge", month, "0.00") for month in (date(2024, 1, 1), date(2025, 12, 1))]
    customers: list[dict[str, Any]] = [
        {"customer_id": who, "acquisition_source": sources.get(who[0])} for who in revenue
    ]
    customers.append({"customer_id": "edge"})
    tables: Tables = {"revenue_period": rows, "customer": customers, **more}
    return company(folder, tables, through=date(2025, 12, 31))


def rates(found: Company, period: str = YEAR, **how: Any) -> tuple[float | None, float | None]:
    """The lower and the upper bound."""
    names = ("earned_growth", "earned_growth_most")
    low, high = (found.value(name, period, **how) for name in names)
    return low, high


def test_of_unknown_source_growth_lies_between_bounds(tmp_path: Path) -> None:
    """V13: 100 before, 105 of the same, earned 10, bought 12, unknown 3: 15 to 18 % of 30 %."""
    found = book(
        tmp_path,
        {
            "olds": ("60.00", "75.00"),
            "older": ("40.00", "30.00"),
            "e1": (None, "10.00"),
            "b1": (None, "12.00"),
            "u1": (None, "2.00"),
            "none": (None, "1.00"),
        },
    )
    assert rates(found) == pytest.approx((0.15, 0.18))
    cell = found.cell("earned_growth", YEAR)
    assert (cell.n, cell.flag, cell.lo) == (6, Flag.OK, None)
    # Twelve months to December are the year; those to November are not known in full.
    assert rates(found, "2025-12") == pytest.approx((0.15, 0.18))
    assert rates(found, "2025-11") == (None, None)


def test_the_example_of_the_book_is_a_third_of_its_growth(tmp_path: Path) -> None:
    found = book(
        tmp_path, {"old": ("100.00", "95.00"), "e1": (None, "15.00"), "b1": (None, "20.00")}
    )
    assert rates(found) == pytest.approx((0.10, 0.10))


def test_little_known_is_indicative_and_no_revenue_is_no_figure(tmp_path: Path) -> None:
    found = book(
        tmp_path / "few",
        {"old": ("100.00", "100.00"), "e1": (None, "10.00"), "u1": (None, "10.00")},
    )
    assert found.cell("earned_growth", YEAR).flag is Flag.INDICATIVE
    empty = book(tmp_path / "empty", {"e1": (None, "10.00")})
    assert rates(empty) == (None, None)


def test_segments_are_those_of_the_start_or_of_the_first_day(tmp_path: Path) -> None:
    """Old is small until half of the year; e1 came as a large one."""
    segments = [
        member("old", "small", date(2024, 1, 1), date(2025, 7, 1)),
        member("old", "large", date(2025, 7, 1)),
        member("big", "large", date(2024, 1, 1)),
        member("e1", "large", date(2025, 1, 1)),
    ]
    found = book(
        tmp_path,
        {"old": ("50.00", "60.00"), "big": ("50.00", "50.00"), "e1": (None, "20.00")},
        customer_segment=segments,
    )
    by_segment = found.slices("earned_growth", YEAR, "segment")
    assert by_segment["small"] == pytest.approx(0.2)
    assert by_segment["large"] == pytest.approx(0.4)


def test_who_was_won_back_was_not_asked_why(tmp_path: Path) -> None:
    """The earned customer e1 paid in 2023, not in 2024, and again in 2025."""
    rows = [
        *(paid("old", month, "100.00") for month in (BEFORE, NOW)),
        *(paid("e1", month, "30.00") for month in (date(2023, 3, 1), NOW)),
        paid("edge", date(2025, 12, 1), "0.00"),
    ]
    customers = [
        {"customer_id": who, "acquisition_source": "earned"} for who in ("old", "e1", "edge")
    ]
    tables = {"revenue_period": rows, "customer": customers}
    found = company(tmp_path, tables, through=date(2025, 12, 31))
    assert rates(found) == pytest.approx((0.0, 0.3))


def test_who_is_won_back_may_have_bought_without_a_contract(tmp_path: Path) -> None:
    """The earned customer e1 bought in 2023, and has a contract since 2025."""
    rows = [
        *(paid("old", month, "100.00") for month in (BEFORE, NOW)),
        paid("e1", NOW, "30.00"),
        paid("edge", date(2023, 1, 1), "0.00"),
        paid("edge", date(2025, 12, 1), "0.00"),
    ]
    customers = [
        {"customer_id": who, "acquisition_source": "earned"} for who in ("old", "e1", "edge")
    ]
    tables = {
        "revenue_period": rows,
        "customer": customers,
        "sales_transaction": [sale("e1", date(2023, 3, 10), "20.00")],
    }
    found = company(tmp_path, tables, through=date(2025, 12, 31))
    assert rates(found) == pytest.approx((0.0, 0.3))


@pytest.mark.postgres
def test_a_database_counts_the_same(tmp_path: Path, postgres_url: str) -> None:
    revenue = {"old": ("100.00", "105.00"), "e1": (None, "10.00"), "u1": (None, "3.00")}
    files = book(tmp_path, revenue)
    load_folder(tmp_path, postgres_url, "earned")
    place = Address.parse(postgres_url, "url")
    source = SqlSource(place, schema="earned", marts_schema="earned_marts")
    database = opened(source, through=date(2025, 12, 31))
    assert database.mart("earned_summary") == files.mart("earned_summary") != []
    assert rates(database) == rates(files) == pytest.approx((0.15, 0.18))
    source.close()
