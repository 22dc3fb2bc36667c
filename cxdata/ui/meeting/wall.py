"""One slide on the wall: one finding, large, with its evidence and where it comes from."""

from __future__ import annotations

from datetime import date

import streamlit as st

from cxdata.exports.memory import Memory
from cxdata.exports.scene import Scene
from cxdata.panels.picture import Picture
from cxdata.ui.text import plain

_SENTENCES = 2
_MEMORIES = 5
_TO_CLICK = ". Choose a cell"
"""What a subtitle says to whoever has a mouse; a room has none."""


def slide(scene: Scene, newest: str) -> None:
    """Show one slide; one that stays at an earlier data version says so.

    ``newest`` names the data version that others are told from.
    """
    st.title(plain(scene.title), anchor=False)
    if scene.takeaway:
        st.markdown(f"**{plain(scene.takeaway)}**")
    for sentence in scene.sentences[:_SENTENCES]:
        st.markdown(plain(sentence))
    picture = scene.picture
    if picture is not None:
        with st.container(key="wall-picture"):
            if scene.title != picture.caption.title:
                st.markdown(f"**{plain(picture.caption.title)}**")
            st.caption(plain(picture.caption.subtitle.split(_TO_CLICK)[0]))
            _chart(picture, scene.place)
            if picture.notes:
                st.caption(" · ".join(plain(note) for note in picture.notes))
    said = (scene.words, *scene.remarks, *_origin(scene, newest))
    st.caption(" · ".join(plain(part) for part in said if part))


def _origin(scene: Scene, newest: str) -> tuple[str, ...]:
    state = scene.state
    through = f"Data complete to {state.through:%d %b %Y}" if state.through else ""
    stays = "" if state.name == newest else f"kept; the newest is {newest}"
    return through, " ".join(filter(None, (f"Data version {state.name}", stays)))


def nothing(title: str, why: str) -> None:
    """Say calmly that a slide has nothing to show, and why."""
    st.title(plain(title or "Nothing to show here"), anchor=False)
    st.markdown(plain(why))


def memories(found: tuple[Memory, ...], today: date) -> None:
    """Show what was decided before, and what the figures did since."""
    st.title("What we decided, and what the figures did since", anchor=False)
    for memory in found[:_MEMORIES]:
        with st.container(gap="xxsmall"):
            st.markdown(f"**{plain(memory.decision.text)}**  \n{state(memory, today)}")
            for line in lines(memory):
                st.markdown(line)
    if len(found) > _MEMORIES:
        st.caption(plain(f"{len(found) - _MEMORIES} more on the page of decisions."))


def state(memory: Memory, today: date) -> str:
    """Say who does it, by when, and whether it is done."""
    one = memory.decision
    parts = [plain(one.owner), plain(f"decided {one.said_at:%d %b %Y}") if one.said_at else ""]
    if not one.is_open:
        parts.append(f":material/check: {plain(one.outcome)}")
    elif one.due is not None:
        due = plain(f"due {one.due:%d %b %Y}")
        parts.append(f":orange[:material/schedule: {due}, overdue]" if one.due < today else due)
    return f":gray[{' · '.join(part for part in parts if part)}]"


def lines(memory: Memory) -> tuple[str, ...]:
    """Say what its figures did since; without a later period, what they were."""
    if memory.courses:
        marks = {"better": ":green[●]", "worse": ":orange[●]", "moved": ":violet[●]"}
        return tuple(
            f"{marks.get(one.move.tone, ':gray[●]')} {plain(one.text)}" for one in memory.courses
        )
    seen = "; ".join(memory.seen)
    said = f"Then: {seen}. {memory.waits}" if seen else ""
    return (f":gray[{plain(said)}]",) if said else ()


def _chart(picture: Picture, place: int) -> None:
    if not picture.panels:
        st.vega_lite_chart(spec=picture.spec, alt=picture.caption.alt, key=f"wall-{place}")
        return
    with st.grid(min_column_width=170, gap="xxsmall"):
        for at, small in enumerate(picture.panels):
            with st.container(gap=None):
                st.caption(plain(small.title))
                st.vega_lite_chart(spec=small.spec, alt=small.alt, key=f"wall-{place}-{at}")
