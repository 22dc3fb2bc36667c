"""Tables on a slide: tiles, members with their dots, journey by segment, starting months."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from cxdata.charts import theme
from cxdata.exports import native
from cxdata.exports.native import Box
from cxdata.exports.scene import Scene
from cxdata.exports.sheet import Sheet
from cxdata.model.format import NOTHING, Format
from cxdata.model.metric import Unit
from cxdata.panels.picture import say

_INK: Final = RGBColor.from_string("1A2230")
_ABOVE: Final = (0x34, 0x48, 0x9C)
_BELOW: Final = (0xB2, 0x7B, 0x12)
_MOST_ROWS: Final = 14
_MOST_ACROSS: Final = 10
_LONGEST: Final = 64
_INDENT: Final = int(Pt(3))

_ALONE: Final = int(Pt(600))
_FEW: Final = 5
"""Figures that have a slide for themselves are set larger, where they are few."""

Line = tuple[str, str, str, RGBColor | None]


def caption(scene: Scene) -> str:
    """Say what is drawn, for a surface that draws dots in its own way."""
    parts = [_REWORDED.get(part, part) for part in scene.caption.rstrip(".").split("; ")]
    kept = "; ".join(part for part in parts if part)
    return f"{kept[:1].upper()}{kept[1:]}"


_REWORDED: Final = {
    "thin mark: earlier period": "pale dot: earlier period",
    "dotted line: everybody": "",
    "grey lines: usual range": "",
    "ringed: outside it": "",
    "ringed: outside usual range": "",
    "arrow: goes on beyond the edge": "a figure without a dot lies beyond the edge",
    "a grey dot is too few to show": "– is too few to show",
}


def events(scene: Scene) -> tuple[str, ...]:
    """Return for each period of a trend the number of what happened in it, or ""."""
    if scene.data is None or not scene.picture or not scene.picture.notes:
        return ()
    marks, found = 0, []
    for words in scene.data.words("event_text"):
        marks += bool(words)
        found.append(str(marks) if words else "")
    return tuple(found)


def tiles(slide: Any, box: Box, lines: Sequence[Line]) -> None:
    """Set figures below each other: name and figure, then what moved and how sure it is."""
    left, top, width, height = box
    is_wide = width > _ALONE and len(lines) <= _FEW
    tall = min(int(Pt(96 if is_wide else 62)), height // max(1, len(lines)))
    table = _table(slide, (left, top, width, tall * len(lines)), len(lines), (0.3, 0.2, 0.5))
    sizes = (20, 36, 16) if is_wide else (13, 20, 11) if tall >= Pt(44) else (11, 16, 10)
    middle, big, small = map(Pt, sizes)
    for at, (name, figure, said, colour) in enumerate(lines):
        _cell(table, at, 0, name, middle, colour=_INK)
        _cell(table, at, 1, figure, big, bold=True, right=True, colour=_INK)
        _cell(table, at, 2, said, small, colour=colour or native.QUIET, indent=int(Pt(10)))
    _rules(table)


def ranked(slide: Any, box: Box, scene: Scene, form: Format) -> None:
    """Set members with their figures beside a dot and its interval, row by row."""
    assert scene.data is not None
    data = scene.data
    rows = list(range(len(data.rows)))
    estimates, lows, highs = (data.numbers(name) for name in ("estimate", "lo", "hi"))
    if scene.kind == "journey":
        known = [float("-inf") if value is None else value for value in estimates]
        rows.sort(key=known.__getitem__, reverse=True)
    rows = rows[:_MOST_ROWS]
    column = next(one for one in data.columns if one.name == "estimate")
    unit = column.unit or Unit.RATE
    earlier = data.numbers("against")
    names, counts, words = data.words("name"), data.column("n"), data.words("evidence")
    left, top, width, height = box
    axis = int(Pt(26))
    tall = min(int(Pt(46)), (height - axis) // (len(rows) + 1))
    parts = (0.46, 0.17, 0.25, 0.12)
    wide = int(width * 0.54)
    size = (left, top, wide, tall * (len(rows) + 1))
    table = _table(slide, size, len(rows) + 1, parts)
    for at, title in enumerate(("", column.label, "95 % interval", "n")):
        _cell(table, 0, at, title, Pt(10), right=at > 0, colour=native.QUIET)
    for line, at in enumerate(rows, 1):
        shows = estimates[at] is not None
        figure = say(form, estimates[at], unit) if shows else words[at]
        low, high = lows[at], highs[at]
        span = f"{say(form, low, unit)} to {say(form, high, unit)}" if low is not None else ""
        count = counts[at]
        named, points = fitted(names[at], int(wide * parts[0]), tall)
        _cell(table, line, 0, named, Pt(points), colour=_INK)
        _cell(table, line, 1, figure, Pt(13) if shows else Pt(9), bold=shows, right=True)
        _cell(table, line, 2, span if high is not None else "", Pt(10), right=True)
        _cell(table, line, 3, f"{count:,}" if isinstance(count, int) else "", Pt(10), right=True)
    _rules(table)
    drawn = [native.Dot(names[at], estimates[at], lows[at], highs[at], earlier[at]) for at in rows]
    if not any(row.values for row in drawn):
        return
    all_of = tall * len(rows) + axis
    area = (left + wide, top + tall, width - wide, all_of)
    native.dots(
        slide.shapes, area, drawn, unit, form, domain=_domain(scene),
        foot=axis / all_of,
    )  # fmt: skip


def _domain(scene: Scene) -> tuple[float, float] | None:
    """Return where the page's chart begins and ends, where it cuts what sets no scale."""
    found = _find(scene.picture.spec if scene.picture else {}, "domain")
    pair = [one for one in found if isinstance(one, list) and len(one) == 2]
    numbers = [one for one in pair if all(isinstance(v, int | float) for v in one)]
    return (float(numbers[0][0]), float(numbers[0][1])) if numbers else None


