"""Journey by segment: one figure in each cell, and each cell a door to its page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from cxdata.charts import rows as rows_of
from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

ROW: Final = 34
"""Height of one row in pixels."""

_HEADINGS: Final = 34
"""Room for the names above the columns, which a page counts into the height."""

_HEADING: Final = 90
"""Room that a name needs beside others, in pixels."""

_ABOVE, _BELOW, _NEITHER = "above", "below", "neither"

_FULL: Final = 0.8
"""Share of cells that the scale of colours tells apart; the farthest fifth is as deep as can be,
so that one odd cell does not pale all others."""


def grid(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    overall: float | None = None,
) -> Drawing:
    """Draw a heat grid that says its numbers: depth of colour is distance from everybody's figure.

    Args:
        frame: one row a cell: ``row`` and ``column`` (names), ``estimate``, ``flag``, ``text``,
            ``evidence`` (in words) and ``href`` (address of the sliced page).
        caption: the words around it.
        rows: names from top to bottom.
        columns: names from left to right.
        overall: the figure to which cells are compared; without it the middle cell.
    """
    return Drawing(
        _chart,
        _cells(frame, overall),
        caption,
        shape={"count": len(columns)},
        slots={"rows": list(rows), "columns": list(columns)},
        height=ROW * max(1, len(rows)) + _HEADINGS,
    )


def _chart(*, count: int, rows: list[str], columns: list[str]) -> alt.TopLevelMixin:
    x = alt.X(
        "column:N",
        sort=columns,
        scale=alt.Scale(paddingInner=0.03, paddingOuter=0),
        axis=_headings(count),
    )
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(paddingInner=0.1, paddingOuter=0),
        axis=theme.category_axis(),
    )
    chart = alt.layer(_blocks(x, y), _words(x, y))
    return chart.resolve_scale(color="independent", opacity="independent")


def _headings(count: int) -> alt.Axis:
    """The names of the columns, aslant where they would not fit beside each other."""
    is_narrow = f"width < {count * _HEADING}"
    return alt.Axis(
        orient="top",
        title=None,
        labelAngle=alt.expr(f"{is_narrow} ? -40 : 0"),
        labelAlign=alt.expr(f"{is_narrow} ? 'left' : 'center'"),
        labelOverlap=False,
        labelPadding=8,
        labelLimit=110,
        domain=False,
        ticks=False,
        grid=False,
    )


def _blocks(x: alt.X, y: alt.Y) -> alt.Chart:
    """Cells above everybody's figure blue, below ochre, by distance; grey where none is shown."""
    depth = alt.Scale(domain=[0, 1], range=[0.06, 0.6], clamp=True)
    sides = alt.Scale(
        domain=[_ABOVE, _BELOW, _NEITHER], range=[theme.ACCENT, theme.WARM, theme.QUIET]
    )
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
    return pd.DataFrame(
        {
            "row": frame["row"].astype(str),
            "column": frame["column"].astype(str),
            "text": rows_of.words(frame),
            "shown": frame["text"].astype(str).where(rows_of.shows(frame), "·"),
            "evidence": frame["evidence"].astype(str),
            "href": frame["href"].astype(str),
            "side": [_side(value) for value in away.tolist()],
            "depth": _depth(away.abs()),
        }
    )


def _side(away: float) -> str:
    if math.isnan(away):
        return _NEITHER
    return _BELOW if away < 0 else _ABOVE


def _depth(distance: pd.Series[float]) -> pd.Series[float]:
    """Return 0 to 1 by distance, 1 from the distance that four cells in five stay within."""
    far = float(distance.quantile(_FULL)) or float(distance.max())
    return (distance / far).clip(upper=1).fillna(0) if far > 0 else distance.fillna(0) * 0
