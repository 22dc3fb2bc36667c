"""Rows that nobody checked: counted, left out or refused (METRICS.md 1.5, 9.10)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cxdata.marts.rules import Rules
from cxdata.model.errors import SourceError
from tests.company import Company, answer, company, contact, member, sale, term

JAN = date(2026, 1, 1)
RULES = Rules(lapse_days=90)


def faults(found: Company) -> dict[tuple[str, str, str], tuple[int, int, str | None]]:
    """Rows, rows set aside and an example, by table, column and rule."""
    return {tuple(row[:3]): tuple(row[3:]) for row in found.mart("data_quality")}


def test_clean_rows_have_no_fault(tmp_path: Path) -> None:
    found = company(tmp_path, {"subscription_period": [term("a", JAN)]})
    assert faults(found) == {}


def test_a_row_twice_counts_once_and_two_rows_of_one_key_count_nowhere(tmp_path: Path) -> None:
    """t1 came twice, with two instants of loading; t2 says two amounts; t3 is sound."""
    lines = [
        sale("a", date(2026, 1, 5), "10.00", transaction_id="t1", loaded_at=at)
        for at in (datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 1, 7, tzinfo=UTC))
    ]
    lines += [
        sale("a", date(2026, 1, 5), amount, transaction_id="t2", loaded_at=None)
        for amount in ("1.00", "2.00")
    ]
    lines.append(sale("a", date(2026, 1, 6), "5.00", transaction_id="t3", loaded_at=None))
    found = company(tmp_path, {"sales_transaction": lines}, rules=RULES)
    assert faults(found) == {("sales_transaction", "transaction_id", "key"): (4, 3, "t1")}
    assert found.exact("revenue", "revenue", "2026-01") == 15
    assert found.exact("average_order_value", "orders", "2026-01") == 2


def test_lines_without_a_key_of_their_own_all_count(tmp_path: Path) -> None:
    """Two months' revenue of two products, where the product is not told, is no repeat."""
    rows: list[dict[str, Any]] = [
        {"customer_id": "a", "period_month": JAN, "recurring_amount": "10.00"} for _ in range(2)
    ]
    found = company(tmp_path, {"revenue_period": rows})
    assert faults(found) == {}
    assert found.exact("recurring_revenue", "revenue", "2026-01") == 20


def test_values_out_of_range_are_left_out_and_counted(tmp_path: Path) -> None:
    tables: dict[str, Any] = {
        "subscription_period": [term("a", JAN), term("b", JAN, None, "-5.00")],
        "interaction": [
            contact("a", date(2026, 1, 5), handle_seconds=60),
            contact("a", date(2026, 1, 6), handle_seconds=-60),
            contact("a", date(2026, 1, 7), handle_seconds=None),
        ],
        "survey_response": [answer(f"c{at}", date(2026, 1, 5), 9) for at in range(5)]
        + [answer("c5", date(2026, 1, 5), 100)],
    }
    found = company(tmp_path, tables)
    assert faults(found) == {
        ("interaction", "handle_seconds", "range"): (1, 1, "-60"),
        ("subscription_period", "recurring_amount", "range"): (1, 1, "-5.00"),
        ("survey_response", "nps_score", "range"): (1, 1, "100"),
    }
    assert found.value("contacts", "2026-01") == 2
    assert found.value("customers_end", "2026-01") == 1
    assert found.value("answers", "2026-01") == 5


def test_what_ends_before_it_starts_is_left_out_and_counted(tmp_path: Path) -> None:
    """An end is the first day no longer in force; one without an end is in force."""
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    tables: dict[str, Any] = {
        "subscription_period": [
            term("a", JAN),
            term("b", date(2026, 1, 9), JAN),
            term("c", JAN, JAN),
            term("d", JAN, date(2026, 1, 2)),
        ],
        "interaction": [
            contact("a", date(2026, 1, 5), started_at=noon, ended_at=at)
            for at in (None, noon, datetime(2026, 1, 5, 11, tzinfo=UTC))
        ],
        "customer_segment": [member("a", "small", date(2026, 3, 1), date(2026, 2, 1))],
    }
    found = company(tmp_path, tables)
    assert faults(found) == {
        ("subscription_period", "end_date", "order"): (2, 2, "2026-01-01"),
        ("interaction", "ended_at", "order"): (1, 1, "2026-01-05 11:00:00+00"),
        ("customer_segment", "valid_to", "order"): (1, 1, "2026-02-01"),
    }
    assert found.value("contacts", "2026-01") == 2
    assert found.value("customers_end", "2026-01") == 1
    assert found.exact("churn_rate", "days", "2026-01") == 31 + 1


