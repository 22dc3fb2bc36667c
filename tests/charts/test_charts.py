"""Charts by their specification: what is drawn, what is not, and in which colours."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cxdata.charts import bars, bridge, cohort, distribution, grid, nps, survival, theme, trend
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption

CAPTION = Caption("Retention held", "Share of customers kept, 95 % interval", "Retention, flat.")
CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


def months(flags: list[str], **columns: Any) -> pd.DataFrame:
    """One row a month, each a little higher than the one before."""
    rows = [
        {
            "period_start": dt.date(2026, 1 + place, 1),
            "label": f"{dt.date(2026, 1 + place, 1):%b %Y}",
            "estimate": 0.90 + place / 100,
            "lo": 0.89 + place / 100,
            "hi": 0.91 + place / 100,
            "n": 100,
            "flag": flag,
            "text": f"{90 + place} %",
            **columns,
        }
        for place, flag in enumerate(flags)
    ]
    return pd.DataFrame(rows)


def members(names: list[str], flags: list[str] | None = None) -> pd.DataFrame:
    frame = months(flags or ["ok"] * len(names)).drop(columns=["period_start", "label"])
    return frame.assign(segment=names, against=0.9)


def planted(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the second row a figure that must not be seen."""
    hidden = frame.index == 1
    numbers = {name: frame[name].mask(hidden, 0.123456) for name in ("estimate", "lo", "hi")}
    return frame.assign(**numbers, text=frame["text"].mask(hidden, "12.3456 %"))


def spec_of(chart: Drawing) -> dict[str, Any]:
    return chart.spec()


def data_of(spec: dict[str, Any]) -> str:
    return json.dumps(spec["datasets"])


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a chart's only dataset."""
    (rows,) = spec["datasets"].values()
    return list(rows)


def marks_of(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in spec.get("layer", [spec])]


def colours_of(spec: dict[str, Any]) -> list[Any]:
    layers = spec.get("layer", [spec])
    return [layer["encoding"]["color"] for layer in layers if "color" in layer["encoding"]]


def strings_below_color(node: Any, *, is_colour: bool = False) -> list[str]:
    """Every word that a renderer would read as a colour."""
    if isinstance(node, dict):
        found = [
            strings_below_color(value, is_colour=is_colour or key == "color")
            for key, value in node.items()
            if key not in {"datasets", "title"}
        ]
    elif isinstance(node, list):
        found = [strings_below_color(value, is_colour=is_colour) for value in node]
    else:
        return [node] if is_colour and isinstance(node, str) else []
    return [word for words in found for word in words]


def every_chart() -> dict[str, Any]:
    line = pd.DataFrame(
        [("Opening", 100, True), ("New", 9, False), ("Lost", -4, False), ("Closing", 105, True)],
        columns=["line", "value", "is_total"],
    ).assign(text="x")
    cells = members(["SMB", "Public"]).rename(columns={"segment": "column"})
    triangle = pd.DataFrame(
        {"cohort": ["Jan", "Jan", "Feb", "Feb"], "age": [0, 1, 0, 1], "n": 50, "text": "x"}
    ).assign(estimate=[1.0, 0.9, 1.0, float("nan")])
    ages = pd.DataFrame({"age": [0, 1], "estimate": [1, 0.9], "lo": 0.8, "hi": 1.0, "text": "x"})
    answers = pd.DataFrame({"score": range(11), "answers": 5, "share": 1 / 11, "text": "9 %"})
    groups = pd.DataFrame({"period": "Jan", "group": nps.GROUPS, "share": 1 / 3, "text": "33 %"})
    classes = pd.DataFrame({"class": ["€0-10", "€10+"], "customers": [6, 4], "share": [0.6, 0.4]})
    return {
        "trend": trend.trend(months(["ok", "ok", "partial"]), CAPTION, number_format=".0%"),
        "bars": bars.bars(members(["SMB", "Public"]), CAPTION, by="segment", number_format=".0%"),
        "bridge": bridge.bridge(line, CAPTION, number_format=",d"),
        "grid": grid.grid(
            cells.assign(row="Billing", evidence="n=9", href="retention"),
            CAPTION,
            rows=["Billing"],
            columns=["SMB", "Public"],
        ),
        "cohort": cohort.cohort(triangle, CAPTION, age_title="Months later"),
        "survival": survival.survival(ages, CAPTION, age_title="Months"),
        "scores": nps.scores(answers, CAPTION),
        "groups": nps.groups(groups, CAPTION),
        "distribution": distribution.distribution(
            classes.assign(text="x"),
            CAPTION,
            axis_title="Spend",
            marks=pd.DataFrame({"class": ["€0-10", "€0-10"], "name": ["mean", "median"]}),
        ),
    }


