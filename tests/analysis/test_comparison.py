"""Now against then, by hand: differences, usual ranges, and what is never compared (3.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxdata.analysis.breakdown import breakdown
from cxdata.analysis.bridge import bridges
from cxdata.analysis.comparison import better, compare, usual_range
from cxdata.analysis.figure import figure
from cxdata.metrics import metric
from cxdata.model.errors import MissingTables
from cxdata.model.evidence import Comparison, Flag, Verdict
from cxdata.model.period import Grain, Period, add_months
from cxdata.model.scope import Compare, Scope
from cxdata.query.evaluate import Figures
from cxdata.statistics.proportion import newcombe
from tests.company import Company, answer, company, member, paid, term

START = date(2025, 1, 1)


def month(step: int) -> date:
    """The first day of a month counted from January 2025."""
    return add_months(START, step)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Two hundred customers: 2 leave in February 2026 and 40 in March; revenue leaps in March.

    Large ones are a hundred of them, and lose all who leave.
    """
    leaves = {at: date(2026, 2, 10) for at in range(2)} | {
        at: date(2026, 3, 10) for at in range(2, 42)
    }
    who = [f"c{at:03d}" for at in range(200)]
    terms = [term(name, date(2025, 1, 1), leaves.get(at)) for at, name in enumerate(who)]
    revenue = [paid("c199", month(step), f"{100 + step % 3}.00") for step in range(14)]
    revenue += [paid("c199", month(14), "900.00")]
    return company(
        tmp_path_factory.mktemp("base"),
        {
            "subscription_period": terms,
            "revenue_period": revenue,
            "customer_segment": [
                member(name, "large" if at < 100 else "small", START) for at, name in enumerate(who)
            ],
            "survey_response": [
                answer(name, date(2026, 2 + at % 2, 5), 9 if at % 3 else 0)
                for at, name in enumerate(who)
            ],
        },
    )


MARCH = Scope(Period.parse("2026-03"))


def test_shares_are_compared_by_the_test_of_their_difference(base: Company) -> None:
    one = figure(base.gate, "logo_retention", MARCH)
    assert one.cell.estimate == pytest.approx(158 / 198)
    assert one.against is not None
    assert one.against.estimate == pytest.approx(198 / 200)
    expected = newcombe(158, 198, 198, 200)
    assert one.comparison.difference == pytest.approx(float(expected.estimate))
    assert one.comparison.lo == pytest.approx(float(expected.lo))
    assert one.comparison.hi == pytest.approx(float(expected.hi))
    assert one.comparison.verdict is Verdict.MOVED
    assert "Newcombe" in one.comparison.basis


def test_what_is_within_the_noise_is_usual(base: Company) -> None:
    february = figure(base.gate, "logo_retention", Scope(Period.parse("2026-02")))
    assert february.comparison.verdict is Verdict.USUAL
    scores = figure(base.gate, "nps", MARCH)
    assert scores.comparison.verdict is Verdict.USUAL


def test_money_has_moved_only_outside_its_own_range(base: Company) -> None:
    """Fourteen months between 100 and 102, then 900: the leap does not widen its own limits."""
    leap = figure(base.gate, "revenue", MARCH)
    assert leap.usual is not None
    assert leap.usual.lo < 100 < 102 < leap.usual.hi < 200
    assert leap.comparison.verdict is Verdict.MOVED
    assert leap.comparison.p is None, "a ledger has no sampling error"
    quiet = figure(base.gate, "revenue", Scope(Period.parse("2026-02")))
    assert quiet.comparison.verdict is Verdict.USUAL
    early = figure(base.gate, "revenue", Scope(Period.parse("2025-04")))
    assert early.comparison.verdict is Verdict.NONE, "three months say nothing of what is usual"


def test_the_year_before_and_nothing_can_be_compared_with(base: Company) -> None:
    year = figure(base.gate, "revenue", Scope(Period.parse("2026-02"), Compare.YEAR))
    assert year.comparison.difference == pytest.approx((100 + 13 % 3) - (100 + 1 % 3))
    alone = figure(base.gate, "revenue", Scope(Period.parse("2026-02"), Compare.NONE))
    assert (alone.against, alone.comparison.verdict) == (None, Verdict.NONE)


def test_an_unfinished_period_is_compared_with_nothing(base: Company) -> None:
    year = figure(base.gate, "revenue", Scope(Period.parse("2026")))
    assert year.cell.flag is Flag.PARTIAL
    assert year.comparison.verdict is Verdict.INCOMPLETE
    assert year.comparison.difference is None


def test_a_breakdown_tests_each_slice(base: Company) -> None:
    rows = breakdown(base.gate, "logo_retention", MARCH, ("segment",)).set_index("segment")
    assert rows.loc["large", "estimate"] == pytest.approx(58 / 98)
    assert rows.loc["large", "verdict"] == Verdict.MOVED
    assert rows.loc["small", "estimate"] == 1
    assert rows.loc["small", "verdict"] == Verdict.USUAL
    expected = newcombe(58, 98, 98, 100)
    assert rows.loc["large", "p"] == pytest.approx(float(expected.p))
    assert rows.loc["small", "difference"] == 0
    assert rows["difference_lo"].notna().all()


