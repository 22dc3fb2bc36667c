"""The frame around every page: menu, scope bar, notices, the page, and the data behind it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from cxdata.model.errors import CxError, NotBuilt
from cxdata.panels.choices import Choices
from cxdata.ui import data, drawer, faults, navigation, news, page, preparing
from cxdata.ui.intake import door, first
from cxdata.ui.scope_bar import keep_scope, scope_bar
from cxdata.ui.text import plain
from cxdata.ui.view import whole

ICON: Final = str(Path(__file__).with_name("mark.svg"))
_LOOK: Final = Path(__file__).with_name("look.css")
_NAMED: Final = 3
"""Tables that the last line names, those furthest behind."""


def show() -> None:
    """Run one script run of one reader."""
    current = navigation.menu()
    st.set_page_config(
        page_title=f"{current.title} · CX Outcomes",
        page_icon=ICON,
        layout="wide",
    )
    st.logo(ICON, size="small")
    st.html(_LOOK)
    if navigation.stands_alone(current):
        keep_scope()
        with door.framed():
            current.run()
        return
    try:
        opening = data.opening()
        choices = data.choices(opening.ticket)
    except NotBuilt as error:
        if first.is_bare():
            first.begin()
        elif preparing.is_offered():
            preparing.prepare()
        else:
            faults.nothing_to_read(error)
        return
    except CxError as error:
        if first.is_bare():
            first.begin()
        else:
            faults.nothing_to_read(error)
        return
    if opening.notices and first.is_bare():
        first.begin()
        return
    for notice in opening.notices:
        st.warning(plain(notice), icon=":material/history:")
    if not navigation.has_scope(current):
        _meet(current, choices, opening.ticket)
        return
    view = scope_bar(choices)
    news.watch(opening.ticket)
    with page.showing(view, opening.ticket):
        current.run()
    _footer(choices, opening.ticket)
    drawer.answer(view, opening.ticket, page.Page(view, opening.ticket).origin)


def _meet(current: Page, choices: Choices, ticket: data.Ticket) -> None:
    """Run a page that has no scope of its own: stories, what is on the wall, decisions, events."""
    keep_scope()
    with page.showing(whole(choices), ticket):
        current.run()
    if not navigation.is_wall(current):
        _footer(choices, ticket)


def _footer(choices: Choices, ticket: data.Ticket) -> None:
    through = choices.complete_through
    parts = [
        f"Data complete to {_day(through)}" if through else "",
        *(f"{table} only to {_day(day)}" for table, day in choices.held_back[:_NAMED]),
        f"Data version {ticket.name}",
    ]
    st.space("small")
    st.caption(" · ".join(plain(part) for part in parts if part))


def _day(day: date) -> str:
    return f"{day:%d %b %Y}"
