"""How long customers stay: the share still a customer at each age, as a step curve."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption


def survival(
    frame: pd.DataFrame,
    caption: Caption,
    *,
    age_title: str,
    by: str | None = None,
    declared: Sequence[str] = (),
    height: int = 260,
) -> Drawing:
    """Draw a step curve with its 95 % band; with ``by``, one curve a member, named at its end.

    Args:
        frame: one row an age: ``age`` (months), ``estimate``, ``lo``, ``hi`` (shares), ``text``,
            and the ``by`` column of names.
        caption: the words around it.
        age_title: what the horizontal axis counts.
        by: the column of names that makes one curve each.
        declared: every name that ``by`` can have, in order.
        height: in pixels.
    """
    rows = _rows(frame, by)
    last = int(rows["age"].max()) if len(rows) else 0
    return Drawing(
        _chart,
        rows,
        caption,
        shape={
            "age_title": age_title,
            "has_lines": by is not None,
            "has_band": by is None and bool(rows["lo"].notna().any()),
        },
        slots={"ages": list(range(0, last + 1, 6)), "declared": list(declared)},
        height=height,
    )


def _chart(
    *, age_title: str, has_lines: bool, has_band: bool, ages: list[int], declared: list[str]
) -> alt.TopLevelMixin:
    colour = theme.colour_of("line", declared) if has_lines else theme.role(theme.ACCENT)
    x = alt.X("age:Q", axis=theme.number_axis(age_title, ages), scale=alt.Scale(nice=False))
    y = alt.Y("estimate:Q", axis=theme.value_axis(".0%"), scale=alt.Scale(zero=False, padding=6))
    base = alt.Chart()
    band = base.mark_area(opacity=0.14, interpolate="step-after").encode(
        x=x, y=alt.Y("lo:Q", title=None), y2=alt.Y2("hi:Q"), color=colour
    )
    tooltip = [
        alt.Tooltip("age:Q", title=age_title),
        alt.Tooltip("text:N", title="Still here"),
    ]
    layers = [
        *([band] if has_band else []),
        base.mark_line(strokeWidth=2, interpolate="step-after").encode(
            x=x, y=y, color=colour, detail=alt.Detail("line:N")
        ),
        base.mark_point(size=60, opacity=0).encode(x=x, y=y, tooltip=tooltip),
        base.transform_filter("datum.is_last")
        .mark_text(align="left", dx=7, fontSize=theme.LABEL_SIZE, fontWeight=600)
        .encode(x=x, y=y, color=colour, text=alt.Text("line:N" if has_lines else "text:N")),
    ]
    return alt.layer(*layers)


def _rows(frame: pd.DataFrame, by: str | None) -> pd.DataFrame:
    rows = frame[["age", "estimate", "lo", "hi", "text"]].astype(
        {"age": float, "estimate": float, "lo": float, "hi": float}
    )
    rows["line"] = frame[by].astype(str) if by else ""
    rows = rows.sort_values(["line", "age"])
    rows["is_last"] = rows["age"] == rows.groupby("line")["age"].transform("max")
    return rows
