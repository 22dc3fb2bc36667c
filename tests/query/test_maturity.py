"""Unfinished, provisional, unknown: what a period's age makes of a figure (C2, C12, 1.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from cxdata.metrics import metric
from cxdata.model.period import Grain
from cxdata.query.maturity import complete_through, is_assumed
from cxdata.query.options import default_scope, latest_complete, periods
from tests.company import Company, company, contact, paid, sale, term

DEC, JAN, FEB, MAR = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def flags(found: Company, name: str, *when: str) -> list[str]:
    """Flags of a metric by period."""
    return [str(found.figures(name, period).frame["flag"].iloc[0]) for period in when]


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Contracts are complete to 20 March, contacts only to 10 February."""
    day = timedelta(days=1)
    return company(
        tmp_path_factory.mktemp("uneven"),
        {
            "subscription_period": [term(f"c{at}", DEC) for at in range(40)],
            "interaction": [contact("c0", JAN + day * at) for at in range(60)],
            "data_load": [
                {
                    "load_id": name,
                    "table_name": name,
                    "complete_through": through,
                    "loaded_at": datetime.combine(through, time(3), UTC),
                }
                for name, through in (
                    ("subscription_period", date(2026, 3, 20)),
                    ("interaction", date(2026, 2, 10)),
                )
            ],
        },
        through=None,
    )


def test_a_figure_is_complete_as_far_as_the_least_of_its_tables(uneven: Company) -> None:
    assert complete_through(uneven.gate, metric("customers_new")) == date(2026, 3, 20)
    assert complete_through(uneven.gate, metric("contacts")) == date(2026, 2, 10)
    assert complete_through(uneven.gate, metric("contact_rate")) == date(2026, 2, 10)
    assert not is_assumed(uneven.gate, metric("contact_rate"))


def test_unfinished_periods_are_partial_and_later_ones_have_no_data(uneven: Company) -> None:
    months = ("2026-01", "2026-02", "2026-03")
    assert flags(uneven, "customers_end", *months) == ["ok", "ok", "partial"]
    assert flags(uneven, "contacts", *months) == ["ok", "partial", "no_data"]
    assert uneven.cell("contacts", "2026-03").estimate is None
    assert flags(uneven, "contacts", "2026-Q1") == ["partial"]
    assert flags(uneven, "contacts", "2025-12") == ["no_data"], "contacts begin in January"


def test_a_month_without_contacts_in_loaded_data_is_zero(tmp_path: Path) -> None:
    rows = [contact("a", date(2026, 1, 5)), contact("a", date(2026, 3, 5))]
    found = company(tmp_path, {"interaction": rows, "subscription_period": [term("a", DEC)]})
    assert found.cell("contacts", "2026-02").estimate == 0
    assert flags(found, "repeat_contact_rate", "2026-02") == ["no_data"], "a ratio of nothing"


def test_without_a_promise_the_last_day_is_taken_as_unfinished(tmp_path: Path) -> None:
    rows = [sale("a", date(2026, 1, 1)), sale("a", date(2026, 3, 31))]
    found = company(tmp_path, {"sales_transaction": rows}, through=None)
    assert complete_through(found.gate, metric("revenue")) == date(2026, 3, 30)
    assert is_assumed(found.gate, metric("revenue"))
    assert latest_complete(found.gate, Grain.MONTH).key == "2026-02"


def test_a_monthly_table_is_complete_to_the_end_of_its_last_month(tmp_path: Path) -> None:
    rows = [paid("a", JAN, "1.00"), paid("a", FEB, "1.00")]
    found = company(tmp_path, {"revenue_period": rows}, through=None)
    assert complete_through(found.gate, metric("revenue")) == date(2026, 2, 28)
    assert default_scope(found.gate).period.key == "2026-02"
    assert flags(found, "recurring_revenue", "2026-02") == ["ok"]


def test_money_movements_need_the_month_before(tmp_path: Path) -> None:
    rows = [paid("a", month, "1.00") for month in (DEC, JAN, FEB)]
    found = company(tmp_path, {"revenue_period": rows}, through=date(2026, 2, 28))
    assert flags(found, "gross_revenue_retention", "2026-02")[0] in ("partial", "no_data")
    assert periods(found.gate, Grain.YEAR)[-1].key == "2026"


def test_young_periods_whose_events_arrive_late_are_provisional(tmp_path: Path) -> None:
    """A fifth of the contacts arrives ten days late; March ends on the last complete day."""
    first = date(2025, 10, 1)
    rows = [
        contact(
            "a",
            day := first + timedelta(days=at),
            loaded_at=datetime.combine(day, time(3), UTC)
            + timedelta(days=10 if at % 5 == 0 else 1),
        )
        for at in range(182)
    ]
    found = company(tmp_path, {"interaction": rows})
    assert float(found.gate.lateness["interaction"].at(5.0)) == pytest.approx(0.8, abs=0.01)
    assert flags(found, "contacts", "2026-02", "2026-03") == ["ok", "provisional"]


def test_dates_after_today_are_counted_and_not_believed(tmp_path: Path) -> None:
    rows = [sale("a", date(2026, 1, 5)), sale("a", date(2026, 3, 5)), sale("b", date(2999, 1, 1))]
    found = company(tmp_path, {"sales_transaction": rows})
    assert found.gate.tables["sales_transaction"].future_dated == 1
    assert found.gate.built.last_month == MAR
    assert found.exact("revenue", "revenue", "2026-Q1") == 20


def test_few_customers_are_said_to_be_few(uneven: Company, tmp_path: Path) -> None:
    assert flags(uneven, "logo_retention", "2026-01") == ["ok"]
    few = company(tmp_path, {"subscription_period": [term(f"c{at}", DEC) for at in range(12)]})
    assert flags(few, "logo_retention", "2026-01") == ["indicative"]
    scarce = {"subscription_period": [term(f"c{at}", DEC) for at in range(9)]}
    found = company(tmp_path / "scarce", scarce)
    cell = found.cell("logo_retention", "2026-01")
    assert (cell.flag, cell.estimate, cell.n) == ("too_few", None, 9)