def _find(node: Any, key: str) -> list[Any]:
    if isinstance(node, dict):
        inner = [found for name, v in node.items() if name != "datasets" for found in _find(v, key)]
        return [*([node[key]] if key in node else []), *inner]
    if isinstance(node, list):
        return [found for value in node for found in _find(value, key)]
    return []


def crossed(slide: Any, box: Box, scene: Scene, form: Format) -> None:
    """Set journeys against segments; a cell is tinted by how far it lies from the middle."""
    assert scene.data is not None
    data = scene.data
    across = list(dict.fromkeys(data.words("column")))[:_MOST_ACROSS]
    down = list(dict.fromkeys(data.words("row")))[:_MOST_ROWS]
    unit = next(one.unit for one in data.columns if one.name == "estimate") or Unit.RATE
    cells = dict(
        zip(
            zip(data.words("row"), data.words("column"), strict=True),
            data.numbers("estimate"),
            strict=True,
        )
    )
    _heat(slide, box, down, across, cells, lambda v: say(form, v, unit), _Middle(data, "estimate"))


def triangle(slide: Any, box: Box, scene: Scene, form: Format) -> None:
    """Set starting months against months later: the newest ones, at ages that are a quarter."""
    assert scene.data is not None
    data = scene.data
    ages = sorted({int(v) for v in data.numbers("age") if v is not None})
    kept = [age for age in ages if age in (1, 2) or age % 3 == 0][:_MOST_ACROSS]
    cohorts = list(dict.fromkeys(data.words("cohort")))[-_MOST_ROWS:]
    cells = {
        (cohort, str(int(age or 0))): value
        for cohort, age, value in zip(
            data.words("cohort"), data.numbers("age"), data.numbers("estimate"), strict=True
        )
    }
    across = [str(age) for age in kept]
    middle = _Middle(data, "estimate")
    _heat(slide, box, cohorts, across, cells, lambda v: say(form, v, Unit.SHARE), middle)


