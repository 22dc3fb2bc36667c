"""A period under way against as many days of another, counted by hand (C9)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cxdata.analysis.figure import figure
from cxdata.analysis.to_date import to_date
from cxdata.metrics import metric
from cxdata.model.evidence import Flag, Verdict
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Compare, Scope
from cxdata.query.days import by_day, sums_of_days
from cxdata.statistics.proportion import newcombe
from tests.company import Company, answer, company, contact, journeys, member, sale, term

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
        ("cost_to_serve", MARCH),
        ("churn_rate", MARCH),
        ("first_contact_resolution", MARCH),
    ],
)
def test_what_is_finished_or_not_known_by_days_is_not_compared(
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


def day(month: int, number: int) -> date:
    """A day of 2026."""
    return date(2026, month, number)


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Customers who come and go, and what they say; complete through 10 March 2026."""
    stays = [term(f"s{at}", START) for at in range(6)]
    early: dict[str, list[tuple[date, date | None]]] = {
        # February, by the tenth: one lost, one new; two more lost and one back after it.
        "gone": [(START, day(2, 5))],
        "late": [(START, day(2, 20))],
        "back": [(START, day(2, 8)), (day(2, 25), None)],
        "new": [(day(2, 9), None)],
        # March, by the tenth: two new of which one has left again, one lost and back.
        "fresh": [(day(3, 2), None)],
        "brief": [(day(3, 2), day(3, 9))],
        "away": [(START, day(3, 1)), (day(3, 10), None)],
        "lost": [(START, day(3, 3))],
        "woken": [(START, date(2025, 9, 1)), (day(3, 4), None)],
        "leaves": [(START, day(3, 11))],
    }
    terms = [
        term(who, start, end, end_reason="voluntary" if end else None)
        for who, times in early.items()
        for start, end in times
    ]
    said = [
        *(answer(f"s{at}", day(2, 3), 9, survey_code="x") for at in range(5)),
        answer("s0", day(2, 15), 0, survey_code="x"),
        *(answer(f"s{at}", day(2, 20), 3, survey_code="x") for at in range(5, 6)),
        *(answer(f"q{at}", day(2, 20), 3, survey_code="x") for at in range(5)),
        *(answer(f"s{at}", day(3, 4), 10, survey_code="x") for at in range(6)),
        answer("s0", day(3, 8), 2, survey_code="x"),
        # Two people of one account agree until one changes her mind.
        answer("s1", day(3, 5), 9, survey_code="x", person_id="p1"),
        answer("s1", day(3, 6), 9, survey_code="x", person_id="p2"),
        answer("s1", day(3, 9), 1, survey_code="x", person_id="p2"),
    ]
    return company(
        tmp_path_factory.mktemp("moving"),
        {"subscription_period": [*stays, *terms], "survey_response": said},
        through=day(3, 10),
    )


@pytest.mark.parametrize(
    ("name", "now", "then"),
    [
        ("customers_start", 11, 12),
        ("customers_new", 1, 1),
        ("customers_reactivated", 1, 0),
        ("customers_lost", 1, 2),
        ("customers_net", 1, -1),
        ("customers_end", 12, 11),
        ("logo_retention", 10 / 11, 10 / 12),
        ("churn_voluntary", 1 / 11, 2 / 12),
    ],
)
def test_customers_of_ten_days(moving: Company, name: str, now: float, then: float) -> None:
    """Who joined and left again is neither new nor lost; who was away and is back is not lost."""
    found = to_date(moving.gate, name, MARCH)
    assert found is not None
    shown = [figures.estimate for figures in (found.cell, found.then)]
    stats = sums(moving, name)
    assert stats == pytest.approx((now, then)), name
    if name.startswith("customers"):
        assert shown == [now, then]


def sums(found: Company, name: str) -> tuple[float, float]:
    """The figure of ten days of March and of February, whether or not it may be shown."""
    daily = by_day(metric(name))
    assert daily is not None
    spans = [(day(3, 1), day(3, 11)), (day(2, 1), day(2, 11))]
    done = daily.finish(sums_of_days(found.gate, daily, MARCH, spans)).estimate
    return float(done[0]), float(done[1])


def test_scores_of_ten_days_take_the_latest_of_those_days(moving: Company) -> None:
    """March: s0 fell to 2, p2 of s1 to 1; of eight answers six are high. February: five, all high.

    What was said from the eleventh on, and that s0 took it back, is not yet known then.
    """
    found = to_date(moving.gate, "nps", MARCH)
    assert found is not None
    assert sums(moving, "nps") == pytest.approx((100 * (6 - 2) / 8, 100))
    assert (found.cell.n, found.then.n) == (8, 5)


def test_answers_of_one_account_agree_by_days_as_in_the_full_period(moving: Company) -> None:
    """Of s1 three people answered: itself, p1 and p2, so 6 ordered pairs; p2 changed its mind."""
    daily = by_day(metric("nps"))
    assert daily is not None
    for last, score in ((6, 3 * 3 - 3), (8, 3 * 3 - 3), (9, 1 * 1 - 3)):
        held = sums_of_days(moving.gate, daily, MARCH, [(day(3, 1), day(3, last + 1))])
        assert (held["pairs"][0], held["pairs_product"][0]) == (6, score), last


def test_few_answers_are_not_shown_nor_what_they_would_follow_from(tmp_path: Path) -> None:
    """Four by the tenth are too few; so are three after it, which the full month would tell."""
    said = [answer(f"a{at}", day(3, 4), 9) for at in range(6)]
    february = [
        *(answer(f"a{at}", day(2, 4), 9) for at in range(6)),
        *(answer(f"b{at}", day(2, 20), 2) for at in range(3)),
    ]
    january = [answer(f"a{at}", day(1, 4), 9) for at in range(4)]
    rows = {"survey_response": [*said, *february, *january]}
    gate = company(tmp_path, rows, through=day(3, 10)).gate
    found = to_date(gate, "nps", MARCH)
    assert found is not None
    assert found.then.flag is Flag.SUPPRESSED
    assert found.then.estimate is found.then.n is None
    assert found.comparison.verdict is Verdict.TOO_FEW
