"""What customers pay, to the cent: V08, negative balances, currencies (METRICS.md 1.5, 2.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cxdata.analysis.bridge import Bridge, bridges
from cxdata.marts.rules import Rules
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from tests.company import Company, company, paid, sale, term

D = Decimal

DEC, JAN, FEB, MAR = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def money(found: Company, period: str, **how: object) -> Bridge:
    """The movement in money."""
    return bridges(found.gate, Scope(Period.parse(period), **how))[1]  # type: ignore[arg-type]


def lines(bridge: Bridge) -> dict[str, D]:
    """Signed amounts by line."""
    return dict(zip(bridge.lines["line"], bridge.lines["amount"], strict=True))


@pytest.fixture(scope="module")
def v08(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """V08 between January and February; E paid once in December; products are netted."""
    rows = [
        *(paid("A", JAN, "1000.00"), paid("A", FEB, "1200.00")),
        *(paid("B", JAN, "500.00"), paid("B", FEB, "350.50")),
        paid("C", JAN, "299.99"),
        paid("D", FEB, "450.25"),
        *(paid("E", DEC, "5.00"), paid("E", FEB, "120.10")),
        *(paid("F", JAN, "400.00", product_code="x"), paid("F", JAN, "300.00", product_code="y")),
        *(paid("F", FEB, "750.00", product_code="x"), paid("F", FEB, "-50.00", product_code="y")),
        *(paid("G", JAN, "60.05"), paid("G", FEB, "-10.00")),
        paid("H", FEB, "33.33"),
    ]
    return company(
        tmp_path_factory.mktemp("v08"), {"revenue_period": rows}, through=date(2026, 2, 28)
    )


def test_v08_movement_to_the_cent(v08: Company) -> None:
    movement = money(v08, "2026-02")
    assert lines(movement) == {
        "start": D("2560.04"),
        "new": D("483.58"),
        "reactivation": D("120.10"),
        "expansion": D("200.00"),
        "contraction": D("-149.50"),
        "churn": D("-360.04"),
        "adjustment": D("-10.00"),
        "end": D("2844.18"),
    }
    assert movement.check == 0


def test_v08_retention_of_revenue_uses_the_lines(v08: Company) -> None:
    """GRR and NRR of V08's two months, by their formulas over the flow's own sums."""
    rows = v08.mart(
        "customer_flow",
        *("period_start", "months", "revenue_base", "revenue_kept"),
        *("revenue_expansion", "revenue_contraction", "revenue_churn", "base_customers"),
    )
    sums = [sum(column) for column in zip(*(r[2:] for r in rows if r[:2] == (FEB, 1)), strict=True)]
    base, kept, expansion, contraction, churn, customers = sums
    assert kept / base == pytest.approx(D("0.8009640"), abs=D("5e-8"))
    assert (base + expansion - contraction - churn) / base == pytest.approx(
        D("0.8790878"), abs=D("5e-8")
    )
    assert customers == 5, "A, B, C, F, G; not who begins with nothing"


def test_recurring_revenue_carries_over(v08: Company) -> None:
    assert v08.exact("recurring_revenue", "revenue", "2026-01") == D("2560.04")
    assert v08.exact("recurring_revenue", "revenue", "2026-02") == D("2844.18")
    assert v08.exact("revenue", "revenue", "2026-02") == D("2844.18")


def test_a_negative_balance_carried_over_moves_nothing(tmp_path: Path) -> None:
    """From -10 to -10 is no line; from -10 to 40 is new money and a balance put right."""
    rows = [
        *(paid("G", DEC, "7.00"), paid("G", JAN, "-10.00"), paid("G", FEB, "-10.00")),
        paid("G", MAR, "40.00"),
    ]
    found = company(tmp_path, {"revenue_period": rows}, through=date(2026, 3, 31))
    february, march = money(found, "2026-02"), money(found, "2026-03")
    assert [line for line, amount in lines(february).items() if amount] == ["start", "end"]
    assert [february.check, march.check] == [0, 0]
    moved = {"start": D(-10), "reactivation": D(40), "adjustment": D(10), "end": D(40)}
    assert {k: v for k, v in lines(march).items() if v} == moved


def test_twelve_months_are_point_to_point(tmp_path: Path) -> None:
    """Up in one month and down in another is nothing between the ends."""
    amounts = ["100.00"] * 4 + ["180.00"] * 4 + ["100.00"] * 4 + ["90.00"]
    months = [date(2025 + (at + 2) // 12, (at + 2) % 12 + 1, 1) for at in range(13)]
    rows = [paid("a", month, amount) for month, amount in zip(months, amounts, strict=True)]
    rows += [paid("b", months[0], "50.00"), paid("c", months[-1], "500.00")]
    found = company(tmp_path, {"revenue_period": rows}, through=date(2026, 3, 31))
    assert months[0] == date(2025, 3, 1)
    assert months[-1] == MAR
    assert found.exact("gross_revenue_retention", "base", "2026-03") == 150
    assert found.value("gross_revenue_retention", "2026-03") == pytest.approx(90 / 150)
    assert found.value("net_revenue_retention", "2026-03") == pytest.approx(90 / 150)
    assert found.exact("net_revenue_retention", "customers", "2026-03") == 2


def test_without_revenue_the_contracts_say_what_is_paid_at_the_close(tmp_path: Path) -> None:
    """A new price on the month's last day counts; trials pay nothing, nor do gaps in grace."""
    terms = [
        term("a", DEC, date(2026, 1, 31), "10.00"),
        term("a", date(2026, 1, 31), None, "12.50"),
        term("b", DEC, None, "5.00", status="trial"),
        term("c", DEC, date(2026, 1, 30), "8.00"),
        term("c", FEB, None, "8.00"),
    ]
    found = company(tmp_path, {"subscription_period": terms}, through=date(2026, 2, 28))
    assert lines(money(found, "2026-01")) == {
        "start": D("18.00"),
        "new": 0,
        "reactivation": 0,
        "expansion": D("2.50"),
        "contraction": 0,
        "churn": D("-8.00"),
        "end": D("12.50"),
    }
    assert found.value("customers_lost", "2026-01") == 0, "within grace nobody is lost"
    assert lines(money(found, "2026-02"))["reactivation"] == D("8.00")


