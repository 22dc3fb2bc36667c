"""Answers to "would you recommend us": the spread from 0 to 10, and shares over time."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

GROUPS: Final = ("Detractors", "Passives", "Promoters")
_STRENGTH: Final = dict(zip(GROUPS, (0.95, 0.45, 0.95), strict=True))
_COLOURS: Final = alt.Scale(domain=list(GROUPS), range=[theme.WARM, theme.QUIET, theme.ACCENT])


def group_of(score: int) -> str:
    """Name the group of a score: 0-6 detractors, 7-8 passives, 9-10 promoters."""
    return GROUPS[0] if score <= 6 else GROUPS[1] if score <= 8 else GROUPS[2]


def scores(frame: pd.DataFrame, caption: Caption, *, height: int = 220) -> Drawing:
    """Draw the share of answers at each score from 0 to 10.

    Args:
        frame: one row a score: ``score``, ``answers``, ``share``, ``text``.
        caption: the words around it.
        height: in pixels.
    """
    rows = frame[["score", "answers", "share", "text"]].copy()
    rows["group"] = [group_of(int(score)) for score in rows["score"]]
    rows["strength"] = [_STRENGTH[group] for group in rows["group"]]
    return Drawing(_scores, rows, caption, height=height)


def _scores() -> alt.TopLevelMixin:
    x = alt.X(
        "score:O",
        axis=alt.Axis(title=None, labelAngle=0, domain=False, ticks=False, grid=False),
        scale=alt.Scale(domain=list(range(11)), paddingInner=0.15),
    )
    colour = alt.Color("group:N", scale=_COLOURS, legend=None)
    base = alt.Chart()
    columns = base.mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2).encode(
        x=x,
        y=alt.Y("share:Q", axis=theme.value_axis(".0%"), title=None),
        color=colour,
        opacity=theme.strength("strength"),
        tooltip=[
            alt.Tooltip("score:O", title="Score"),
            alt.Tooltip("answers:Q", title="Answers", format=",d"),
            alt.Tooltip("text:N", title="Share"),
        ],
    )
    names = base.mark_text(dy=-8, fontSize=theme.SMALL_SIZE).encode(
        x=x, y=alt.Y("share:Q"), text=alt.Text("text:N"), color=theme.role(theme.QUIET)
    )
    return alt.layer(columns, names)


def groups(frame: pd.DataFrame, caption: Caption, *, height: int = 220) -> Drawing:
    """Draw the shares of detractors, passives and promoters over time, stacked to 100 %.

    Args:
        frame: one row a period and group: ``period`` (name, in order), ``group``, ``share``,
            ``text``.
        caption: the words around it.
        height: in pixels.
    """
    rows = frame[["period", "group", "share", "text"]].copy()
    order = list(dict.fromkeys(rows["period"].astype(str)))
    rows["rank"] = [GROUPS.index(group) for group in rows["group"]]
    rows["strength"] = [_STRENGTH[group] for group in rows["group"]]
    rows["is_last"] = rows["period"].astype(str) == (order[-1] if order else "")
    slots = {"periods": order, "written": theme.written(order, 7)}
    return Drawing(_groups, rows, caption, slots=slots, height=height)


def _groups(*, periods: list[str], written: list[str]) -> alt.Chart:
    x = alt.X(
        "period:N",
        sort=periods,
        axis=theme.period_axis(written),
        scale=alt.Scale(paddingInner=0.2),
    )
    y = alt.Y("share:Q", stack="zero", axis=theme.value_axis(".0%"), scale=alt.Scale(domain=[0, 1]))
    colour = alt.Color(
        "group:N",
        scale=_COLOURS,
        legend=alt.Legend(
            orient="top", title=None, symbolType="square", offset=4, padding=0, values=list(GROUPS)
        ),
    )
    return (
        alt.Chart()
        .mark_bar()
        .encode(
            x=x,
            y=y,
            color=colour,
            order=alt.Order("rank:Q"),
            opacity=theme.strength("strength"),
            tooltip=[
                alt.Tooltip("period:N", title="Period"),
                alt.Tooltip("group:N", title="Group"),
                alt.Tooltip("text:N", title="Share"),
            ],
        )
    )
