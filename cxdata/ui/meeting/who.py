"""Who enters something: whoever signed in, else the name that a person gives in this session."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.ui.account import signed_in

NOBODY: Final = "Somebody"
_NAME: Final = "who-given"
_LONGEST: Final = 100


def who() -> str:
    """Return under which name something is kept."""
    given = signed_in() or str(st.session_state.get(_NAME, ""))
    return " ".join(given.split())[:_LONGEST] or NOBODY


def ask_who(place: str) -> None:
    """Ask for a name where nobody signed in; it is asked once a session.

    ``place`` tells the field from those of other dialogs.
    """
    if signed_in():
        return

    def keep() -> None:
        st.session_state[_NAME] = st.session_state[f"who-{place}"]

    st.text_input(
        "Your name",
        value=str(st.session_state.get(_NAME, "")),
        key=f"who-{place}",
        max_chars=_LONGEST,
        on_change=keep,
        help="Others see who entered it.",
    )
