"""How a figure is spread over customers: a histogram, with the mean and the median marked."""

from __future__ import annotations

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption


def distribution(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    axis_title: str,
    marks: pd.DataFrame | None = None,
    height: int = 220,
) -> Drawing:
    """Draw one bar a class; the classes are named, so they need not be equally wide.

    Args:
        frame: one row a class in order: ``class`` (its bounds in words), ``customers``, ``share``,
            ``text`` (the share in words).
        caption: the words around it.
        axis_title: what the classes measure.
        marks: rows ``class``, ``name``: where the mean and the median fall.
        height: in pixels.
    """
    rows = frame[["class", "customers", "share", "text"]].copy()
    classes, names = [str(bounds) for bounds in rows["class"]], _named(marks)
    rows["name"] = [names.get(bounds) for bounds in classes]
    rows["strength"] = [1.0 if bounds in names else 0.55 for bounds in classes]
    slots = {"classes": classes}
    return Drawing(_chart, rows, caption, {"axis_title": axis_title}, slots, height)


def _chart(*, axis_title: str, classes: list[str]) -> alt.TopLevelMixin:
    x = alt.X(
        "class:N",
        sort=classes,
        axis=theme.name_axis(axis_title, limit=90),
        scale=alt.Scale(paddingInner=0.08),
    )
    y = alt.Y("share:Q", axis=theme.value_axis(".0%"), title=None)
    columns = alt.Chart().mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
    tooltip = [
        alt.Tooltip("class:N", title=axis_title),
        alt.Tooltip("customers:Q", title="Customers", format=",d"),
        alt.Tooltip("text:N", title="Share"),
    ]
    bars = columns.encode(
        x=x,
        y=y,
        color=theme.role(theme.ACCENT),
        opacity=theme.strength("strength"),
        tooltip=tooltip,
    )
    words = (
        alt.Chart()
        .transform_filter("datum.name != null")
        .mark_text(dy=-8, fontSize=theme.SMALL_SIZE, fontWeight=600)
    )
    names = words.encode(x=x, y=y, text=alt.Text("name:N"), color=theme.role(theme.QUIET))
    return alt.layer(bars, names)


def _named(marks: pd.DataFrame | None) -> dict[str, str]:
    """Return the marked classes, with all that falls there in one name."""
    if marks is None:
        return {}
    return {
        str(bounds): " and ".join(group["name"])
        for bounds, group in marks.groupby("class", sort=False)
    }
