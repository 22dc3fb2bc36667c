"""The way into the pages of the data: they stand without figures, but never outside the frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from cxdata.model.errors import CxError
from cxdata.publish.place import ReadOnly
from cxdata.publish.room import Room
from cxdata.ui import faults
from cxdata.ui.text import plain

_FRAMED: ContextVar[bool] = ContextVar("framed", default=False)


@contextmanager
def framed() -> Iterator[None]:
    """Let the page that runs inside know that the frame is around it."""
    token = _FRAMED.set(True)
    try:
        yield
    finally:
        _FRAMED.reset(token)


def opened(question: str | None, *, read_only: str = "") -> Room | None:
    """Open a page with its question; return the room of extracts, None where nothing is published.

    ``read_only`` is what to say where the product only reads the data.
    """
    if not _FRAMED.get():
        st.info("This page opens from the menu.", icon=":material/lock:")
        st.stop()
    st.title((question or "").splitlines()[0])
    try:
        return Room()
    except ReadOnly:
        if read_only:
            _say_read_only(read_only)
    except CxError as error:
        faults.error_card("The data folder", error)
        st.stop()
    return None


def _say_read_only(why: str) -> None:
    with st.container(border=True, width=720):
        st.markdown(f":material/lock: **{plain('These data are only read here')}**")
        st.markdown(plain(why))
        st.markdown(
            "Change them where they live and run `make build`, or give this product a data folder "
            "of its own: `make run DATA=folder`."
        )
