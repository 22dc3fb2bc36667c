from __future__ import annotations

from datetime import date

import pytest

from cxdata.journal.database import Journal
from cxdata.journal.decisions import close, decide, decisions, overdue
from cxdata.model.errors import JournalError
from cxdata.model.story import Decision, View

FIGURE = {"metric": "logo_retention", "period": "2026-09", "estimate": 0.978, "lo": 0.97, "n": 900}


def _decision(text: str, due: date | None = None, story: str = "s1") -> Decision:
    return Decision(
        text, "Dana", View("retention", "journey=onboarding"), due, story, (FIGURE,), "v12"
    )


def test_a_decision_keeps_the_figures_it_was_made_in_front_of(journal: Journal) -> None:
    made = decide(journal, _decision("Shorten onboarding", date(2026, 11, 1)), "ann")
    assert decisions(journal) == (made,)
    assert made.figures == (FIGURE,)
    assert (made.said_by, made.data_version, made.is_open) == ("ann", "v12", True)


def test_a_decision_keeps_the_picture_it_was_made_in_front_of(journal: Journal) -> None:
    view = View("nps", "journey=onboarding", "12", "trend-nps")
    decide(journal, Decision("Ask fewer", "Dana", view), "ann")
    assert decisions(journal)[0].view == view


def test_newest_first_and_by_story(journal: Journal) -> None:
    decide(journal, _decision("One"), "ann")
    decide(journal, _decision("Two", story="s2"), "ann")
    assert [one.text for one in decisions(journal)] == ["Two", "One"]
    assert [one.text for one in decisions(journal, "s1")] == ["One"]


def test_closing_says_what_came_of_it_once(journal: Journal) -> None:
    made = decide(journal, _decision("Shorten onboarding"), "ann")
    closed = close(journal, made.id, "Two steps are gone since 3 October.", "dana")
    assert not closed.is_open
    assert closed.outcome == "Two steps are gone since 3 October."
    with pytest.raises(JournalError, match="closed already"):
        close(journal, made.id, "Again", "dana")


def test_what_is_overdue_stands_longest_first(journal: Journal) -> None:
    for text, due in (("May", date(2026, 5, 1)), ("June", date(2026, 6, 1)), ("Any", None)):
        decide(journal, _decision(text, due), "ann")
    late = overdue(decisions(journal), date(2026, 6, 2))
    assert [one.text for one in late] == ["May", "June"]
    assert overdue(decisions(journal), date(2026, 5, 1)) == ()


@pytest.mark.parametrize(("text", "owner"), [(" ", "Dana"), ("Do it", ""), ("x" * 2001, "Dana")])
def test_a_decision_needs_a_text_and_an_owner(journal: Journal, text: str, owner: str) -> None:
    with pytest.raises(JournalError):
        decide(journal, Decision(text, owner, View("nps")), "ann")
    assert decisions(journal) == ()
