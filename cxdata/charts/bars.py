"""One figure by segment or by journey: a dot with its interval, one row a member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import altair as alt
import pandas as pd

from cxdata.charts import rows as rows_of
from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

ROW = 30
"""Height of one row in pixels."""


def bars(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    by: str,
    number_format: str,
    sign: str = "",
    order: Sequence[str] | Literal["value"] = "value",
    overall: float | None = None,
) -> Drawing:
    """Draw one dot a member with its 95 % interval, its value in words, and its earlier value.

    A member whose figure may not be shown keeps its row and says why instead of a dot.

    Args:
        frame: one row a member: the ``by`` column of names, ``estimate``, ``lo``, ``hi``,
            ``flag``, ``text``, and ``against`` (the earlier estimate, may be empty).
        caption: the words around it.
        by: the column of names.
        number_format: d3 format of the axis.
        sign: what stands before each number of the axis.
        order: the names from top to bottom, or by falling value.
        overall: the figure of everybody, drawn as a thin rule.
    """
    rows = _rows(frame, by)
    names = _sorted(rows, order)
    return Drawing(
        _chart,
        rows,
        caption,
        shape={
            "number_format": number_format,
            "sign": sign,
            "has_interval": bool(rows["lo"].notna().any()),
            "has_earlier": bool(rows["against"].notna().any()),
            "has_overall": overall is not None,
        },
        slots={"names": names, "overall": overall},
        height=max(90, ROW * max(1, len(names)) + 24),
    )


def _chart(
    *,
    number_format: str,
    sign: str,
    has_interval: bool,
    has_earlier: bool,
    has_overall: bool,
    names: list[str],
    overall: float | None,
) -> alt.LayerChart:
    y = alt.Y("name:N", sort=names, axis=theme.category_axis())
    layers = [_everybody(overall)] if has_overall else []
    layers += _behind(y, has_interval, has_earlier)
    return alt.layer(*layers, *_figures(y, theme.value_axis(number_format, sign=sign)))


def _everybody(overall: float | None) -> alt.Chart:
    """The figure of everybody as a dotted line."""
    rule = alt.Chart().mark_rule(strokeDash=[2, 3], opacity=0.8)
    return rule.encode(x=alt.XDatum(overall), color=theme.role(theme.QUIET))


def _behind(y: alt.Y, has_interval: bool, has_earlier: bool) -> list[alt.Chart]:
    """What the dots stand on: intervals and earlier figures where there are."""
    shown = alt.Chart().transform_filter("datum.shows")
    layers = []
    if has_interval:
        rule = shown.mark_rule(strokeWidth=5, opacity=0.22, strokeCap="round")
        x = alt.X("lo:Q", title=None)
        layers.append(rule.encode(x=x, x2=alt.X2("hi:Q"), y=y, color=theme.role(theme.ACCENT)))
    if has_earlier:
        tick = shown.mark_tick(thickness=2, size=12, opacity=0.7)
        x = alt.X("against:Q", title=None)
        layers.append(tick.encode(x=x, y=y, color=theme.role(theme.QUIET)))
    return layers


def _figures(y: alt.Y, axis: alt.Axis) -> list[alt.Chart]:
    """The dots, their values at the right edge, and why there is none where one is hidden."""
    shown = alt.Chart().transform_filter("datum.shows")
    hidden = alt.Chart().transform_filter("!datum.shows")
    scale = alt.Scale(zero=False, nice=True, padding=12)
    x = alt.X("estimate:Q", axis=axis, scale=scale)
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("evidence:N", title="Evidence"),
    ]
    values = shown.mark_text(align="left", dx=10, fontSize=theme.LABEL_SIZE, fontWeight=600)
    reasons = hidden.mark_text(align="left", fontSize=theme.SMALL_SIZE, fontStyle="italic")
    quiet = theme.role(theme.QUIET)
    return [
        shown.mark_point(size=70, filled=True, opacity=1).encode(
            x=x, y=y, color=theme.role(theme.ACCENT), tooltip=tooltip
        ),
        values.encode(x=theme.at("width"), y=y, text=alt.Text("text:N"), color=quiet),
        reasons.encode(x=theme.at(6), y=y, text=alt.Text("evidence:N"), color=quiet),
    ]


def _rows(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": frame[by].astype(str),
            "estimate": rows_of.numbers(frame, "estimate"),
            "lo": rows_of.numbers(frame, "lo"),
            "hi": rows_of.numbers(frame, "hi"),
            "against": rows_of.numbers(frame, "against"),
            "text": rows_of.words(frame),
            "evidence": rows_of.evidence(frame),
            "shows": rows_of.shows(frame),
        }
    )


def _sorted(rows: pd.DataFrame, order: Sequence[str] | Literal["value"]) -> list[str]:
    if order == "value":
        falling = rows.sort_values("estimate", ascending=False, na_position="last")
        return list(dict.fromkeys(falling["name"]))
    present = set(rows["name"])
    return [name for name in order if name in present]
