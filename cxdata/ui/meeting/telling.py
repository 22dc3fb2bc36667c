"""Stories as the pages need them: by id, with the built-in one, each slide at its data version."""

from __future__ import annotations

from dataclasses import replace

from cxdata.exports.board import BOARD, board
from cxdata.exports.scene import Scene
from cxdata.journal import stories
from cxdata.journal.decisions import decisions
from cxdata.model.errors import CxError, NotBuilt
from cxdata.model.story import Decision, Slide, Story
from cxdata.ui import cache, data
from cxdata.ui.data import Ticket
from cxdata.ui.meeting.place import overlaid


def story_of(story_id: str, ticket: Ticket) -> Story:
    """Return a story by its id; ``board`` is the one that these data tell by themselves.

    Raises:
        JournalError: there is none.
    """
    if story_id == BOARD:
        return board(data.desk(ticket))
    return stories.story(data.journal(), story_id)


def decided_in(story_id: str) -> tuple[Decision, ...]:
    """Return what a story's meetings decided, newest first; nothing where that cannot be read."""
    try:
        return decisions(data.journal(), story_id)
    except CxError:
        return ()


def narrowed(slide: Slide, only: str) -> Slide:
    """Return a slide with what the room asked for laid over its own scope."""
    if not only:
        return slide
    return replace(slide, view=replace(slide.view, address=overlaid(slide.view.address, only)))


def ticket_of(slide: Slide, ticket: Ticket) -> Ticket:
    """Return under which data a slide is told: the newest, or those of the version it stays at.

    Raises:
        SourceError: that version is no longer kept.
        NotBuilt: its summaries must be built again first.
    """
    stays = slide.view.version
    if stays is None or stays == ticket.number or not (stays.isascii() and stays.isdigit()):
        return ticket
    return data.opening_of(int(stays)).ticket


def unbuilt(slide: Slide, ticket: Ticket) -> str | None:
    """Return the data version whose summaries must be built before a slide can be told."""
    try:
        ticket_of(slide, ticket)
    except NotBuilt:
        return slide.view.version
    except CxError:
        return None  # the slide itself says why it cannot be told
    return None


def scene_of(slide: Slide, number: int, ticket: Ticket) -> Scene | str:
    """Tell a slide; where there is nothing to show, return why."""
    try:
        found: Scene | str = cache.scene(ticket_of(slide, ticket), slide, number)
    except CxError as error:
        return str(error)
    return found