def test_amounts_of_the_wrong_sign_are_left_out_and_counted(tmp_path: Path) -> None:
    """A sale takes nothing and a refund gives nothing; what no kind is named for is as it is."""
    day = date(2026, 1, 5)
    signed = (("sale", "10.00"), ("sale", "-3.00"), ("refund", "-2.00"), ("refund", "4.00"))
    lines = [sale("a", day, amount, kind=kind) for kind, amount in signed]
    found = company(tmp_path / "told", {"sales_transaction": lines}, rules=RULES)
    assert faults(found) == {("sales_transaction", "net_amount", "sign"): (2, 2, "-3.00")}
    assert found.exact("revenue", "revenue", "2026-01") == 8
    untold = [sale("a", day, "10.00"), sale("a", day, "-3.00")]
    found = company(tmp_path / "untold", {"sales_transaction": untold}, rules=RULES)
    assert faults(found) == {}
    assert found.exact("revenue", "revenue", "2026-01") == 7


def test_of_validities_at_once_the_first_stands(tmp_path: Path) -> None:
    """s1 has two at once and a third after them; s2 is whole; a ends small before it is large."""
    terms = [
        term("a", JAN, date(2026, 3, 1), "10.00", subscription_id="s1"),
        term("a", date(2026, 2, 1), date(2026, 2, 20), "99.00", subscription_id="s1"),
        term("a", date(2026, 3, 1), None, "20.00", subscription_id="s1"),
        term("b", JAN, date(2026, 2, 1), "5.00", subscription_id="s2"),
        term("b", date(2026, 2, 1), None, "5.00", subscription_id="s2"),
    ]
    segments = [
        member("a", "small", JAN),
        member("a", "large", date(2026, 2, 1)),
        member("b", "small", JAN, date(2026, 2, 1)),
        member("b", "large", date(2026, 2, 1)),
        member("a", "north", JAN, scheme="region"),
    ]
    found = company(tmp_path, {"subscription_period": terms, "customer_segment": segments})
    assert faults(found) == {
        ("subscription_period", "start_date", "overlap"): (1, 1, "s1"),
        ("customer_segment", "valid_from", "overlap"): (1, 1, "a"),
    }
    assert found.exact("recurring_revenue", "revenue", "2026-02") == 15
    assert found.exact("recurring_revenue", "revenue", "2026-03") == 25
    assert found.slices("customers_end", "2026-02", "segment") == {"small": 1, "large": 1}


def test_names_of_nothing_and_unknown_codes_are_told_and_kept(tmp_path: Path) -> None:
    tables: dict[str, Any] = {
        "customer": [{"customer_id": "a"}],
        "sales_transaction": [
            sale("a", date(2026, 1, 5), "10.00", kind="SALE"),
            sale("nobody", date(2026, 1, 5), "1.00", kind="sale"),
        ],
        "customer_segment": [member("ghost", "small", JAN)],
    }
    found = company(tmp_path, tables, rules=RULES)
    assert faults(found) == {
        ("sales_transaction", "customer_id", "refers"): (1, 0, "nobody"),
        ("sales_transaction", "kind", "allowed"): (1, 0, "SALE"),
        ("customer_segment", "customer_id", "refers"): (1, 0, "ghost"),
    }
    assert found.exact("average_order_value", "amount", "2026-01") == 11


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("customer", [{"customer_id": "a"}] * 2),
        ("interaction_reason", [{"reason_code": "r", "label": "R", "reason_group": "g"}] * 2),
        (
            "unit_cost",
            [{"channel_code": "phone", "valid_from": JAN, "basis": "marginal"}] * 2,
        ),
    ],
)
def test_a_dimension_with_a_key_twice_is_refused(
    tmp_path: Path, table: str, rows: list[dict[str, Any]]
) -> None:
    with pytest.raises(SourceError, match=f"The {table} table has 1 ids more than once"):
        company(tmp_path, {"subscription_period": [term("a", JAN)], table: rows})
