"""Titles of bridges, cohorts and survival: one fact each, with what it rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from cxdata.analysis.bridge import HEADS, MONEY, Bridge
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.flows import (
    bridge_rows,
    bridge_title,
    bridges,
    cohort_title,
    cohorts,
    has_contracts,
    survival,
    survival_title,
)
from tests.panels.conftest import desk_of
from tests.ui.conftest import customers, sales, written

FORM = Format("EUR")


def bridge(unit: Unit, start: int, change: int) -> Bridge:
    lines = pd.DataFrame(
        [
            ("start", "At the start", Decimal(start)),
            ("new", "New", Decimal(change)),
            ("end", "At the end", Decimal(start + change)),
        ],
        columns=["line", "label", "amount"],
    )
    return Bridge(unit, Period(date(2026, 9, 1), Grain.MONTH), lines, Decimal(0))


@pytest.mark.parametrize(
    ("unit", "change", "words"),
    [
        (Unit.CUSTOMERS, 58, "58 more customers than at the start of Sep 2026"),
        (Unit.CUSTOMERS, -7, "7 fewer customers than at the start of Sep 2026"),
        (Unit.CUSTOMERS, 0, "As many customers as at the start of Sep 2026"),
        (Unit.MONEY, 1710, "Recurring revenue €1.71k a month higher in Sep 2026"),
        (Unit.MONEY, -90, "Recurring revenue €90 a month lower in Sep 2026"),
        (Unit.MONEY, 0, "Recurring revenue unchanged in Sep 2026"),
    ],
)
def test_a_bridge_says_its_net(unit: Unit, change: int, words: str) -> None:
    assert bridge_title(bridge(unit, 2000, change), FORM) == words


@pytest.mark.parametrize(
    ("unit", "change", "words"),
    [
        (Unit.MONEY, -32_300, "Sales of the last 12 months €32.3k lower in Sep 2026"),
        (Unit.MONEY, 0, "Sales of the last 12 months unchanged in Sep 2026"),
        (Unit.CUSTOMERS, 58, "58 more customers than at the start of Sep 2026"),
    ],
)
def test_without_contracts_nothing_recurs(unit: Unit, change: int, words: str) -> None:
    assert bridge_title(bridge(unit, 2000, change), FORM, is_contract=False) == words


def test_every_line_of_a_bridge_has_a_short_name_of_its_own() -> None:
    for lines in (HEADS, MONEY):
        frame = pd.DataFrame(
            [(name, label, Decimal(1)) for name, label, _ in lines],
            columns=["line", "label", "amount"],
        )
        period = Period(date(2026, 9, 1), Grain.MONTH)
        rows = bridge_rows(Bridge(Unit.MONEY, period, frame, Decimal(0)), FORM)
        assert rows["short"].is_unique
        longest = max(len(word) for name in rows["short"] for word in name.split())
        assert longest <= len("customers")
        assert rows["line"].tolist() == [label for _, label, _ in lines]


@pytest.fixture
def shop(tmp_path: Path) -> Desk:
    """A shop: customers and sales, no contract."""
    return desk_of(
        written(tmp_path / "d", {"customer": customers(60), "sales_transaction": sales(60)})
    )


def test_a_shop_says_what_left_means_and_what_its_money_is(shop: Desk) -> None:
    gate = shop.gate
    assert not has_contracts(gate)
    scope = Scope(shop.choices.latest(Grain.MONTH))
    days = f"counted as left after {gate.built.lapse_days} days without a purchase"
    found = survival(shop, scope)
    assert found.caption.subtitle.endswith(days)
    assert found.remark == days
    _, money = bridges(shop, scope)
    assert money.caption.subtitle.startswith("Sales of the last 12 months, in EUR")
    assert "a month" not in money.caption.title + money.caption.subtitle
    assert money.spec["layer"][1]["encoding"]["y"]["axis"]["labelExpr"].count("€") == 1


def test_how_long_customers_stay_is_not_cut_by_journey_and_says_so(desk: Desk) -> None:
    scope = Scope(desk.choices.latest(Grain.MONTH))
    assert has_contracts(desk.gate)
    on_journey = scope.on_journey(desk.choices.journeys[0])
    for build in (survival, cohorts):
        whole, cut = build(desk, scope), build(desk, on_journey)
        assert whole.remark == ""
        assert cut.remark == "all customers: how long they stay is not cut by journey"
        assert cut.caption.subtitle == f"{whole.caption.subtitle}; {cut.remark}"
        pd.testing.assert_frame_equal(whole.table, cut.table)


def test_the_ends_of_a_bridge_are_totals_and_its_steps_are_signed() -> None:
    rows = bridge_rows(bridge(Unit.CUSTOMERS, 2119, -47), FORM)
    assert rows["is_total"].tolist() == [True, False, True]
    assert rows["text"].tolist() == ["2,119", "−47", "2,072"]
    assert rows["value"].tolist() == [2119.0, -47.0, 2072.0]


def cohort(shares: dict[int, float], name: str = "Sep 2025") -> pd.DataFrame:
    return pd.DataFrame(
        {"cohort": name, "age": list(shares), "estimate": list(shares.values()), "n": 42}
    )


def test_the_newest_cohort_of_a_year_is_told() -> None:
    cells = pd.concat(
        [cohort({0: 1.0, 12: 0.8}, "Aug 2025"), cohort({0: 1.0, 12: 0.667}), cohort({0: 1.0})]
    )
    assert cohort_title(cells, FORM) == (
        "Of those who started in Sep 2025, 66.7 % were still here 12 months later (n = 42)"
    )


def test_a_young_company_tells_its_oldest_age() -> None:
    assert "3 months later" in cohort_title(cohort({0: 1.0, 3: 0.9}), FORM)
    assert cohort_title(cohort({0: float("nan")}), FORM) == "Customers kept by starting month"


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([1.0, 0.8, 0.5, 0.4], "Half of customers leave within 2 months"),
        ([1.0, 0.9], "90 % of customers are still here after 1 month"),
        ([], "How long customers stay"),
    ],
)
def test_survival_tells_the_half_or_the_last(shares: list[float], words: str) -> None:
    curve = pd.DataFrame(
        {
            "age": range(len(shares)),
            "estimate": pd.Series(shares, dtype=float),
            "text": [f"{share * 100:.0f} %" for share in shares],
        }
    )
    assert survival_title(curve) == words
