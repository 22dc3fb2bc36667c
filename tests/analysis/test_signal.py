"""Usual ranges over time: frozen, with run rules, Laney's limits, and drawn anew on events only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxdata.analysis.comparison import usual_course, usual_range
from cxdata.analysis.signal import Event, Signal, charted, signal
from cxdata.metrics import metric
from cxdata.model.errors import BadScope
from cxdata.model.format import Format
from cxdata.model.period import Grain, Period, add_months
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures
from cxdata.statistics.control import xmr
from cxdata.statistics.laney import laney_p
from cxdata.story.signal import signal_sentences
from tests.company import company, paid, term

FIRST = Period(date(2024, 1, 1), Grain.MONTH)
FORM = Format("EUR")


def series(name: str, stats: Mapping[str, np.ndarray], events: tuple[Event, ...] = ()) -> Signal:
    """Chart a metric whose months have these statistics."""
    known = metric(name)
    size = len(next(iter(stats.values())))
    when = [FIRST.shift(at) for at in range(size)]
    frame = pd.DataFrame(
        {
            "period": [period.key for period in when],
            "period_start": [period.start for period in when],
            "estimate": known.finish(stats).estimate,
        }
    )
    return charted(known, Scope(when[-1]), frame, stats, events)


def spend(values: np.ndarray, *events: Event) -> Signal:
    customers = np.full(len(values), 1000.0)
    return series(
        "revenue_per_customer", {"amount": values * customers, "customers": customers}, events
    )


def quiet(months: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(50, 1, months)


def test_limits_are_those_of_the_chart_and_stay_when_new_points_come() -> None:
    values = quiet(20)
    one, longer = spend(values), spend(np.append(values, 50.0))
    chart = xmr(values[:-1], baseline=19)
    assert one.frame["lo"].tolist() == pytest.approx([chart.lo[0]] * 20)
    assert (one.method, one.points, one.season_removed) == ("XmR", 19, False)
    frozen = usual_course(metric("revenue_per_customer"), quiet(40), Grain.QUARTER)
    assert frozen is not None
    assert frozen.baseline == 24
    assert frozen.hi[-1] == pytest.approx(xmr(quiet(40)[:24]).hi[-1])
    assert len(longer.frame) == 21


def test_points_outside_and_runs_are_marked() -> None:
    values = np.append(quiet(24), [70.0])
    assert spend(values).frame["rule"].iloc[-1] == "outside"
    chart = xmr(quiet(24))
    above = np.full(8, chart.centre[0] + 1.0)
    before = quiet(24)
    before[-1] = chart.centre[0] - 1.0
    centre = xmr(before).centre[0]
    assert (above > centre).all()
    running = spend(np.append(before, above))
    assert running.frame["rule"].tolist()[-2:] == ["", "run"]


def test_shares_have_the_limits_of_a_changing_n() -> None:
    random = np.random.default_rng(2)
    start = random.integers(900, 5000, 18).astype(float)
    kept = random.binomial(start.astype(int), 0.97).astype(float)
    found = series("logo_retention", {"retained": kept, "start": start})
    chart = laney_p(kept, start)
    assert found.method == "Laney's p'"
    assert found.frame["lo"].tolist() == pytest.approx(chart.lo.tolist())


def test_the_season_is_the_same_month_of_the_year_before() -> None:
    """A December that is always high is no signal once there are enough years."""
    months = np.arange(40)
    values = quiet(40, 5) + np.where(months % 12 == 11, 20.0, 0.0)
    found = spend(values)
    assert found.season_removed
    later = found.frame.iloc[24:]
    assert (later["rule"] == "").all()


@pytest.mark.parametrize("name", ["revenue_per_customer", "customers_end"])
@pytest.mark.parametrize("months", [10, 20, 25, 28, 40])
def test_the_last_range_of_a_trend_is_that_of_the_tile(name: str, months: int) -> None:
    """Whatever the season and however long the history: one rule sets both."""
    at = np.arange(months)
    values = 50 + 8 * np.sin(at * np.pi / 6) + quiet(months, 9) + at
    stats = (
        {"customers": np.round(values * 10)}
        if name == "customers_end"
        else {"amount": values * 1000, "customers": np.full(months, 1000.0)}
    )
    found = series(name, stats)
    figures = Figures(metric(name), (), found.frame.assign(flag="ok"), stats, {}, "")
    usual = usual_range(figures, months - 1)
    last = found.frame.iloc[-1]
    assert usual is not None
    assert (last["lo"], last["hi"]) == (usual.lo, usual.hi)
    assert found.season_removed == (months - 1 - (name == "customers_end") >= 24)
    drawn = found.frame["lo"].dropna()
    assert len(drawn) == months - (name == "customers_end") - 12 * found.season_removed


def test_a_strong_season_makes_no_step_and_rings_no_month() -> None:
    at = np.arange(36)
    found = spend(50 + 15 * np.sin(at * np.pi / 6) + quiet(36, 3))
    assert found.season_removed
    assert (found.frame["rule"] != "outside").all()
    widths = (found.frame["hi"] - found.frame["lo"]).dropna()
    assert widths.to_numpy() == pytest.approx(widths.iloc[0])


STEP = np.concatenate([quiet(14, 7), quiet(9, 8) + 6])


def test_a_change_of_level_without_an_event_leaves_the_range_alone() -> None:
    found = spend(STEP)
    assert found.change is not None
    assert found.change.since == add_months(FIRST.start, 14)
    assert found.change.event is None
    assert found.frame["centre"].nunique() == 1


def test_levels_without_the_season_say_so_for_they_are_not_what_is_drawn() -> None:
    at = np.arange(48)
    season = 15 * np.sin(at * np.pi / 6)
    found = spend(50 + season + quiet(48, 3) + np.where(at >= 40, 12.0, 0.0))
    assert found.change is not None
    assert found.change.is_adjusted
    assert "Its level, season taken out, changed from" in signal_sentences(found, FORM)[1]
    plain = spend(STEP)
    assert plain.change is not None
    assert not plain.change.is_adjusted
    assert "Its level changed from" in signal_sentences(plain, FORM)[1]


def test_an_event_on_record_draws_the_range_anew() -> None:
    event = Event(date(2025, 3, 3), "Prices raised in spring")
    far = Event(date(2024, 2, 1), "Another survey")
    found = spend(STEP, far, event)
    assert found.change is not None
    assert found.change.event == event
    assert found.change.is_anew
    assert found.frame["centre"].nunique() == 2
    assert found.frame["centre"].iloc[0] == pytest.approx(STEP[:13].mean())
    assert found.frame["centre"].iloc[-1] == pytest.approx(STEP[14:-1].mean())
    assert (found.points, found.frame["rule"].tolist()) == (8, [""] * 23)


def test_too_few_points_since_an_event_keep_the_old_range() -> None:
    values = np.concatenate([quiet(18, 7), quiet(5, 8) + 8])
    found = spend(values, Event(date(2025, 7, 5), "New plan"))
    assert found.change is not None
    assert found.change.event is not None
    assert not found.change.is_anew
    assert found.frame["centre"].nunique() == 1
    told = signal_sentences(found, FORM)[-1]
    assert told.endswith("Too few periods have passed since for a new usual range.")


def test_events_of_one_day_are_named_together() -> None:
    day = date(2025, 3, 3)
    other = Event(date(2025, 3, 30), "New plan")
    found = spend(STEP, Event(day, "Prices raised"), other, Event(day, "Another survey"))
    assert found.change is not None
    assert found.change.event == Event(day, "Prices raised; Another survey")


def test_a_quiet_series_seldom_has_a_change() -> None:
    false = sum(spend(quiet(24, seed)).change is not None for seed in range(200))
    assert false / 200 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_sentences_tell_range_and_change() -> None:
    steady = signal_sentences(spend(quiet(24)), FORM)
    assert len(steady) == 1
    assert steady[0].startswith("Revenue per customer stayed in its usual range (€")
    assert "set by 23 periods) with €" in steady[0]
    assert steady[0].endswith("in 2025-12; season is not taken out.")
    event = Event(date(2025, 3, 3), "another price list")
    _, changed = signal_sentences(spend(STEP, event), FORM)
    assert "On record then: another price list. The usual range is drawn anew" in changed
    assert "with Mar 2025" in changed
    _, stays = signal_sentences(spend(STEP), FORM)
    assert stays.endswith("no event is on record then, so the usual range stays as it was.")
    (short,) = signal_sentences(spend(quiet(5)), FORM)
    assert "too short a history" in short


def test_through_the_gate_only_finished_periods_count(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    start = date(2025, 1, 1)
    base = company(
        tmp_path_factory.mktemp("base"),
        {
            "subscription_period": [term("a", start)],
            "revenue_period": [
                paid("a", add_months(start, step), f"{100 + step % 3}.00") for step in range(15)
            ],
        },
        through=date(2026, 3, 20),
    )
    found = signal(base.gate, "revenue", Scope(Period.parse("2026-03")))
    assert found.frame["period"].iloc[-1] == "2026-02"
    stock = signal(base.gate, "recurring_revenue", Scope(Period.parse("2026-02")))
    assert stock.method == "XmR of the steps"
    assert stock.frame["lo"].notna().any()
    with pytest.raises(BadScope, match="no course"):
        signal(base.gate, "lost_share", Scope(Period.parse("2026-02")))
