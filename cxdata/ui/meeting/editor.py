"""Editing a story: its order, its words, its data version; every save is a version of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from cxdata.journal.stories import save_story, story, versions
from cxdata.model.errors import CxError
from cxdata.model.story import Slide, Story
from cxdata.panels.pages import named
from cxdata.ui import data
from cxdata.ui.data import Ticket
from cxdata.ui.meeting.place import link
from cxdata.ui.meeting.who import ask_who, who
from cxdata.ui.text import plain

_DRAFT: Final = "story-draft"
_SAID: Final = "story-said"
PRESENT: Final = "pages/meetings/present.py"


def edit(story_id: str, ticket: Ticket) -> None:
    """Show one story for editing.

    What is typed is held until it is saved. Where somebody else saved meanwhile, that is said
    before anything is lost, and nothing is overwritten.
    """
    newest = story(data.journal(), story_id)
    draft = _draft(newest)
    _say_what_was_refused()
    if draft.number != newest.number:
        _overtaken(draft, newest)
    name = st.text_input("Name", draft.name, key=_key(draft, "name"), max_chars=200)
    edited = [_slide(draft, at, ticket) for at in range(len(draft.slides))]
    told = replace(draft, name=name or "", slides=tuple(edited))
    _orders(told)
    if not draft.slides:
        st.info("Save a view on any page, and choose this story there.", icon=":material/add:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ask_who("story")
        if st.button("Save", type="primary", icon=":material/save:"):
            _save(told)
        st.page_link(
            PRESENT,
            label="Present",
            icon=":material/slideshow:",
            query_params={"story": story_id},
        )
    _history(newest)


def _draft(newest: Story) -> Story:
    held = st.session_state.get(_DRAFT)
    if isinstance(held, Story) and held.id == newest.id:
        return held
    st.session_state[_DRAFT] = newest
    return newest


def _key(draft: Story, part: str) -> str:
    return f"story-{draft.id}-{draft.number}-{part}"


def _say_what_was_refused() -> None:
    said = st.session_state.pop(_SAID, "")
    if said:
        st.warning(plain(said), icon=":material/group:")


def _overtaken(draft: Story, newest: Story) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            plain(
                f"{newest.saved_by} saved version {newest.number} while you look at version "
                f"{draft.number}. What you typed stays here until you open the newer one."
            )
        )
        st.button("Open the newer one", on_click=_forget)


def _forget() -> None:
    st.session_state.pop(_DRAFT, None)


def _slide(draft: Story, at: int, ticket: Ticket) -> Slide:
    slide = draft.slides[at]
    with st.container(border=True, key=_key(draft, f"slide-{at}")):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{at + 1}** · {plain(named(slide.view))}")
            st.link_button(
                "See the view", link(slide.view), type="tertiary", icon=":material/open_in_new:"
            )
            _moves(draft, at)
        return Slide(
            replace(slide.view, version=_version(draft, at, ticket)),
            title=_words(draft, at, "Title", slide.title, "The finding itself, where left empty"),
            takeaway=_words(draft, at, "Take-away", slide.takeaway, "One sentence"),
            notes=st.text_area(
                "Notes for the speaker",
                slide.notes,
                key=_key(draft, f"{at}-notes"),
                max_chars=5_000,
                height=80,
            )
            or "",
        )


def _words(draft: Story, at: int, label: str, value: str, hint: str) -> str:
    given = st.text_input(
        label, value, key=_key(draft, f"{at}-{label}"), max_chars=300, placeholder=hint
    )
    return given or ""


def _version(draft: Story, at: int, ticket: Ticket) -> str | None:
    """Ask whether a view follows the data or stays at a version, where versions are kept."""
    pinned = draft.slides[at].view.version
    now = ticket.name.partition(",")[0]
    if pinned is None and not now.isdigit():
        return None
    stays = pinned or now
    gone = data.why_gone(pinned) if pinned else ""
    if gone:
        st.caption(f":material/warning: {plain(gone)}")
    kept = st.toggle(
        plain(f"Keep the figures of data version {stays}"),
        value=pinned is not None,
        key=_key(draft, f"{at}-pin"),
        help="Otherwise the slide shows the newest figures each time.",
    )
    return stays if kept else None


def _moves(draft: Story, at: int) -> None:
    """Ask for another place of a slide; what is asked is done when all words are read."""
    last = len(draft.slides) - 1
    for label, icon, offset in (("Earlier", "arrow_upward", -1), ("Later", "arrow_downward", 1)):
        if st.button(
            label,
            key=_key(draft, f"{at}-{label}"),
            icon=f":material/{icon}:",
            type="tertiary",
            disabled=not 0 <= at + offset <= last,
        ):
            st.session_state[_key(draft, "order")] = moved(range(last + 1), at, offset)
    if st.button(
        "Remove", key=_key(draft, f"{at}-remove"), type="tertiary", icon=":material/close:"
    ):
        st.session_state[_key(draft, "order")] = [one for one in range(last + 1) if one != at]


def moved(places: Sequence[int], at: int, offset: int) -> list[int]:
    """Return places in their order once one of them has changed with a neighbour.

    >>> moved([0, 1, 2], 2, -1)
    [0, 2, 1]
    """
    order = list(places)
    order[at], order[at + offset] = order[at + offset], order[at]
    return order


def _orders(told: Story) -> None:
    order = st.session_state.pop(_key(told, "order"), None)
    if order is not None:
        _save(replace(told, slides=tuple(told.slides[at] for at in order)))


def _save(told: Story) -> None:
    try:
        saved = save_story(data.journal(), told, who())
    except CxError as error:
        st.session_state[_SAID] = str(error)
    else:
        st.session_state[_DRAFT] = saved
        st.toast(plain(f"Saved as version {saved.number}."), icon=":material/check:")
    st.rerun()


def _history(newest: Story) -> None:
    with st.expander("Earlier versions", icon=":material/history:"):
        for one in versions(data.journal(), newest.id):
            when = f"{one.saved_at:%d %b %Y %H:%M} UTC" if one.saved_at else ""
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    plain(
                        f"Version {one.number}: {one.name}, {len(one.slides)} slides, "
                        f"{one.saved_by}, {when}"
                    )
                )
                if one.number != newest.number and st.button(
                    "Bring back", key=f"back-{newest.id}-{one.number}", type="tertiary"
                ):
                    _save(replace(one, number=newest.number))
