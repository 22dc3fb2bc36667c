"""Pictures: a chart's specification, its words and its table, ready to be cached and shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from cxdata.charts import bars, rows, trend
from cxdata.charts.drawing import Drawing
from cxdata.charts.theme import Caption
from cxdata.model.evidence import Flag
from cxdata.model.format import Format
from cxdata.model.metric import Metric, Unit

_D3: Final = {
    Unit.CUSTOMERS: ",d",
    Unit.COUNT: ",d",
    Unit.SHARE: ".0%",
    Unit.MONEY: "~s",
    Unit.UNIT_MONEY: ",.0f",
    Unit.POINTS: ",.0f",
    Unit.RATE: ",.2f",
    Unit.MONTHS: ",.0f",
}
_STEPS: Final = 4
"""An axis has about so many steps."""

_NOBODY: Final = "Nobody matches what is chosen above."
_TOO_FEW: Final = (
    "There are too few people here to show a figure. Choose more segments or a longer period."
)


@dataclass(frozen=True)
class Column:
    """One column of a table twin; ``unit`` is None for words."""

    name: str
    label: str
    unit: Unit | None = None


@dataclass(frozen=True)
class Small:
    """One of several small charts."""

    title: str
    alt: str
    spec: dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """A chart as data: what is drawn, what it says, and the same figures as a table.

    ``panels`` hold small charts that are drawn side by side instead of ``spec``.
    """

    caption: Caption
    spec: dict[str, Any]
    table: pd.DataFrame
    columns: tuple[Column, ...]
    panels: tuple[Small, ...] = ()

    empty: str = ""
    """Why there is nothing to draw, in words; "" where there is something."""

    name: str = ""
    """What the figures are, for the name of a file."""

    remark: str = ""
    """What a file of these figures must say beside the scope of its page."""

    notes: tuple[str, ...] = ()
    """What the marks in the chart stand for, one line each."""


def nothing(title: str, why: str) -> Picture:
    """Return the picture of nothing, which says why."""
    return Picture(Caption(title, "", why), {}, pd.DataFrame(), (), empty=why)


def picture(
    chart: Drawing,
    caption: Caption,
    table: pd.DataFrame,
    columns: Sequence[Column],
    panels: Sequence[Drawing] = (),
) -> Picture:
    """Turn a chart and its frame into a picture; its words stand outside the specification."""
    shown = table[[column.name for column in columns]].reset_index(drop=True)
    figures = [column.name for column in columns if column.unit is not None]
    if not shown[figures[:1]].notna().any(axis=None):
        few = "evidence" in shown and not shown.empty
        return nothing(caption.title, _TOO_FEW if few else _NOBODY)
    return Picture(
        caption,
        _wordless(chart.spec()),
        shown,
        tuple(columns),
        tuple(_small(panel.spec()) for panel in panels),
    )


def _wordless(spec: dict[str, Any]) -> dict[str, Any]:
    """Leave title and description to the page, which wraps them and lets them be read.

    Rows become Arrow tables here, once, in the form in which they go to the browser on every rerun.
    """
    kept = {name: value for name, value in spec.items() if name not in {"title", "description"}}
    kept["datasets"] = {
        name: pa.Table.from_pylist(rows) for name, rows in spec.get("datasets", {}).items()
    }
    return kept


def _small(spec: dict[str, Any]) -> Small:
    return Small(str(spec["title"]["text"]), str(spec["description"]), _wordless(spec))


def say(form: Format, value: float | None, unit: Unit) -> str:
    """Write a figure as exactly as its place allows: people are never rounded."""
    return form.value(value, unit, short=unit in (Unit.MONEY, Unit.UNIT_MONEY))


def say_change(form: Format, value: float | None, unit: Unit) -> str:
    """Write a difference with its sign, as exactly as :func:`say` writes the figure."""
    return form.change(value, unit, short=unit in (Unit.MONEY, Unit.UNIT_MONEY))


def with_words(frame: pd.DataFrame, metric: Metric, form: Format) -> pd.DataFrame:
    """Add each figure in words, and blank what may not be shown."""
    texts = [say(form, value, metric.unit) for value in frame["estimate"]]
    return frame.assign(
        text=texts,
        evidence=rows.evidence(frame),
        **{
            name: rows.numbers(frame, name)
            for name in ("estimate", "lo", "hi", "against")
            if name in frame
        },
    )


def number_format(unit: Unit, estimates: pd.Series[float]) -> str:
    """Return the axis format of a unit; a narrow range gets digits until no tick repeats."""
    if estimates.dropna().empty:
        return _D3[unit]
    spread = float(estimates.max() - estimates.min())
    if unit is Unit.SHARE:
        return f".{_digits(spread * 100)}%"
    if unit in (Unit.UNIT_MONEY, Unit.MONEY) and float(estimates.abs().max()) >= 10_000:
        return "~s"
    if unit in (Unit.UNIT_MONEY, Unit.POINTS, Unit.MONTHS):
        return f",.{_digits(spread)}f"
    return _D3[unit]


def _digits(spread: float) -> int:
    """Return after how many digits the steps of an axis differ; one where there is no range."""
    if spread <= 0:
        return 1
    return min(3, max(0, -math.floor(math.log10(spread / _STEPS))))


def sign(form: Format, unit: Unit) -> str:
    """Return what stands before the numbers of an axis: the currency's sign, or nothing."""
    return form.symbol if unit in (Unit.MONEY, Unit.UNIT_MONEY) else ""


