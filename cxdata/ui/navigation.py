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
_DATA: Final = (("dictionary", "Data", "Tables, columns and definitions behind every figure."),)


def menu() -> Page:
    """Register every page, draw the menu, and return the page that was asked for."""
    pages = [
        st.Page(
            PAGES / folder / f"{name}.py",
            title=title,
            url_path=name.replace("_", "-"),
            default=name == "overview",
            help=help_text,
        )
        for folder, entries in (("outcomes", _OUTCOMES), ("data", _DATA))
        for name, title, help_text in entries
    ]
    return st.navigation(pages, position="top")
