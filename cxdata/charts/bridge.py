"""The customer bridge: from the opening figure to the closing one, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

TOTAL: Final = "total"
GAIN: Final = "gain"
LOSS: Final = "loss"
NOISE: Final = "noise"


def bridge(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    number_format: str,
    sign: str = "",
    height: int = 260,
) -> Drawing:
    """Draw a waterfall whose last bar is where the steps really end.

    Args:
        frame: one row a line in order: ``line`` (name), ``value`` (signed; the opening and closing
            totals as they are), ``is_total``, ``text`` (the value in words). Where they are there:
            ``lo`` and ``hi``, the interval of a step, and ``kind``, how a step is painted where its
            sign does not say it.
        caption: the words around it.
        number_format: d3 format of the axis.
        sign: what stands before each number of the axis.
        height: in pixels.
    """
    rows = steps(frame)
    domain = _domain(rows)
    slots = {"names": [str(name) for name in rows["line"]], "domain": domain or []}
    shape = {
        "number_format": number_format,
        "sign": sign,
        "is_cut": domain is not None,
        "has_interval": "lo" in frame and bool(frame["lo"].notna().any()),
    }
    return Drawing(_chart, rows, caption, shape, slots, height)


def _chart(
    *,
    number_format: str,
    sign: str,
    is_cut: bool,
    has_interval: bool,
    names: list[str],
    domain: list[float],
) -> alt.TopLevelMixin:
    kinds = {TOTAL: theme.ACCENT, GAIN: theme.GOOD, LOSS: theme.BAD, NOISE: theme.QUIET}
    scale = alt.Scale(domain=list(kinds), range=list(kinds.values()))
    colour = alt.Color("kind:N", scale=scale, legend=None)
    axis = theme.name_axis(every=True)
    x = alt.X("line:N", sort=names, axis=axis, scale=alt.Scale(paddingInner=0.45))
    base = alt.Chart()
    marks = base.mark_bar(cornerRadius=2).encode(
        x=x,
        y=alt.Y(
            "low:Q",
            axis=theme.value_axis(number_format, sign=sign),
            scale=_scale(domain if is_cut else None),
            title=None,
        ),
        y2=alt.Y2("high:Q"),
        color=colour,
        tooltip=[alt.Tooltip("line:N", title=" "), alt.Tooltip("text:N", title="Figure")],
    )
    links = (
        base.transform_filter("datum.next != null")
        .mark_rule(strokeWidth=1, opacity=0.5)
        .encode(x=x, x2=alt.X2("next:N"), y=alt.Y("level:Q"), color=theme.role(theme.QUIET))
    )
    words = base.mark_text(
        dy=-8,
        fontSize=theme.fluid(theme.LABEL_SIZE),
        fontWeight=600,
        baseline="bottom",
    )
    labels = words.encode(
        x=x, y=alt.Y("reach:Q"), text=alt.Text("text:N"), color=theme.role(theme.QUIET)
    )
    return alt.layer(links, marks, *([_intervals(x)] if has_interval else []), labels)


def _intervals(x: alt.X) -> alt.Chart:
    """Where each step may end."""
    known = alt.Chart().transform_filter("datum.lo != null")
    rule = known.mark_rule(strokeWidth=1.5, opacity=0.9)
    return rule.encode(x=x, y=alt.Y("lo:Q"), y2=alt.Y2("hi:Q"), color=theme.role(theme.INK))


def steps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each line with the low and high end of its bar and the level it leaves behind."""
    names = [str(name) for name in frame["line"]]
    bars = _bars(frame)
    return pd.DataFrame(
        {
            "line": names,
            "text": [str(text) for text in frame["text"]],
            "kind": [bar.kind for bar in bars],
            "low": [bar.low for bar in bars],
            "high": [bar.high for bar in bars],
            "level": [bar.level for bar in bars],
            "next": [*names[1:], None] if names else [],
            "lo": [bar.lo for bar in bars],
            "hi": [bar.hi for bar in bars],
            "reach": [max(bar.high, bar.high if bar.hi is None else bar.hi) for bar in bars],
        }
    )


def is_cut(frame: pd.DataFrame) -> bool:
    """Whether the totals' bars begin above zero, so that steps can be seen."""
    return min((bar.low for bar in _bars(frame)), default=0.0) > 0


class _Bar(NamedTuple):
    """One bar; ``lo`` and ``hi`` are where its step may end, None for a total and a full count."""

    kind: str
    low: float
    high: float
    level: float
    lo: float | None = None
    hi: float | None = None

    @property
    def lowest(self) -> float:
        return self.low if self.lo is None else min(self.low, self.lo)

    @property
    def highest(self) -> float:
        return self.high if self.hi is None else max(self.high, self.hi)


def _bars(frame: pd.DataFrame) -> list[_Bar]:
    level = 0.0
    bars = []
    ends = [_optional(frame, name) for name in ("lo", "hi", "kind")]
    values, totals = frame["value"].tolist(), frame["is_total"].tolist()
    for value, is_total, lo, hi, kind in zip(values, totals, *ends, strict=True):
        start, level = (0.0, value) if is_total else (level, level + value)
        painted = TOTAL if is_total else kind or (GAIN if value >= 0 else LOSS)
        may_end = [None if end is None else start + end for end in (lo, hi)]
        bars.append(_Bar(painted, min(start, level), max(start, level), level, *may_end))
    floor = _floor(bars)
    return [bar._replace(low=floor) if floor and bar.kind == TOTAL else bar for bar in bars]


def _optional(frame: pd.DataFrame, name: str) -> list[Any]:
    """A column as it is, None where it is empty or not there."""
    if name not in frame:
        return [None] * len(frame)
    return [None if value is None or value != value else value for value in frame[name].tolist()]


def _floor(bars: Sequence[_Bar]) -> float:
    """Where the totals' bars begin: zero, or close below the steps when these would vanish."""
    lowest = min((bar.lowest for bar in bars if bar.kind != TOTAL), default=0.0)
    if min((bar.level for bar in bars), default=0.0) <= 0:
        return 0.0
    span = max(bar.highest for bar in bars) - lowest
    return lowest - span if 0 < 3 * span <= lowest else 0.0


def _domain(rows: pd.DataFrame) -> list[float] | None:
    """From where cut totals begin to above the highest bar; None where bars are whole."""
    floor = float(rows["low"].min()) if len(rows) else 0.0
    if floor <= 0:
        return None
    top = float(rows["reach"].max())
    return [floor, top + 0.12 * (top - floor)]


def _scale(domain: list[float] | None) -> alt.Scale:
    if domain is None:
        return alt.Scale(zero=True, nice=True, padding=18)
    return alt.Scale(zero=False, nice=False, domain=domain)
