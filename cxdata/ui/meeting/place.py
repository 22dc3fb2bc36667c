"""Where a presentation stands. It lives in the address, so a reload or a restart keeps it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from cxdata.model.story import View
from cxdata.panels.pages import PAGES

STORY: Final = "story"
SLIDE: Final = "slide"
ROOM: Final = "room"
NOTES: Final = "notes"
_OURS: Final = frozenset({STORY, SLIDE, ROOM, NOTES})
_MOST_SLIDES: Final = 10_000
_LONGEST_ROOM: Final = 64


@dataclass(frozen=True)
class Place:
    """A slide of a story in a room, and what the room asked to see instead of everybody.

    ``slide`` counts from 1; 0 is what was decided before, None where the address names none.
    ``only`` is a part of an address, such as ``in_segment=SMB``.
    """

    story: str
    slide: int | None = None
    room: str = ""
    is_notes: bool = False
    only: str = ""

    def parameters(self, **change: str) -> dict[str, str]:
        """The query parameters of this place, some of them changed."""
        held = {STORY: self.story, SLIDE: str(self.slide or 0), ROOM: self.room, **change}
        return {name: value for name, value in held.items() if value}


def here() -> Place:
    """Read the place from the address; a room has a name from its first look on."""
    given = st.query_params
    if given.get(STORY) and not given.get(ROOM):
        given[ROOM] = secrets.token_hex(4)
    only = [(name, value) for name in given if name not in _OURS for value in given.get_all(name)]
    number = given.get(SLIDE, "")
    return Place(
        story=given.get(STORY, ""),
        slide=min(int(number), _MOST_SLIDES) if number.isascii() and number.isdigit() else None,
        room=given.get(ROOM, "")[:_LONGEST_ROOM],
        is_notes=given.get(NOTES) == "1",
        only=urlencode(only),
    )


def link(view: View) -> str:
    """Return the address that opens a view, from any page of the product."""
    page = view.page.strip("/")
    home = next(iter(PAGES))
    return f"./{'' if page == home else page}{f'?{view.address}' if view.address else ''}"


def go(slide: int) -> None:
    """Go to a slide; what the room asked for goes with it."""
    st.query_params[SLIDE] = str(slide)


def narrow(asked_for: Mapping[str, str]) -> None:
    """Show only these from here on, until :func:`widen`."""
    widen()
    for name, value in asked_for.items():
        st.query_params[name] = value


def widen() -> None:
    """Show everybody again."""
    for name in list(st.query_params):
        if name not in _OURS:
            del st.query_params[name]


def overlaid(address: str, only: str) -> str:
    """Return the address of a view with what the room asked for in place of its own.

    >>> overlaid("grain=Quarter&in_segment=Mid", "in_segment=SMB")
    'grain=Quarter&in_segment=SMB'
    """
    asked_for = parse_qsl(only)
    names = {name for name, _ in asked_for}
    return urlencode([*(one for one in parse_qsl(address) if one[0] not in names), *asked_for])
