"""Who came, stayed and left, counted by hand (METRICS.md 2.1, 2.2, 9.8, 9.12; V01).

Each case is a segment of its own in one company, so that one build serves them all.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cxdata.marts.rules import Rules
from cxdata.model.summaries import CUSTOMER_FLOW, PROFILE_MEMBER
from tests.company import Company, company, contact, member, sale, term

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
OLD = date(2025, 11, 1)
HEADS = (
    *("customers_start", "customers_new", "customers_reactivated"),
    *("customers_lost", "customers_end"),
)
NOBODY = (0, 0, 0, 0, 0)

CASES: dict[str, list[dict[str, Any]]] = {
    # V01 in March: start {a..e}, end {b,c,d,f,g}, ever before {a..f}
    "v01": [
        term("a", OLD, date(2026, 3, 20)),
        term("b", OLD),
        term("c", OLD),
        term("d", OLD),
        term("e", OLD, date(2026, 3, 5)),
        term("f", OLD, date(2025, 12, 10)),
        term("f", date(2026, 3, 10)),
        term("g", date(2026, 3, 15)),
    ],
    "away_in_february": [term("h", OLD, date(2026, 1, 20)), term("h", date(2026, 3, 2))],
    # the state at t is the state at the close of day t - 1 (9.8)
    "starts_on_the_first": [term("i", FEB)],
    "starts_on_the_last": [term("j", date(2026, 1, 31))],
    # the end date is the first day no longer served
    "ends_on_the_first": [term("k", OLD, FEB)],
    "ends_on_the_last": [term("l", OLD, date(2026, 1, 31))],
    "joined_and_left": [
        term("m", date(2026, 2, 3), date(2026, 2, 20)),
        term("n", date(2026, 1, 10), date(2026, 3, 20)),
    ],
    "grace_kept": [term("o", OLD, date(2026, 1, 28)), term("o", date(2026, 2, 4))],
    "grace_over": [term("p", OLD, date(2026, 1, 28)), term("p", date(2026, 2, 5))],
    "trial": [
        term("q", date(2026, 1, 5), date(2026, 2, 5), "30.00", status="trial"),
        term("q", date(2026, 2, 5), None, "30.00"),
    ],
    "paused": [
        term("r", OLD, FEB),
        term("r", FEB, MAR, status="paused"),
        term("r", MAR),
    ],
    "merged": [term("s_old", OLD, FEB), term("s", FEB)],
    "merged_twice": [term("u1", OLD, FEB), term("u2", FEB, MAR), term("u3", MAR)],
    "test_account": [term("t", OLD, date(2026, 2, 9))],
    "two_contracts": [
        term("v", OLD, date(2026, 3, 1), end_reason="voluntary"),
        term("v", date(2026, 1, 1), date(2026, 2, 1), end_reason="downgrade"),
    ],
}
CUSTOMERS: list[dict[str, Any]] = [
    {"customer_id": "s_old", "merged_into_id": "s"},
    {"customer_id": "u1", "merged_into_id": "u2"},
    {"customer_id": "u2", "merged_into_id": "u3"},
    {"customer_id": "t", "is_test": True},
]


def tables() -> dict[str, list[dict[str, Any]]]:
    """All cases as one company."""
    who = {row["customer_id"]: case for case, rows in CASES.items() for row in rows}
    special = {row["customer_id"]: row for row in CUSTOMERS}
    return {
        "customer": [special.get(name, {"customer_id": name}) for name in who],
        "customer_segment": [member(name, case, date(2020, 1, 1)) for name, case in who.items()],
        "subscription_period": [row for rows in CASES.values() for row in rows],
        "interaction": [contact("s_old", date(2026, 2, 2)), contact("t", date(2026, 2, 2))],
    }


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return company(tmp_path_factory.mktemp("bridge"), tables())


def heads(found: Company, period: str) -> dict[str, tuple[float, ...]]:
    """Start, new, won back, lost, end of each case."""
    slices = [found.slices(name, period, "segment") for name in HEADS]
    return {case: tuple(one.get(case) or 0 for one in slices) for case in CASES}


@pytest.mark.parametrize(
    ("case", "period", "expected"),
    [
        ("v01", "2026-03", (5, 1, 1, 2, 5)),
        ("v01", "2026-02", (5, 0, 0, 0, 5)),
        # f left before 2026 and is back: won back in the quarter; a and e lost once
        ("v01", "2026-Q1", (5, 1, 1, 2, 5)),
        # monthly lost, then won back; by the quarter's ends nobody moved
        ("away_in_february", "2026-01", (1, 0, 0, 1, 0)),
        ("away_in_february", "2026-02", NOBODY),
        ("away_in_february", "2026-03", (0, 0, 1, 0, 1)),
        ("away_in_february", "2026-Q1", (1, 0, 0, 0, 1)),
        ("starts_on_the_first", "2026-01", NOBODY),
        ("starts_on_the_first", "2026-02", (0, 1, 0, 0, 1)),
        ("starts_on_the_last", "2026-01", (0, 1, 0, 0, 1)),
        ("starts_on_the_last", "2026-02", (1, 0, 0, 0, 1)),
        ("ends_on_the_first", "2026-01", (1, 0, 0, 0, 1)),
        ("ends_on_the_first", "2026-02", (1, 0, 0, 1, 0)),
        ("ends_on_the_last", "2026-01", (1, 0, 0, 1, 0)),
        ("ends_on_the_last", "2026-02", NOBODY),
        ("joined_and_left", "2026-01", (0, 1, 0, 0, 1)),
        ("joined_and_left", "2026-02", (1, 0, 0, 0, 1)),
        ("joined_and_left", "2026-Q1", NOBODY),
        # seven days without a contract are bridged, eight are not
        ("grace_kept", "2026-01", (1, 0, 0, 0, 1)),
        ("grace_kept", "2026-02", (1, 0, 0, 0, 1)),
        ("grace_over", "2026-01", (1, 0, 0, 1, 0)),
        ("grace_over", "2026-02", (0, 0, 1, 0, 1)),
        ("trial", "2026-01", NOBODY),
        ("trial", "2026-02", (0, 1, 0, 0, 1)),
        ("paused", "2026-02", (1, 0, 0, 0, 1)),
        ("merged", "2026-02", (1, 0, 0, 0, 1)),
        ("merged_twice", "2026-02", (1, 0, 0, 0, 1)),
        ("merged_twice", "2026-03", (1, 0, 0, 0, 1)),
        ("merged_twice", "2026-Q1", (1, 0, 0, 0, 1)),
        ("test_account", "2026-01", NOBODY),
    ],
)
def test_bridge(found: Company, case: str, period: str, expected: tuple[int, ...]) -> None:
    assert heads(found, period)[case] == expected


def test_retention_and_churn_of_v01(found: Company) -> None:
    only = {"where": (("segment", ("v01",)),)}
    assert found.exact("logo_retention", "retained", "2026-03", **only) == 3
    assert found.value("logo_retention", "2026-03", **only) == pytest.approx(3 / 5)
    assert found.value("logo_churn", "2026-03", **only) == pytest.approx(2 / 5)
    assert found.value("customers_net", "2026-03", **only) == 0
    assert found.value("customer_growth", "2026-03", **only) == 0


def test_churn_rate_is_losses_over_time_at_risk(found: Company) -> None:
    """March, 31 days: b, c, d all of it, a 19 days, e 4, f 22, g 17."""
    days = 3 * 31 + 19 + 4 + 22 + 17
    only = {"where": (("segment", ("v01",)),)}
    assert found.exact("churn_rate", "days", "2026-03", **only) == days
    rate = found.value("churn_rate", "2026-03", **only)
    assert rate == pytest.approx(2 / (days / (365.25 / 12)))


def test_who_came_and_left_within_a_month_is_a_loss_of_the_churn_rate(found: Company) -> None:
    """m in February, at neither end of it; the days it was there are at risk."""
    only = {"where": (("segment", ("joined_and_left",)),)}
    assert found.exact("churn_rate", "events", "2026-02", **only) == (
        found.exact("customers_lost", "customers", "2026-02", **only) + 1
    )


def test_the_bridge_of_everybody_is_the_sum_of_the_cases(found: Company) -> None:
    for period in ("2026-01", "2026-02", "2026-03", "2026-Q1"):
        cases = heads(found, period).values()
        whole = tuple(found.value(name, period) or 0 for name in HEADS)
        assert whole == tuple(sum(column) for column in zip(*cases, strict=True))
        start, new, back, lost, end = whole
        assert start + new + back - lost == end


def test_joined_and_left_is_counted_apart(found: Company) -> None:
    """m in February; m and n in the quarter, n being there at the end of January and February."""
    flow, of_case = CUSTOMER_FLOW.c, PROFILE_MEMBER.c.segment_code == "joined_and_left"
    profiles = sa.select(PROFILE_MEMBER.c.profile_id).where(of_case)
    counted = {
        months: sum(
            row[0]
            for row in found.mart(
                "customer_flow",
                "joined_and_left",
                where=(flow.months == months)
                & (flow.period_start == start)
                & flow.profile_id.in_(profiles),
            )
        )
        for months, start in ((1, FEB), (3, JAN))
    }
    assert counted == {1: 1, 3: 2}


def test_a_converted_trial_is_new_revenue_and_nothing_won_back(found: Company) -> None:
    flow = CUSTOMER_FLOW.c
    profiles = sa.select(PROFILE_MEMBER.c.profile_id).where(
        PROFILE_MEMBER.c.segment_code == "trial"
    )
    when = (flow.months == 1) & (flow.period_start == FEB) & flow.profile_id.in_(profiles)
    rows = found.mart("customer_flow", "revenue_new", "revenue_reactivation", where=when)
    assert [sum(column) for column in zip(*rows, strict=True)] == [30, 0]


def test_the_reason_for_leaving_is_that_of_the_contract_that_ended_last(found: Company) -> None:
    assert (OLD, MAR, "voluntary") in found.mart(
        "activity_span", "start_date", "end_date", "end_reason"
    )


def test_contacts_of_duplicates_are_the_survivors_and_test_accounts_have_none(
    found: Company,
) -> None:
    assert found.slices("contacts", "2026-02", "segment") == {"merged": 1}
    assert found.exact("contact_rate", "y", "2026-02", where=(("segment", ("merged",)),)) == 1


def test_paused_customers_are_gone_where_the_rules_say_so(tmp_path: Path) -> None:
    strict = company(
        tmp_path,
        {"subscription_period": CASES["paused"] + [term("z", OLD)]},
        rules=Rules(paused_is_active=False),
    )
    assert [strict.value(name, "2026-02") for name in HEADS] == [2, 0, 0, 1, 1]
    assert [strict.value(name, "2026-03") for name in HEADS] == [1, 0, 1, 0, 2]


def test_first_and_last_month(tmp_path: Path) -> None:
    """Contracts older than the money are customers at the start; the last month is unfinished."""
    found = company(
        tmp_path,
        {
            "subscription_period": [
                term("a", date(2019, 5, 1)),
                term("b", date(2026, 1, 10)),
                term("c", date(2026, 3, 9), date(2026, 3, 25)),
            ],
            "sales_transaction": [sale("a", date(2026, 1, 2))],
        },
        through=date(2026, 3, 17),
    )
    assert found.gate.built.first_month == JAN
    assert [found.value(name, "2026-01") for name in HEADS] == [1, 1, 0, 0, 2]
    ends = [found.value(name, "2026-03") for name in HEADS]
    assert ends == [2, 1, 0, 0, 3], "c leaves only after the data end"
    assert found.cell("customers_new", "2026-03").flag == "partial"
    assert found.cell("customers_new", "2026-02").flag == "ok"


# ---- orders decide who is a customer -------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """W is 30 days. a buys on 10 January (to 8 February); b on 10 January and 5 February."""
    return company(
        tmp_path_factory.mktemp("shop"),
        {
            "subscription_period": [term("contract", date(2025, 12, 1))],
            "sales_transaction": [
                sale("z", date(2025, 12, 1)),
                sale("a", date(2026, 1, 10)),
                sale("b", date(2026, 1, 10)),
                sale("b", date(2026, 2, 5)),
                sale("b", date(2026, 3, 20), "-5.00", kind="refund"),
                sale("c", date(2026, 3, 30)),
                sale("contract", date(2026, 1, 3)),
                sale(None, date(2026, 1, 3), "99.00"),
            ],
        },
        rules=Rules(lapse_days=30),
    )


def test_purchases_keep_a_customer_for_w_days(shop: Company) -> None:
    spans = shop.mart("activity_span", "start_date", "end_date", "end_reason")
    assert spans == [
        (date(2025, 12, 1), None, None),
        (date(2025, 12, 1), date(2025, 12, 31), "lapsed"),
        (date(2026, 1, 10), date(2026, 2, 9), "lapsed"),
        (date(2026, 1, 10), date(2026, 3, 7), "lapsed"),
        (date(2026, 3, 30), date(2026, 4, 29), "lapsed"),
    ]


def test_lapses_are_dated_last_sale_plus_w_and_contracts_run_on(shop: Company) -> None:
    """The contract's customer is there throughout, whatever it buys."""
    assert [shop.value(name, "2026-01") for name in HEADS] == [1, 2, 0, 0, 3]
    assert [shop.value(name, "2026-02") for name in HEADS] == [3, 0, 0, 1, 2]
    march = [shop.value(name, "2026-03") for name in HEADS]
    assert march == [2, 1, 0, 1, 2], "a refund keeps nobody"


