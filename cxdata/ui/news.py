"""An open page looks once a minute whether newer data were published, and offers to show them.

It never changes by itself: figures that are being discussed stay until somebody asks for the new.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from cxdata.model.errors import CxError
from cxdata.ui import data
from cxdata.ui.text import plain

EVERY_SECONDS: Final = 60.0


@st.fragment(run_every=EVERY_SECONDS)
def watch(shown: data.Ticket) -> None:
    """Say when there is a newer version than the one shown; one click shows it."""
    try:
        newest = data.opening().ticket
    except CxError:
        return  # what is open stays; the next run of the page says what is wrong
    if newest == shown:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="news"):
        st.markdown(f":material/fiber_new: {plain(_words(newest, shown))}")
        if st.button("Show it", type="primary"):
            st.rerun()


def _words(newest: data.Ticket, shown: data.Ticket) -> str:
    if (newest.version, newest.built) == (shown.version, shown.built):
        return "Events, goals or owners were changed since this page was opened."
    if newest.version == shown.version:
        return "The figures were summed up anew since this page was opened."
    return f"Newer data are there: version {newest.name}. This page shows version {shown.name}."