@pytest.mark.parametrize("name", list(every_chart()))
@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_every_chart_says_what_it_is_and_can_be_drawn(
    name: str, appearance: theme.Appearance
) -> None:
    chart = every_chart()[name]
    spec = spec_of(chart)
    assert chart.chart().to_dict(validate=True) == spec  # pages skip Altair and its check
    assert spec["title"]["text"] == "Retention held"
    assert spec["title"]["subtitle"] == "Share of customers kept, 95 % interval"
    assert spec["description"] == "Retention, flat."
    assert "#" not in json.dumps({**spec, "datasets": {}, "config": {}, "$schema": ""})
    painted = theme.resolve(spec, appearance)
    roles = set(theme.ROLES[appearance])
    assert not roles & set(strings_below_color(painted))
    assert painted["config"]["background"] == theme.SURFACES[appearance]["background"]


def test_roles_and_categories_are_those_of_the_page() -> None:
    look = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    names = {theme.ACCENT: "primaryColor"} | {
        role: f"{role}Color" for role in (theme.GOOD, theme.BAD, theme.QUIET, theme.WARM, theme.INK)
    }
    for appearance in ("light", "dark"):
        for role, option in names.items():
            assert theme.ROLES[appearance][role] == look[appearance][option], (appearance, role)
        assert list(theme.CATEGORIES[appearance]) == look[appearance]["chartCategoricalColors"]
        assert theme.SURFACES[appearance]["background"] == look[appearance]["backgroundColor"]


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_words_and_marks_stand_out_from_the_page(appearance: theme.Appearance) -> None:
    look = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][appearance]
    grounds = look["backgroundColor"], look["secondaryBackgroundColor"]
    marks = {theme.WARM}  # never a word
    words = [
        *(colour for role, colour in theme.ROLES[appearance].items() if role not in marks),
        *theme.CATEGORIES[appearance],  # a line has its name in its colour
        *(look[name] for name in ("textColor", "primaryColor", "linkColor", "grayColor")),
    ]
    assert min(contrast(word, grounds[0]) for word in words) >= 4.5
    assert contrast(look["textColor"], grounds[1]) >= 4.5
    assert min(contrast(theme.ROLES[appearance][mark], grounds[0]) for mark in marks) >= 3


def test_resolve_paints_roles_but_never_words() -> None:
    frame = months(["ok"], who="primary")
    chart = trend.trend(frame, CAPTION, number_format="d", by="who", declared=["primary"])
    painted = theme.resolve(spec_of(chart), "dark")
    assert "primary" in data_of(painted)