def test_without_contracts_revenue_is_that_of_twelve_months(tmp_path: Path) -> None:
    """A sale of 1 March 2025 counts to the end of February 2026 and no longer in March."""
    sales = [
        sale("a", date(2025, 2, 10), "1.00"),
        sale("a", date(2025, 3, 1), "100.00"),
        sale("a", date(2026, 2, 1), "30.00"),
        sale("a", date(2026, 2, 3), "-10.00", kind="refund"),
    ]
    found = company(
        tmp_path,
        {"sales_transaction": sales},
        through=date(2026, 3, 31),
        rules=Rules(lapse_days=90),
    )
    assert found.exact("recurring_revenue", "revenue", "2026-02") == D("120.00")
    assert found.exact("recurring_revenue", "revenue", "2026-03") == D("20.00")
    assert found.exact("revenue", "revenue", "2026-02") == D("20.00")
    assert found.exact("average_order_value", "orders", "2026-02") == 1
    assert found.value("average_order_value", "2026-02") == 20


# ---- what counts as revenue, and per whom --------------------------------------------------------


def test_revenue_per_customer_counts_days_and_those_who_spend_nothing(tmp_path: Path) -> None:
    """February has 28 days: a is a customer for all of it, b for 14 and c for 7."""
    found = company(
        tmp_path,
        {
            "subscription_period": [
                term("a", JAN),
                term("b", date(2026, 2, 15)),
                term("c", JAN, date(2026, 2, 8)),
            ],
            "revenue_period": [
                paid("a", JAN, "20.00"),
                paid("a", FEB, "20.00", one_off_amount="5.00"),
                paid("b", FEB, "8.00"),
            ],
            "sales_transaction": [
                sale("a", date(2026, 2, 3), "12.00"),
                sale("a", date(2026, 2, 4), "-2.00", kind="refund"),
                sale(None, date(2026, 2, 4), "1000.00"),
            ],
        },
        through=date(2026, 2, 28),
    )
    average = (28 + 14 + 7) / 28
    assert found.exact("revenue", "revenue", "2026-02") == D("43.00")
    assert found.value("revenue_per_customer", "2026-02") == pytest.approx(43 / average)
    assert found.value("arpu", "2026-02") == pytest.approx(28 / average)
    assert found.cell("revenue_per_customer", "2026-02").flag == "too_few"
    assert found.exact("revenue", "customers", "2026-02") == 3


def test_sales_already_in_the_revenue_table_count_once(tmp_path: Path) -> None:
    tables = {
        "revenue_period": [paid("a", JAN, "0.00", one_off_amount="12.00")],
        "sales_transaction": [sale("a", date(2026, 1, 3), "12.00")],
    }
    found = company(
        tmp_path,
        tables,
        through=date(2026, 1, 31),
        rules=Rules(sales_in_revenue=True, lapse_days=90),
    )
    assert found.exact("revenue", "revenue", "2026-01") == D("12.00")
    assert found.exact("average_order_value", "amount", "2026-01") == D("12.00")


