"""The trend of one figure, or of one figure for several segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from cxdata.charts import rows as rows_of
from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption
from cxdata.model.evidence import Flag

TOGETHER: Final = 5
"""More lines than this are drawn as small multiples, see :func:`panels`."""

GOAL: Final = "goal"
EVENT: Final = "event"
"""Columns that a trend of one figure may have: its goal, and the numbers of what happened."""

USUAL: Final = ("usual_lo", "usual_hi")
OUTSIDE: Final = "outside"
"""Columns of its usual range, and of whether a figure lies outside it."""

_NAME: Final = 170
"""Widest name of a line in pixels; a longer one is cut, and stands in full in the table."""

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
) -> Drawing:
    """Draw a figure over time: line, 95 % band, unfinished periods as hollow marks of their own.

    A line through a period that still runs would show a fall where only days are missing, so no
    line leads there and finished periods alone set the scale; a mark beyond it stands at its edge.

    Args:
        frame: one row a period (and member): ``period_start``, ``label``, ``estimate``, ``lo``,
            ``hi``, ``n``, ``flag``, ``text`` (the figure in words), and the ``by`` column. Where
            they are there: ``goal``, drawn dashed where there is one, ``event`` (a short mark such
            as "1") with ``event_text``, and ``usual_lo``, ``usual_hi`` and ``outside``.
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
    periods = list(dict.fromkeys(rows["period"]))
    shape = {
        "number_format": number_format,
        "sign": sign,
        "has_lines": by is not None,
        "has_band": by is None and bool(rows.loc[~rows["unfinished"], "lo"].notna().any()),
        "has_goal": GOAL in rows and bool(rows[GOAL].notna().any()),
        "has_events": EVENT in rows and bool(rows[EVENT].notna().any()),
        "has_range": USUAL[0] in rows and bool(rows[USUAL[0]].notna().any()),
        "has_outside": OUTSIDE in rows and bool(rows[OUTSIDE].eq(True).any()),
        "has_unfinished": bool(rows["unfinished"].any()),
        "has_finished": bool((~rows["unfinished"]).any()),
    }
    slots = {
        "periods": periods,
        "written": theme.written(periods, 7),
        "declared": list(declared or order),
    }
    return Drawing(_chart, rows, caption, shape, slots, height)


