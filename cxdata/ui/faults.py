"""Faults, kept calm: a panel that fails says why and what to do, and the others still stand."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from cxdata.model.errors import CxError, MissingTables, NotBuilt, SourceError, SourceUnavailable
from cxdata.ui.text import plain

LOG: Final = logging.getLogger("cxdata.ui")


def reference() -> str:
    """Return a short name under which the log holds what a reader must not see."""
    return secrets.token_hex(4).upper()


@contextmanager
def calm(panel: str, told: set[tuple[str, ...]] | None = None) -> Iterator[None]:
    """Run one panel; a fault becomes a card in its place.

    ``panel`` is the panel's name for the reader, such as "Retention by segment"; ``told`` holds
    what the page already said is missing, which is not said at length again.
    """
    try:
        yield
    except MissingTables as missing:
        if told is not None and missing.missing in told:
            st.caption(f"{plain(panel)}: to be seen here when the data have the same.")
            return
        if told is not None:
            told.add(missing.missing)
        needs_card(panel, missing.missing)
    except CxError as error:
        error_card(panel, error)
    except Exception:
        unknown_card(panel)


def needs_card(panel: str, missing: Iterable[str]) -> None:
    """Name the tables and columns that views need and the data do not have."""
    with st.container(border=True):
        st.markdown(f"**{plain(panel)}**")
        wanted = "\n".join(f"- {plain(name)}" for name in missing)
        st.markdown(f"To be seen here when the data have:\n\n{wanted}")
        st.caption("The data dictionary lists every table and its columns.")


def error_card(panel: str, error: CxError) -> None:
    """Say a known fault in its own words."""
    if isinstance(error, NotBuilt):
        st.info(plain(error), title=plain(panel), icon=":material/hourglass_empty:")
    elif isinstance(error, SourceError):
        st.warning(plain(error), title=plain(panel), icon=":material/cloud_off:")
    else:
        st.warning(plain(error), title=plain(panel), icon=":material/info:")


def unknown_card(panel: str) -> None:
    """Log an unforeseen fault in full and show only the reference to it."""
    ref = reference()
    LOG.exception("%s failed, reference %s", panel, ref)
    st.warning(
        f"This part could not be shown. The rest of the page is not affected. "
        f"Reference for support: {ref}.",
        title=plain(panel),
        icon=":material/error:",
    )


def nothing_card(panel: str, why: str) -> None:
    """Say that there is nothing to show, and why."""
    with st.container(border=True):
        st.markdown(f"**{plain(panel)}**")
        st.caption(plain(why))


def nothing_to_read(error: CxError) -> None:
    """Say on an otherwise empty page why there are no figures, and what to do."""
    LOG.warning("no figures: %s", error)
    if isinstance(error, SourceUnavailable):
        st.title("The data cannot be reached at the moment")
        st.markdown(plain(error))
        st.caption("What you chose stays in the address. Load the page again in a minute.")
        return
    st.title("There are no figures yet")
    st.markdown(plain(error))
    with st.container(border=True, width=720):
        st.markdown("When the data are there, and after each change outside the product:")
        st.code("make build", language=None)
        st.markdown("To look around first, with an invented company:")
        st.code("make demo", language=None)
