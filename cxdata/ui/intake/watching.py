"""Long work on a page: how far it is, while the reader may leave and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from cxdata.ui import data
from cxdata.ui.text import plain
from cxdata.ui.work import WORK

_EVERY: Final = 0.7
_SLOW: Final = 4.0


def start(name: str, *command: str) -> None:
    """Start a command of the product and show the page anew; never a second one of the name."""
    WORK.start(name, command)
    st.rerun()


def under_way(name: str, titles: Mapping[str, str], *, otherwise: str = "At work") -> bool:
    """Show work of this name, if there is any; return whether it goes on.

    ``titles`` says in words what the process calls its steps. A fault stays until it is dismissed.
    """
    now = WORK.progress(name)
    if now is None:
        return False
    if not now.is_done:
        with st.container(border=True, width=720):
            st.markdown(f"**{plain(otherwise)}**")
            _watch(name, tuple(titles.items()))
            st.caption("You may leave this page and come back to it: the work goes on.")
        return True
    WORK.forget(name)
    data.renew()  # what was published or undone is what the next look shows
    if now.fault:
        st.session_state[f"fault-{name}"] = now.fault
    return False


def fault(name: str) -> str:
    """Return why the last work of this name failed, until it is dismissed or started again."""
    return str(st.session_state.get(f"fault-{name}", ""))


def forgive(name: str) -> None:
    """Say no more of a fault."""
    st.session_state.pop(f"fault-{name}", None)


@st.fragment(run_every=_EVERY)
def _watch(name: str, titles: Sequence[tuple[str, str]]) -> None:
    now = WORK.progress(name)
    if now is None or now.is_done:
        st.rerun()
    words = next((said for step, said in titles if now.what.startswith(step)), now.what)
    words = words[:1].upper() + words[1:]
    since = f", {now.seconds:.0f} s" if now.seconds >= _SLOW else ""
    st.progress(now.share, text=plain(f"{words}{since}"))
