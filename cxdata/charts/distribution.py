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
    order = list(rows["class"].astype(str))
    x = alt.X(
        "class:N",
        sort=order,
        axis=alt.Axis(
            title=axis_title,
            titleAnchor="start",
            labelAngle=0,
            domain=False,
            ticks=False,
            grid=False,
            labelOverlap="greedy",
            labelPadding=8,
            titlePadding=8,
            labelLimit=90,
        ),
        scale=alt.Scale(paddingInner=0.08),
    )
    y = alt.Y("share:Q", axis=theme.value_axis(".0%"), title=None)
    base = alt.Chart()
    marked = set(marks["class"].astype(str)) if marks is not None else set()
    rows["strength"] = [1.0 if bounds in marked else 0.55 for bounds in rows["class"]]
    layers: list[alt.Chart] = [
        base.mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2).encode(
            x=x,
            y=y,
            color=theme.role(theme.ACCENT),
            opacity=theme.strength("strength"),
            tooltip=[
                alt.Tooltip("class:N", title=axis_title),
                alt.Tooltip("customers:Q", title="Customers", format=",d"),
                alt.Tooltip("text:N", title="Share"),
            ],
        )
    ]
    if marks is not None and len(marks):
        named = pd.DataFrame(
            [
                {"class": bounds, "name": " and ".join(group["name"])}
                for bounds, group in marks.groupby("class", sort=False)
            ]
        )
        named = named.merge(rows, on="class", how="inner")
        layers.append(
            alt.Chart(named)
            .mark_text(dy=-8, fontSize=theme.SMALL_SIZE, fontWeight=600)
            .encode(x=x, y=y, text="name:N", color=theme.role(theme.QUIET))
        )
    return theme.dressed(alt.layer(*layers, data=rows), caption, height=height)
