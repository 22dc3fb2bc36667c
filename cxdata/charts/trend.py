"""The trend of one figure, or of one figure for several segments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import altair as alt
import pandas as pd

from cxdata.charts import rows as rows_of
from cxdata.charts import theme
from cxdata.charts.theme import Caption
from cxdata.model.evidence import Flag

TOGETHER: Final = 5
"""More lines than this are drawn as small multiples, see :func:`panels`."""

_NAME_ROOM: Final = 0.085
"""Room for the name of a line, as a share of the height of all lines."""


def trend(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    number_format: str,
    sign: str = "",
    by: str | None = None,
    declared: Sequence[str] = (),
    height: int = 240,
) -> alt.TopLevelMixin:
    """Draw a figure over time: line, 95 % band, unfinished periods as hollow marks of their own.

    A line through a period that still runs would show a fall where only days are missing, so no
    line leads there and finished periods alone set the scale; a mark beyond it stands at its edge.

    Args:
        frame: one row a period (and member): ``period_start``, ``label``, ``estimate``, ``lo``,
            ``hi``, ``n``, ``flag``, ``text`` (the figure in words), and the ``by`` column.
        caption: the words around it.
        number_format: d3 format of the axis.
        sign: what stands before each number of the axis.
        by: the column of names that makes one line each.
        declared: every name that ``by`` can have, in its declared order.
        height: of the whole chart, in pixels.
    """
    rows = _rows(frame, by)
    names = list(dict.fromkeys(rows["line"])) if by else []
    order = [name for name in declared if name in names] or names
    axis = theme.value_axis(number_format, sign=sign)
    layers = _layers(rows, declared or order, axis, by is not None)
    return theme.dressed(alt.layer(*layers, data=rows), caption, height=height)


def _rows(frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Return plot rows: instants in milliseconds, unfinished marked, hidden figures left out."""
    kept = frame.loc[rows_of.shows(frame)].sort_values("period_start")
    rows = pd.DataFrame(
        {
            "start": pd.to_datetime(kept["period_start"]),
            "period": kept["label"].astype(str),
            "estimate": rows_of.numbers(kept, "estimate"),
            "lo": rows_of.numbers(kept, "lo"),
            "hi": rows_of.numbers(kept, "hi"),
            "text": [
                f"{text} so far" if flag == Flag.PARTIAL else str(text)
                for text, flag in zip(kept["text"], kept["flag"], strict=True)
            ],
            "evidence": rows_of.evidence(kept),
            "unfinished": kept["flag"] == Flag.PARTIAL.value,
            "line": kept[by].astype(str) if by else "",
        }
    ).reset_index(drop=True)
    rows["is_last"] = rows["start"] == rows.groupby("line")["start"].transform("max")
    finished = rows["start"].mask(rows["unfinished"])
    rows["is_newest"] = finished == finished.groupby(rows["line"]).transform("max")
    rows["height"] = _within_finished(rows)
    rows["label_at"] = _parted(rows)
    rows["strength"] = [1.0 if newest else 0.35 for newest in rows["is_newest"]]
    return rows.drop(columns="start")


def _within_finished(rows: pd.DataFrame) -> pd.Series[float]:
    """Return where each mark stands: an unfinished one not beyond what finished periods reach."""
    finished = rows.loc[~rows["unfinished"], ["lo", "estimate", "hi"]]
    if finished.empty:
        return rows["estimate"]
    inside = rows["estimate"].clip(finished.min().min(), finished.max().max())
    return rows["estimate"].where(~rows["unfinished"], inside)


def _parted(rows: pd.DataFrame) -> pd.Series[float]:
    """Return the height of each line's name: at its end, moved apart where ends are close."""
    ends = rows.loc[rows["is_last"], "height"].sort_values()
    low, high = rows["height"].min(), rows["height"].max()
    least = float(high - low) * _NAME_ROOM
    heights = ends.copy()
    for below, above in pairwise(heights.index):
        heights[above] = max(heights[above], heights[below] + least)
    surplus = float(heights.mean() - ends.mean()) if len(ends) else 0.0
    return (heights - surplus).reindex(rows.index)


