"""Who brings, publishes and takes back: signed in, or by the name they give once."""

from __future__ import annotations

import streamlit as st

from cxdata.publish.staged import shown
from cxdata.ui.account import signed_in

UNNAMED = "someone"
_KEY = "who"
_LONGEST = 60


def who() -> str:
    """Return the name of whoever is at work; nothing where nobody gave one yet."""
    if signed_in():
        return signed_in()
    given = str(st.session_state.get(f"{_KEY}-given", "")).strip()
    return shown(given) if given else ""


def ask_who() -> str:
    """Ask for a name unless somebody is signed in, and return it."""
    if signed_in():
        return signed_in()
    given = st.text_input(
        "Your name",
        value=st.session_state.get(f"{_KEY}-given", ""),
        key=_KEY,
        max_chars=_LONGEST,
        placeholder="As colleagues know you",
        width=280,
        help="It stands beside the version in the history.",
    )
    st.session_state[f"{_KEY}-given"] = given or ""
    return who()
