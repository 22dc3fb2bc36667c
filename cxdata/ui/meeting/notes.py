"""Speaker notes on a second screen: they follow the window that presents in the same room."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.exports.scene import Scene
from cxdata.model.story import Position, Story
from cxdata.ui.data import Ticket
from cxdata.ui.meeting import stage
from cxdata.ui.meeting.place import Place
from cxdata.ui.meeting.telling import narrowed, scene_of
from cxdata.ui.text import plain

EVERY_SECONDS: Final = 1.0


@st.fragment(run_every=EVERY_SECONDS)
def notes(story: Story, where: Place, ticket: Ticket) -> None:
    """Show the notes of the slide on the wall, and what comes next."""
    shown = stage.shown(where.room) or Position(where.story, where.slide or 0, where.only)
    last = len(story.slides)
    at = min(shown.slide, last)
    st.caption(f"{plain(story.name)} · {at} of {last}")
    st.title(plain(_title(story, at, shown.only, ticket)), anchor=False)
    said = story.slides[at - 1].notes if at else "What was decided before, and what came of it."
    for line in said.splitlines() or ["No notes for this slide."]:
        st.markdown(f"### {plain(line)}" if line.strip() else "")
    st.divider()
    following = at + 1
    if following <= last:
        st.caption("Next")
        st.markdown(f"**{plain(_title(story, following, shown.only, ticket))}**")
    else:
        st.caption("This is the last slide.")


def _title(story: Story, at: int, only: str, ticket: Ticket) -> str:
    if not at:
        return "What we decided, and what the figures did since"
    slide = narrowed(story.slides[at - 1], only)
    if slide.title:
        return slide.title
    scene = scene_of(slide, at, ticket)
    return scene.title if isinstance(scene, Scene) else scene
