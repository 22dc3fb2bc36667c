from __future__ import annotations

import pytest
import sqlalchemy as sa

from cxdata.journal.database import Journal
from cxdata.journal.stories import (
    copy_story,
    remove_story,
    save_story,
    stories,
    story,
    versions,
)
from cxdata.journal.tables import STORY
from cxdata.journal.views import forget_view, save_view, saved_views
from cxdata.model.errors import JournalError
from cxdata.model.story import Slide, Story, View

SLIDES = (
    Slide(View("overview"), "Where we stand", "More left than came.", "Start here."),
    Slide(View("retention", "journey=onboarding", "v7"), "Why", "Onboarding slowed."),
)


def test_a_story_comes_back_as_it_was_saved(journal: Journal) -> None:
    saved = save_story(journal, Story("Board, October", SLIDES), "ann")
    assert saved.slides == SLIDES
    assert (saved.number, saved.saved_by) == (1, "ann")
    assert stories(journal) == (saved,)


def test_each_version_is_kept(journal: Journal) -> None:
    first = save_story(journal, Story("Board", SLIDES), "ann")
    second = save_story(journal, Story("Board", SLIDES[:1], first.id, first.number), "bob")
    assert [one.number for one in versions(journal, first.id)] == [2, 1]
    assert story(journal, first.id, 1).slides == SLIDES
    assert story(journal, first.id) == second


def test_the_second_of_two_who_change_a_story_is_told(journal: Journal) -> None:
    first = save_story(journal, Story("Board", SLIDES), "ann")
    save_story(journal, Story("Board", SLIDES[:1], first.id, first.number), "bob")
    with pytest.raises(JournalError, match="bob saved this story as version 2 meanwhile"):
        save_story(journal, Story("Board", SLIDES[1:], first.id, first.number), "ann")
    assert story(journal, first.id).slides == SLIDES[:1]


def test_a_copy_is_a_story_of_its_own(journal: Journal) -> None:
    first = save_story(journal, Story("Board", SLIDES), "ann")
    other = copy_story(journal, first.id, "Board, for sales", "bob")
    assert other.id != first.id
    assert other.slides == SLIDES
    assert [one.name for one in stories(journal)] == ["Board", "Board, for sales"]


def test_a_removed_story_leaves_the_list_and_keeps_its_versions(journal: Journal) -> None:
    first = save_story(journal, Story("Board", SLIDES), "ann")
    remove_story(journal, first.id, "ann")
    assert stories(journal) == ()
    assert [one.number for one in versions(journal, first.id)] == [1]
    with pytest.raises(JournalError, match="no such story"):
        story(journal, first.id)


def test_a_story_without_a_name_is_refused(journal: Journal) -> None:
    with pytest.raises(JournalError, match="needs a text"):
        save_story(journal, Story("  "), "ann")


def test_views_by_name(journal: Journal) -> None:
    save_view(journal, "SMB churn", View("retention", "segment=smb"), "ann")
    with pytest.raises(JournalError, match="already"):
        save_view(journal, "SMB churn", View("nps"), "bob")
    save_view(journal, "SMB churn", View("nps"), "bob", replace=True)
    assert saved_views(journal)["SMB churn"].link == "nps"
    forget_view(journal, "SMB churn", "ann")
    forget_view(journal, "SMB churn", "ann")
    assert saved_views(journal) == {}


def test_a_slide_of_one_picture_comes_back_as_it_was_saved(journal: Journal) -> None:
    slides = (Slide(View("nps", panel="trend-nps"), "NPS"),)
    assert save_story(journal, Story("Board", slides), "ann").slides == slides


def test_what_a_later_version_of_the_product_says_of_a_slide_is_passed_over(
    journal: Journal,
) -> None:
    saved = save_story(journal, Story("Board", SLIDES), "ann")
    with journal.writing() as connection:
        row = connection.execute(sa.select(STORY.c.slides)).scalar_one()
        assert "panel" not in row[0]["view"]
        later = [{**one, "music": "loud", "view": {**one["view"], "zoom": 2}} for one in row]
        connection.execute(sa.update(STORY).values(slides=later))
    assert story(journal, saved.id).slides == SLIDES