def _rows(frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Return plot rows in the order of time: unfinished marked, hidden figures left out."""
    kept = frame.loc[rows_of.shows(frame)].sort_values("period_start", kind="stable")
    lines = kept[by].astype(str) if by else pd.Series("", index=kept.index, dtype=str)
    unfinished = kept["flag"] == Flag.PARTIAL.value
    columns: dict[str, Any] = {
        "period": kept["label"].astype(str),
        "estimate": rows_of.numbers(kept, "estimate"),
        "lo": rows_of.numbers(kept, "lo"),
        "hi": rows_of.numbers(kept, "hi"),
        "text": [
            f"{text} so far" if is_open else str(text)
            for text, is_open in zip(kept["text"], unfinished, strict=True)
        ],
        "evidence": rows_of.evidence(kept),
        "unfinished": unfinished,
        "line": lines,
        "is_last": _ends(lines),
        "is_newest": _ends(lines.where(~unfinished)),
    }
    beside = (GOAL, EVENT, "event_text", *USUAL, OUTSIDE)
    columns |= {name: kept[name] for name in beside if name in kept}
    rows = pd.DataFrame(columns).reset_index(drop=True)
    rows["height"] = _within_finished(rows)
    rows["text"] = [
        f"{arrow}{text}" for arrow, text in zip(_beyond(rows), rows["text"], strict=True)
    ]
    rows["label_at"] = _parted(rows)
    rows["strength"] = np.where(rows["is_newest"], 1.0, 0.35)
    return rows


def _ends(lines: pd.Series[str]) -> pd.Series[bool]:
    """Mark the last row of each line; rows of no line are none."""
    return lines.notna() & ~lines.duplicated(keep="last")


def _within_finished(rows: pd.DataFrame) -> pd.Series[float]:
    """Return where each mark stands: an unfinished one not beyond what finished periods reach."""
    finished = rows.loc[~rows["unfinished"], ["lo", "estimate", "hi"]]
    if finished.empty:
        return rows["estimate"]
    inside = rows["estimate"].clip(finished.min().min(), finished.max().max())
    return rows["estimate"].where(~rows["unfinished"], inside)


def _beyond(rows: pd.DataFrame) -> list[str]:
    """Return an arrow for each mark whose figure lies beyond where it stands; else nothing."""
    below, above = rows["estimate"] < rows["height"], rows["estimate"] > rows["height"]
    return [str(arrow) for arrow in np.select([below, above], ["↓ ", "↑ "], "")]


def _parted(rows: pd.DataFrame) -> pd.Series[float]:
    """Return the height of each line's name: at its end, moved apart where ends are close."""
    ends = rows.loc[rows["is_last"], "height"].sort_values()
    low, high = rows["height"].min(), rows["height"].max()
    least = (float(high - low) or abs(float(high)) or 1.0) * _NAME_ROOM
    heights = ends.copy()
    for below, above in pairwise(heights.index):
        heights[above] = max(heights[above], heights[below] + least)
    surplus = float(heights.mean() - ends.mean()) if len(ends) else 0.0
    return (heights - surplus).reindex(rows.index)


def _axes(
    axis: alt.Axis, periods: list[str], written: list[str], domain: list[float] | None = None
) -> tuple[alt.X, alt.Y]:
    x = alt.X(
        "period:O",
        sort=periods,
        axis=theme.period_axis(written),
        scale=alt.Scale(type="point", padding=0.2),
    )
    scale = (
        alt.Scale(domain=domain, nice=False, zero=False)
        if domain is not None
        else alt.Scale(zero=False, nice=True, padding=4)
    )
    return x, alt.Y("height:Q", axis=axis, scale=scale)


def _tooltip(*first: alt.Tooltip) -> list[alt.Tooltip]:
    return [
        *first,
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("evidence:N", title="Evidence"),
    ]


def _chart(
    *,
    number_format: str,
    sign: str,
    has_lines: bool,
    has_band: bool,
    has_goal: bool,
    has_events: bool,
    has_range: bool,
    has_outside: bool,
    has_unfinished: bool,
    has_finished: bool,
    periods: list[str],
    written: list[str],
    declared: list[str],
) -> alt.TopLevelMixin:
    """Events, range and band below, then line, dots, hollow unfinished marks, names at the ends."""
    x, y = _axes(theme.value_axis(number_format, sign=sign), periods, written)
    colour = theme.colour_of("line", declared) if has_lines else theme.role(theme.ACCENT)
    tooltip = _tooltip(*([alt.Tooltip("line:N", title="Segment")] if has_lines else []))
    base = alt.Chart()
    finished = base.transform_filter("!datum.unfinished")
    band = finished.mark_area(opacity=0.14, line=False).encode(
        x=x, y=alt.Y("lo:Q", title=None), y2=alt.Y2("hi:Q"), color=colour
    )
    layers = [
        *(_events(x) if has_events else []),
        *(_range(x) if has_range else []),
        *([_ring(x)] if has_outside else []),
        *([band] if has_band else []),
        *([_goal(x)] if has_goal else []),
        *([_line(x, y, colour)] if has_finished else []),
        *([_hollow(x, y, colour, tooltip)] if has_unfinished else []),
        *([_dots(x, y, colour, tooltip)] if has_finished else []),
        base.mark_text(
            align="left", dx=8, fontSize=theme.LABEL_SIZE, fontWeight=600, clip=False, limit=_NAME
        )
        .transform_filter("datum.is_last")
        .encode(
            x=x,
            y=alt.Y("label_at:Q", title=None),
            color=colour,
            text=alt.Text("line:N" if has_lines else "text:N"),
        ),
    ]
    return alt.layer(*layers)


def _line(x: alt.X, y: alt.Y, colour: Any) -> alt.Chart:
    """The line through finished periods."""
    finished = alt.Chart().transform_filter("!datum.unfinished")
    mark = finished.mark_line(strokeWidth=2, strokeCap="round")
    return mark.encode(x=x, y=y, color=colour, detail=alt.Detail("line:N"))


def _dots(x: alt.X, y: alt.Y, colour: Any, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """A dot at each finished period, the newest one full."""
    finished = alt.Chart().transform_filter("!datum.unfinished")
    return finished.mark_point(size=22, filled=True).encode(
        x=x, y=y, color=colour, tooltip=tooltip, opacity=theme.strength("strength")
    )


def _hollow(x: alt.X, y: alt.Y, colour: Any, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """Marks of periods that still run. A layer without a row is left out: Vega warns of it."""
    running = alt.Chart().transform_filter("datum.unfinished")
    mark = running.mark_point(size=36, filled=False, strokeWidth=1.5)
    return mark.encode(x=x, y=y, color=colour, tooltip=tooltip)


def _range(x: alt.X) -> list[alt.Chart]:
    """The limits of the usual range as hair lines; the words around the chart name them."""
    known = alt.Chart().transform_filter(f"datum.{USUAL[0]} != null")
    quiet = theme.role(theme.QUIET)
    return [
        known.mark_line(strokeWidth=1, opacity=0.65, interpolate="step").encode(
            x=x, y=alt.Y(f"{name}:Q", title=None), color=quiet
        )
        for name in USUAL
    ]


def _ring(x: alt.X) -> alt.Chart:
    """Rings around figures outside their usual range."""
    beyond = alt.Chart().transform_filter(f"datum.{OUTSIDE} == true")
    ring = beyond.mark_point(size=110, filled=False, strokeWidth=1.5)
    return ring.encode(x=x, y=alt.Y("height:Q"), color=theme.role(theme.WARM))


def _goal(x: alt.X) -> alt.Chart:
    """The goal, dashed over the periods that have one."""
    has_goal = alt.Chart().transform_filter(f"datum.{GOAL} != null")
    line = has_goal.mark_line(strokeDash=[5, 4], strokeWidth=1.5, interpolate="step")
    return line.encode(x=x, y=alt.Y(f"{GOAL}:Q", title=None), color=theme.role(theme.QUIET))


def _events(x: alt.X) -> list[alt.Chart]:
    """A thin line in each period in which something happened, its number above."""
    happened = alt.Chart().transform_filter(f"datum.{EVENT} != null")
    tooltip, quiet = [alt.Tooltip("event_text:N", title=" ")], theme.role(theme.QUIET)
    rule = happened.mark_rule(strokeWidth=1, strokeDash=[1, 3], opacity=0.9)
    words = happened.mark_text(
        fontSize=theme.SMALL_SIZE, fontWeight=600, baseline="bottom", dy=-3, clip=False
    )
    return [
        rule.encode(x=x, color=quiet, tooltip=tooltip),
        words.encode(x=x, y=theme.at_top(0), text=alt.Text(f"{EVENT}:N"), color=quiet),
    ]


def panels(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    number_format: str,
    sign: str = "",
    by: str,
    order: Sequence[str],
    height: int = 150,
) -> dict[str, Drawing]:
    """Draw small multiples: one small chart a member, all on one scale, by name.

    They are single charts, so that a page can let them flow to its width.
    """
    rows = _rows(frame, by)
    domain = _domain(rows)
    parts: Mapping[str, pd.DataFrame] = {
        name: rows.loc[rows["line"] == name].reset_index(drop=True) for name in order
    }
    shape = {"number_format": number_format, "sign": sign}
    found = {}
    for name, part in parts.items():
        if part.empty:
            continue
        periods = list(dict.fromkeys(part["period"]))
        slots = {"periods": periods, "written": theme.written(periods, 2), "domain": domain}
        words = Caption(name, caption.subtitle, f"{name}. {caption.alt}")
        found[name] = Drawing(_panel, part, words, shape, slots, height)
    return found


def _domain(rows: pd.DataFrame) -> list[float]:
    finished = rows.loc[~rows["unfinished"]] if not rows["unfinished"].all() else rows
    low = finished[["lo", "estimate"]].min().min()
    high = finished[["hi", "estimate"]].max().max()
    room = (high - low) * 0.08 or 1.0
    return [float(low - room), float(high + room)]


def _panel(
    *, number_format: str, sign: str, periods: list[str], written: list[str], domain: list[float]
) -> alt.TopLevelMixin:
    axis = theme.value_axis(number_format, ticks=2, sign=sign)
    x, y = _axes(axis, periods, written, domain)
    colour = theme.role(theme.ACCENT)
    base = alt.Chart()
    finished = base.transform_filter("!datum.unfinished")
    last = base.transform_filter("datum.is_last")
    return alt.layer(
        finished.mark_area(opacity=0.14).encode(
            x=x,
            y=alt.Y("lo:Q", title=None, scale=alt.Scale(domain=domain, zero=False)),
            y2=alt.Y2("hi:Q"),
            color=colour,
        ),
        finished.mark_line(strokeWidth=1.75).encode(x=x, y=y, color=colour),
        last.mark_point(size=24, filled=True).encode(x=x, y=y, color=colour, tooltip=_tooltip()),
        last.mark_text(align="right", dy=-11, fontSize=theme.SMALL_SIZE, fontWeight=600).encode(
            x=x, y=y, text=alt.Text("text:N"), color=theme.role(theme.QUIET)
        ),
    )
