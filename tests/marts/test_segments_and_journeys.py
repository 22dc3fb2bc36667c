"""Segments as of a day, journeys met before a month, by hand (METRICS.md 1.5, 9.14, 9.15; S4)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cxdata.analysis.bridge import bridges
from cxdata.marts.rules import Rules
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from tests.company import (
    Company,
    answer,
    company,
    contact,
    journeys,
    member,
    paid,
    sale,
    term,
    walk,
)

D = Decimal

OLD, JAN, FEB, MAR = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
ALWAYS = date(2020, 1, 1)


@pytest.fixture(scope="module")
def s4(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """S4: a moves mid-February, b has a gap, c is in no segment, d joins, e moves and goes."""
    months = (OLD, JAN, FEB, MAR)
    return company(
        tmp_path_factory.mktemp("s4"),
        {
            "customer_segment": [
                member("a", "small", ALWAYS, date(2026, 2, 15)),
                member("a", "large", date(2026, 2, 15)),
                member("b", "small", ALWAYS, FEB),
                member("b", "small", date(2026, 2, 20)),
                member("d", "small", ALWAYS, date(2026, 2, 10)),
                member("d", "large", date(2026, 2, 10)),
                member("e", "small", ALWAYS, date(2026, 2, 3)),
                member("e", "large", date(2026, 2, 3)),
                member("a", "north", ALWAYS, scheme="region"),
                member("b", "south", ALWAYS, FEB, scheme="region"),
                member("b", "north", FEB, scheme="region"),
            ],
            "subscription_period": [
                *(term("a", OLD), term("b", OLD), term("c", OLD)),
                *(term("d", date(2026, 2, 12)), term("e", OLD, date(2026, 2, 20))),
            ],
            "revenue_period": [
                *(paid("a", month, "10.00") for month in months),
                *(paid("b", month, "1.00") for month in months),
                *(paid("c", month, "7.00") for month in months),
                *(paid("e", month, "3.00") for month in (OLD, JAN)),
                *(paid("d", month, "5.00") for month in (FEB, MAR)),
            ],
            "interaction": [contact("d", date(2026, 1, 9)), contact("d", date(2026, 2, 12))],
            "sales_transaction": [sale("a", date(2026, 2, 20), "0.50")],
            "survey_response": [answer("a", date(2026, 2, 20), 9)],
        },
    )


def test_flows_take_the_segment_at_the_start_and_new_customers_at_their_first_day(
    s4: Company,
) -> None:
    start = s4.slices("customers_start", "2026-02", "segment")
    assert {k: v for k, v in start.items() if v} == {"small": 2, "(unknown)": 2}, "b has a gap"
    assert s4.slices("customers_new", "2026-02", "segment")["large"] == 1
    assert s4.slices("customers_lost", "2026-02", "segment")["small"] == 1
    retention = s4.slices("logo_retention", "2026-02", "segment")
    assert retention == {"small": 0.5, "large": None, "(unknown)": 1.0}


def test_the_end_is_counted_in_the_segment_of_the_end(s4: Company) -> None:
    end = s4.slices("customers_end", "2026-02", "segment")
    assert end == {"small": 1, "large": 2, "(unknown)": 1}
    following = s4.slices("customers_start", "2026-03", "segment")
    assert {k: v for k, v in following.items() if v} == end


def test_new_customers_of_a_quarter_are_in_the_segment_of_their_first_day(s4: Company) -> None:
    """d was small when the quarter began, and called before becoming a customer."""
    new = s4.slices("customers_new", "2026-Q1", "segment")
    assert {k: v for k, v in new.items() if v} == {"large": 1}
    revenue = s4.slices("revenue", "2026-Q1", "segment")
    assert revenue["large"] == 10, "and so is what d pays"
    lost = s4.slices("customers_lost", "2026-Q1", "segment")
    assert {k: v for k, v in lost.items() if v} == {"small": 1}


@pytest.mark.parametrize("period", ["2026-01", "2026-02", "2026-03", "2026-Q1"])
def test_transfers_close_each_segment_and_sum_to_nothing(s4: Company, period: str) -> None:
    whole = Scope(Period.parse(period))
    segments = [
        bridges(s4.gate, whole.narrowed("segment", code))
        for code in ("small", "large", "(unknown)")
    ]
    for one in (0, 1):
        moved = [
            pair[one].amount("transfers_in") + pair[one].amount("transfers_out")
            for pair in segments
        ]
        assert sum(moved) == 0
        assert [pair[one].check for pair in segments] == [0, 0, 0]
        ends = sum((pair[one].amount("end") for pair in segments), D(0))
        assert ends == bridges(s4.gate, whole)[one].amount("end")


def test_transfers_of_february_in_heads_and_money(s4: Company) -> None:
    """a (10.00) leaves small for large, b (1.00) comes back to small from nowhere."""
    small, large = (
        bridges(s4.gate, Scope(Period.parse("2026-02")).narrowed("segment", code))
        for code in ("small", "large")
    )
    stayed = small[0].amount("transfers_in") + small[0].amount("transfers_out")
    assert stayed == 0, "one goes and one comes"
    assert large[0].amount("transfers_in") == 1
    assert small[1].amount("transfers_out") == D("-9.00")
    assert large[1].amount("transfers_in") == D("10.00")


def test_every_attribute_slices_the_same_customers(s4: Company) -> None:
    north = s4.slices("customers_start", "2026-02", "region")
    assert {k: v for k, v in north.items() if v} == {"north": 2, "(unknown)": 2}
    cross = s4.slices("customers_start", "2026-02", "segment", "region")
    assert {k: v for k, v in cross.items() if v} == {
        ("small", "north"): 1,
        ("small", "(unknown)"): 1,
        ("(unknown)", "north"): 1,
        ("(unknown)", "(unknown)"): 1,
    }
    where = (("segment", ("small", "(unknown)")), ("region", ("north",)))
    assert s4.value("customers_start", "2026-02", where=where) == 2


def test_revenue_of_a_period_is_in_the_segment_of_its_start(s4: Company) -> None:
    revenue = s4.slices("revenue", "2026-02", "segment")
    assert revenue == {"small": 10.5, "large": 5, "(unknown)": 8}


def test_answers_take_the_segment_of_their_day(s4: Company) -> None:
    found = s4.figures("nps", "2026-02", by=("segment",))
    assert found.frame["segment"].tolist() == ["large"]
    assert found.exact["promoters"] == (1,)


# ---- journeys ------------------------------------------------------------------------------------


def window(rules: Rules, month: date) -> tuple[date, date]:
    """First day of the exposure window and the first after it."""
    return month - timedelta(days=rules.exposure_days), month


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """March, L = 30 days: the window is [30 January, 1 March)."""
    low, high = window(Rules(exposure_days=30), MAR)
    early, last = low - timedelta(days=1), high - timedelta(days=1)
    return company(
        tmp_path_factory.mktemp("exposed"),
        {
            "journey": journeys("onboard", "complain", "move"),
            "subscription_period": [
                *(term("too_early", OLD), term("first_day", OLD, date(2026, 3, 9))),
                *(term("last_day", OLD), term("too_late", OLD), term("both", OLD)),
                term("none", OLD, date(2026, 3, 9)),
            ],
            "revenue_period": [
                paid("both", MAR, "4.00"),
                paid("first_day", MAR, "1.00"),
                paid("none", OLD, "9.00"),
            ],
            "journey_instance": [
                walk("too_early", "complain", early),
                walk("first_day", "complain", low),
                walk("last_day", "complain", last),
                walk("too_late", "complain", high),
                *(walk("both", "complain", FEB), walk("both", "onboard", FEB)),
                walk("both", "complain", date(2026, 2, 20)),
            ],
            "interaction": [
                contact("too_early", date(2026, 3, 2), journey_code="move"),
                contact("too_early", date(2026, 3, 3)),
            ],
        },
        rules=Rules(exposure_days=30),
    )


def test_the_window_holds_its_first_day_and_not_the_month_itself(exposed: Company) -> None:
    starts = exposed.slices("customers_start", "2026-03", "journey")
    assert starts == {"onboard": 1, "complain": 3}
    assert exposed.value("customers_start", "2026-03") == 6


def test_retention_by_journey_overlaps_and_is_of_those_who_met_it(exposed: Company) -> None:
    retention = exposed.slices("logo_retention", "2026-03", "journey")
    assert retention == {"onboard": 1.0, "complain": pytest.approx(2 / 3)}
    assert exposed.value("logo_retention", "2026-03") == pytest.approx(4 / 6)


def test_a_scope_of_several_journeys_is_whoever_met_any(exposed: Company) -> None:
    """`both` met two and is one customer; a slice by journey stays within the scope's journeys."""
    any_of = {"journeys": ("onboard", "complain")}
    assert exposed.value("customers_start", "2026-03", **any_of) == 3
    assert exposed.slices("customers_start", "2026-03", "journey", journeys=("onboard",)) == {
        "onboard": 1
    }
    assert exposed.value("revenue", "2026-03", journeys=("complain",)) == 5
    assert exposed.value("revenue", "2026-03", journeys=("move",)) == 0


def test_contacts_are_of_their_own_journey_and_partition(exposed: Company) -> None:
    contacts = exposed.slices("contacts", "2026-03", "journey")
    assert {k: v for k, v in contacts.items() if v} == {"move": 1, "(none)": 1}
    assert exposed.value("contacts", "2026-03", journeys=("complain",)) == 0


def test_without_walks_contacts_say_who_met_a_journey(tmp_path: Path) -> None:
    found = company(
        tmp_path,
        {
            "journey": journeys("complain"),
            "subscription_period": [term("a", OLD), term("b", OLD)],
            "interaction": [
                contact("a", date(2026, 2, 27), journey_code="complain"),
                contact("b", date(2026, 2, 27)),
            ],
        },
    )
    assert found.slices("customers_start", "2026-03", "journey") == {"complain": 1}
