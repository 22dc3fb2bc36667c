"""What a dialog asks at the moment. It stays open over a rerun until it is answered or left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

import streamlit as st

_ASKING: Final = "asking"


def begin(name: str, subject: str = "") -> None:
    """Begin to ask; ``subject`` says about what, such as an id."""
    st.session_state[_ASKING] = (name, subject)


def done() -> None:
    """Ask no more."""
    st.session_state.pop(_ASKING, None)


def about(name: str) -> str | None:
    """Return about what is asked; None where this is not asked at the moment."""
    asked, subject = st.session_state.get(_ASKING, ("", ""))
    return subject if asked == name else None


def dialog(title: str, body: Callable[..., None], *about_what: Any, is_wide: bool = False) -> None:
    """Open a dialog around its questions; leaving it ends the asking."""
    width: Literal["small", "medium"] = "medium" if is_wide else "small"
    st.dialog(title, width=width, on_dismiss=done)(body)(*about_what)
