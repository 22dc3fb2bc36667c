"""The frame around every page: menu, scope bar, notices, the page, and the data behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from cxdata.model.errors import CxError, NotBuilt
from cxdata.ui import data, faults, navigation, page, preparing
from cxdata.ui.scope_bar import scope_bar
from cxdata.ui.text import plain

ICON: Final = str(Path(__file__).with_name("mark.svg"))


def show() -> None:
    """Run one script run of one reader."""
    current = navigation.menu()
    st.set_page_config(
        page_title=f"{current.title} · CX Outcomes",
        page_icon=ICON,
        layout="wide",
    )
    st.logo(ICON, size="small")
    try:
        opening = data.opening()
        choices = data.choices(opening.ticket)
    except NotBuilt as error:
        if preparing.is_offered():
            preparing.prepare()
        else:
            faults.nothing_to_read(error)
        return
    except CxError as error:
        faults.nothing_to_read(error)
        return
    for notice in opening.notices:
        st.warning(plain(notice), icon=":material/history:")
    view = scope_bar(choices)
    with page.showing(view, opening.ticket):
        current.run()
    _footer(view.choices.complete_through, opening.ticket)


def _footer(complete_through: object, ticket: data.Ticket) -> None:
    through = f"Data complete to {complete_through:%d %b %Y}" if complete_through else ""
    st.space("small")
    st.caption(" · ".join(filter(None, (plain(through), plain(f"Data version {ticket.name}")))))