def test_which_way_is_better_belongs_to_the_metric() -> None:
    assert better(metric("logo_retention"), 0.1) is True
    assert better(metric("logo_churn"), 0.1) is False
    assert better(metric("cost_to_serve"), -3.0) is True
    assert better(metric("contacts"), 5.0) is None
    assert better(metric("nps"), 0.0) is None


def test_a_bridge_of_signed_lines_adds_up(base: Company) -> None:
    heads, _ = bridges(base.gate, MARCH)
    is_total = heads.lines["line"].isin(["start", "end"])
    steps = heads.lines.loc[~is_total, "amount"].sum()
    start, end = heads.lines.loc[is_total, "amount"]
    assert (start, start + steps, end) == (198, 158, 158)
    labels = ["At the start", "New", "Won back", "Lost", "At the end"]
    assert list(heads.lines["label"]) == labels
    assert heads.check == 0


def test_a_bridge_without_customers_names_what_it_needs(tmp_path: Path) -> None:
    rows = [{"response_id": "r", "responded_date": START, "nps_score": 9}]
    found = company(tmp_path, {"survey_response": rows}, through=date(2025, 1, 31))
    with pytest.raises(MissingTables, match="customer"):
        bridges(found.gate, Scope(Period.parse("2025-01")))


def series(values: list[float], grain: str = "quarter") -> Figures:
    """A ledger fact over time, one row a period."""
    first = Period.containing(date(2023, 1, 1), Grain(grain))
    when = [first.shift(step) for step in range(len(values))]
    frame = pd.DataFrame(
        {
            "period": [period.key for period in when],
            "period_start": [period.start for period in when],
            "estimate": values,
            "n": 100.0,
            "lo": float("nan"),
            "hi": float("nan"),
            "flag": Flag.OK.value,
        }
    )
    return Figures(metric("revenue_per_customer"), (), frame, {}, {}, "census")


def judged(values: list[float]) -> Comparison:
    """The last value against the one before."""
    figures = series(values)
    last = len(values) - 1
    return compare(figures, last, last - 1, usual_range(figures, last))


CALM = [10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0]


def test_a_young_series_is_judged_by_its_past_alone() -> None:
    """Eight calm values: mean 10.5, moving range 1, limits 10.5 -/+ 2.66 whatever comes next."""
    for value in (10.5, 50.0):
        usual = usual_range(series([*CALM, value]), len(CALM))
        assert usual is not None
        assert (usual.lo, usual.hi) == pytest.approx((7.84, 13.16))


def test_seven_points_set_no_range() -> None:
    assert usual_range(series([*CALM[:7], 50.0]), 7) is None


def test_a_step_out_of_the_range_has_moved() -> None:
    found = judged([*CALM, 14.0])
    assert found.verdict is Verdict.MOVED
    assert found.difference == pytest.approx(3.0)


def test_a_step_back_towards_the_range_is_no_move() -> None:
    found = judged([*CALM, 20.0, 19.0])
    assert found.verdict is Verdict.NONE
    assert found.basis == "above its usual range, and moving back"


def contacts_of(each_day: np.ndarray) -> Figures:
    """Contacts of months from January 2025 on, so many on each day."""
    when = [Period(date(2025, 1, 1), Grain.MONTH).shift(at) for at in range(len(each_day))]
    values = each_day * [period.days for period in when]
    frame = pd.DataFrame(
        {
            "period": [period.key for period in when],
            "period_start": [period.start for period in when],
            "estimate": values,
            "n": values,
            "flag": "ok",
        }
    )
    return Figures(metric("contacts"), (), frame, {"contacts": values}, {}, "census")


def test_months_of_unequal_length_are_judged_per_day() -> None:
    """As many contacts a day: February has a tenth less, and that is no news."""
    steady = 100 + np.tile([0.5, -0.5], 7)
    found = contacts_of(steady)
    usual = usual_range(found, 13)
    assert usual is not None
    told = compare(found, 13, 12, usual)
    assert (told.verdict, told.per_day) == (Verdict.USUAL, True)
    assert told.difference == pytest.approx(28 * 99.5 - 31 * 100.5)
    plain = replace(found, metric=replace(found.metric, per_day=False))
    wide = usual_range(plain, 13)
    assert wide is not None
    assert usual.hi - usual.lo < (wide.hi - wide.lo) / 3, "lengths of months are no noise"


def test_more_a_day_in_a_short_month_is_seen_though_the_month_has_less() -> None:
    busy = np.append(100 + np.tile([0.5, -0.5], 6), [100.5, 109.0])
    found = contacts_of(busy)
    told = compare(found, 13, 12, usual_range(found, 13))
    assert told.difference is not None
    assert told.difference < 0
    assert (told.verdict, told.basis) == (Verdict.NONE, "above its usual range, per day")


def test_periods_of_one_length_say_nothing_of_days() -> None:
    found = contacts_of(100 + np.tile([0.5, -0.5], 7))
    assert not compare(found, 12, 11, usual_range(found, 12)).per_day
