"""Tiles: one figure each, with its small trend, a fair comparison and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import streamlit as st

from cxdata.panels.figures import Tile
from cxdata.panels.finding import Movement
from cxdata.ui import faults, why
from cxdata.ui.text import plain

_COLOURS: Final[dict[str, Literal["green", "orange", "violet", "gray"]]] = {
    "better": "green",
    "worse": "orange",
    "moved": "violet",
    "calm": "gray",
}


def tile(content: Tile) -> None:
    """Show one tile; only a movement that the evidence bears out has an arrow and a colour."""
    move = content.move
    is_calm = move.tone == "calm"
    with st.container(border=True, height="stretch", gap="xxsmall"):
        st.metric(
            plain(content.label),
            content.figure,
            delta=move.text or None,
            delta_color=_COLOURS[move.tone],
            delta_arrow="off" if is_calm else "up" if not move.text.startswith("−") else "down",
            delta_description=plain(" ".join(filter(None, (move.against, _lead(move))))) or None,
            chart_data=content.history if len(content.history) > 1 else None,
            help=plain(content.help),
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
            st.caption(plain(content.evidence) or "\u00a0")
            why.button(content.name, content.name, is_explained=content.is_explained)


def _lead(move: Movement) -> str:
    return f"· {move.verdict}" if move.verdict and move.text else move.verdict


def wall(tiles: Sequence[Tile]) -> None:
    """Show tiles as a wall that flows from four columns to one; then what the others need."""
    there = [content for content in tiles if not content.missing]
    if there:
        columns = 4 if len(there) > 3 else len(there)
        with st.grid(columns, min_column_width=220, gap="small"):
            for content in there:
                tile(content)
    for missing in dict.fromkeys(content.missing for content in tiles if content.missing):
        names = [content.label for content in tiles if content.missing == missing]
        faults.needs_card(", ".join(names), missing)
