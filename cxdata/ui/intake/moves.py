"""Headline figures before and after: what a reader of the first page would see move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from cxdata.model.errors import CxError
from cxdata.model.format import NOTHING, Format
from cxdata.publish.figures import Move, Side
from cxdata.publish.room import Room
from cxdata.ui import data
from cxdata.ui.text import plain

SAME: Final = "same"
_SLICED: Final = 60


def before_and_after(headlines: Sequence[Move], moves: Sequence[Move], form: Format) -> None:
    """Show the headline figures of the last finished month, and what moved most beyond them."""
    if headlines:
        with st.container(border=True):
            st.markdown("**The headline figures, before and after**")
            st.caption(
                plain(f"All customers, {month(headlines[0].period)}, the last finished month.")
            )
            st.dataframe(
                pd.DataFrame([_row(one, form) for one in headlines]),
                hide_index=True,
                height="content",
                alt="Headline figures before and after this extract",
                placeholder=NOTHING,
            )
    beyond = [one for one in moves if one.slice or one.period != _period(headlines)]
    if beyond:
        with st.expander(
            f"What else moves: {len(beyond):,} figures by month, segment and journey",
            icon=":material/swap_vert:",
        ):
            st.dataframe(
                pd.DataFrame(
                    [
                        {"Month": month(one.period), "Where": where(one), **_row(one, form)}
                        for one in beyond[:_SLICED]
                    ]
                ),
                hide_index=True,
                alt="Figures that move, what moved most first",
                placeholder=NOTHING,
            )
            if len(beyond) > _SLICED:
                st.caption(
                    f"What moved most comes first; {len(beyond) - _SLICED:,} more move less."
                )
    if headlines and not moves:
        st.markdown(":gray[●] No headline figure moves.")


def money(room: Room) -> Format:
    """Return how amounts are written: in the currency of what is published, where that is known."""
    try:
        return Format(data.gate(data.opening().ticket).built.currency)
    except CxError:
        return Format(room.settings.currency or "")


def month(period: str) -> str:
    """Write a month's key for a reader.

    >>> month("2026-09")
    'September 2026'
    """
    try:
        return f"{date.fromisoformat(f'{period}-01'):%B %Y}"
    except ValueError:
        return period


def where(move: Move) -> str:
    """Say which slice a figure is about."""
    if not move.slice:
        return "All customers"
    return " ".join(part.replace("_", " ") for part in move.slice)


def side(one: Side, move: Move, form: Format) -> str:
    """Write one side as a page would."""
    if one.estimate is None:
        return one.flag.words if one.n else NOTHING
    return form.value(one.estimate, move.unit).strip()


def change(move: Move, form: Format) -> str:
    """Write what moved; nothing where it reads alike."""
    if move.before.estimate is None or move.after.estimate is None:
        return "" if move.before.estimate == move.after.estimate else "new"
    text = form.change(move.difference, move.unit)
    return text if any(one in text for one in "123456789") else SAME


def _row(move: Move, form: Format) -> dict[str, str]:
    return {
        "Figure": move.label,
        "Now": side(move.before, move, form),
        "After": side(move.after, move, form),
        "Change": change(move, form),
    }


def _period(headlines: Sequence[Move]) -> str:
    return headlines[0].period if headlines else ""