def _encodings(
    rows: pd.DataFrame, axis: alt.Axis, most: int, domain: list[float] | None = None
) -> tuple[alt.X, alt.Y, list[alt.Tooltip]]:
    names = list(dict.fromkeys(rows["period"]))
    x = alt.X(
        "period:O",
        sort=names,
        axis=theme.period_axis(names, most),
        scale=alt.Scale(type="point", padding=0.2),
    )
    scale = (
        alt.Scale(domain=domain, nice=False, zero=False)
        if domain
        else alt.Scale(zero=False, nice=True, padding=4)
    )
    y = alt.Y("height:Q", axis=axis, scale=scale)
    tooltip = [
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("evidence:N", title="Evidence"),
    ]
    return x, y, tooltip


def _layers(
    rows: pd.DataFrame, declared: Sequence[str], axis: alt.Axis, has_lines: bool
) -> list[alt.Chart]:
    """Band below, then finished line, dots, hollow unfinished marks and names at line ends."""
    x, y, tooltip = _encodings(rows, axis, most=7)
    colour = theme.colour_of("line", declared) if has_lines else theme.role(theme.ACCENT)
    if has_lines:
        tooltip = [alt.Tooltip("line:N", title="Segment"), *tooltip]
    base = alt.Chart()
    finished = base.transform_filter("!datum.unfinished")
    detail = alt.Detail("line:N")
    layers = []
    if not has_lines and rows["lo"].notna().any():
        band = finished.mark_area(opacity=0.14, line=False)
        layers.append(
            band.encode(x=x, y=alt.Y("lo:Q", title=None), y2=alt.Y2("hi:Q"), color=colour)
        )
    layers += [
        finished.mark_line(strokeWidth=2, strokeCap="round").encode(
            x=x, y=y, color=colour, detail=detail
        ),
        base.mark_point(size=36, filled=False, strokeWidth=1.5)
        .transform_filter("datum.unfinished")
        .encode(x=x, y=y, color=colour, tooltip=tooltip),
        finished.mark_point(size=22, filled=True).encode(
            x=x, y=y, color=colour, tooltip=tooltip, opacity=theme.strength("strength")
        ),
        base.mark_text(align="left", dx=8, fontSize=theme.LABEL_SIZE, fontWeight=600, clip=False)
        .transform_filter("datum.is_last")
        .encode(
            x=x,
            y=alt.Y("label_at:Q", title=None),
            color=colour,
            text=alt.Text("line:N" if has_lines else "text:N"),
        ),
    ]
    return layers


def panels(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    number_format: str,
    sign: str = "",
    by: str,
    order: Sequence[str],
    height: int = 150,
) -> dict[str, alt.TopLevelMixin]:
    """Draw small multiples: one small chart a member, all on one scale, by name.

    They are single charts, so that a page can let them flow to its width.
    """
    rows = _rows(frame, by)
    domain = _domain(rows)
    axis = theme.value_axis(number_format, ticks=2, sign=sign)
    return {
        name: theme.dressed(
            _panel(rows.loc[rows["line"] == name], domain, axis),
            Caption(name, caption.subtitle, f"{name}. {caption.alt}"),
            height=height,
        )
        for name in order
        if (rows["line"] == name).any()
    }


def _domain(rows: pd.DataFrame) -> list[float]:
    finished = rows.loc[~rows["unfinished"]] if not rows["unfinished"].all() else rows
    low = finished[["lo", "estimate"]].min().min()
    high = finished[["hi", "estimate"]].max().max()
    room = (high - low) * 0.08 or 1.0
    return [float(low - room), float(high + room)]


def _panel(rows: pd.DataFrame, domain: list[float], axis: alt.Axis) -> alt.TopLevelMixin:
    x, y, tooltip = _encodings(rows, axis, most=2, domain=domain)
    colour = theme.role(theme.ACCENT)
    base = alt.Chart()
    finished = base.transform_filter("!datum.unfinished")
    return alt.layer(
        finished.mark_area(opacity=0.14).encode(
            x=x,
            y=alt.Y("lo:Q", title=None, scale=alt.Scale(domain=domain, zero=False)),
            y2=alt.Y2("hi:Q"),
            color=colour,
        ),
        finished.mark_line(strokeWidth=1.75).encode(x=x, y=y, color=colour),
        base.transform_filter("datum.is_last")
        .mark_point(size=24, filled=True)
        .encode(x=x, y=y, color=colour, tooltip=tooltip),
        base.transform_filter("datum.is_last")
        .mark_text(align="right", dy=-11, fontSize=theme.SMALL_SIZE, fontWeight=600)
        .encode(x=x, y=y, text=alt.Text("text:N"), color=theme.role(theme.QUIET)),
        data=rows,
    )
