"""Lines, orders and their segments, by hand (METRICS.md 2.6, 9.14)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cxdata.marts.rules import Rules
from tests.company import company, journeys, member, sale

OLD = date(2025, 11, 1)


def test_lines_of_an_order_are_one_order_in_the_segment_of_its_day(tmp_path: Path) -> None:
    """A moves on 10 February: the quarter's orders lie where they were made."""
    lines = [
        sale("a", date(2026, 1, 5), "10.00", order_id="o1"),
        sale("a", date(2026, 1, 6), "20.00", order_id="o1", journey_code="buy"),
        sale("a", date(2026, 2, 20), "40.00", order_id="o2"),
        sale("a", date(2026, 2, 22), "-4.00", kind="refund", order_id="o2"),
        sale("a", date(2026, 3, 1), "-6.00", kind="refund", order_id="o2"),
        sale("b", date(2026, 1, 5), "7.00", order_id="o1"),
        *(sale("b", date(2026, 1, 5), "1.00"), sale("b", date(2026, 1, 5), "2.00")),
    ]
    segments = [
        member("a", "small", OLD, date(2026, 2, 10)),
        member("a", "large", date(2026, 2, 10)),
        member("b", "small", OLD),
    ]
    tables = {
        "sales_transaction": lines,
        "customer_segment": segments,
        "journey": journeys("buy"),
    }
    found = company(tmp_path, tables, rules=Rules(lapse_days=90))
    assert found.value("average_order_value", "2026-01") == pytest.approx(40 / 4)
    assert found.value("average_order_value", "2026-Q1") == pytest.approx(70 / 5)
    assert found.slices("average_order_value", "2026-Q1", "segment") == {"large": 30, "small": 10}
    by_journey = found.slices("average_order_value", "2026-01", "journey")
    assert by_journey == {"buy": 30, "(none)": pytest.approx(10 / 3)}


def test_a_line_that_lost_its_customer_makes_no_second_order(tmp_path: Path) -> None:
    """Its money stays anonymous; an order nobody is known of is still one."""
    lines = [
        sale("a", date(2026, 1, 5), "10.00", order_id="o1"),
        sale(None, date(2026, 1, 5), "20.00", order_id="o1"),
        sale(None, date(2026, 1, 6), "5.00", order_id="o2"),
        sale(None, date(2026, 1, 6), "1.00", order_id="o2"),
        sale("b", date(2026, 1, 7), "-3.00", kind="refund", order_id="o3"),
        sale(None, date(2026, 1, 8), "7.00", order_id="o3"),
    ]
    found = company(tmp_path, {"sales_transaction": lines}, rules=Rules(lapse_days=90))
    assert found.value("average_order_value", "2026-01") == pytest.approx(40 / 3)
    assert found.value("revenue", "2026-01") == 7