def test_an_unfinished_month_is_hollow_and_no_line_leads_to_it() -> None:
    spec = spec_of(trend.trend(months(["ok", "ok", "partial"]), CAPTION, number_format=".0%"))
    lines = [layer for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    assert [line["transform"] for line in lines] == [[{"filter": "!datum.unfinished"}]]
    assert rows_of(spec)[-1]["text"] == "92 % so far"
    assert [row["is_newest"] for row in rows_of(spec)] == [False, True, False]
    hollow = [layer for layer in spec["layer"] if layer["mark"].get("filled") is False]
    assert hollow[0]["transform"] == [{"filter": "datum.unfinished"}]


@pytest.mark.parametrize(
    ("so_far", "stands", "arrow"), [(0.02, 0.89, "↓ "), (0.905, 0.905, ""), (3.0, 0.92, "↑ ")]
)
def test_an_unfinished_month_sets_no_scale(so_far: float, stands: float, arrow: str) -> None:
    frame = months(["ok", "ok", "partial"])
    frame.loc[2, ["estimate", "lo", "hi"]] = [so_far, so_far - 0.01, so_far + 0.01]
    spec = spec_of(trend.trend(frame, CAPTION, number_format=".0%"))
    heights = [row["height"] for row in rows_of(spec)]
    assert heights == [0.90, 0.91, pytest.approx(stands)]
    assert rows_of(spec)[-1]["text"] == f"{arrow}92 % so far", "an arrow where it lies beyond"
    placed = {
        layer["encoding"]["y"]["field"]
        for layer in spec["layer"]
        if layer.get("transform") != [{"filter": "!datum.unfinished"}]
    }
    assert placed == {"height", "label_at"}
    panel = trend.panels(frame.assign(who="A"), CAPTION, number_format="d", by="who", order=["A"])
    domain = spec_of(panel["A"])["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert 0.88 < domain[0] < domain[1] < 0.93


def test_a_lone_unfinished_month_stands_where_it_is() -> None:
    spec = spec_of(trend.trend(months(["partial"]), CAPTION, number_format=".0%"))
    assert [row["height"] for row in rows_of(spec)] == [0.90]


def test_a_hidden_figure_is_nowhere_in_the_specification() -> None:
    frame = months(["ok", "suppressed", "ok"])
    frame = planted(frame)
    spec = spec_of(trend.trend(frame, CAPTION, number_format=".0%"))
    assert "0.123456" not in json.dumps(spec)
    assert "12.3456" not in json.dumps(spec)
    rows = members(["SMB", "Public", "Other"]).assign(flag=["ok", "suppressed", "ok"])
    rows = planted(rows)
    spec = spec_of(bars.bars(rows, CAPTION, by="segment", number_format=".0%"))
    assert "0.123456" not in json.dumps(spec)
    assert "12.3456" not in json.dumps(spec)
    assert "hidden: too few people" in data_of(spec)


def test_a_segment_keeps_its_colour_whatever_is_filtered() -> None:
    declared = ["Enterprise", "SMB", "Public"]
    domains = []
    for shown in (declared, ["SMB"], ["Public", "SMB"]):
        frame = pd.concat([months(["ok", "ok"], segment=name) for name in shown])
        chart = trend.trend(frame, CAPTION, number_format=".0%", by="segment", declared=declared)
        scale = colours_of(spec_of(chart))[0]["scale"]
        domains.append((scale["domain"], scale["range"]))
    assert domains == [(declared, "category")] * 3


def test_many_members_become_panels_on_one_scale() -> None:
    names = [f"Segment {place}" for place in range(7)]
    frame = pd.concat([months(["ok", "ok"], segment=name) for name in names])
    charts = trend.panels(frame, CAPTION, number_format=".0%", by="segment", order=names[::-1])
    specs = {name: spec_of(chart) for name, chart in charts.items()}
    assert list(specs) == names[::-1]
    domains = {
        json.dumps(s["layer"][1]["encoding"]["y"]["scale"]["domain"]) for s in specs.values()
    }
    assert len(domains) == 1
    assert specs["Segment 3"]["title"]["text"] == "Segment 3"


def test_periods_are_named_by_us_and_the_last_one_always() -> None:
    spec = spec_of(trend.trend(months(["ok"] * 9), CAPTION, number_format=".0%"))
    x = spec["layer"][1]["encoding"]["x"]
    assert x["sort"][0] == "Jan 2026"
    assert x["axis"]["values"][-1] == "Sep 2026"
    assert len(x["axis"]["values"]) <= 7


def test_names_at_line_ends_stand_apart_in_the_order_of_the_ends() -> None:
    ends = {"A": 0.95, "B": 0.9501, "C": 0.9502, "D": 0.80}
    frame = pd.concat(
        [months(["ok"], segment=name).assign(estimate=end) for name, end in ends.items()]
    )
    spec = spec_of(
        trend.trend(frame, CAPTION, number_format=".0%", by="segment", declared=list(ends))
    )
    rows = max(spec["datasets"].values(), key=len)
    heights = {row["line"]: row["label_at"] for row in rows}
    assert sorted(heights, key=heights.__getitem__) == ["D", "A", "B", "C"]
    gaps = [heights["B"] - heights["A"], heights["C"] - heights["B"]]
    assert min(gaps) > 0.009


def test_names_of_lines_are_apart_where_all_figures_are_equal() -> None:
    rows = [months(["ok", "ok"], who=name).assign(estimate=1.0) for name in ("A", "B", "C")]
    drawn = trend.trend(pd.concat(rows), CAPTION, number_format=".0%", by="who", declared=["A"])
    heights = sorted(row["label_at"] for row in rows_of(spec_of(drawn)) if row["is_last"])
    assert heights[0] < heights[1] < heights[2]


@pytest.mark.parametrize("flags", [["ok", "ok"], ["partial"], ["ok", "partial"]])
def test_no_layer_of_a_trend_is_without_rows(flags: list[str]) -> None:
    spec = spec_of(trend.trend(months(flags), CAPTION, number_format=".0%"))
    rows = rows_of(spec)
    asked = {
        "!datum.unfinished": [row for row in rows if not row["unfinished"]],
        "datum.unfinished": [row for row in rows if row["unfinished"]],
        "datum.is_last": [row for row in rows if row["is_last"]],
    }
    filters = [one["filter"] for layer in spec["layer"] for one in layer.get("transform", [])]
    assert all(asked[one] for one in filters)


@pytest.mark.parametrize("chart", ["trend", "bars", "panels"])
def test_an_axis_of_money_says_its_currency(chart: str) -> None:
    drawn = {
        "trend": lambda: trend.trend(months(["ok", "ok"]), CAPTION, number_format="~s", sign="€"),
        "bars": lambda: bars.bars(
            members(["A"]), CAPTION, by="segment", number_format="~s", sign="€"
        ),
        "panels": lambda: trend.panels(
            months(["ok"], who="A"), CAPTION, number_format="~s", sign="€", by="who", order=["A"]
        )["A"],
    }[chart]()
    axes = [
        encoding["axis"]["labelExpr"]
        for layer in spec_of(drawn)["layer"]
        for encoding in layer["encoding"].values()
        if isinstance(encoding, dict) and "labelExpr" in (encoding.get("axis") or {})
    ]
    assert axes
    assert all("€" in words and "abs(datum.value)" in words for words in axes)


def test_an_axis_of_people_has_whole_steps() -> None:
    assert theme.value_axis(",d").tickMinStep == 1
    assert "tickMinStep" not in theme.value_axis(".1%").to_dict()


def test_bars_stand_by_value_or_as_declared() -> None:
    frame = members(["A", "B", "C"])
    falling = spec_of(bars.bars(frame, CAPTION, by="segment", number_format=".0%"))
    declared = spec_of(
        bars.bars(frame, CAPTION, by="segment", number_format=".0%", order=["B", "A", "C", "Z"])
    )
    sorts = [
        next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")["encoding"]["y"]
        for spec in (falling, declared)
    ]
    assert [sort["sort"] for sort in sorts] == [["C", "B", "A"], ["B", "A", "C"]]


@pytest.mark.parametrize(
    ("values", "lows"),
    [
        ([100, 90, -40, 150], [0, 100, 150, 0]),
        ([1000, 9, -4, 1005], [990, 1000, 1005, 990]),  # totals cut so that steps can be seen
        ([5, -9, 2, -2], [0, -4, -4, -2]),  # money may close below zero
    ],
)
def test_the_bridge_ends_where_its_steps_lead(values: list[float], lows: list[float]) -> None:
    frame = pd.DataFrame(
        {
            "line": ["Opening", "In", "Out", "Closing"],
            "value": values,
            "is_total": [True, False, False, True],
            "text": "x",
        }
    )
    drawn = bridge.steps(frame)
    assert drawn["level"].iloc[2] == drawn["level"].iloc[3]
    assert drawn["kind"].tolist() == [
        "total",
        "gain" if values[1] >= 0 else "loss",
        "gain" if values[2] >= 0 else "loss",
        "total",
    ]
    if values[0] != 1000:
        assert drawn["low"].tolist() == lows
    else:
        assert 900 < drawn["low"].iloc[0] < 1000


def test_no_line_of_a_bridge_loses_its_name() -> None:
    axis = spec_of(every_chart()["bridge"])["layer"][1]["encoding"]["x"]["axis"]
    assert axis["labelOverlap"] is False
    assert axis["labelExpr"] == "split(datum.label, ' ')"


def test_a_cell_of_the_grid_leads_to_its_page_and_hides_what_is_thin() -> None:
    frame = members(["SMB", "Public"], ["ok", "too_few"]).rename(columns={"segment": "column"})
    frame = frame.assign(row="Billing", evidence="n=9", href=["retention?a=1", "retention?a=2"])
    spec = spec_of(
        grid.grid(frame, CAPTION, rows=["Billing"], columns=["SMB", "Public"], overall=0.9)
    )
    cells = next(iter(spec["datasets"].values()))
    assert [cell["shown"] for cell in cells] == ["90 %", "·"]
    assert [cell["href"] for cell in cells] == ["retention?a=1", "retention?a=2"]
    assert all(layer["encoding"]["href"]["field"] == "href" for layer in spec["layer"])
    assert "91 %" not in data_of(spec)


def test_one_odd_cell_leaves_the_others_their_colours_and_a_thin_one_has_none() -> None:
    estimates = [0.98, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.91, 0.077, 0.5]
    frame = pd.DataFrame(
        {
            "row": "Billing",
            "column": [f"S{at}" for at in range(len(estimates))],
            "estimate": estimates,
            "flag": ["ok"] * 9 + ["too_few"],
            "text": "x",
            "evidence": "n=9",
            "href": "retention",
        }
    )
    names = list(frame["column"])
    chart = grid.grid(frame, CAPTION, rows=["Billing"], columns=names, overall=0.945)
    spec = spec_of(chart)
    cells = rows_of(spec)
    assert [cell["side"] for cell in cells] == ["above"] * 4 + ["below"] * 5 + ["neither"]
    assert max(cell["depth"] for cell in cells) == 1
    assert cells[0]["depth"] > 0.9
    assert cells[-1]["depth"] == 0
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["neither"] == theme.QUIET
    assert len(set(scale["range"])) == 3
    assert spec["height"] >= grid.ROW + 30  # names above the columns take their own room


def test_cells_that_are_all_alike_have_no_depth() -> None:
    frame = members(["A", "B"]).assign(estimate=0.9, row="Billing", evidence="", href="")
    chart = grid.grid(
        frame.rename(columns={"segment": "column"}), CAPTION, rows=["Billing"], columns=["A", "B"]
    )
    assert [cell["depth"] for cell in rows_of(spec_of(chart))] == [0, 0]


def test_an_immature_cohort_stays_blank() -> None:
    spec = spec_of(every_chart()["cohort"])
    cells = next(iter(spec["datasets"].values()))
    assert [(cell["cohort"], cell["age"]) for cell in cells] == [("Jan", 0), ("Jan", 1), ("Feb", 0)]


def test_scores_fall_into_their_groups() -> None:
    found = [nps.group_of(score) for score in range(11)]
    assert found == ["Detractors"] * 7 + ["Passives"] * 2 + ["Promoters"] * 2


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_and_a_single_month_are_drawn_without_fuss(rows: int) -> None:
    frame = months(["ok"]).iloc[:rows]
    spec = spec_of(trend.trend(frame, CAPTION, number_format=".0%"))
    assert max(len(data) for data in spec["datasets"].values()) == rows
    spec = spec_of(
        bars.bars(members(["A"]).iloc[:rows], CAPTION, by="segment", number_format=".0%")
    )
    assert max(len(data) for data in spec["datasets"].values()) == rows


def test_a_few_people_of_no_segment_do_not_stretch_the_scale() -> None:
    frame = members(["A", "B", "C", "Unknown"]).assign(is_aside=[False, False, False, True])
    frame.loc[3, ["estimate", "lo", "hi"]] = [0.30, 0.02, 0.97]
    assert bars.is_cut(frame, None)
    spec = spec_of(bars.bars(frame, CAPTION, by="segment", number_format=".0%"))
    dots = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    low, high = dots["encoding"]["x"]["scale"]["domain"]
    assert 0.85 < low < 0.89
    assert 0.93 < high < 0.95
    unknown = rows_of(spec)[3]
    assert (unknown["before"], unknown["beyond"]) == (True, True)
    assert (unknown["lo"], unknown["hi"], unknown["estimate"]) == (low, high, None)
    assert unknown["text"] == "93 %"  # its own words stay
    arrows = [layer["mark"].get("text") for layer in spec["layer"]]
    assert {"◂", "▸"} <= set(arrows)


def test_a_row_aside_that_fits_is_drawn_as_all_others() -> None:
    frame = members(["A", "B", "Unknown"]).assign(is_aside=[False, False, True])
    assert not bars.is_cut(frame, None)
    alone = members(["Unknown"]).assign(is_aside=True)
    assert not bars.is_cut(alone, None)


def test_a_goal_is_dashed_and_an_event_has_its_number() -> None:
    goal: list[Any] = [None, 0.93, 0.93]
    event: list[Any] = ["1", None, None]
    frame = months(["ok", "ok", "partial"]).assign(goal=goal, event=event, event_text=event)
    spec = spec_of(trend.trend(frame, CAPTION, number_format=".0%"))
    filters = [
        (layer["mark"]["type"], layer["transform"][0]["filter"])
        for layer in spec["layer"]
        if "transform" in layer
    ]
    assert ("line", "datum.goal != null") in filters
    assert ("rule", "datum.event != null") in filters
    assert [(row["goal"], row["event"]) for row in rows_of(spec)] == [
        (None, "1"), (0.93, None), (0.93, None),
    ]  # fmt: skip
    without = spec_of(trend.trend(months(["ok", "ok"]), CAPTION, number_format=".0%"))
    assert "goal" not in json.dumps(without)
    assert "event" not in json.dumps(without)