def figure_columns(metric: Metric, first: Column, *, is_compared: bool = False) -> list[Column]:
    """Return the columns of a table of figures with their evidence."""
    against = [Column("against", "Earlier", metric.unit)] if is_compared else []
    return [
        first,
        Column("estimate", metric.label, metric.unit),
        Column("lo", "Low (95 %)", metric.unit),
        Column("hi", "High (95 %)", metric.unit),
        Column("n", "n", Unit.COUNT),
        *against,
        Column("evidence", "Evidence"),
    ]


def trend_picture(
    frame: pd.DataFrame, metric: Metric, title: str, form: Format, unit: str
) -> Picture:
    """Picture the trend of one figure, with its goal and what happened where these are known."""
    worded = with_words(frame, metric, form)
    finished = worded.loc[worded["flag"] != Flag.PARTIAL.value]
    goal, is_drawn = _goal(worded, finished)
    parts = [
        f"{metric.label}, {unit}{', with 95 % interval' if worded['lo'].notna().any() else ''}",
        *([f"{'dashed: ' if is_drawn else ''}{goal}"] if goal else []),
        *_usual_words(worded),
    ]
    caption = Caption(title, "; ".join(parts), f"{title}. {_span(worded)}")
    chart = trend.trend(
        worded if is_drawn else worded.drop(columns=trend.GOAL, errors="ignore"),
        caption,
        number_format=number_format(metric.unit, finished["estimate"]),
        sign=sign(form, metric.unit),
    )
    columns = figure_columns(metric, Column("label", "Period"))
    if trend.USUAL[0] in worded:
        names = ("Usual range from", "Usual range to")
        limits = zip(trend.USUAL, names, strict=True)
        columns[-1:-1] = [Column(name, label, metric.unit) for name, label in limits]
    if trend.GOAL in worded:
        columns.insert(-1, Column(trend.GOAL, "Goal", metric.unit))
    if trend.EVENT in worded:
        columns.append(Column("event_text", "What happened"))
    return picture(chart, caption, worded, columns)


def _usual_words(worded: pd.DataFrame) -> list[str]:
    """Name the lines of the usual range, and the rings around what lies outside it."""
    if trend.USUAL[0] not in worded or worded[trend.USUAL[0]].isna().all():
        return []
    is_ringed = bool(worded[trend.OUTSIDE].eq(True).any())
    return ["grey lines: usual range", *(["ringed: outside it"] if is_ringed else [])]


