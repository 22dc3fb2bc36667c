"""The customer bridge: from the opening figure to the closing one, step by step."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

TOTAL: Final = "total"
GAIN: Final = "gain"
LOSS: Final = "loss"


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
            totals as they are), ``is_total``, ``text`` (the value in words).
        caption: the words around it.
        number_format: d3 format of the axis.
        sign: what stands before each number of the axis.
        height: in pixels.
    """
    rows = steps(frame)
    domain = _domain(rows)
    slots = {"names": [str(name) for name in rows["line"]], "domain": domain or []}
    shape = {"number_format": number_format, "sign": sign, "is_cut": domain is not None}
    return Drawing(_chart, rows, caption, shape, slots, height)


def _chart(
    *, number_format: str, sign: str, is_cut: bool, names: list[str], domain: list[float]
) -> alt.LayerChart:
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=[TOTAL, GAIN, LOSS], range=[theme.ACCENT, theme.GOOD, theme.BAD]),
        legend=None,
    )
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
        x=x, y=alt.Y("high:Q"), text=alt.Text("text:N"), color=theme.role(theme.QUIET)
    )
    return alt.layer(links, marks, labels)


def steps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each line with the low and high end of its bar and the level it leaves behind."""
    level = 0.0
    rows = []
    for line in frame.itertuples():
        value = float(line.value)  # type: ignore[arg-type]
        start, level = (0.0, value) if line.is_total else (level, level + value)
        kind = TOTAL if line.is_total else GAIN if value >= 0 else LOSS
        rows.append(
            {
                "line": str(line.line),
                "text": str(line.text),
                "kind": kind,
                "low": min(start, level),
                "high": max(start, level),
                "level": level,
            }
        )
    result = pd.DataFrame(rows, columns=["line", "text", "kind", "low", "high", "level"])
    result["next"] = result["line"].shift(-1)
    if floor := _floor(result):
        result.loc[result["kind"] == TOTAL, "low"] = floor
    return result


def _floor(rows: pd.DataFrame) -> float:
    """Where the totals' bars begin: zero, or close below the steps when these would vanish."""
    moves = rows.loc[rows["kind"] != TOTAL]
    if moves.empty or rows["level"].min() <= 0:
        return 0.0
    span = float(rows["high"].max() - rows.loc[rows["kind"] != TOTAL, "low"].min())
    lowest = float(moves["low"].min())
    if span <= 0 or lowest < 3 * span:
        return 0.0
    return lowest - span


def _domain(rows: pd.DataFrame) -> list[float] | None:
    """From where cut totals begin to above the highest bar; None where bars are whole."""
    floor = float(rows["low"].min()) if len(rows) else 0.0
    if floor <= 0:
        return None
    top = float(rows["high"].max())
    return [floor, top + 0.12 * (top - floor)]


def _scale(domain: list[float] | None) -> alt.Scale:
    if domain is None:
        return alt.Scale(zero=True, nice=True, padding=18)
    return alt.Scale(zero=False, nice=False, domain=domain)
