"""Journey by segment: one figure in each cell, and each cell a door to its page."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from cxdata.charts import rows as rows_of
from cxdata.charts import theme
from cxdata.charts.theme import Caption

ROW = 34


def grid(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    overall: float | None = None,
) -> alt.TopLevelMixin:
    """Draw a heat grid that says its numbers: depth of colour is distance from everybody's figure.

    Args:
        frame: one row a cell: ``row`` and ``column`` (names), ``estimate``, ``flag``, ``text``,
            ``evidence`` (in words) and ``href`` (address of the sliced page).
        caption: the words around it.
        rows: names from top to bottom.
        columns: names from left to right.
        overall: the figure to which cells are compared; without it the middle cell.
    """
    cells = _cells(frame, overall)
    x = alt.X(
        "column:N",
        sort=list(columns),
        scale=alt.Scale(paddingInner=0.03, paddingOuter=0),
        axis=_headings(),
    )
    y = alt.Y(
        "row:N",
        sort=list(rows),
        scale=alt.Scale(paddingInner=0.1, paddingOuter=0),
        axis=theme.category_axis(),
    )
    chart = alt.layer(_blocks(x, y), _words(x, y), data=cells)
    return theme.dressed(
        chart.resolve_scale(color="independent", opacity="independent"),
        caption,
        height=ROW * max(1, len(rows)) + 8,
    )


def _headings() -> alt.Axis:
    return alt.Axis(
        orient="top",
        title=None,
        labelAngle=0,
        labelPadding=8,
        labelLimit=110,
        domain=False,
        ticks=False,
        grid=False,
    )


def _blocks(x: alt.X, y: alt.Y) -> alt.Chart:
    """Cells above everybody's figure in the accent, those below in grey, by distance."""
    depth = alt.Scale(domain=[0, 1], range=[0.05, 0.62], clamp=True)
    sides = alt.Scale(domain=["above", "below"], range=[theme.ACCENT, theme.QUIET])
    return (
        alt.Chart()
        .mark_rect(cornerRadius=3, cursor="pointer")
        .encode(
            x=x,
            y=y,
            color=alt.Color("side:N", scale=sides, legend=None),
            opacity=alt.Opacity("depth:Q", scale=depth, legend=None),
            tooltip=_tooltip(),
            href=alt.Href("href:N"),
        )
    )


def _words(x: alt.X, y: alt.Y) -> alt.Chart:
    """The figure in each cell."""
    text = alt.Chart().mark_text(fontSize=theme.fluid(theme.LABEL_SIZE), cursor="pointer")
    ink = theme.role(theme.INK)
    return text.encode(
        x=x, y=y, text=alt.Text("shown:N"), tooltip=_tooltip(), href=alt.Href("href:N"), color=ink
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("row:N", title="Journey"),
        alt.Tooltip("column:N", title="Segment"),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("evidence:N", title="Evidence"),
    ]


def _cells(frame: pd.DataFrame, overall: float | None) -> pd.DataFrame:
    estimate = rows_of.numbers(frame, "estimate")
    away = estimate - (overall if overall is not None else float(estimate.median()))
    widest = float(away.abs().max())
    depth = away.abs() / widest if widest > 0 else away.abs() * 0
    return pd.DataFrame(
        {
            "row": frame["row"].astype(str),
            "column": frame["column"].astype(str),
            "text": rows_of.words(frame),
            "shown": frame["text"].astype(str).where(rows_of.shows(frame), "·"),
            "evidence": frame["evidence"].astype(str),
            "href": frame["href"].astype(str),
            "side": ["below" if value < 0 else "above" for value in away.fillna(0)],
            "depth": depth.fillna(0),
        }
    )
