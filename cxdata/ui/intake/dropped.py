"""Large files that lie in the drop folder on the server: each can be taken like an upload."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

import streamlit as st

from cxdata.publish.drop_folder import Lying, State
from cxdata.publish.room import Room
from cxdata.publish.staged import shown
from cxdata.ui.intake.steps import go
from cxdata.ui.intake.watching import fault, forgive, start, under_way
from cxdata.ui.intake.who import UNNAMED, who
from cxdata.ui.intake.words import ago, size
from cxdata.ui.text import plain
from cxdata.ui.work import WORK

_MINE: Final = "taking"
_TITLES: Final = {"Starting": "looking whether it is whole", "receiving": "copying and sealing it"}
_WORDS: Final = {
    State.ARRIVING: "still being written",
    State.WHOLE: "complete",
    State.TAKEN: "being taken by somebody else",
    State.CLOSED: "this product may not read it: its owner must allow that",
}


def dropped(room: Room, now: datetime) -> None:
    """List the files of the drop folder, and let one be taken."""
    _go_on(room, now)
    there = [one for one in room.lying(now) if not _is_taken(one)]
    if not there:
        return
    st.subheader("On the server")
    for one in there:
        _one(room, one, now)


def _key(name: str) -> str:
    return f"drop-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"


def _go_on(room: Room, now: datetime) -> None:
    """Open what this reader asked for, once it is taken."""
    name = str(st.session_state.get(_MINE, ""))
    at_work = WORK.progress(_key(name)) if name else None
    if at_work is not None and not at_work.is_done:
        under_way(_key(name), _TITLES, otherwise=f"Taking {shown(name)}")
        return
    st.session_state.pop(_MINE, None)
    if at_work is None or at_work.fault:
        return
    WORK.forget(_key(name))
    found = next((one for one in room.waiting(now) if one.name == shown(name)), None)
    if found is not None:
        go(extract=found.id)


def _is_taken(one: Lying) -> bool:
    """Whether this server takes it now: its progress stands above, or before another reader."""
    at_work = WORK.progress(_key(one.name))
    return at_work is not None and not at_work.is_done


def _one(room: Room, one: Lying, now: datetime) -> None:
    name, key = shown(one.name), _key(one.name)
    under_way(key, _TITLES)  # keeps what the last try failed for
    with st.container(border=True, key=f"lying-{key}", width=720, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(gap=None):
                st.markdown(f"**{plain(name)}**")
                st.caption(
                    plain(
                        f"{size(one.seen.bytes)}, written {ago(one.at, now)} · {_WORDS[one.state]}"
                    )
                )
            if st.button("Take it", key=f"take-{key}", disabled=one.state is not State.WHOLE):
                forgive(key)
                st.session_state[_MINE] = one.name
                start(key, "take", f"--name={one.name}", f"--user={who() or UNNAMED}")
        said = fault(key) or room.left_lying(one)
        if said:
            st.caption(f":orange[●] {plain(said)}")
