"""A specification filled from its template is the one that Altair would have made."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

from cxdata.charts import bars, bridge, drawing, grid, trend
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

CAPTION = Caption("Title", "Subtitle", "Words")
FORMATS: list[dict[str, Any]] = [
    {"number_format": ".0%"},
    {"number_format": "~s", "sign": "€"},
    {"number_format": ",d"},
]


def figures(seed: int, count: int, *, has_interval: bool = True) -> pd.DataFrame:
    """So many months of figures, other ones for each seed."""
    random = np.random.default_rng(seed)
    estimate = random.random(count)
    starts = [dt.date(2024 + at // 12, 1 + at % 12, 1) for at in range(count)]
    return pd.DataFrame(
        {
            "period_start": starts,
            "label": [f"{start:%b %Y}" for start in starts],
            "estimate": estimate,
            "lo": estimate - 0.1 if has_interval else np.nan,
            "hi": estimate + 0.1 if has_interval else np.nan,
            "n": 100,
            "flag": ["ok"] * (count - 1) + ["partial"],
            "text": [f"{value:.2f}" for value in estimate],
            "name": [f"S{at}" for at in range(count)],
            "against": estimate if has_interval else np.nan,
        }
    )


def trends(seed: int) -> Drawing:
    frame = figures(seed, 3 + seed, has_interval=seed % 2 == 0)
    if seed % 3 == 0:
        goal: list[Any] = [None, None, *[0.5 + seed] * (1 + seed)]
        frame = frame.assign(goal=goal)
    if seed % 4 == 0:
        event: list[Any] = ["1", *[None] * (2 + seed)]
        frame = frame.assign(event=event, event_text="A price rose")
    return trend.trend(frame, CAPTION, **FORMATS[seed % 3])


def lines(seed: int) -> Drawing:
    frame = figures(seed, 4 + seed)
    names = list(frame["name"])
    return trend.trend(frame, CAPTION, by="name", declared=[*names, "X"], **FORMATS[seed % 3])


def panel(seed: int) -> Drawing:
    frame = figures(seed, 5 + seed).assign(name="A")
    how = FORMATS[seed % 3]
    return trend.panels(frame, CAPTION, by="name", order=["A"], **how)["A"]


def rows(seed: int) -> Drawing:
    frame = figures(seed, 2 + seed, has_interval=seed % 2 == 0)
    overall = 0.1 * seed if seed % 3 else None
    if seed > 4:
        last = frame["name"] == frame["name"].iloc[-1]
        frame = frame.assign(is_aside=last, hi=frame["hi"].mask(last, 9.0))
    return bars.bars(frame, CAPTION, by="name", overall=overall, **FORMATS[seed % 3])


def waterfall(seed: int) -> Drawing:
    start = 1000.0 if seed % 2 else 0.0
    values = [start, 5.0 + seed, -2.0, start + 3.0 + seed]
    frame = pd.DataFrame({"line": ["Start", "New", f"Lost {seed}", "End"], "value": values})
    frame = frame.assign(is_total=[True, False, False, True], text="x")
    return bridge.bridge(frame, CAPTION, **FORMATS[seed % 3])


def cells(seed: int) -> Drawing:
    frame = figures(seed, 1 + seed).assign(row="J", evidence="", href="retention")
    frame = frame.rename(columns={"name": "column"})
    return grid.grid(frame, CAPTION, rows=["J"], columns=list(frame["column"]))


@pytest.mark.parametrize("seed", range(9))
@pytest.mark.parametrize("draw", [trends, lines, panel, rows, waterfall, cells])
def test_a_filled_template_is_what_altair_makes(draw: Any, seed: int) -> None:
    drawn: Drawing = draw(seed)
    with alt.data_transformers.disable_max_rows():
        made = drawn.chart().to_dict(validate=True)
    assert drawn.spec() == made
    assert "\\u0000" not in json.dumps(made)


def test_altair_is_asked_once_for_a_shape() -> None:
    drawing._template.cache_clear()
    specs = [waterfall(seed).spec() for seed in (0, 6, 12)]
    assert drawing._template.cache_info().misses == 1
    assert len({json.dumps(spec) for spec in specs}) == 3


def test_a_specification_that_somebody_changes_leaves_the_next_one_alone() -> None:
    first = waterfall(0).spec()
    first["layer"][1]["encoding"]["y"]["axis"]["title"] = "changed"
    first["layer"][1]["encoding"]["x"]["sort"].append("changed")
    assert "changed" not in json.dumps(waterfall(0).spec())


def test_rows_are_plain_and_what_is_not_finite_is_nothing() -> None:
    frame = pd.DataFrame(
        {
            "number": [1.5, np.nan, np.inf],
            "count": [1, 2, 3],
            "is_last": [True, False, True],
            "word": ["a", None, "c"],
        }
    )
    assert drawing.records(frame) == [
        {"number": 1.5, "count": 1, "is_last": True, "word": "a"},
        {"number": None, "count": 2, "is_last": False, "word": None},
        {"number": None, "count": 3, "is_last": True, "word": "c"},
    ]
