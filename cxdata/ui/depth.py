"""Parts of a page behind a click: closed they cost nothing, open they stand in the address."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.panels.deeper import title_of
from cxdata.ui import cache, faults
from cxdata.ui.data import Ticket
from cxdata.ui.download import Origin
from cxdata.ui.panel import panel
from cxdata.ui.scope_bar import ADDRESS
from cxdata.ui.text import plain
from cxdata.ui.view import View

_ICON: Final = ":material/manage_search:"


@st.fragment
def depth(view: View, ticket: Ticket, origin: Origin, name: str) -> None:
    """Offer one part; it is read when it is opened, and only it is drawn again."""
    section = st.expander(title_of(name), icon=_ICON, key=f"more_{_key(name)}", bind=ADDRESS)
    if not section.open:
        return
    with section, faults.calm(title_of(name)):
        found = cache.deeper(ticket, view.scope, view.scheme, name)
        for sentence in found.sentences:
            st.markdown(plain(sentence))
        for place, drawn in enumerate(found.pictures):
            panel(drawn, f"{name}-{place}", origin)


def _key(name: str) -> str:
    return name.replace("-", "_")
