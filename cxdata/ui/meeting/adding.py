"""Putting a slide at the end of a story, whoever else is at work on it."""

from __future__ import annotations

from cxdata.journal.stories import save_story, story
from cxdata.model.errors import CxError
from cxdata.model.story import Slide, Story
from cxdata.ui import data
from cxdata.ui.meeting.who import who


def add_slide(target: Story, slide: Slide) -> Story:
    """Put a slide at the end of a story; where somebody saved meanwhile, at the end of theirs."""
    try:
        return _added(target, slide)
    except CxError:
        return _added(story(data.journal(), target.id), slide)


def put_into(name: str, slide: Slide, found: tuple[Story, ...]) -> Story:
    """Put a slide into the story of a name; there is one of it afterwards."""
    target = next((one for one in found if one.name == name), None)
    if target is None:
        return save_story(data.journal(), Story(name, (slide,)), who())
    return add_slide(target, slide)


def _added(target: Story, slide: Slide) -> Story:
    longer = Story(target.name, (*target.slides, slide), target.id, target.number)
    return save_story(data.journal(), longer, who())
