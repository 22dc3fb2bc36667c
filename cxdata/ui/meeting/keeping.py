"""Keeping what a page shows: saved as a view, put into a story, marked with an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from cxdata.journal.entries import write_entry
from cxdata.journal.stories import stories
from cxdata.journal.views import save_view, saved_views
from cxdata.metrics import metric as known_metric
from cxdata.model.errors import CxError, JournalError
from cxdata.model.story import Slide, Story, View
from cxdata.panels.pages import PAGES, named
from cxdata.ui import data, view
from cxdata.ui.data import Ticket
from cxdata.ui.meeting import asking, packs
from cxdata.ui.meeting.adding import put_into
from cxdata.ui.meeting.handing import hand_over
from cxdata.ui.meeting.who import ask_who, who
from cxdata.ui.text import plain

_NO_STORY: Final = "No story"


def keeping(question: str, seen: view.View, ticket: Ticket) -> None:
    """Offer to keep what the page of a question shows; a page without figures has nothing."""
    page = next((one.path for one in PAGES.values() if one.question == question), None)
    if page is None:
        return
    shown = View(page, urlencode(seen.parameters, doseq=True))
    with st.container(key="keeping", horizontal=True, gap="small", width="content"):
        _offer("Save this view", "bookmark_add", "view")
        _offer("Note an event", "flag", "event")
        _offer("Hand over this page", "inventory_2", "page")
    panel = asking.about("view")
    if panel is not None:
        title = "Add this to a story" if panel else "Save this view"
        asking.dialog(title, keep, replace(shown, panel=panel))
    if asking.about("page") is not None:
        name = PAGES[page].name
        asking.dialog(f"Hand over {name}", hand_over, packs.of_view(name, shown, ticket))
    if asking.about("event") is not None:
        asking.dialog("Note an event", note, page)


def _offer(label: str, icon: str, what: str) -> None:
    st.button(
        label,
        type="tertiary",
        icon=f":material/{icon}:",
        key=f"ask-{what}",
        on_click=asking.begin,
        args=(what,),
    )


def keep(shown: View) -> None:
    """Ask for a name, and for the story that the view belongs to; one picture needs no name."""
    found = stories(data.journal())
    if shown.panel:
        st.caption(plain(named(shown)))
        story, name = _story(found), _name("Keep it under a name too, if you like")
    else:
        name, story = _name("Name", PAGES[shown.page].name), _story(found)
    ask_who("view")
    replaces = name.strip() in _names() and st.checkbox(
        "There is a view of that name. Put this one in its place.", key="view-replace"
    )
    if not st.button("Save", type="primary", key="view-save"):
        return
    try:
        if name or not shown.panel:
            save_view(data.journal(), name, shown, who(), replace=replaces)
        if story != _NO_STORY:
            put_into(story, Slide(shown), found)
        elif not name:
            raise JournalError("Choose a story, or type the name of a new one.")
    except CxError as error:
        st.warning(plain(error))
        return
    asking.done()
    st.toast("Saved. You find it under Meetings, Stories.", icon=":material/bookmark_added:")
    st.rerun()


def _name(label: str, example: str = "") -> str:
    return st.text_input(label, key="view-name", max_chars=200, placeholder=example) or ""


def _story(found: tuple[Story, ...]) -> str:
    chosen = st.selectbox(
        "Put it into a story",
        [_NO_STORY, *dict.fromkeys(one.name for one in found)],
        key="view-story",
        accept_new_options=True,
        help="Choose one, or type the name of a new one.",
    )
    return chosen or _NO_STORY


def _names() -> frozenset[str]:
    return frozenset(saved_views(data.journal()))


_EVERYTHING: Final = "Everything"


def note(page: str) -> None:
    """Ask what happened and when; it stands on every trend that it concerns."""
    day = st.date_input("When", value=None, key="event-day", format="YYYY-MM-DD")
    label = st.text_input("What happened", key="event-label", max_chars=200)
    names = {known_metric(name).label: name for name in PAGES[page].tiles}
    concerns = st.selectbox("What it concerns", [_EVERYTHING, *names], key="event-affects")
    ask_who("event")
    if not st.button("Note it", type="primary", key="event-save"):
        return
    content = {"event_date": day, "label": " ".join((label or "").split())}
    if concerns in names:
        content["affects"] = names[concerns]
    try:
        write_entry(data.journal(), "annotation", content, who())
    except CxError as error:
        st.warning(plain(error))
        return
    data.renew()
    asking.done()
    st.toast("Noted on the charts it concerns.", icon=":material/flag:")
    st.rerun()
