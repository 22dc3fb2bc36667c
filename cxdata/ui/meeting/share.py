"""Handing one picture over: the sentence, the link, the picture at slide size."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from cxdata.exports import slide_picture
from cxdata.exports.csv_file import file_name
from cxdata.model.format import Format
from cxdata.panels.pages import can_tell
from cxdata.panels.picture import Picture
from cxdata.panels.quote import quote
from cxdata.ui.download import Origin
from cxdata.ui.meeting import asking

_ASKED: Final = "asked-of-a-card"


def share(picture: Picture, key: str, origin: Origin) -> None:
    """Offer to hand a picture over; what is offered is made when it is opened."""
    opened = st.popover(
        "Share",
        icon=":material/ios_share:",
        type="tertiary",
        key=f"share-{key}",
        on_change="rerun",
        help="Share this finding",
    )
    if st.session_state.pop(_ASKED, False):
        st.rerun()  # the question is the page's, and this is one of its cards
    if not opened.open:
        return
    with opened:
        st.caption("The sentence with its evidence")
        form = Format(origin.currency)
        version = f"Data version {origin.version}" if origin.version else ""
        through = f"Data complete to {origin.data_through}" if origin.data_through else ""
        said = origin.remarked(picture.remark).scope
        st.code(quote(picture, form, said, through, version), language=None, wrap_lines=True)
        _add_to_story(key)
        st.caption("The link to this view")
        st.code(address(), language=None, wrap_lines=True)
        _pictures(picture, key, origin)


def _add_to_story(key: str) -> None:
    """Offer to put the picture alone into a story, where a slide can show it."""
    name = f"grid-{st.session_state.get('outcome', '')}" if key == "grid" else key
    if can_tell(name):
        st.button(
            "Add this to a story",
            key=f"add-{key}",
            icon=":material/playlist_add:",
            on_click=_ask,
            args=(key, name),
        )


def _ask(key: str, name: str) -> None:
    st.session_state[f"share-{key}"] = False  # what was open would stand before the question
    st.session_state[_ASKED] = True
    asking.begin("view", name)


def _pictures(picture: Picture, key: str, origin: Origin) -> None:
    said = origin.remarked(picture.remark).scope
    name = file_name(picture.name or key, origin.period).removesuffix(".csv")
    with st.container(horizontal=True):
        for kind, draw, mime in (
            ("PNG", slide_picture.png, "image/png"),
            ("SVG", slide_picture.svg, "image/svg+xml"),
        ):
            st.download_button(
                f"Picture as {kind}",
                data=partial(draw, picture, said, origin.data_through, origin.version),
                file_name=f"{name}.{kind.lower()}",
                mime=mime,
                on_click="ignore",
                key=f"{kind}-{key}",
                icon=":material/image:",
            )


def address() -> str:
    """Return the address of this page as it is shown now, for others to open."""
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    base = str(st.context.url or "").partition("?")[0]
    return f"{base}?{urlencode(pairs)}" if pairs else base
