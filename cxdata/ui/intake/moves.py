"""Headline figures before and after: what a reader of the first page would see move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from cxdata.model.format import NOTHING, Format
from cxdata.publish.figures import Move, Side
from cxdata.ui.text import plain

_MOST: Final = 12
_SLICED: Final = 60


def before_and_after(headlines: Sequence[Move], moves: Sequence[Move], form: Format) -> None:
    """Show the headline figures of the last finished month, and what moved most beyond them."""
    if headlines:
        with st.container(border=True):
            st.markdown("**The headline figures, before and after**")
            st.caption(plain(f"All customers, {headlines[0].period}, the last finished month."))
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
                        {"Month": one.period, "Where": where(one), **_row(one, form)}
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


def where(move: Move) -> str:
    """Say which slice a figure is about."""
    if not move.slice:
        return "All customers"
    return " ".join(part.replace("_", " ") for part in move.slice)


def side(one: Side, move: Move, form: Format) -> str:
    """Write one side as a page would."""
    if one.estimate is None:
        return one.flag.words if one.n else NOTHING
    return form.value(one.estimate, move.unit)


def change(move: Move, form: Format) -> str:
    """Write what moved; nothing where it reads alike."""
    if move.difference is None or not move.difference:
        return ""
    text = form.change(move.difference, move.unit)
    return "" if not any(one in text for one in "123456789") else text


def _row(move: Move, form: Format) -> dict[str, str]:
    return {
        "Figure": move.label,
        "Now": side(move.before, move, form),
        "After": side(move.after, move, form),
        "Change": change(move, form),
    }


def _period(headlines: Sequence[Move]) -> str:
    return headlines[0].period if headlines else ""
