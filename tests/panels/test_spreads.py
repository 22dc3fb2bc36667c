"""Titles of spreads: plain words for what customers spent, cost and answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pandas as pd
import pytest

from cxdata.analysis.distribution import Spread
from cxdata.model.format import Format
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.spreads import distribution, scores_title, spread_title, with_sign

FORM = Format("EUR")


def spread(**changes: Any) -> Spread:
    found = Spread(
        measure="revenue",
        label="Spend per customer",
        n=2100,
        mean=24.1,
        median=20.9,
        interval=cast("Any", None),
        p10=1.0,
        p90=60.0,
        zero_share=0.1,
        negative=0,
        top_tenth=0.3,
        gini=0.4,
        tenths=cast("Any", None),
        classes=pd.DataFrame(),
        mean_class=None,
        median_class=None,
    )
    return replace(found, **changes)


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("cost", "70 % of 2,100 customers cost nothing; the average is €2.10"),
        ("revenue", "70 % of 2,100 customers spent nothing; the average is €2.10"),
        ("contribution", "70 % of 2,100 customers neither spent nor cost anything; the average is"),
    ],
)
def test_where_most_are_at_zero_they_are_said_to_be(measure: str, words: str) -> None:
    found = spread(measure=measure, zero_share=0.7, median=0.0, mean=2.1)
    assert spread_title(found, FORM).startswith(words)


def test_otherwise_the_middle_is_told() -> None:
    assert spread_title(spread(), FORM) == (
        "Half of 2,100 customers are below about €20.90, the average is €24.10; "
        "the highest tenth makes up 30.0 %"
    )


@pytest.mark.parametrize(
    ("bounds", "words"),
    [("20 to 40", "€20 to 40"), ("below 0", "below €0"), ("400+", "€400+"), ("0", "€0")],
)
def test_classes_of_money_carry_their_sign(bounds: str, words: str) -> None:
    assert with_sign(bounds, FORM) == words


@pytest.mark.parametrize("measure", ["revenue", "cost"])
def test_a_spread_marks_its_median_and_says_which_costs_are_left_out(
    measure: str, desk: Desk
) -> None:
    found = distribution(desk, Scope(desk.choices.latest(Grain.MONTH)), measure)
    assert ("shared costs left out" in found.caption.subtitle) == (measure == "cost")
    rows = [row for rows in found.spec["datasets"].values() for row in rows.to_pylist()]
    assert any("median about €" in (row.get("name") or "") for row in rows)
    assert all("€" in row["class"] for row in rows)


def test_answers_are_promoters_and_detractors() -> None:
    rows = pd.DataFrame({"score": [3, 8, 10], "answers": [26, 22, 52], "share": [0.26, 0.22, 0.52]})
    assert scores_title(rows) == "52 % promoters (9-10), 26 % detractors (0-6), n = 100 answers"
    assert scores_title(rows.assign(answers=0)) == "No answers in this period"
