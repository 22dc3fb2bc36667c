"""A tile of a period under way names the days that are compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cxdata.analysis.figure import figure
from cxdata.model.format import Format
from cxdata.model.scope import Compare, Scope
from cxdata.panels.choices import Desk, choices_of
from cxdata.panels.figures import by_journey, move_of
from cxdata.story.headline import headline
from tests.analysis.test_to_date import MARCH, served


def test_the_comparison_is_named(tmp_path: Path) -> None:
    """50 contacts by the tenth of March, 31 by the tenth of February."""
    gate, form = served(tmp_path, date(2026, 3, 10)).gate, Format("EUR")
    move = move_of(figure(gate, "contacts", MARCH), form)
    assert move.text == "+19"
    assert move.against == "first 10 days vs 10 of Feb 2026"
    assert move.verdict == "outside its usual range"
    kept = move_of(figure(gate, "cost_to_serve", MARCH), form)
    assert (kept.text, kept.verdict) == ("", "unfinished, so not compared")
    alone = move_of(figure(gate, "contacts", Scope(MARCH.period, Compare.NONE)), form)
    assert alone.text == ""


def test_the_finding_of_days_under_way_is_that_of_those_days(tmp_path: Path) -> None:
    """50 contacts are told beside the 31 by the tenth of February, and stand out."""
    gate, form = served(tmp_path, date(2026, 3, 10)).gate, Format("EUR")
    (said,) = headline([figure(gate, "contacts", MARCH)], {}, {}, form)
    assert said.text.startswith(
        "Contacts: 50 in the first 10 days of Mar 2026, 31 in the first 10 days of Feb 2026, +19"
    )
    (alone,) = headline([figure(gate, "cost_to_serve", MARCH)], {}, {}, form)
    assert alone.text.endswith("unfinished period: not compared with a finished one.")


def test_groups_of_a_period_under_way_are_not_marked_with_the_whole_period_before(
    tmp_path: Path,
) -> None:
    gate = served(tmp_path, date(2026, 3, 10)).gate
    desk = Desk(gate, choices_of(gate))
    under_way = by_journey(desk, MARCH, "contacts")
    assert "earlier" not in under_way.caption.subtitle
    assert "Earlier" not in [column.label for column in under_way.columns]
    before = by_journey(desk, MARCH.at(MARCH.period.previous()), "contacts")
    assert "earlier" in before.caption.subtitle
