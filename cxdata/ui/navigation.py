"""The pages, in the order in which a reader meets them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

PAGES: Final = Path(__file__).resolve().parents[2] / "pages"

_OUTCOMES: Final = (
    ("overview", "Overview", "Customers won and lost, what they are worth, what serving costs."),
    ("retention", "Retention", "Who stays, who leaves, and after how long."),
    ("spend", "Spend", "What customers are worth, and how that is spread."),
    ("cost_to_serve", "Cost to serve", "What contacts and service cost for each customer."),
    ("nps", "NPS", "What customers say, with its margin of error."),
)
_DATA: Final = (
    ("upload", "Upload", "Bring an extract, see what it would change, publish it."),
    ("health", "Data health", "How fresh and how complete the data are."),
    ("history", "History", "Every version: who, when, why, and the way back."),
    ("dictionary", "Data dictionary", "Tables, columns and definitions behind every figure."),
)
_ALONE: Final = frozenset({"upload", "health", "history"})
"""Pages that stand without figures: they have no scope, and open before anything is published."""


def menu() -> Page:
    """Register every page, draw the menu, and return the page that was asked for."""
    pages = {
        section: [_page(folder, *entry) for entry in entries]
        for section, folder, entries in (("", "outcomes", _OUTCOMES), ("Data", "data", _DATA))
    }
    return st.navigation(pages, position="top")


def stands_alone(page: Page) -> bool:
    """Whether a page needs neither figures nor a scope."""
    return page.url_path in _ALONE


def _page(folder: str, name: str, title: str, help_text: str) -> Page:
    return st.Page(
        PAGES / folder / f"{name}.py",
        title=title,
        url_path=name.replace("_", "-"),
        default=name == "overview",
        help=help_text,
    )
