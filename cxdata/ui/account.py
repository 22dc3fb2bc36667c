"""Whoever signed in, for every room of the pages that writes down who did something."""

from __future__ import annotations

import streamlit as st


def signed_in() -> str:
    """Return the name of whoever signed in; "" where the server asks nobody to."""
    if not getattr(st.user, "is_logged_in", False):
        return ""
    return str(st.user.get("email") or st.user.get("name") or "")
