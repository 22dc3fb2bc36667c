"""A period under way against as many days of another, counted by hand (C9)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cxdata.analysis.figure import figure
from cxdata.analysis.to_date import to_date
from cxdata.model.evidence import Flag, Verdict
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Compare, Scope
from cxdata.statistics.proportion import newcombe
from tests.company import Company, company, contact, journeys, member, sale, term

START = date(2025, 1, 1)
MARCH = Scope(Period.parse("2026-03"))


def called(month: date, early: int, late: int, abandoned: int = 0) -> list[dict[str, object]]:
    """Contacts within the first ten days of a month, the first some given up, and after them."""
    days = [*(1 + at % 10 for at in range(early)), *(11 + at % 18 for at in range(late))]
    return [
        contact(
            f"c{at % 40:02d}",
            month + timedelta(day - 1),
            abandoned=at < abandoned,
            journey_code="pay" if at % 2 else "move",
        )
        for at, day in enumerate(days)
    ]


def served(folder: Path, through: date, last: int = 50, *, steady: int = 14) -> Company:
    """Months of 30 contacts or so by the tenth and 60 after; the last has as many as given."""
    rows = []
    for step in range(14 - steady, 14):
        rows += called(add_months(START, step), 30 + step % 3, 60, abandoned=6)
    # March has no more days than are loaded.
    rows += called(date(2026, 3, 1), last, 0, abandoned=20)
    terms = [term(f"c{at:02d}", START) for at in range(40)]
    segments = [member(f"c{at:02d}", "even" if at % 2 == 0 else "odd", START) for at in range(40)]
    ordered = {START: "5.00", date(2026, 2, 3): "10.00", date(2026, 3, 3): "30.00"}
    sales = [sale("c00", day, amount) for day, amount in ordered.items()]
    return company(
        folder,
        {
            "interaction": rows,
            "subscription_period": terms,
            "customer_segment": segments,
            "sales_transaction": sales,
            "journey": journeys("pay", "move"),
        },
        through=through,
    )


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Data complete through 10 March 2026."""
    return served(tmp_path_factory.mktemp("tenth"), date(2026, 3, 10))


def test_ten_days_are_compared_with_ten_days(tenth: Company) -> None:
    """50 contacts by the tenth of March; 31 by the tenth of February, in which 60 followed."""
    found = to_date(tenth.gate, "contacts", MARCH)
    assert found is not None
    assert (found.days, found.cell.estimate, found.then.estimate) == (10, 50, 31)
    assert found.comparison.difference == 19
    assert found.words == "first 10 days of Mar 2026 with first 10 days of Feb 2026"
    year = to_date(tenth.gate, "contacts", Scope(MARCH.period, Compare.YEAR))
    assert year is not None
    assert year.then.estimate == 30 + 2


def test_a_ledger_fact_is_judged_by_the_same_days_of_the_months_before(tenth: Company) -> None:
    found = to_date(tenth.gate, "contacts", MARCH)
    assert found is not None
    assert found.usual is not None
    assert found.usual.lo < 30 < 32 < found.usual.hi < 40
    assert found.comparison.verdict is Verdict.MOVED


def test_a_quiet_month_is_within_its_range(tmp_path: Path) -> None:
    found = to_date(served(tmp_path, date(2026, 3, 10), 31).gate, "contacts", MARCH)
    assert found is not None
    assert found.comparison.verdict is Verdict.USUAL


def test_few_months_say_nothing_of_what_is_usual(tmp_path: Path) -> None:
    found = to_date(served(tmp_path, date(2026, 3, 10), steady=3).gate, "contacts", MARCH)
    assert found is not None
    assert found.comparison.difference == 19
    assert found.comparison.verdict is Verdict.NONE


def test_a_share_is_tested_on_the_difference_of_the_days(tenth: Company) -> None:
    """20 of 50 given up against 6 of 31."""
    found = to_date(tenth.gate, "abandoned_share", MARCH)
    assert found is not None
    expected = newcombe(20, 50, 6, 31)
    assert found.comparison.lo == pytest.approx(float(expected.lo))
    assert found.comparison.hi == pytest.approx(float(expected.hi))


def test_slices_and_journeys_narrow_the_days(tenth: Company) -> None:
    """Every other contact of the first 50, and of the first 31, is of even customers."""
    even = Scope(MARCH.period, where=(("segment", ("even",)),))
    pay = Scope(MARCH.period, journeys=("pay",))
    for scope, now, then in ((even, 25, 16), (pay, 25, 15)):
        found = to_date(tenth.gate, "contacts", scope)
        assert found is not None
        assert (found.cell.estimate, found.then.estimate) == (now, then)


def test_orders_are_counted_by_day(tenth: Company) -> None:
    found = to_date(tenth.gate, "average_order_value", MARCH)
    assert found is not None
    assert (found.cell.estimate, found.then.estimate) == (30, 10)


def test_a_longer_month_is_held_to_the_days_of_the_shorter(tmp_path: Path) -> None:
    found = to_date(served(tmp_path, date(2026, 3, 30)).gate, "contacts", MARCH)
    assert found is not None
    assert (found.days, found.then.estimate) == (28, 91)


def test_longer_periods_under_way_have_their_days_too(tenth: Company) -> None:
    """1 January to 10 March: 69 days, against as many of the quarter before."""
    found = to_date(tenth.gate, "contacts", Scope(Period.parse("2026-Q1")))
    assert found is not None
    assert (found.days, found.cell.estimate) == (69, 90 + 91 + 50)
    # Oct 1 to Dec 8: two whole months, and of December the 32 by the tenth less two days.
    by_the_eighth = sum(1 + at % 10 <= 8 for at in range(32))
    assert found.then.estimate == 90 + 91 + by_the_eighth


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("contacts", Scope(Period.parse("2026-02"))),
        ("contacts", Scope(MARCH.period, Compare.NONE)),
        ("logo_retention", MARCH),
        ("cost_to_serve", MARCH),
        ("first_contact_resolution", MARCH),
    ],
)
def test_what_is_finished_or_does_not_add_up_by_days_is_not_compared(
    tenth: Company, name: str, scope: Scope
) -> None:
    assert to_date(tenth.gate, name, scope) is None


def test_a_figure_under_way_carries_its_fair_comparison(tenth: Company) -> None:
    """The unfinished figure itself stays uncompared."""
    found = figure(tenth.gate, "contacts", MARCH)
    assert found.cell.flag is Flag.PARTIAL
    assert found.comparison.verdict is Verdict.INCOMPLETE
    assert found.to_date is not None
    assert found.to_date.comparison.difference == 19
    assert figure(tenth.gate, "contacts", Scope(Period.parse("2026-02"))).to_date is None


def test_single_days_are_kept_for_twenty_six_months(tmp_path: Path) -> None:
    rows = [contact("a", add_months(date(2023, 1, 15), step)) for step in range(36)]
    found = company(tmp_path, {"interaction": rows}, through=date(2025, 12, 20))
    days = [day for (day,) in found.mart("day_event", "day")]
    assert (min(days), len(days)) == (date(2023, 11, 15), 26)
