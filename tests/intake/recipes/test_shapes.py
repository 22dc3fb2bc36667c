"""Exports of the systems CX teams use load unedited, into the rows counted by hand in fixtures/."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cxdata.intake.execute import execute, read_by
from cxdata.intake.loaded import Loaded
from cxdata.intake.matching import Library
from cxdata.intake.recipe_file import find_recipe, shipped
from cxdata.intake.terms import Terms
from tests.intake.kit import assert_closes, rows

FIXTURES = Path(__file__).parent / "fixtures"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
REAL = {"cdnow", "ibm-telco", "sfo-2017", "uci-incidents"}

# Name: records set aside (header rows, footers), then the rows of each table.
COUNTED: dict[str, tuple[int, dict[str, int]]] = {
    "qualtrics": (2, {"survey_response": 3, "response_attribute": 3}),
    "surveymonkey": (0, {"survey_response": 3}),
    "surveysparrow": (0, {"survey_response": 2}),
    "medallia": (0, {"survey_response": 2, "response_attribute": 3}),
    "salesforce-accounts": (5, {"segment": 4, "customer": 3, "customer_segment": 5}),
    "salesforce-opportunities": (5, {"sales_transaction": 2}),
    "salesforce-cases": (5, {"channel": 5, "interaction_reason": 2, "interaction": 3}),
    "zendesk-tickets": (0, {"channel": 7, "interaction": 4}),
    "genesys-interactions": (0, {"channel": 6, "interaction_reason": 2, "interaction": 3}),
    "journey-events": (
        0,
        {"journey": 1, "journey_step": 4, "journey_instance": 3, "journey_step_event": 7},
    ),
    "adobe-cja": (
        0,
        {"journey": 1, "journey_instance": 2, "journey_step_event": 4, "sales_transaction": 2},
    ),
    "google-analytics": (
        0,
        {
            "journey": 1,
            "journey_step": 4,
            "journey_instance": 2,
            "journey_step_event": 5,
            "sales_transaction": 2,
        },
    ),
    "stripe-subscriptions": (0, {"customer": 3, "subscription_period": 4}),
    "stripe-invoices": (0, {"sales_transaction": 3}),
}


Load = Callable[[str], Loaded]


@cache
def carried_out(name: str) -> tuple[tuple[str, ...], Loaded]:
    """Read an extract by its recipe once; return its columns and what came of it."""
    recipe = find_recipe(name)
    with read_by(FIXTURES / f"{name}.csv", recipe, {}) as reading:
        return reading.header, execute(reading, recipe, Terms(NOW))


@pytest.fixture(scope="module")
def loaded() -> Load:
    return lambda name: carried_out(name)[1]


def test_every_recipe_has_its_extract() -> None:
    assert set(COUNTED) | REAL == set(shipped())
    assert {path.stem for path in FIXTURES.glob("*.csv")} == set(COUNTED)


@pytest.mark.parametrize("name", COUNTED)
def test_an_export_loads_unedited(loaded: Load, name: str) -> None:
    aside, tables = COUNTED[name]
    found = loaded(name)
    reasons = [str(one) for one in found.reasons()]
    assert {table: len(rows(found, table)) for table in tables} == tables, reasons
    assert list(found.tables) == list(tables)
    assert found.counts.set_aside == aside, reasons
    assert_closes(found)


@pytest.mark.parametrize("name", COUNTED)
def test_an_export_is_recognised_by_its_columns(tmp_path: Path, name: str) -> None:
    header, _ = carried_out(name)
    assert Library(tmp_path).recognise(header) == find_recipe(name)


@pytest.mark.parametrize("name", COUNTED)
def test_a_recipe_says_what_a_company_adapts(name: str) -> None:
    recipe = find_recipe(name)
    assert recipe.about.endswith(".")
    assert all(one.columns and one.says.endswith(".") for one in recipe.adapts)
    assert recipe.adapts


EXPECTED: list[tuple[str, str, str, list[tuple[Any, ...]]]] = [
    (
        "qualtrics",
        "survey_response",
        "customer_id responded_date mode nps_score verbatim",
        [
            ("C-1001", date(2026, 1, 5), "email", 9, "Quick,\nand kind"),
            ("C-1002", date(2026, 1, 5), "web", 3, 'Zu "lange" gewartet'),
            (None, date(2026, 1, 7), "sms", 8, None),
        ],
    ),
    (
        "qualtrics",
        "response_attribute",
        "response_id attribute_code score scale_max",
        [
            ("R_1aB2cD3eF4gH5i6", "q2_1", 5.0, 5.0),
            ("R_1aB2cD3eF4gH5i6", "q2_2", 4.0, 5.0),
            ("R_2aB2cD3eF4gH5i6", "q2_1", 2.0, 5.0),
        ],
    ),
    (
        "surveymonkey",
        "survey_response",
        "response_id customer_id responded_at nps_score csat_score verbatim",
        [
            (
                "118400000001",
                "C-1001",
                datetime(2026, 1, 5, 9, 15, 22, tzinfo=UTC),
                10,
                5.0,
                "None, thank you",
            ),
            ("118400000002", "C-1002", datetime(2026, 1, 6, 0, 3, tzinfo=UTC), 6, 2.0, None),
            (
                "118400000003",
                "C-1003",
                datetime(2026, 1, 31, 13, 2, 30, tzinfo=UTC),
                8,
                None,
                "Parking, please",
            ),
        ],
    ),
    (
        "surveysparrow",
        "survey_response",
        "response_id customer_id mode nps_score",
        [("90001", "C-1001", "email", 9), ("90002", "C-1002", "sms", 4)],
    ),
    (
        "medallia",
        "survey_response",
        "customer_id journey_code mode nps_score csat_score ces_score verbatim",
        [
            ("C-1001", "get_help", "email", 10, 9.0, 6.0, "All good | thanks"),
            ("C-1002", "get_help", "sms", 2, 3.0, 2.0, "Dreimal angerufen"),
        ],
    ),
    (
        "medallia",
        "response_attribute",
        "response_id attribute_code score",
        [
            ("550001", "q_agent_knowledge", 9.0),
            ("550001", "q_wait", 7.0),
            ("550002", "q_wait", 1.0),
        ],
    ),
    (
        "salesforce-accounts",
        "customer",
        "customer_id first_active_date country parent_customer_id acquisition_detail",
        [
            ("0011r00002AbCdEAAV", date(2024, 5, 13), "CH", None, "web"),
            (
                "0011r00002AbCdeAAF",
                date(2025, 1, 31),
                "US",
                "0011r00002AbCdEAAV",
                "partner_referral",
            ),
            ("0011r00002AbCdFAAV", date(2025, 11, 2), "DE", None, None),
        ],
    ),
    (
        "salesforce-opportunities",
        "sales_transaction",
        "customer_id transaction_date net_amount currency",
        [
            ("0011r00002AbCdEAAV", date(2026, 1, 15), Decimal("12000.00"), "CHF"),
            ("0011r00002AbCdeAAF", date(2026, 2, 28), Decimal("1500.50"), "USD"),
        ],
    ),
    (
        "salesforce-cases",
        "interaction",
        "interaction_id customer_id channel_code reason_code resolved interaction_date",
        [
            (
                "00001026",
                "0011r00002AbCdEAAV",
                "phone",
                "billing_question",
                True,
                date(2026, 1, 5),
            ),
            ("00001027", "0011r00002AbCdeAAF", "email", "delivery", False, date(2026, 1, 6)),
            ("00001028", None, "other", None, True, date(2026, 1, 7)),
        ],
    ),
    (
        "zendesk-tickets",
        "interaction",
        "interaction_id customer_id channel_code first_reply_seconds resolved transferred",
        [
            ("70001", "360001", "email", 900, True, 1),
            ("70002", "360002", "chat", None, False, 2),
            ("70003", "360001", "phone", 0, True, 1),
            ("70004", "360003", "other", 7200, True, 3),
        ],
    ),
    (
        "genesys-interactions",
        "interaction",
        "channel_code direction handle_seconds wait_seconds abandoned reason_code transferred",
        [
            ("voice", "inbound", 412, 35, False, "billing_question", 0),
            ("voice", "inbound", None, 180, True, None, 0),
            ("message", "outbound", 900, 0, False, "delivery", 1),
        ],
    ),
    (
        "journey-events",
        "journey_instance",
        "journey_instance_id customer_id journey_code started_at ended_at outcome",
        [
            (
                "J1",
                "C-1001",
                "onboarding",
                datetime(2026, 1, 5, 9, tzinfo=UTC),
                datetime(2026, 1, 6, 8, tzinfo=UTC),
                "completed",
            ),
            (
                "J2",
                "C-1002",
                "onboarding",
                datetime(2026, 1, 7, 10, tzinfo=UTC),
                datetime(2026, 1, 14, 10, tzinfo=UTC),
                "abandoned",
            ),
            ("J3", "C-1003", "onboarding", datetime(2026, 1, 8, 10, tzinfo=UTC), None, "open"),
        ],
    ),
    (
        "adobe-cja",
        "journey_instance",
        "journey_instance_id customer_id outcome",
        [("S1", "C-1001", "completed"), ("S2", "C-1002", "abandoned")],
    ),
    (
        "adobe-cja",
        "sales_transaction",
        "transaction_id customer_id net_amount currency",
        [("O-1", "C-1001", Decimal("59.90"), "EUR"), ("O-2", None, Decimal("20.00"), "EUR")],
    ),
    (
        "google-analytics",
        "journey_instance",
        "journey_instance_id customer_id outcome started_at",
        [
            (
                "C-1001-1767603600",
                "C-1001",
                "completed",
                datetime(2026, 1, 5, 9, 1, tzinfo=UTC),
            ),
            (
                "C-1002-1767607200",
                "C-1002",
                "abandoned",
                datetime(2026, 1, 5, 10, 0, tzinfo=UTC),
            ),
        ],
    ),
    (
        "google-analytics",
        "sales_transaction",
        "transaction_id customer_id net_amount",
        [("T-1", "C-1001", Decimal("120.50")), ("T-2", None, Decimal("30.00"))],
    ),
    (
        "stripe-subscriptions",
        "subscription_period",
        "subscription_id start_date end_date recurring_amount currency status end_reason",
        [
            ("sub_001", date(2025, 6, 1), None, Decimal("29.00"), "EUR", "active", None),
            (
                "sub_002",
                date(2025, 1, 15),
                date(2026, 1, 31),
                Decimal("25.00"),
                "USD",
                "active",
                "voluntary",
            ),
            ("sub_003", date(2026, 2, 20), None, Decimal("9.00"), "EUR", "trial", None),
            ("sub_005", date(2025, 9, 1), None, Decimal("29.00"), "EUR", "active", None),
        ],
    ),
    (
        "stripe-invoices",
        "sales_transaction",
        "transaction_id customer_id transaction_date net_amount currency",
        [
            ("in_001", "cus_A", date(2026, 1, 1), Decimal("29.00"), "EUR"),
            ("in_002", "cus_A", date(2026, 2, 1), Decimal("29.00"), "EUR"),
            ("in_004", "cus_D", date(2026, 1, 2), Decimal("0.00"), "EUR"),
        ],
    ),
]


@pytest.mark.parametrize(
    ("name", "table", "columns", "expected"),
    EXPECTED,
    ids=[f"{one[0]}-{one[1]}" for one in EXPECTED],
)
def test_the_rows_are_those_counted_by_hand(
    loaded: Load, name: str, table: str, columns: str, expected: list[tuple[Any, ...]]
) -> None:
    found = rows(loaded(name), table, *columns.split())
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_repeated_step_is_a_second_attempt(loaded: Load) -> None:
    found = rows(
        loaded("journey-events"), "journey_step_event", "step_code", "attempt_no", "entered_at"
    )
    attempts = [(number, at.minute) for step, number, at in found if step == "verify_identity"]
    assert sorted(attempts) == [(1, 5), (2, 10)]


def test_what_is_left_out_is_counted(loaded: Load) -> None:
    assert "Opportunities that are open or lost: 2." in loaded("salesforce-opportunities").notes
    assert "Invoices that are not paid: 1." in loaded("stripe-invoices").notes
    assert any(
        note.startswith("Events of visitors who did not log in") and note.endswith(": 1.")
        for note in loaded("google-analytics").notes
    )


def test_a_report_in_another_locale_loads_by_the_same_recipe(tmp_path: Path) -> None:
    """Salesforce writes dates and amounts as its user does; the recipe leaves them to evidence."""
    text = (FIXTURES / "salesforce-opportunities.csv").read_text("utf-8")
    for ours, theirs in (
        ("2026-01-15", "1/15/2026"),
        ("2026-01-20", "1/20/2026"),
        ("2026-02-28", "2/28/2026"),
        ("2026-06-30", "6/30/2026"),
        ("12000.00", "12,000.00"),
    ):
        text = text.replace(ours, theirs)
    path = tmp_path / "report.csv"
    path.write_text(text, "utf-8")
    recipe = find_recipe("salesforce-opportunities")
    with read_by(path, recipe, {}) as reading:
        found = execute(reading, recipe, Terms(NOW))
    assert rows(found, "sales_transaction", "transaction_date", "net_amount") == [
        (date(2026, 1, 15), Decimal("12000.00")),
        (date(2026, 2, 28), Decimal("1500.50")),
    ]