class _Middle:
    """How far a figure lies from the middle of all: −1 at the lowest quarter's reach, 1 above."""

    def __init__(self, data: Sheet, column: str) -> None:
        values = sorted(v for v in data.numbers(column) if v is not None)
        count = len(values)
        self.middle = values[count // 2] if values else 0.0
        far = [abs(value - self.middle) for value in values]
        self.reach = sorted(far)[int(count * 0.9)] if count else 0.0

    def __call__(self, value: float) -> float:
        if not self.reach:
            return 0.0
        return max(-1.0, min(1.0, (value - self.middle) / self.reach))


def _heat(
    slide: Any,
    box: Box,
    down: Sequence[str],
    across: Sequence[str],
    cells: dict[tuple[str, str], float | None],
    write: Any,
    middle: _Middle,
) -> None:
    left, top, width, height = box
    first = 0.24
    each = (1 - first) / max(1, len(across))
    tall = min(int(Pt(34)), height // (len(down) + 1))
    area = (left, top, width, tall * (len(down) + 1))
    table = _table(slide, area, len(down) + 1, (first, *([each] * len(across))))
    for at, name in enumerate(across, 1):
        _cell(table, 0, at, short(name, 34), Pt(10), right=True, colour=native.QUIET)
    for line, name in enumerate(down, 1):
        _cell(table, line, 0, short(name, 48), Pt(11), colour=_INK)
        for at, other in enumerate(across, 1):
            value = cells.get((name, other))
            known = (name, other) in cells
            words = NOTHING if value is None and known else "" if value is None else write(value)
            fill = _tint(middle(value)) if value is not None else None
            _cell(table, line, at, words, Pt(11), right=True, colour=_INK, fill=fill)
    _rules(table)


def _tint(far: float) -> RGBColor:
    """Return blue above the middle and ochre below, white there."""
    towards = _ABOVE if far >= 0 else _BELOW
    share = 0.42 * abs(far)
    return RGBColor(*(round(255 + (one - 255) * share) for one in towards))


def listed(slide: Any, box: Box, data: Sheet, form: Format) -> None:
    """Set a table as it is, as far as there is room; the workbook has the rest."""
    rows = data.shown(form)[:_MOST_ROWS]
    _, _, width, height = box
    tall = min(int(Pt(30)), height // (len(rows) + 1))
    parts = (1 / len(data.columns),) * len(data.columns)
    table = _table(slide, (box[0], box[1], width, tall * (len(rows) + 1)), len(rows) + 1, parts)
    for line, row in enumerate([data.header, *rows]):
        for at, words in enumerate(row):
            right = data.columns[at].unit is not None
            _cell(table, line, at, short(words), Pt(11), right=right, bold=line == 0)
    _rules(table)


def fitted(words: str, width: int, height: int) -> tuple[str, int]:
    """Return a name and its size in points that a cell has room for; cut at the smallest size."""
    room = 0
    for points in (12, 10, 9):
        across, down = int(width / Pt(points * 0.62)), int(height / Pt(points * 1.35))
        room = max(8, across * max(1, down) - (across // 4 if down > 1 else 2))
        if len(words) <= room:
            return words, points
    return short(words, min(room, _LONGEST)), 9


def short(words: str, most: int = _LONGEST) -> str:
    """Cut a name where it would take more room than a row has."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _table(slide: Any, box: Box, rows: int, parts: Sequence[float]) -> Any:
    left, top, width, height = (Emu(int(part)) for part in box)
    frame = slide.shapes.add_table(rows, len(parts), left, top, width, height)
    table = frame.table
    look = frame._element.find(f".//{qn('a:tblPr')}")
    for name in list(look.attrib):
        del look.attrib[name]
    for child in list(look):
        look.remove(child)
    edges = [round(sum(parts[:at]) * width) for at in range(len(parts) + 1)]
    for column, (start, end) in zip(table.columns, pairwise(edges), strict=True):
        column.width = Emu(end - start)
    for row in table.rows:
        row.height = Emu(int(height) // rows)
    return table


def _cell(
    table: Any,
    row: int,
    column: int,
    words: str,
    size: Any,
    *,
    bold: bool = False,
    right: bool = False,
    colour: RGBColor = native.QUIET,
    fill: RGBColor | None = None,
    indent: int = _INDENT,
) -> None:
    cell = table.cell(row, column)
    cell.margin_left, cell.margin_right = indent, Pt(4)
    cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    if fill is None:
        cell.fill.background()
    else:
        cell.fill.solid()
        cell.fill.fore_color.rgb = fill
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.text = words
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    for font in (paragraph.font, *(run.font for run in paragraph.runs)):
        font.size, font.bold = size, bold
        font.color.rgb = colour


def _rules(table: Any) -> None:
    """Draw a hair line below every row, and no other."""
    grid = theme.SURFACES["light"]["grid"][1:]
    for cell in table.iter_cells():
        properties = cell._tc.get_or_add_tcPr()
        fills = [child for child in properties if not child.tag.startswith(qn("a:ln"))]
        for name in ("a:lnL", "a:lnR", "a:lnT", "a:lnB"):
            line = properties.makeelement(qn(name), {"w": "6350" if name == "a:lnB" else "0"})
            if name == "a:lnB":
                solid = line.makeelement(qn("a:solidFill"), {})
                solid.append(solid.makeelement(qn("a:srgbClr"), {"val": grid}))
                line.append(solid)
            else:
                line.append(line.makeelement(qn("a:noFill"), {}))
            properties.insert(list(properties).index(fills[0]) if fills else 0, line)
