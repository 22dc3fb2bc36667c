"""Logging a decision in front of a slide, with the figures that the room sees."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from cxdata.exports.memory import frozen
from cxdata.exports.scene import Scene
from cxdata.journal.decisions import decide
from cxdata.model.errors import CxError
from cxdata.model.story import Decision, View
from cxdata.ui import data
from cxdata.ui.data import Ticket
from cxdata.ui.meeting import asking
from cxdata.ui.meeting.place import overlaid
from cxdata.ui.meeting.who import ask_who, who
from cxdata.ui.text import plain


def ask(view: View, story_id: str, ticket: Ticket, about: str) -> None:
    """Ask what was decided, by whom it is done and by when; keep it with the view's figures."""
    st.caption(plain(about))
    said, when = st.columns([3, 2], gap="medium")
    with when:  # beside the rest, so that its calendar opens over nothing
        due = st.date_input("By when", value=None, key="decision-due", format="YYYY-MM-DD")
    with said:
        text = st.text_area("What was decided", key="decision-text", max_chars=2_000)
        owner = st.text_input("Who does it", key="decision-owner", max_chars=200)
        ask_who("decision")
        is_said = st.button("Log it", type="primary", key="decision-log")
    if not is_said:
        return
    try:
        desk = data.desk(ticket)
        decision = Decision(
            text=text or "",
            owner=owner or "",
            view=view,
            due=due,
            story_id=story_id,
            figures=frozen(desk, view),
            data_version=desk.gate.version.id,
        )
        decide(data.journal(), decision, who())
    except CxError as error:
        st.warning(plain(error))
        return
    asking.done()
    st.toast("Logged, with the figures you see.", icon=":material/gavel:")
    st.rerun()


def in_front_of(scene: Scene, view: View) -> tuple[View, str]:
    """Return the view that a scene shows, held at its period, and what it is in words."""
    period = urlencode({"period": scene.scope.period.label})
    shown = replace(view, address=overlaid(view.address, period))
    return shown, f"In front of: {scene.title} ({scene.words})"
