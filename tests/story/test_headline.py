"""Sentences: never more than their evidence, and what the parts did beside the whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from cxdata.analysis.comparison import UsualRange
from cxdata.analysis.figure import Figure
from cxdata.analysis.worth import Worth
from cxdata.metrics import metric
from cxdata.model.evidence import Cell, Comparison, Flag, Verdict
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.story.headline import balance, headline

SCOPE = Scope(Period.parse("2026-09"))
FORM = Format("EUR")
MOVED = Comparison(-0.011, -0.015, -0.008, 0.0001, Verdict.MOVED, "difference of two shares")
STILL = Comparison(-0.001, -0.004, 0.002, 0.52, Verdict.USUAL, "difference of two shares")
CAUSAL = re.compile(r"caused|drove|because of|led to|due to|impact of|no effect")


def figure(name: str, estimate: float, n: int, comparison: Comparison) -> Figure:
    cell = Cell(estimate, n, estimate - 0.003, estimate + 0.003, "Wilson", Flag.OK)
    return Figure(
        metric(name),
        SCOPE,
        cell,
        cell,
        comparison,
        None,
        pd.DataFrame(),
        date(2026, 10, 20),
        False,
    )


RETENTION = figure("logo_retention", 0.974, 13_679, MOVED)


def slices(differences: dict[str, float], p: float = 0.001) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment": list(differences),
            "segment_label": list(differences),
            "difference": list(differences.values()),
            "p": p,
        }
    )


def test_a_movement_says_how_much_whether_it_is_real_where_and_what_it_is_worth() -> None:
    worths = {"logo_retention": Worth(-92_100.0, -119_000.0, -65_100.0, -155.0)}
    (told,) = headline(
        [RETENTION], worths, {"logo_retention": slices({"SMB": -0.02, "Families": -0.01})}, FORM
    )
    assert told.text == (
        "Retention fell 1.1 pp to 97.4 % against Aug 2026, more than chance gives"
        " (±0.3 pp, n = 13,679). That is 155 fewer customers kept, worth €92.1k a year at past"
        " value (€65.1k to €119k); steepest in SMB (−2.0 pp) and Families (−1.0 pp)."
    )
    assert (told.has_moved, told.is_better) == (True, False)


def test_parts_that_rose_while_the_whole_fell_are_said_so() -> None:
    (told,) = headline(
        [RETENTION], {}, {"logo_retention": slices({"SMB": 0.02, "Families": 0.01})}, FORM
    )
    assert told.text.endswith("Yet it rose in 2 of 2 groups: the mix of them changed.")
    assert "steepest" not in told.text


def test_groups_within_noise_are_not_named() -> None:
    (told,) = headline(
        [RETENTION], {}, {"logo_retention": slices({"SMB": -0.02, "Families": -0.01}, p=0.4)}, FORM
    )
    assert told.text.endswith("None of 2 groups stands out alone.")


def test_nothing_beyond_noise_is_a_finding_without_a_colour() -> None:
    still = [replace(RETENTION, comparison=STILL), figure("nps", 36.0, 1_003, STILL)]
    (told,) = headline(still, {}, {}, FORM)
    assert told.text.startswith("Nothing moved beyond noise: Retention and NPS")
    assert (told.has_moved, told.is_better) == (False, None)


def test_one_figure_within_chance_says_its_margin() -> None:
    (told,) = headline([replace(RETENTION, comparison=STILL)], {}, {}, FORM)
    assert told.text == (
        "Retention was 97.4 % in Sep 2026 (±0.3 pp, n = 13,679);"
        " −0.1 pp on Aug 2026 is within what chance gives."
    )


def test_a_full_count_is_judged_by_its_usual_range() -> None:
    outside = Comparison(4.2, None, None, None, Verdict.MOVED, "outside the usual range")
    cost = replace(
        figure("cost_per_customer", 9.5, 13_000, outside),
        cell=Cell(9.5, 13_000, None, None, "census", Flag.OK),
        usual=UsualRange(4.0, 6.0, 24),
    )
    (told,) = headline([cost], {"cost_per_customer": Worth(-54_600, None, None, None)}, {}, FORM)
    assert "outside its usual range of €4.00 to €6.00 (n = 13,000)" in told.text
    assert told.text.endswith("That is €54.6k less for the period at past value.")
    assert told.is_better is False


def test_an_unfinished_period_is_not_judged() -> None:
    unfinished = Comparison(None, None, None, None, Verdict.INCOMPLETE, "unfinished period")
    others = [replace(RETENTION, comparison=unfinished), figure("nps", 36.0, 900, unfinished)]
    (told,) = headline(others, {}, {}, FORM)
    assert told.text == (
        "Nothing can be judged yet: Sep 2026 is unfinished,"
        " and is not compared with a finished period."
    )


@pytest.mark.parametrize("comparison", [MOVED, STILL])
@pytest.mark.parametrize("name", ["logo_retention", "nps", "revenue_per_customer"])
def test_no_sentence_names_a_cause_and_every_figure_has_its_base(
    name: str, comparison: Comparison
) -> None:
    for told in headline([figure(name, 0.9, 500, comparison)], {}, {}, FORM):
        assert not CAUSAL.search(told.text)
        assert "n = 500" in told.text


def test_the_balance_says_who_came_and_who_went() -> None:
    counts = {"start": 100, "new": 9, "reactivated": 2, "lost": 4, "net": 7}
    found = {
        f"customers_{name}": figure(f"customers_{name}", float(n), n, STILL)
        for name, n in counts.items()
    }
    told = balance(found, SCOPE)
    assert told is not None
    assert told.text == (
        "9 customers won, 2 won back, 4 lost in Sep 2026: 7 more than the 100 at the start."
    )
    on_journey = balance(found, replace(SCOPE, journeys=("onboarding",)))
    assert on_journey is not None
    assert on_journey.text == "Of 100 customers who had been on it before Sep 2026, 4 left."