def _goal(worded: pd.DataFrame, finished: pd.DataFrame) -> tuple[str, bool]:
    """Say the newest goal, and whether it is drawn; one far from all figures would flatten them."""
    if trend.GOAL not in worded:
        return "", False
    goals = pd.to_numeric(worded[trend.GOAL]).dropna()
    low = finished[["lo", "estimate"]].min().min()
    high = finished[["hi", "estimate"]].max().max()
    room = high - low
    said = str(worded["goal_text"].dropna().iloc[-1])
    if goals.between(low - room, high + room).all():
        return said, True
    return f"{said}, {'above' if goals.iloc[-1] > high else 'below'} what is drawn", False


def lines_picture(
    frame: pd.DataFrame,
    metric: Metric,
    title: str,
    form: Format,
    unit: str,
    declared: Sequence[str],
) -> Picture:
    """Picture the trend of one figure for several members: lines, or small multiples.

    Finished periods only: many half-known ends would hide what the lines say. Who is in no segment
    stands in the table alone: few people swing widely, and would set the scale of everybody.
    """
    worded = with_words(frame, metric, form)
    worded = worded.loc[worded["flag"] != Flag.PARTIAL.value]
    known = rows.named(worded)
    rest = [name for name in dict.fromkeys(worded["name"]) if name not in set(known["name"])]
    only = f"; {' and '.join(rest)} in the table only" if rest else ""
    subtitle = f"{metric.label}, {unit}, finished periods{only}"
    caption = Caption(title, subtitle, f"{title}. {_span(known)}")
    shape = number_format(metric.unit, known["estimate"])
    drawn = set(known.loc[known["estimate"].notna(), "name"])
    names = [name for name in declared if name in drawn]
    columns = [Column("name", "Group"), *figure_columns(metric, Column("label", "Period"))]
    before = sign(form, metric.unit)
    chart = trend.trend(
        known, caption, number_format=shape, sign=before, by="name", declared=declared
    )
    small = {}
    if len(names) > trend.TOGETHER:
        small = trend.panels(
            known, caption, number_format=shape, sign=before, by="name", order=names
        )
    return picture(chart, caption, worded, columns, tuple(small.values()))


def bars_picture(
    frame: pd.DataFrame,
    metric: Metric,
    title: str,
    form: Format,
    unit: str,
    order: Sequence[str],
    overall: float | None,
    apart: Sequence[str] = (),
) -> Picture:
    """Picture one figure by member, beside its earlier value; ``apart`` are journeys of leaving."""
    worded = with_words(frame, metric, form)
    has_interval = worded["lo"].notna().any()
    is_compared = "against" in worded and bool(worded["against"].notna().any())
    drawn = [
        f"{metric.label}, {unit}",
        "dot and 95 % interval" if has_interval else "dot",
        *(["thin mark: earlier period"] if is_compared else []),
        *(["dotted line: everybody"] if overall is not None else []),
        *(["arrow: goes on beyond the edge"] if bars.is_cut(worded, overall) else []),
        *([f"{' and '.join(apart)} apart: customers on it are leaving"] if apart else []),
    ]
    caption = Caption(title, "; ".join(drawn), title)
    scaled = worded.loc[bars.sets_scale(worded), "estimate"]
    chart = bars.bars(
        worded,
        caption,
        by="name",
        number_format=number_format(metric.unit, scaled),
        sign=sign(form, metric.unit),
        order=order,
        overall=overall,
    )
    columns = figure_columns(metric, Column("name", "Group"), is_compared=is_compared)
    return picture(chart, caption, worded, columns)


def _span(frame: pd.DataFrame) -> str:
    shown = frame.loc[frame["estimate"].notna()].sort_values("period_start")
    if shown.empty:
        return "No figures to show."
    first, last = shown.iloc[0], shown.iloc[-1]
    if "name" in frame and frame["name"].nunique() > 1:
        names = ", ".join(dict.fromkeys(shown["name"]))
        return f"{names}, from {first['label']} to {last['label']}."
    return f"From {first['text']} in {first['label']} to {last['text']} in {last['label']}."
