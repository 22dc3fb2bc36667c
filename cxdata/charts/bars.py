"""One figure by segment or by journey: a dot with its interval, one row a member."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import altair as alt
import pandas as pd

from cxdata.charts import rows as rows_of
from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

ROW = 30
"""Height of one row in pixels."""

_STRETCH: Final = 1.6
"""What sets no scale may stretch it so many times before it is cut."""

_ROOM: Final = 0.06
_DOTS: Final = ("estimate", "against")


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

    A member whose figure may not be shown keeps its row and says why instead of a dot. Rows marked
    as aside, such as a few people of no segment, set no scale: they are cut at its edges.

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
    ends = _ends(frame, overall)
    rows = _cut(rows, ends) if ends else rows
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
            "is_cut": ends is not None,
            "has_shown": bool(rows["shows"].any()),
        },
        slots={"names": names, "overall": overall, "ends": ends or []},
        height=max(90, ROW * max(1, len(names)) + 24),
    )


def _chart(
    *,
    number_format: str,
    sign: str,
    has_interval: bool,
    has_earlier: bool,
    has_overall: bool,
    is_cut: bool,
    has_shown: bool,
    names: list[str],
    overall: float | None,
    ends: list[float],
) -> alt.TopLevelMixin:
    y = alt.Y("name:N", sort=names, axis=theme.category_axis())
    layers = [_everybody(overall)] if has_overall and has_shown else []
    layers += _behind(y, has_interval, has_earlier)
    if is_cut:
        layers += _arrows(y)
    axis = theme.value_axis(number_format, sign=sign)
    layers += _figures(y, axis, ends if is_cut else None) if has_shown else []
    return alt.layer(*layers, _reasons(y))


def sets_scale(frame: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows set the scale: all that stand for a member to compare, if there are any."""
    if rows_of.IS_ASIDE not in frame:
        return rows_of.shows(frame)
    sets = rows_of.shows(frame) & ~frame[rows_of.IS_ASIDE].astype(bool)
    return sets if sets.any() else rows_of.shows(frame)


def is_cut(frame: pd.DataFrame, overall: float | None) -> bool:
    """Whether rows that set no scale reach so far that the drawing is cut at its edges."""
    return _ends(frame, overall) is not None


def _ends(frame: pd.DataFrame, overall: float | None) -> list[float] | None:
    """Return where the drawing is cut; None where what sets no scale would hardly stretch it."""
    parts = ("estimate", "lo", "hi", "against")
    values = pd.DataFrame({name: rows_of.numbers(frame, name) for name in parts})
    scaled = values.loc[sets_scale(frame)]
    low, high = scaled.min().min(), scaled.max().max()
    if overall is not None:
        low, high = min(low, overall), max(high, overall)
    whole = max(values.max().max(), high) - min(values.min().min(), low)
    if not high > low or not whole > _STRETCH * (high - low):
        return None
    room = _ROOM * (high - low)
    return [float(low - room), float(high + room)]


def _cut(rows: pd.DataFrame, ends: list[float]) -> pd.DataFrame:
    """Cut intervals at the edges and mark what goes on; a dot beyond them is left to its words."""
    low, high = ends
    reach = rows[["estimate", "lo", "hi"]]
    inside = {name: rows[name].where(rows[name].between(low, high)) for name in _DOTS}
    return rows.assign(
        before=reach.min(axis=1) < low,
        beyond=reach.max(axis=1) > high,
        lo=rows["lo"].clip(low, high),
        hi=rows["hi"].clip(low, high),
        **inside,
    )


def _arrows(y: alt.Y) -> list[alt.Chart]:
    """A mark at each edge beyond which a figure or its interval goes on."""
    return [_arrow(y, "before", "◂", 0, "left"), _arrow(y, "beyond", "▸", "width", "right")]


def _arrow(
    y: alt.Y, column: str, sign: str, place: int | str, align: Literal["left", "right"]
) -> alt.Chart:
    marked = alt.Chart().transform_filter(f"datum.{column}")
    words = marked.mark_text(text=sign, align=align, fontSize=theme.LABEL_SIZE, opacity=0.7)
    return words.encode(x=theme.at(place), y=y, color=theme.role(theme.ACCENT))


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


def _figures(y: alt.Y, axis: alt.Axis, ends: list[float] | None) -> list[alt.Chart]:
    """The dots and their values at the right edge."""
    shown = alt.Chart().transform_filter("datum.shows")
    scale = (
        alt.Scale(zero=False, nice=True, padding=12)
        if ends is None
        else alt.Scale(zero=False, nice=False, domain=ends)
    )
    x = alt.X("estimate:Q", axis=axis, scale=scale)
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("evidence:N", title="Evidence"),
    ]
    values = shown.mark_text(align="left", dx=10, fontSize=theme.LABEL_SIZE, fontWeight=600)
    return [
        shown.mark_point(size=70, filled=True, opacity=1).encode(
            x=x, y=y, color=theme.role(theme.ACCENT), tooltip=tooltip
        ),
        values.encode(
            x=theme.at("width"), y=y, text=alt.Text("text:N"), color=theme.role(theme.QUIET)
        ),
    ]


def _reasons(y: alt.Y) -> alt.Chart:
    """Why there is no dot where a figure is hidden."""
    hidden = alt.Chart().transform_filter("!datum.shows")
    words = hidden.mark_text(align="left", fontSize=theme.SMALL_SIZE, fontStyle="italic")
    quiet = theme.role(theme.QUIET)
    return words.encode(x=theme.at(6), y=y, text=alt.Text("evidence:N"), color=quiet)


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
