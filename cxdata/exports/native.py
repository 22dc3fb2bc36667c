"""Charts of PowerPoint itself: they can be edited, and take the colours of the template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Pt

from cxdata.charts import theme
from cxdata.charts.nps import group_of
from cxdata.exports.codes import axis_code, code, scale
from cxdata.exports.series import (
    BASE,
    GAIN,
    GOAL,
    LABEL,
    LOSS,
    MEMBER,
    NOW,
    SO_FAR,
    TOTAL,
    Plot,
    Series,
    floor,
)  # fmt: skip
from cxdata.model.format import Format
from cxdata.model.metric import Unit

Box = tuple[int, int, int, int]
"""Left, top, width and height in EMU."""

_LIGHT: Final = theme.ROLES["light"]
QUIET: Final = RGBColor.from_string(_LIGHT[theme.QUIET][1:])
GRID: Final = RGBColor.from_string(theme.SURFACES["light"]["grid"][1:])
GOOD: Final = RGBColor.from_string(_LIGHT[theme.GOOD][1:])
BAD: Final = RGBColor.from_string(_LIGHT[theme.BAD][1:])
ACCENT: Final = RGBColor.from_string(_LIGHT[theme.ACCENT][1:])
WARM: Final = RGBColor.from_string(_LIGHT[theme.WARM][1:])
_PALE: Final = RGBColor.from_string("A9B0BC")
_POINT: Final = Pt(12)
_LABELS: Final = Pt(11)
_ACCENTS: Final = (
    MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_2, MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_4, MSO_THEME_COLOR.ACCENT_5,
)  # fmt: skip
TOGETHER: Final = 5
"""More lines than this stand in charts of their own."""


def course(shapes: Any, box: Box, plot: Plot, form: Format, marks: Sequence[str] = ()) -> Chart:
    """Draw a line with its interval, its goal and its unfinished end; ``marks`` number events."""
    chart = _categories(shapes, box, plot, XL_CHART_TYPE.LINE_MARKERS)
    finished = [v for one in plot.series if one.role != SO_FAR for v in one.values if v is not None]
    # An unfinished period sets no scale, unless next to nothing else is there.
    _axes(chart, finished if len(finished) > 1 else plot.values, plot.unit, form)
    for one, drawn in zip(plot.series, chart.plots[0].series, strict=True):
        _line(drawn, one)
        if one.role == NOW:
            _label_last(drawn, one.values, plot.unit, form)
            _number_events(drawn, one.values, marks)
    _skip(chart, len(plot.categories))
    return chart


def members(shapes: Any, box: Box, plot: Plot, form: Format) -> list[Chart]:
    """Draw a line a member, or a small chart each on one scale where there are many."""
    if len(plot.series) <= TOGETHER:
        chart = _categories(shapes, box, plot, XL_CHART_TYPE.LINE_MARKERS)
        _axes(chart, plot.values, plot.unit, form)
        for at, (one, drawn) in enumerate(zip(plot.series, chart.plots[0].series, strict=True)):
            _line(drawn, one, _ACCENTS[at % len(_ACCENTS)])
            _words_last(drawn, one.values, _short(one.name, 28))
        _skip(chart, len(plot.categories))
        _inner(chart, 0.07, 0.03, 0.75, 0.85)
        return [chart]
    return [
        _small(shapes, part, plot, one, form)
        for part, one in zip(_parts(box, len(plot.series)), plot.series, strict=False)
    ]


def _parts(box: Box, count: int) -> list[Box]:
    left, top, width, height = box
    across = 3 if count <= 6 else 4
    down = min(3, -(-count // across))
    wide, high = width // across, height // down
    places = [(at % across, at // across) for at in range(min(count, across * down))]
    return [
        (left + x * wide, top + y * high, int(wide * 0.97), int(high * 0.97)) for x, y in places
    ]


def _small(shapes: Any, box: Box, plot: Plot, one: Series, form: Format) -> Chart:
    alone = Plot(plot.categories, (one,), plot.unit)
    chart = _categories(shapes, box, alone, XL_CHART_TYPE.LINE_MARKERS)
    _axes(chart, plot.values, plot.unit, form, size=Pt(9))
    drawn = chart.plots[0].series[0]
    _line(drawn, one, _ACCENTS[0])
    _label_last(drawn, one.values, plot.unit, form, size=Pt(9))
    chart.has_title = True
    frame = chart.chart_title.text_frame
    frame.text = _short(one.name, 40)
    frame.paragraphs[0].font.size, frame.paragraphs[0].font.bold = Pt(10), True
    _skip(chart, len(plot.categories), most=2)
    return chart


def waterfall(shapes: Any, box: Box, plot: Plot, form: Format) -> Chart:
    """Draw a bridge: totals, gains and losses on what stands below them."""
    chart = _categories(shapes, box, plot, XL_CHART_TYPE.COLUMN_STACKED)
    by_role = {one.role: one for one in plot.series}
    tops = [
        sum(by_role[role].values[at] or 0.0 for role in (BASE, TOTAL, GAIN, LOSS))
        for at in range(len(plot.categories))
    ]
    start = floor(by_role[BASE].values, tops)
    low, high, step = scale([start, *(top + (by_role[LABEL].values[0] or 0.0) for top in tops)])
    _axis(chart, (low if start else min(0.0, low), high, step), plot.unit, form)
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
    paint = {GAIN: GOOD, LOSS: BAD}
    for one, drawn in zip(plot.series, chart.plots[0].series, strict=True):
        if one.role in (BASE, LABEL):
            drawn.format.fill.background()
        elif one.role in paint:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = paint[one.role]
        else:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.theme_color = _ACCENTS[0]
        for at, words in enumerate(one.labels):
            _say_at(drawn, at, words, XL_LABEL_POSITION.INSIDE_BASE)
    return chart


def columns(shapes: Any, box: Box, plot: Plot, form: Format, *, by_score: bool = False) -> Chart:
    """Draw a column a class, with its share above it; scores take the colour of their group."""
    chart = _categories(shapes, box, plot, XL_CHART_TYPE.COLUMN_CLUSTERED)
    _axes(chart, plot.values, plot.unit, form, zero=True)
    chart.plots[0].gap_width = 35
    drawn = chart.plots[0].series[0]
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.theme_color = _ACCENTS[0]
    paint = {"Detractors": WARM, "Passives": QUIET, "Promoters": ACCENT}
    for at, name in enumerate(plot.categories):
        if by_score and name.isdecimal():
            fill = drawn.points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = paint[group_of(int(name))]
    labels = chart.plots[0]
    labels.has_data_labels = True
    labels.data_labels.number_format = code(None, plot.unit, form)
    labels.data_labels.number_format_is_linked = False
    labels.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.data_labels.font.size = Pt(10)
    return chart


def stacked(shapes: Any, box: Box, plot: Plot, form: Format) -> Chart:
    """Draw the shares of groups over time, stacked to the whole."""
    chart = _categories(shapes, box, plot, XL_CHART_TYPE.COLUMN_STACKED_100)
    _axis(chart, (0.0, 1.0, 0.25), plot.unit, form)
    chart.value_axis.tick_labels.number_format = "0 %"
    chart.plots[0].gap_width, chart.plots[0].overlap = 25, 100
    paint = {"Detractors": WARM, "Passives": GRID, "Promoters": ACCENT}
    for one, drawn in zip(plot.series, chart.plots[0].series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = paint.get(one.name, QUIET)
    chart.has_legend = True
    chart.legend.include_in_layout = False
    chart.legend.font.size = _LABELS
    _skip(chart, len(plot.categories))
    return chart


@dataclass(frozen=True)
class Dot:
    """One member of a ranking: its figure, its interval, its earlier figure."""

    name: str
    estimate: float | None
    low: float | None
    high: float | None
    earlier: float | None

    @property
    def values(self) -> list[float]:
        """Every number that is drawn."""
        every = (self.estimate, self.low, self.high, self.earlier)
        return [value for value in every if value is not None] if self.estimate is not None else []


def dots(
    shapes: Any,
    box: Box,
    rows: Sequence[Dot],
    unit: Unit,
    form: Format,
    *,
    domain: tuple[float, float] | None,
    foot: float,
) -> Chart:
    """Draw a dot with its interval a row, from the top down, beside the table that names them.

    Each is a series of its own: an interval is a line of two points and no error bar, which other
    programs leave out. ``foot`` is the share of the height below the rows, where the axis stands.
    """
    data = XyChartData()
    looks: list[Callable[[Any], None]] = []

    def add(name: str, values: Sequence[float], at: float, look: Callable[[Any], None]) -> None:
        one = data.add_series(name)
        for value in values:
            one.add_data_point(value, at)
        looks.append(look)

    placed = [(row, len(rows) - at - 0.5) for at, row in enumerate(rows) if row.values]
    for row, at in placed:
        if row.low is not None and row.high is not None:
            add(f"{row.name}, 95 % interval", (row.low, row.high), at, _span)
    for row, at in placed:
        if row.earlier is not None:
            add(f"{row.name}, earlier", (row.earlier,), at, _earlier)
    for row, at in placed:
        add(row.name, (row.estimate or 0.0,), at, _dot)
    chart = _frame(shapes, box, XL_CHART_TYPE.XY_SCATTER_LINES, data)
    ends = scale(domain or [value for row in rows for value in row.values])
    _value_axis(chart.category_axis, ends, unit, form)
    up = chart.value_axis
    up.minimum_scale, up.maximum_scale, up.major_unit = 0, max(1, len(rows)), 1
    up.has_major_gridlines, up.visible = False, False
    for look, drawn in zip(looks, chart.plots[0].series, strict=True):
        look(drawn)
    _inner(chart, 0.03, 0.0, 0.94, 1 - foot)
    return chart


def _span(drawn: Any) -> None:
    drawn.marker.style = XL_MARKER_STYLE.NONE
    drawn.format.line.width = Pt(2.5)
    drawn.format.line.color.rgb = _PALE


def _categories(shapes: Any, box: Box, plot: Plot, kind: Any) -> Chart:
    data = CategoryChartData()
    data.categories = [str(name) for name in plot.categories]
    for one in plot.series:
        data.add_series(one.name, one.values)
    return _frame(shapes, box, kind, data)


def _frame(shapes: Any, box: Box, kind: Any, data: Any) -> Chart:
    chart: Chart = shapes.add_chart(kind, *(Emu(part) for part in box), data).chart
    chart.has_legend = False
    chart.has_title = False
    chart.font.size = _LABELS
    chart.font.color.rgb = QUIET
    return chart


def _axes(
    chart: Chart,
    values: Sequence[float],
    unit: Unit,
    form: Format,
    *,
    zero: bool = False,
    size: Any = _LABELS,
) -> None:
    _axis(chart, scale(values, zero=zero), unit, form)
    for axis in (chart.value_axis, chart.category_axis):
        axis.tick_labels.font.size = size


def _axis(chart: Chart, ends: tuple[float, float, float], unit: Unit, form: Format) -> None:
    _value_axis(chart.value_axis, ends, unit, form)
    names = chart.category_axis
    names.format.line.color.rgb = GRID
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.tick_labels.font.size = _LABELS


def _value_axis(axis: Any, ends: tuple[float, float, float], unit: Unit, form: Format) -> None:
    low, high, step = ends
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, high, step
    axis.tick_labels.number_format = axis_code((low, high), step, unit, form)
    axis.tick_labels.number_format_is_linked = False
    axis.tick_labels.font.size = _LABELS
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = GRID
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()


def _line(drawn: Any, one: Series, accent: Any = _ACCENTS[0]) -> None:
    """Give a line the look of what it stands for."""
    line, marker = drawn.format.line, drawn.marker
    drawn.smooth = False
    if one.role in (NOW, MEMBER):
        line.width = Pt(2.5)
        line.color.theme_color = accent
        marker.style = XL_MARKER_STYLE.NONE
    elif one.role == SO_FAR:
        line.fill.background()
        marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 7
        marker.format.fill.solid()
        marker.format.fill.fore_color.theme_color = accent
        marker.format.fill.fore_color.brightness = 0.6
        marker.format.line.color.theme_color = accent
    else:
        line.width = Pt(1.25 if one.role == GOAL else 0.75)
        line.color.rgb = QUIET
        line.dash_style = MSO_LINE.DASH if one.role == GOAL else MSO_LINE.ROUND_DOT
        marker.style = XL_MARKER_STYLE.NONE


def _label_last(
    drawn: Any, values: Sequence[float | None], unit: Unit, form: Format, size: Any = _POINT
) -> None:
    """Write the newest figure at its point, by a number format: it follows when it is edited."""
    at = _last(values)
    if at is None:
        return
    label = drawn.points[at].data_label
    earlier = next((v for v in values[:at][::-1] if v is not None), None)
    falls = earlier is not None and earlier > (values[at] or 0.0)
    label.position = XL_LABEL_POSITION.BELOW if falls else XL_LABEL_POSITION.ABOVE
    label.font.size, label.font.bold = size, True
    dlbl = label._dLbl
    shape = OxmlElement("c:numFmt")
    shape.set("formatCode", code(values[at], unit, form))
    shape.set("sourceLinked", "0")
    dlbl.find(qn("c:idx")).addnext(shape)
    for name in ("c:showVal", "c:showLegendKey", "c:showCatName", "c:showSerName"):
        found = dlbl.find(qn(name))
        if found is not None:
            found.set("val", "1" if name == "c:showVal" else "0")


def _words_last(drawn: Any, values: Sequence[float | None], words: str) -> None:
    at = _last(values)
    if at is not None:
        _say_at(drawn, at, words, XL_LABEL_POSITION.RIGHT)


def _number_events(drawn: Any, values: Sequence[float | None], marks: Sequence[str]) -> None:
    newest = _last(values)
    for at, mark in enumerate(marks):
        if mark and at != newest and values[at] is not None:
            _say_at(drawn, at, mark, XL_LABEL_POSITION.ABOVE)
            marker = drawn.points[at].marker
            marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 7


def _say_at(drawn: Any, at: int, words: str, where: Any) -> None:
    label = drawn.points[at].data_label
    frame = label.text_frame
    frame.text = words
    frame.word_wrap = False
    font = frame.paragraphs[0].runs[0].font if frame.paragraphs[0].runs else None
    if font is not None:
        font.size, font.bold = _LABELS, True
        font.color.rgb = QUIET
    label.position = where


def _last(values: Sequence[float | None]) -> int | None:
    return next((at for at in range(len(values) - 1, -1, -1) if values[at] is not None), None)


def _dot(drawn: Any) -> None:
    _marked(drawn, 10)
    drawn.format.line.color.theme_color = _ACCENTS[0]
    drawn.marker.format.fill.fore_color.theme_color = _ACCENTS[0]


def _earlier(drawn: Any) -> None:
    _marked(drawn, 6)
    drawn.format.line.color.rgb = _PALE
    drawn.marker.format.fill.fore_color.rgb = _PALE


def _marked(drawn: Any, size: int) -> None:
    marker = drawn.marker
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, size
    marker.format.fill.solid()
    marker.format.line.fill.background()


def _inner(chart: Chart, x: float, y: float, width: float, height: float) -> None:
    """Place the plot itself within its frame, as shares of it."""
    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    old = area.find(qn("c:layout"))
    if old is not None:
        area.remove(old)
    layout, manual = OxmlElement("c:layout"), OxmlElement("c:manualLayout")
    layout.append(manual)
    shares = {"x": x, "y": y, "w": width, "h": height}
    places = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge"}
    for name, value in (places | {one: f"{share:.4f}" for one, share in shares.items()}).items():
        part = OxmlElement(f"c:{name}")
        part.set("val", value)
        manual.append(part)
    area.insert(0, layout)


def _skip(chart: Chart, count: int, most: int = 8) -> None:
    """Write only so many names on the axis of categories."""
    step = max(1, -(-count // most))
    axis = chart.category_axis._element
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        for old in axis.findall(qn(name)):
            axis.remove(old)
    before = axis.find(qn("c:noMultiLvlLbl"))
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        element = OxmlElement(name)
        element.set("val", str(step))
        before.addprevious(element) if before is not None else axis.append(element)


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
