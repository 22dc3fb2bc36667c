"""The pages, in the order in which a reader meets them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

PAGES: Final = Path(__file__).resolve().parents[2] / "pages"

_FIRST: Final = "overview"
_OUTCOMES: Final = (
    ("overview", "Overview", "Customers won and lost, what they are worth, what serving costs."),
    ("retention", "Retention", "Who stays, who leaves, and after how long."),
    ("spend", "Spend", "What customers are worth, and how that is spread."),
    ("cost_to_serve", "Cost to serve", "What contacts and service cost for each customer."),
    ("nps", "NPS", "What customers say, with its margin of error."),
)
_MEETINGS: Final = (
    ("stories", "Stories", "Views in the order in which they are told, ready to present."),
    ("decisions", "Decisions", "What was decided in front of which figures, and what came of it."),
    ("events", "Events and goals", "Events, initiatives, goals and owners, as charts show them."),
    ("present", "Present", "A story on the wall."),
)
_WALL: Final = "present"
"""The page that stands alone on a wall; stories lead to it, the menu does not."""
_WITHOUT_SCOPE: Final = frozenset(name for name, _, _ in _MEETINGS)

_DATA: Final = (
    ("upload", "Upload", "Bring an extract, see what it would change, publish it."),
    ("health", "Data health", "How fresh and how complete the data are."),
    ("history", "History", "Every version: who, when, why, and the way back."),
    ("dictionary", "Data dictionary", "Tables, columns and definitions behind every figure."),
)
_ALONE: Final = frozenset({"upload", "health", "history"})
"""Pages that stand without figures: they have no scope, and open before anything is published."""


def _url_path(name: str) -> str:
    return name.replace("_", "-")


ADDRESSES: Final = frozenset(
    "/" if name == _FIRST else f"/{_url_path(name)}"
    for name, _, _ in (*_OUTCOMES, *_MEETINGS, *_DATA)
)
"""Where the pages are opened, below the address of the server."""


def menu() -> Page:
    """Register every page, draw the menu, and return the page that was asked for."""
    pages = {
        section: [_page(folder, *entry) for entry in entries]
        for section, folder, entries in (
            ("", "outcomes", _OUTCOMES),
            ("Meetings", "meetings", _MEETINGS),
            ("Data", "data", _DATA),
        )
    }
    return st.navigation(pages, position="top")


def stands_alone(page: Page) -> bool:
    """Whether a page needs neither figures nor a scope."""
    return page.url_path in _ALONE


def has_scope(page: Page) -> bool:
    """Whether a page shows figures of the scope that its reader chooses."""
    return page.url_path not in _WITHOUT_SCOPE


def is_wall(page: Page) -> bool:
    """Whether a page is all that a wall shows."""
    return page.url_path == _WALL


def _page(folder: str, name: str, title: str, help_text: str) -> Page:
    return st.Page(
        PAGES / folder / f"{name}.py",
        title=title,
        url_path=_url_path(name),
        default=name == _FIRST,
        help=help_text,
        visibility="hidden" if name == _WALL else "visible",
    )
