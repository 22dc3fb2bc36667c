"""Presenting a story: one finding a slide, driven by keys or a clicker, the place in the address.

Notes on a second screen are the same address with ``notes=1``: they follow the room of the window
that presents.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import streamlit as st

from cxdata.exports.memory import recalled
from cxdata.exports.scene import Scene
from cxdata.model.errors import CxError
from cxdata.model.story import Decision, Position, Story
from cxdata.panels.choices import Choices
from cxdata.ui import data, faults
from cxdata.ui.data import Ticket
from cxdata.ui.intake import watching
from cxdata.ui.meeting import asking, deciding, place, stage, wall
from cxdata.ui.meeting.place import Place
from cxdata.ui.meeting.telling import (
    decided_in,
    narrowed,
    scene_of,
    story_of,
    ticket_of,
    unbuilt,
)
from cxdata.ui.page import current
from cxdata.ui.text import plain

PAGE: Final = "pages/meetings/present.py"
STORIES: Final = "pages/meetings/stories.py"
_CSS: Final = Path(__file__).with_name("present.css")


def present() -> None:
    """Show the slide that the address names; without a story, where stories are."""
    _, ticket = current()
    where = place.here()
    if not where.story:
        st.title("Which story?")
        st.page_link(STORIES, label="Choose a story to present", icon=":material/slideshow:")
        return
    try:
        story = story_of(where.story, ticket)
    except CxError as error:
        faults.nothing_card("This story cannot be shown", str(error))
        st.page_link(STORIES, label="All stories", icon=":material/list:")
        return
    if where.is_notes:
        from cxdata.ui.meeting.notes import notes

        notes(story, where, ticket)
        return
    _show(story, where, ticket)


def _show(story: Story, where: Place, ticket: Ticket) -> None:
    decided = decided_in(where.story)
    first, last = (0 if decided else 1), len(story.slides)
    at = first if where.slide is None else max(first, min(where.slide, last))
    if where.slide is None:
        place.go(at)  # what is decided from here on is told at the next opening, not at a reload
    stage.say(where.room, Position(where.story, at, where.only))
    st.html(_CSS)
    with st.container(key="progress"):
        st.progress(at / last if last else 0.0)
    with st.container(key="wall", gap="xsmall"):
        if at == 0 and decided:
            _remember(decided, ticket)
            scene: Scene | str = ""
        elif not story.slides:
            scene = "This story has no slides yet."
            wall.nothing(story.name, scene)
        else:
            scene = _slide(story, at, where, ticket)
    _keys(story, where, ticket, (first, at, last), scene)


def _slide(story: Story, at: int, where: Place, ticket: Ticket) -> Scene | str:
    slide = narrowed(story.slides[at - 1], where.only)
    version = unbuilt(slide, ticket)
    if version is not None:
        return _summing_up(version)
    scene = scene_of(slide, at, ticket)
    if isinstance(scene, str):
        wall.nothing(slide.title, scene)
        return scene
    wall.slide(scene, ticket.name)
    return scene


def _summing_up(version: str) -> str:
    """Build the summaries of an earlier data version again while the room looks on."""
    name = f"version-{version}"
    said = f"The figures of data version {version} are being summed up. This slide opens by itself."
    wall.nothing("One moment", said)
    goes_on = watching.under_way(name, {}, otherwise=f"Data version {version}")
    why = watching.fault(name)
    if why:
        st.warning(plain(why), icon=":material/error:")
        st.button("Try again", on_click=watching.forgive, args=(name,))
    elif not goes_on:
        watching.start(name, "build", "--version", version)
    return said


def _remember(decided: tuple[Decision, ...], ticket: Ticket) -> None:
    desk = data.desk(ticket)
    wall.memories(tuple(recalled(desk, one) for one in decided), date.today())


def _keys(
    story: Story, where: Place, ticket: Ticket, range_: tuple[int, int, int], scene: Scene | str
) -> None:
    """Draw the buttons below the slide; each has its keys, and a clicker sends two of them."""
    first, at, last = range_
    back, on = max(first, at - 1), min(last, at + 1)
    with st.container(key="keys", horizontal=True, vertical_alignment="center", gap="xsmall"):
        _key("Previous", "Left", back)
        _key("Next", "Right", on)
        st.caption(f"{at} of {last}" if at else plain("Before we begin"))
        if where.only:
            st.button("Back to everybody", shortcut="Esc", on_click=place.widen, type="primary")
        has_figures = isinstance(scene, Scene)
        _asks("Only…", "F", "only", "Show one segment or journey", at > 0)
        _asks("Decide", "D", "decision", "Log a decision", has_figures)
        st.page_link(
            PAGE,
            label="Notes",
            icon=":material/notes:",
            query_params=where.parameters(slide=str(at), notes="1"),
        )
        if st.button("Leave", shortcut="Q", type="tertiary"):
            st.switch_page(STORIES, query_params={place.STORY: where.story})
    _dialogs(story, where, ticket, at, scene)
    with st.container(key="more-keys"):
        for key, slide in (
            ("PageDown", on),
            ("Space", on),
            ("PageUp", back),
            ("Home", first),
            ("End", last),
        ):
            _key(key, key, slide)


def _asks(label: str, key: str, what: str, help_text: str, can: bool) -> None:
    st.button(
        label,
        shortcut=key,
        help=help_text,
        on_click=asking.begin,
        args=(what,),
        disabled=not can,
    )


def _dialogs(story: Story, where: Place, ticket: Ticket, at: int, scene: Scene | str) -> None:
    """Ask what a key began to ask, in front of a slide that shows something."""
    if asking.about("only") is not None and at:
        asking.dialog("Show only", _ask_only, data.choices(ticket))
    if asking.about("decision") is not None and isinstance(scene, Scene):
        slide = narrowed(story.slides[at - 1], where.only)
        view, about = deciding.in_front_of(scene, slide.view)
        seen = ticket_of(slide, ticket)
        asked = (view, where.story, seen, about)
        asking.dialog("Log a decision", deciding.ask, *asked, is_wide=True)


def _key(label: str, key: str, slide: int) -> None:
    st.button(label, shortcut=key, key=f"key-{key}", on_click=place.go, args=(slide,))


def _ask_only(choices: Choices) -> None:
    """Ask for one segment or journey; Esc brings everybody back."""
    offered = _offered(choices)
    chosen = st.selectbox("Segment or journey", list(offered), index=None, key="only")
    if chosen in offered:
        name, value = offered[chosen]
        place.narrow({name: value})
        asking.done()
        st.rerun()


def _offered(choices: Choices) -> dict[str, tuple[str, str]]:
    found = {
        f"{choices.labels.scheme(scheme)}: {name}": (f"in_{scheme}", name)
        for scheme in choices.schemes
        for name in choices.segment_names(scheme)
    }
    return found | {f"Journey: {name}": ("journey", name) for name in choices.journey_names}
