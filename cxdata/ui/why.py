"""Why did it change? One click from any figure, under an address: ``?why=nps`` asks it again."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.metrics import registry

KEY: Final = "why"
BY: Final = "why_by"
LIST: Final = "why_list"
PART: Final = "why_of"
ORDER: Final = "why_order"


def button(metric: str, place: str, *, is_explained: bool = True) -> bool:
    """Offer the answer for a figure: why it changed, or where that has none, what it is."""
    return st.button(
        "Why?" if is_explained else "What?",
        key=f"why-{place}",
        type="tertiary",
        help="Why it changed, and how it is defined" if is_explained else "How it is defined",
        on_click=ask,
        args=(metric,),
    )


def ask(metric: str) -> None:
    """Let the next run answer for a figure."""
    st.query_params[KEY] = metric


def asked() -> str | None:
    """Return the figure that the address asks about."""
    name = st.query_params.get(KEY, "")
    return name if name in registry() else None


def forget() -> None:
    """Ask no more."""
    for key in (KEY, BY, LIST, PART, ORDER):
        if key in st.query_params:
            del st.query_params[key]
