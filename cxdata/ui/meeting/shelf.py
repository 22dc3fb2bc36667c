"""Stories and saved views: listed, begun, copied, removed."""

from __future__ import annotations

import streamlit as st

from cxdata.exports.board import BOARD, board
from cxdata.journal.stories import copy_story, remove_story, save_story, stories
from cxdata.journal.views import forget_view, saved_views
from cxdata.model.story import Slide, Story
from cxdata.ui import data, faults
from cxdata.ui.data import Ticket
from cxdata.ui.meeting import asking, packs
from cxdata.ui.meeting.adding import add_slide
from cxdata.ui.meeting.editor import PRESENT, edit
from cxdata.ui.meeting.handing import hand_over
from cxdata.ui.meeting.place import link
from cxdata.ui.meeting.who import who
from cxdata.ui.page import current
from cxdata.ui.text import plain

_HERE = "pages/meetings/stories.py"
_BOARD = Story("Board", id=BOARD)


def shelf(question: str | None) -> None:
    """Show the story that the address names, or all of them."""
    _, ticket = current()
    st.title((question or "").splitlines()[0], anchor=False)
    chosen = st.query_params.get("story", "")
    with faults.calm("Stories"):
        if chosen and chosen != BOARD:
            st.page_link(_HERE, label="All stories", icon=":material/arrow_back:")
            edit(chosen, ticket)
            return
        _begin()
        found = stories(data.journal())
        for one in found:
            _story(one, ticket)
        _built_in(ticket)
        _views(found)


def _begin() -> None:
    with (
        st.form("new-story", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input("A new story", placeholder="Board, November", max_chars=200)
        if st.form_submit_button("Begin", icon=":material/add:"):
            made = save_story(data.journal(), Story(name or ""), who())
            _open(made)


def _open(one: Story) -> None:
    st.switch_page(_HERE, query_params={"story": one.id})


def _story(one: Story, ticket: Ticket) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        when = f", {one.saved_at:%d %b %Y}" if one.saved_at else ""
        count = f"{len(one.slides)} slide{'' if len(one.slides) == 1 else 's'}"
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{plain(one.name)}**")
            st.caption(plain(f"{count}, version {one.number} by {one.saved_by}{when}"))
        _links(one)
        if st.button("Copy", key=f"copy-{one.id}", type="tertiary", icon=":material/content_copy:"):
            _open(copy_story(data.journal(), one.id, f"{one.name[:190]} (copy)", who()))
        st.button(
            "Remove",
            key=f"gone-{one.id}",
            type="tertiary",
            icon=":material/delete:",
            on_click=asking.begin,
            args=("remove", one.id),
        )
    _ask_pack(one, ticket)
    if asking.about("remove") == one.id:
        asking.dialog("Remove this story?", _ask_remove, one)


def _links(one: Story) -> None:
    st.page_link(PRESENT, label="Present", icon=":material/slideshow:", query_params=_query(one))
    st.page_link(_HERE, label="Edit", icon=":material/edit:", query_params=_query(one))
    _pack(one)


def _pack(one: Story) -> None:
    st.button(
        "Hand over",
        key=f"pack-{one.id}",
        type="tertiary",
        icon=":material/inventory_2:",
        on_click=asking.begin,
        args=("pack", one.id),
    )


def _ask_pack(one: Story, ticket: Ticket) -> None:
    if asking.about("pack") == one.id:
        order = packs.of_story(one, ticket)
        asking.dialog(plain(f"Hand over {one.name}"), hand_over, order)


def _query(one: Story) -> dict[str, str]:
    return {"story": one.id}


def _ask_remove(one: Story) -> None:
    st.markdown(plain(f"{one.name} goes from the list. Decisions that it led to stay."))
    if st.button("Remove it", type="primary"):
        remove_story(data.journal(), one.id, who())
        asking.done()
        st.rerun()


def _built_in(ticket: Ticket) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None, width="stretch"):
            st.markdown("**Board**")
            st.caption("Comes with the product: what a board asks, from these data.")
        st.page_link(
            PRESENT,
            label="Present",
            icon=":material/slideshow:",
            query_params={"story": BOARD},
        )
        _pack(_BOARD)
        if st.button("Copy", key="copy-board", type="tertiary", icon=":material/content_copy:"):
            own = Story("Board (copy)", board(data.desk(ticket)).slides)
            _open(save_story(data.journal(), own, who()))
    _ask_pack(_BOARD, ticket)


def _views(found: tuple[Story, ...]) -> None:
    views = saved_views(data.journal())
    st.subheader("Saved views", anchor=False)
    if not views:
        st.caption("“Save this view”, above the figures of each page, keeps what you look at.")
    for name, view in views.items():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.link_button(plain(name), link(view), type="tertiary", icon=":material/bookmark:")
            _add(name, Slide(view), found)
            if st.button("Forget", key=f"forget-{name}", type="tertiary"):
                forget_view(data.journal(), name, who())
                st.rerun()


def _add(name: str, slide: Slide, found: tuple[Story, ...]) -> None:
    if not found:
        return
    chosen = st.menu_button(
        "Add to a story",
        [one.id for one in found],
        format_func={one.id: one.name for one in found}.__getitem__,
        key=f"add-{name}",
        type="tertiary",
    )
    target = next((one for one in found if one.id == chosen), None)
    if target is not None:
        add_slide(target, slide)
        st.toast(plain(f"Added to {target.name}."), icon=":material/check:")
