"""Getting the data ready when the first reader comes: in a process of its own, with its progress.

``streamlit run app.py`` on a new machine makes the demo company; after an upgrade or a change of a
plain folder the summaries are built anew. One process serves all readers who wait.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.ui.text import plain
from cxdata.ui.work import WORK

NAME: Final = "prepare"
"""The work, and the command that does it."""


class _Offer:
    """Whether readers may start the work."""

    is_made = False


def offer() -> None:
    """Let readers start the work; a real server does, a test of a page does not."""
    _Offer.is_made = True


def is_offered() -> bool:
    """Whether readers may start the work."""
    return _Offer.is_made


def prepare() -> None:
    """Start the work unless it is under way, show how far it is, and open the page when done."""
    if WORK.progress(NAME) is None:  # what failed waits for somebody to try again
        WORK.start(NAME, [NAME])
    st.title("Getting the data ready")
    st.markdown("The figures are being summed up. This page opens by itself when they are there.")
    _watch()


@st.fragment(run_every=1.0)
def _watch() -> None:
    now = WORK.progress(NAME)
    if now is None:  # another reader saw the end first
        st.rerun()
    if now.fault:
        st.warning(plain(now.fault), title="This could not be done", icon=":material/error:")
        if st.button("Try again"):
            WORK.forget(NAME)
            st.rerun()
        return
    st.progress(now.share, text=plain(now.what))
    if now.is_done:
        WORK.forget(NAME)
        st.rerun()
