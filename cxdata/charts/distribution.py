"""How a figure is spread over customers: a histogram, with the mean and the median marked."""

from __future__ import annotations

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.theme import Caption


def distribution(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    axis_title: str,
    marks: pd.DataFrame | None = None,
    height: int = 220,
) -> alt.TopLevelMixin:
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
    marked = set(marks["class"].astype(str)) if marks is not None else set()
    rows["strength"] = [1.0 if bounds in marked else 0.55 for bounds in rows["class"]]
    x = alt.X(
        "class:N",
        sort=list(rows["class"].astype(str)),
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
    layers = [
        columns.encode(
            x=x,
            y=y,
            color=theme.role(theme.ACCENT),
            opacity=theme.strength("strength"),
            tooltip=tooltip,
        )
    ]
    if marks is not None and len(marks):
        names = alt.Chart(_named(marks, rows))
        words = names.mark_text(dy=-8, fontSize=theme.SMALL_SIZE, fontWeight=600)
        layers.append(
            words.encode(x=x, y=y, text=alt.Text("name:N"), color=theme.role(theme.QUIET))
        )
    return theme.dressed(alt.layer(*layers, data=rows), caption, height=height)


def _named(marks: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the marked classes, with all that falls there in one name."""
    names = [
        {"class": bounds, "name": " and ".join(group["name"])}
        for bounds, group in marks.groupby("class", sort=False)
    ]
    return pd.DataFrame(names).merge(rows, on="class", how="inner")
