"""Sentences of a change: exact parts with their intervals, and never a cause."""

from __future__ import annotations

from dataclasses import replace

from cxdata.analysis.items import Item
from cxdata.analysis.parts import Amount, Part
from cxdata.analysis.why import Reversal, Why
from cxdata.metrics import metric
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.model.scope import Labels, Scope
from cxdata.story.why import why_sentences

FORM = Format("EUR")
SCOPE = Scope(Period.parse("2026-Q3"))


def item(label: str, rate: Amount, *, stands_out: bool) -> Item:
    return Item((label,), label, rate, rate, None, None, 1.0, 2.0, 0.5, 0.5, stands_out)


FOUND = Why(
    metric("nps"),
    SCOPE,
    Period.parse("2026-Q2"),
    ("segment",),
    39.2,
    33.5,
    2965,
    3977,
    "answers",
    (
        Part("rate", "NPS", Amount(7.2, 3.7, 10.8, 0.001)),
        Part("mix", "mix", Amount(-12.9, -14.8, -11.2, 0.0)),
    ),
    (
        item("Young adults", Amount(5.2, -0.1, 9.8, 0.06), stands_out=False),
        item("Professionals", Amount(2.0, 0.5, 3.4, 0.008), stands_out=True),
    ),
    2,
    None,
    0.0,
)


def test_parts_have_their_intervals() -> None:
    assert why_sentences(FOUND, Labels(), FORM) == (
        "NPS fell 5.7 points, from 39.2 to 33.5, Q2 2026 to Q3 2026 (n = 2,965 and 3,977).",
        "Of the change of −5.7 points, +7.2 points (3.7 to 10.8) came with NPS itself within each"
        " segment and −12.9 points (−14.8 to −11.2) came with who answered, by segment.",
        "Of 2 segments looked at, 1 moved more than noise: Professionals +2.0 points (0.5 to 3.4);"
        " no other one did.",
    )


def test_a_reversal_is_said_in_words() -> None:
    _, reversal, _ = why_sentences(replace(FOUND, reversal=Reversal(True)), Labels(), FORM)
    assert reversal == (
        "NPS fell in total although it rose in each larger segment: +7.2 points (3.7 to 10.8) came"
        " with the figure itself, −12.9 points (−14.8 to −11.2) with who answered. Where the"
        " segment is itself a result of what was done, the total is the figure to go by."
    )
    weak = why_sentences(replace(FOUND, reversal=Reversal(False)), Labels(), FORM)[1]
    assert "within the segments taken together" in weak


def test_nothing_beyond_noise_names_no_group() -> None:
    items = tuple(replace(one, stands_out=False) for one in FOUND.items)
    *_, last = why_sentences(replace(FOUND, items=items), Labels(), FORM)
    assert last == "None of the 2 segments looked at moved more than noise."


def test_lines_of_a_bridge_are_a_full_count() -> None:
    bridge = replace(
        FOUND,
        metric=metric("recurring_revenue"),
        by=(),
        value0=1000.0,
        value1=1300.0,
        parts=(
            Part("new", "New customers", Amount(400.0)),
            Part("churn", "Lost customers", Amount(-100.0)),
            Part("fx", "Exchange rates", Amount(0.0)),
        ),
        items=(),
        looked_at=0,
    )
    lead, lines = why_sentences(bridge, Labels(), FORM)
    assert lead.startswith("Recurring revenue rose €300, from €1,000 to €1,300")
    assert lines == ("It is made of new customers +€400 and lost customers −€100, a full count.")
