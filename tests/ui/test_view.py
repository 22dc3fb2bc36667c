"""Choices, and the view as query parameters: the same both ways."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cxdata.model.period import Grain, Period
from cxdata.model.scope import Compare, Labels, Scope
from cxdata.panels.choices import Choices
from cxdata.panels.figures import named
from cxdata.panels.grid import address
from cxdata.query.statement import JOURNEY
from cxdata.ui.view import View

OCT = Period(date(2026, 10, 1), Grain.MONTH)
CHOICES = Choices(
    periods={
        Grain.MONTH: tuple(OCT.shift(-back) for back in range(4)),
        Grain.QUARTER: (Period(date(2026, 10, 1), Grain.QUARTER),),
    },
    complete_through=date(2026, 10, 20),
    schemes={"segment": ("a", "b", "c"), "region": ("n",)},
    journeys=("join", "help"),
    labels=Labels(
        segments={("segment", "a"): "Same", ("segment", "b"): "Same", ("region", "n"): "North"},
        journeys={"join": "Join us & stay"},
    ),
)


def view(scope: Scope, scheme: str = "segment") -> View:
    return View(scope, scheme, CHOICES)


def test_the_newest_finished_period_is_where_a_reader_starts() -> None:
    assert CHOICES.latest(Grain.MONTH) == OCT.previous()
    assert CHOICES.latest(Grain.QUARTER).label == "Q4 2026"  # the only one, though unfinished


def test_defaults_stay_out_of_the_address() -> None:
    assert view(Scope(OCT.previous())).parameters == {}


def test_everything_chosen_is_in_the_address_as_the_reader_sees_it() -> None:
    scope = Scope(OCT, Compare.YEAR, ("join",), (("segment", ("b",)), ("region", ("n",))))
    assert view(scope, "region").parameters == {
        "period": "Oct 2026",
        "vs": "vs a year earlier",
        "journey": ("Join us & stay",),
        "by": "By region",
        "in_segment": ("Same (b)",),
        "in_region": ("North",),
    }


def test_names_that_two_codes_share_say_their_code() -> None:
    assert CHOICES.segment_names("segment") == {"Same (a)": "a", "Same (b)": "b", "c": "c"}
    assert CHOICES.names("segment") == {"a": "Same (a)", "b": "Same (b)", "c": "c"}
    assert CHOICES.names(JOURNEY) == {"join": "Join us & stay", "help": "help"}


def test_segments_that_share_a_name_stay_two_in_charts() -> None:
    frame = named(pd.DataFrame({"segment": ["a", "b", "new"]}), "segment", CHOICES)
    assert list(frame["name"]) == ["Same (a)", "Same (b)", "new"]


def test_a_cell_replaces_what_it_narrows_and_quotes_its_names() -> None:
    kept = (("vs", "No comparison"), ("journey", ("Join",)), ("in_region", ("North",)))
    link = address("retention", kept, {"journey": "Join us & stay", "in_segment": "../x?y=1#z"})
    assert link == (
        "retention?vs=No+comparison&in_region=North"
        "&journey=Join+us+%26+stay&in_segment=..%2Fx%3Fy%3D1%23z"
    )