# ---- currencies ----------------------------------------------------------------------------------

RATES = [
    {"from_ccy": "USD", "to_ccy": "EUR", "rate_date": DEC, "rate": 0.90},
    {"from_ccy": "USD", "to_ccy": "EUR", "rate_date": FEB, "rate": 0.80},
    {"from_ccy": "USD", "to_ccy": "EUR", "rate_date": FEB, "rate": 5.0, "kind": "budget"},
    {"from_ccy": "GBP", "to_ccy": "USD", "rate_date": DEC, "rate": 1.30},
]


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Euros are reported. The dollar falls from 0.90 to 0.80 in February; no pound has a rate."""
    rows = [
        *(paid("e", JAN, "100.00", currency="EUR"), paid("e", FEB, "110.00", currency="EUR")),
        *(paid("u", JAN, "100.00", currency="USD"), paid("u", FEB, "120.00", currency="USD")),
        *(paid("n", FEB, "50.00", currency="USD"), paid("l", JAN, "10.00", currency="USD")),
        *(paid("g", JAN, "70.00", currency="GBP"), paid("g", FEB, "70.00", currency="GBP")),
        paid("none", FEB, "1.00"),
    ]
    return company(
        tmp_path_factory.mktemp("abroad"),
        {
            "revenue_period": rows,
            "fx_rate": RATES,
            "interaction": [
                {
                    "customer_id": "e",
                    "interaction_date": date(2026, 1, 31),
                    "channel_code": "phone",
                },
                {"customer_id": "e", "interaction_date": date(2026, 2, 1), "channel_code": "phone"},
                {
                    "customer_id": "e",
                    "interaction_date": date(2026, 2, 2),
                    "channel_code": "phone",
                    "cost_amount": "9.0000",
                    "currency": "GBP",
                },
            ],
            "unit_cost": [
                {
                    "channel_code": "phone",
                    "valid_from": DEC,
                    "cost_per_contact": "10.0000",
                    "currency": "USD",
                }
            ],
        },
        through=date(2026, 2, 28),
        rules=Rules(currency="EUR"),
    )


def test_the_movement_is_at_the_opening_rate_and_the_rest_is_the_rates(abroad: Company) -> None:
    """At 0.90: u 90 to 108, n 45 new, l 9 gone. At February's 0.80: u 96, n 40; so -17."""
    movement = money(abroad, "2026-02")
    assert lines(movement) == {
        "start": D("199.00"),
        "new": D("46.00"),
        "reactivation": 0,
        "expansion": D("28.00"),
        "contraction": 0,
        "churn": D("-9.00"),
        "fx": D("-17.00"),
        "end": D("247.00"),
    }
    assert movement.check == 0


def test_money_without_a_rate_is_left_out_and_never_taken_at_one(abroad: Company) -> None:
    """The pound has a rate into dollars only; no currency is the reported one."""
    assert abroad.exact("revenue", "revenue", "2026-01") == D("199.00")
    assert abroad.exact("revenue", "revenue", "2026-02") == D("247.00")


def test_a_rate_card_in_dollars_is_converted_on_the_day_of_the_contact(abroad: Company) -> None:
    """10 dollars at 0.90 in January and at 0.80 in February; the pounds are unknown."""
    assert abroad.exact("cost_to_serve", "contact_cost", "2026-01") == D("9.0000")
    assert abroad.exact("cost_to_serve", "contact_cost", "2026-02") == D("8.0000")
    assert abroad.exact("cost_per_contact", "costed", "2026-02") == 1


def test_one_currency_has_no_line_for_rates(v08: Company) -> None:
    assert "fx" not in lines(money(v08, "2026-02"))
    assert v08.mart("currency_month") == []


def test_who_pauses_takes_revenue_back_but_is_not_lost(tmp_path: Path) -> None:
    """A leaves with 10.00 and B pauses with 25.00: both are churned revenue, one is lost."""
    contracts = [
        term("A", DEC, FEB),
        term("B", DEC, FEB, "25.00", end_reason="end_of_term"),
        term("B", FEB, None, "0.00", status="paused"),
        term("C", DEC, None, "7.00"),
    ]
    found = company(tmp_path, {"subscription_period": contracts}, through=date(2026, 3, 31))
    rows = found.mart(
        "customer_flow",
        *("period_start", "months", "customers_lost", "revenue_churn", "revenue_lost"),
    )
    sums = [sum(column) for column in zip(*(r[2:] for r in rows if r[:2] == (FEB, 1)), strict=True)]
    assert sums == [1, D("35.00"), D("10.00")]
