"""A curve of one share over another, such as contribution over customers, best first."""

from __future__ import annotations

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption


def curve(frame: pd.DataFrame, caption: Caption, *, x_title: str, height: int = 240) -> Drawing:
    """Draw a curve with a line at 100 % and its named points.

    Args:
        frame: one row a point in order: ``x``, ``y`` (shares), ``text``, and ``name`` (words
            beside a point; empty for most).
        caption: the words around it.
        x_title: what the horizontal axis counts.
        height: in pixels.
    """
    rows = frame[["x", "y", "text", "name"]].reset_index(drop=True)
    return Drawing(_chart, rows, caption, {"x_title": x_title}, height=height)


def _chart(*, x_title: str) -> alt.TopLevelMixin:
    axis = theme.value_axis(".0%", title=x_title, ticks=5)
    axis.titleAnchor = "start"
    x = alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("y:Q", axis=theme.value_axis(".0%"), scale=alt.Scale(zero=True, padding=10))
    accent, quiet = theme.role(theme.ACCENT), theme.role(theme.QUIET)
    base = alt.Chart()
    whole = base.mark_rule(strokeDash=[2, 3], opacity=0.8)
    line = base.mark_line(strokeWidth=2, interpolate="monotone")
    named = base.transform_filter("datum.name != null")
    points = named.mark_point(size=60, filled=True, opacity=1)
    words = named.mark_text(dy=-12, fontSize=theme.SMALL_SIZE, fontWeight=600)
    tooltip = [alt.Tooltip("text:N", title=" ")]
    return alt.layer(
        whole.encode(y=alt.YDatum(1), color=quiet),
        line.encode(x=x, y=y, color=accent, order=alt.Order("x:Q")),
        points.encode(x=x, y=y, color=accent, tooltip=tooltip),
        words.encode(x=x, y=y, text=alt.Text("name:N"), color=quiet),
    )
