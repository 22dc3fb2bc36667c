"""The cohort triangle: of those who started in a month, the share still there at each age."""

from __future__ import annotations

import altair as alt
import pandas as pd

from cxdata.charts import theme
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption


def cohort(frame: pd.DataFrame, caption: Caption, *, age_title: str) -> Drawing:
    """Draw a heat map, one row a cohort and one column an age.

    A cell that cannot be known yet, because its cohort has not reached the age, stays blank.

    Args:
        frame: one row a cell: ``cohort`` (name, in order), ``age`` (whole months), ``estimate``
            (share, empty when immature), ``text``, ``n`` (size of the cohort).
        caption: the words around it.
        age_title: what the columns count.
    """
    cells = frame.loc[frame["estimate"].notna(), ["cohort", "age", "estimate", "text", "n"]].copy()
    cells["estimate"] = cells["estimate"].astype(float)
    order = list(dict.fromkeys(frame["cohort"].astype(str)))
    ages = int(cells["age"].max()) + 1 if len(cells) else 1
    return Drawing(
        _chart,
        cells,
        caption,
        shape={"age_title": age_title},
        slots={"cohorts": order, "ages": list(range(0, ages, 3))},
        height=max(80, 15 * len(order)),
    )


def _chart(*, age_title: str, cohorts: list[str], ages: list[int]) -> alt.Chart:
    x = alt.X("age:O", axis=theme.number_axis(age_title, ages, orient="top"))
    y = alt.Y("cohort:O", sort=cohorts, axis=theme.category_axis())
    return (
        alt.Chart()
        .mark_rect(cornerRadius=1)
        .encode(
            x=x,
            y=y,
            color=theme.role(theme.ACCENT),
            opacity=alt.Opacity(
                "estimate:Q",
                scale=alt.Scale(range=[0.06, 0.95], zero=False, nice=False),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("cohort:N", title="Started"),
                alt.Tooltip("age:O", title="Months later"),
                alt.Tooltip("text:N", title="Still here"),
                alt.Tooltip("n:Q", title="Started with", format=",d"),
            ],
        )
    )