def test_anonymous_sales_belong_to_no_customer(shop: Company) -> None:
    """January: the contract's 10.00 and sales of 10.00 to a, b and the contract's customer."""
    assert shop.exact("revenue", "revenue", "2026-01") == 40
    found = shop.figures("average_order_value", "2026-01").exact
    assert (found["orders"][0], found["amount"][0]) == (4, 129), "an order all the same"


def test_the_first_w_days_are_blind(tmp_path: Path) -> None:
    """Losses show only W days after the data begin."""
    found = company(
        tmp_path,
        {"sales_transaction": [sale("a", date(2026, 1, 1)), sale("b", date(2026, 3, 1))]},
        rules=Rules(lapse_days=35),
    )
    flags = [found.cell("customers_lost", f"2026-0{month}").flag for month in (1, 2, 3)]
    assert flags == ["partial", "partial", "ok"]


# ---- why they left -------------------------------------------------------------------------------


def test_churn_by_reason_adds_up_to_churn(tmp_path: Path) -> None:
    """Ten at the start; f fails to pay and comes back, e says nothing."""
    gone = {
        "a": (date(2026, 1, 10), "voluntary"),
        "b": (date(2026, 2, 10), "voluntary"),
        "c": (date(2026, 1, 31), "involuntary"),
        "d": (date(2026, 3, 1), "end_of_term"),
        "e": (date(2026, 3, 31), None),
        "f": (date(2026, 1, 5), "involuntary"),
    }
    terms = [term(who, OLD, end, end_reason=why) for who, (end, why) in gone.items()]
    terms += [term("f", date(2026, 2, 20)), *(term(who, OLD) for who in "ghij")]
    found = company(tmp_path, {"subscription_period": terms}, through=date(2026, 3, 31))

    def lost(period: str) -> list[float | None]:
        names = ("churn_voluntary", "churn_involuntary", "logo_churn")
        return [found.value(name, period) for name in names]

    assert lost("2026-01") == [0.1, 0.2, pytest.approx(0.3)]
    assert lost("2026-02") == [pytest.approx(1 / 7), 0, pytest.approx(1 / 7)]
    assert lost("2026-03") == [pytest.approx(1 / 7), 0, pytest.approx(2 / 7)]
    assert lost("2026-Q1") == [pytest.approx(0.3), 0.1, pytest.approx(0.5)]
    cell = found.cell("churn_involuntary", "2026-01")
    assert (cell.n, cell.method) == (10, "Wilson")
