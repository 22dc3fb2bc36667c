"""Bringing an extract, and those that wait already."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from cxdata.model.errors import CxError
from cxdata.publish.room import Room
from cxdata.publish.staged import KEEP_DAYS, Staged, Status
from cxdata.ui import data
from cxdata.ui.intake.dropped import dropped
from cxdata.ui.intake.steps import go
from cxdata.ui.intake.who import UNNAMED, who
from cxdata.ui.intake.words import ago, size
from cxdata.ui.text import plain
from cxdata.ui.work import WORK

_TURN: Final = "uploads"
_WORDS: Final = {
    Status.RECEIVING: "still arriving",
    Status.CUT: "did not arrive whole",
    Status.RECEIVED: "to be looked at",
    Status.PREPARED: "checked",
    Status.REHEARSED: "rehearsed, ready to publish",
}


def arrivals(room: Room, now: datetime) -> None:
    """Offer to bring an extract, and list those that wait."""
    st.markdown(
        "Bring an export as it comes from a survey tool, CRM, contact centre, billing system or "
        "spreadsheet. Nobody else sees anything before you publish, and every publish can be "
        "undone."
    )
    if room.is_invented:
        _invented(room, now)
    _bring(room, now)
    dropped(room, now)
    _waiting(room, now)


def _bring(room: Room, now: datetime) -> None:
    turn = int(st.session_state.get(_TURN, 0))
    largest = int(st.get_option("server.maxUploadSize"))
    given = st.file_uploader(
        "Extract",
        key=f"upload-{turn}",
        label_visibility="collapsed",
        max_upload_size=largest,
        width=720,
    )
    st.caption(
        f"Text of any kind (CSV, TSV, fixed separators), Excel workbooks, gz and zip, up to "
        f"{largest:,} MB. A larger file does not fit through a browser: put it into the folder "
        f"{plain(room.drop_folder)} on the server, and it is listed here."
    )
    if given is None:
        return
    try:
        item = room.receive(given, name=given.name, user=who() or UNNAMED, now=now)
    except CxError as error:
        st.warning(plain(error), title="It could not be taken", icon=":material/error:")
        return
    finally:
        st.session_state[_TURN] = turn + 1  # a new widget, so that the server's memory is freed
        given.close()
    go(extract=item.id)


def _invented(room: Room, now: datetime) -> None:
    with st.container(border=True, width=720, key="invented"):
        st.markdown(":material/science: **What is published now is an invented company**")
        st.markdown(
            "Your rows would be added to its customers. Before you begin with your own data, take "
            "it away; an undo in the history brings it back."
        )
        if st.button("Take the invented company away", icon=":material/delete_sweep:"):
            try:
                room.clear(user=who() or UNNAMED, now=now)
            except CxError as error:
                st.warning(plain(error))
                return
            data.renew()
            st.rerun()


def _waiting(room: Room, now: datetime) -> None:
    waiting = room.waiting(now)
    if not waiting:
        return
    st.subheader("Waiting")
    for item in waiting:
        _one(room, item, now)
    st.caption(f"An extract that nobody works on is swept away after {KEEP_DAYS} days.")


def _one(room: Room, item: Staged, now: datetime) -> None:
    at_work = WORK.progress(f"extract-{item.id}")
    is_busy = at_work is not None and not at_work.is_done
    words = "being worked on" if is_busy else "refused" if item.refused else _WORDS[item.status]
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        key=f"waiting-{item.id[:12]}",
        width=720,
    ):
        with st.container(gap=None):
            st.markdown(f"**{plain(item.name)}**")
            by = "" if item.user == UNNAMED else f" by {item.user}"
            st.caption(plain(f"{size(item.bytes)}, brought {ago(item.at, now)}{by} · {words}"))
        if item.status is not Status.CUT and st.button("Go on", key=f"go-{item.id}"):
            go(extract=item.id)
        if st.button(
            "Discard",
            key=f"discard-{item.id}",
            type="tertiary",
            disabled=is_busy,
            help="Throws the uploaded file away. What is published stays.",
        ):
            discard(room, item)


def discard(room: Room, item: Staged) -> None:
    """Throw an extract away; a fault is said in its place."""
    try:
        room.discard(item)
    except CxError as error:
        st.warning(plain(error))
        return
    st.rerun()
