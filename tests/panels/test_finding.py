"""Sentences: never more than their evidence."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cxdata.metrics import metric, registry
from cxdata.model.evidence import Cell, Comparison, Flag, Verdict
from cxdata.model.format import Format
from cxdata.model.period import Grain, Period
from cxdata.panels import finding

FORM = Format("EUR")
AUG = Period(date(2026, 8, 1), Grain.MONTH)
CAUSAL = re.compile(r"\b(caused|drove|because of|led to|due to|impact of)\b")


def cell(estimate: float | None = 0.9, flag: Flag = Flag.OK, half: float | None = 0.02) -> Cell:
    low, high = (
        (None, None) if half is None or estimate is None else (estimate - half, estimate + half)
    )
    return Cell(estimate, 1200, low, high, "Wilson", flag)


def change(verdict: Verdict, difference: float | None = 0.03, p: float | None = 0.01) -> Comparison:
    return Comparison(difference, None, None, p, verdict, "difference of two shares")


@pytest.mark.parametrize(
    ("name", "difference", "tone"),
    [
        ("logo_retention", 0.03, "better"),
        ("logo_retention", -0.03, "worse"),
        ("cost_per_customer", 0.5, "worse"),
        ("cost_per_customer", -0.5, "better"),
        ("answers", 5.0, "moved"),
        ("logo_retention", 0.0, "calm"),
    ],
)
def test_only_a_movement_has_a_tone_and_better_belongs_to_the_metric(
    name: str, difference: float, tone: str
) -> None:
    found = finding.movement(metric(name), change(Verdict.MOVED, difference), AUG, FORM)
    assert found.tone == tone


@pytest.mark.parametrize(
    "verdict", [Verdict.USUAL, Verdict.TOO_FEW, Verdict.INCOMPLETE, Verdict.NONE]
)
@pytest.mark.parametrize("name", list(registry()))
def test_without_evidence_every_metric_stays_calm(name: str, verdict: Verdict) -> None:
    assert finding.movement(metric(name), change(verdict, 9.0), AUG, FORM).tone == "calm"


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (change(Verdict.MOVED), "more than chance"),
        (change(Verdict.USUAL), "within chance"),
        (change(Verdict.MOVED, p=None), "outside its usual range"),
        (change(Verdict.USUAL, p=None), "within its usual range"),
        (change(Verdict.TOO_FEW), "too few to compare"),
        (change(Verdict.INCOMPLETE), "unfinished, so not compared"),
    ],
)
def test_a_verdict_names_what_it_rests_on(comparison: Comparison, words: str) -> None:
    assert finding.movement(metric("logo_retention"), comparison, AUG, FORM).verdict == words


@pytest.mark.parametrize("verdict", [Verdict.TOO_FEW, Verdict.INCOMPLETE])
def test_what_is_not_compared_shows_no_difference(verdict: Verdict) -> None:
    assert finding.movement(metric("logo_retention"), change(verdict), AUG, FORM).text == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (cell(), "±2.0 pp · n = 1,200"),
        (cell(flag=Flag.INDICATIVE), "±2.0 pp · n = 1,200 · wide margin"),
        (cell(half=None), "full count · n = 1,200"),
        (cell(flag=Flag.PARTIAL, half=None), "full count · n = 1,200 · unfinished"),
        (Cell(None, 3, None, None, "", Flag.TOO_FEW), "n = 3 · too few to say"),
        (Cell(None, None, None, None, "", Flag.SUPPRESSED), "hidden: too few people"),
        (Cell(None, None, None, None, "", Flag.NO_DATA), "no data"),
        (Cell(None, 0, None, None, "", Flag.NO_DATA), "no data"),
    ],
)
def test_evidence_is_a_margin_and_a_number_of_people(given: Cell, words: str) -> None:
    assert finding.evidence(metric("logo_retention"), given, FORM) == words


def test_a_count_of_people_is_not_its_own_evidence() -> None:
    counted = Cell(412.0, 412, None, None, "census", Flag.OK)
    assert finding.evidence(metric("customers_new"), counted, FORM) == "full count"


def members(**estimates: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": list(estimates),
            "estimate": [float("nan") if v is None else v for v in estimates.values()],
            "flag": ["ok" if v is not None else "too_few" for v in estimates.values()],
        }
    )


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (
            members(A=0.9, B=0.95, C=None),
            "Retention by segment: from 90.0 % (A) to 95.0 % (B); 1 too small to show",
        ),
        (members(A=0.9), "Retention by segment: 90.0 % in A"),
        (members(A=None), "Retention by segment: no group is large enough to show"),
    ],
)
def test_a_spread_names_its_ends_and_what_is_hidden(frame: pd.DataFrame, words: str) -> None:
    assert finding.spread(metric("logo_retention"), frame, FORM, "segment") == words


def test_the_rest_is_no_end_of_a_spread_unless_it_is_all_there_is() -> None:
    frame = members(A=0.9, B=0.95, Unknown=0.1).assign(is_rest=[False, False, True])
    words = "Retention by segment: from 90.0 % (A) to 95.0 % (B)"
    assert finding.spread(metric("logo_retention"), frame, FORM, "segment") == words
    alone = finding.spread(metric("logo_retention"), frame.iloc[2:], FORM, "segment")
    assert alone == "Retention by segment: 10.0 % in Unknown"


def test_a_figure_of_one_journey_is_told_for_each_of_them() -> None:
    assert finding.by(metric("logo_retention"), "journey") == "Retention by journey"
    assert finding.by(metric("nps_after_journey"), "journey") == "NPS after each journey"
    assert finding.by(metric("nps_after_journey"), "segment") == "NPS after a journey by segment"


def over_months(estimates: list[float], flags: list[str] | None = None) -> pd.DataFrame:
    months = [date(2026, 1 + at, 1) for at in range(len(estimates))]
    return pd.DataFrame(
        {
            "period_start": months,
            "label": [f"{month:%b %Y}" for month in months],
            "estimate": pd.Series(estimates, dtype=float),
            "flag": flags or ["ok"] * len(estimates),
        }
    )


@pytest.mark.parametrize(
    ("estimates", "flags", "words"),
    [
        ([0.9, 0.95, 0.5], ["ok", "ok", "partial"], " 95.0 % in Feb 2026, highest since Jan 2026"),
        ([0.95, 0.9], ["ok", "ok"], " 90.0 % in Feb 2026, lowest since Jan 2026"),
        ([0.9, 0.9, 0.9], ["ok"] * 3, " 90.0 % in Mar 2026, unchanged since Jan 2026"),
        ([0.9, 0.1, 0.95], ["ok", "suppressed", "ok"], " 95.0 % in Mar 2026, highest since"),
        (
            [0.98, 0.987, 0.982],
            ["ok"] * 3,
            " 98.2 % in Mar 2026, within its range of 98.0 to 98.7 % since Jan 2026",
        ),
        (
            [0.98, 0.987, 0.97999],  # lower by less than is written
            ["ok"] * 3,
            " 98.0 % in Mar 2026, within its range of 98.0 to 98.7 % since Jan 2026",
        ),
        ([0.9], ["ok"], ": no course yet to show"),
        ([], [], ": no course yet to show"),
    ],
)
def test_a_course_says_where_the_last_finished_period_stands_in_its_range(
    estimates: list[float], flags: list[str], words: str
) -> None:
    said = finding.course(metric("logo_retention"), over_months(estimates, flags), FORM)
    assert said.startswith(f"Retention{words}")


def test_a_course_tells_the_period_that_is_shown() -> None:
    frame = over_months([0.9, 0.8, 0.95])
    now = Period(date(2026, 2, 1), Grain.MONTH)
    said = finding.course(metric("logo_retention"), frame, FORM, now)
    assert said == "Retention 80.0 % in Feb 2026, lowest since Jan 2026"


def test_money_and_points_write_both_ends_of_a_range() -> None:
    frame = over_months([20.0, 22.0, 21.0])
    said = finding.course(metric("revenue_per_customer"), frame, FORM)
    assert "within its range of €20.00 to €22.00" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("logo_retention", "Retention over time: SMB lowest in Feb 2026, 90.0 %"),
        ("cost_per_customer", "over time: Public highest in Feb 2026, €0.95"),
    ],
)
def test_lines_name_who_stood_worst_when_last_finished(name: str, words: str) -> None:
    flags = ["ok", "ok", "partial"]
    frame = pd.concat(
        [
            over_months([0.2, 0.90, 0.99], flags).assign(name="SMB", is_rest=False),
            over_months([0.3, 0.95, 0.01], flags).assign(name="Public", is_rest=False),
            over_months([0.3, 0.05, 9.99], flags).assign(name="Unknown", is_rest=True),
        ]
    )
    assert finding.lines(metric(name), frame, FORM, "segment").endswith(words)
    alone = finding.lines(metric(name), frame.iloc[:3], FORM, "segment")
    assert alone == f"{metric(name).label} by segment over time"


@pytest.mark.parametrize(
    ("name", "words"), [("logo_retention", "retention"), ("nps", "NPS"), ("answers", "answers")]
)
def test_a_metric_within_a_sentence_keeps_its_abbreviation(name: str, words: str) -> None:
    assert finding.in_sentence(metric(name)).startswith(words)


def test_no_sentence_of_this_file_names_a_cause() -> None:
    source = Path(finding.__file__).read_text(encoding="utf-8")
    assert not CAUSAL.search(source)


def test_a_journey_of_leaving_is_no_fair_comparison() -> None:
    frame = pd.DataFrame(
        {"name": ["Join", "Pay", "Cancel"], "estimate": [0.97, 0.98, 0.1], "flag": "ok"}
    )
    retention = metric("logo_retention")
    said = finding.spread(retention, frame, FORM, "journey", ["Cancel"])
    assert said == "Retention by journey: from 97.0 % (Join) to 98.0 % (Pay)"
    alone = frame.loc[frame["name"] == "Cancel"]
    assert "Cancel" in finding.spread(retention, alone, FORM, "journey", ["Cancel"])
