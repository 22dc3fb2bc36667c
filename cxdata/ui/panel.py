"""A panel: one picture with its finding, and the same figures as chart, table or CSV."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import streamlit as st

from cxdata.exports.csv_file import file_name
from cxdata.model.metric import Unit
from cxdata.panels.picture import Column, Picture
from cxdata.ui import faults, why
from cxdata.ui.download import Origin, csv_bytes
from cxdata.ui.meeting.share import share
from cxdata.ui.text import plain

CHART: Final = "Chart"
TABLE: Final = "Table"


def panel(picture: Picture, key: str, origin: Origin, metric: str | None = None) -> None:
    """Show one picture as a card.

    ``origin`` says scope, data date and version inside the CSV; ``metric`` is the figure that the
    card offers to explain.
    """
    if picture.empty:
        faults.nothing_card(picture.caption.title, picture.empty)
        return
    with st.container(border=True, key=f"panel-{key}", height="stretch"):
        _card(picture, key, origin, metric)


@st.fragment
def _card(picture: Picture, key: str, origin: Origin, metric: str | None) -> None:
    """Fill a card; a switch between chart and table reruns this card alone."""
    shown = _head(picture, key, origin, metric)
    if shown == TABLE:
        table(picture)
    else:
        chart(picture, key)
        if picture.notes:
            st.caption("  \n".join(plain(note) for note in picture.notes))


def _head(picture: Picture, key: str, origin: Origin, metric: str | None) -> str:
    """Say the finding and offer the controls, beside it or below it (``look.css``)."""
    with st.container(key=f"head-{key}"):
        words, controls = st.columns([5, 4], gap="small")
    with words, st.container(gap=None):
        st.markdown(f"**{plain(picture.caption.title)}**")
        st.caption(plain(picture.caption.subtitle))
    with (
        controls,
        st.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="xsmall"
        ),
    ):
        if metric is not None and why.button(metric, key):
            st.rerun()
        shown = _switch(key)
        _csv(picture, key, origin)
        share(picture, key, origin)
    return shown


def _switch(key: str) -> str:
    chosen = st.segmented_control(
        "Show as",
        [CHART, TABLE],
        default=CHART,
        required=True,
        key=f"show-{key}",
        label_visibility="collapsed",
    )
    return chosen or CHART


def _csv(picture: Picture, key: str, origin: Origin) -> None:
    st.download_button(
        "CSV",
        data=partial(csv_bytes, picture.table, picture.columns, origin.remarked(picture.remark)),
        file_name=file_name(picture.name or key, origin.period),
        mime="text/csv",
        on_click="ignore",
        key=f"csv-{key}",
        type="tertiary",
        icon=":material/download:",
        help="Download exactly these figures",
    )


def chart(picture: Picture, key: str) -> None:
    """Draw the chart, or its panels as a wall that flows to the width of the page."""
    if not picture.panels:
        st.vega_lite_chart(spec=picture.spec, alt=picture.caption.alt, key=f"chart-{key}")
        return
    with st.grid(min_column_width=230, gap="small"):
        for place, small in enumerate(picture.panels):
            with st.container(gap=None):
                st.caption(plain(small.title))
                st.vega_lite_chart(spec=small.spec, alt=small.alt, key=f"chart-{key}-{place}")


def table(picture: Picture) -> None:
    """Show the same figures as a table that can be sorted and read by a screen reader."""
    st.dataframe(
        picture.table,
        hide_index=True,
        column_config={column.name: _column(column) for column in picture.columns},
        alt=picture.caption.alt,
        placeholder="–",
    )


def _column(column: Column) -> Any:
    if column.unit is None:
        return st.column_config.TextColumn(column.label)
    shape = "percent" if column.unit is Unit.SHARE else "localized"
    return st.column_config.NumberColumn(column.label, format=shape)
