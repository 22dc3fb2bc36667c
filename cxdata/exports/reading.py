"""What a file of a pack says, read back: every word and number by where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, Final

Pieces = dict[str, str | float]
"""Where something stands, and what stands there."""


def read(name: str, content: bytes) -> Pieces | None:
    """Return what a file says; None for a kind that is known by its checksum alone."""
    kind = name.rpartition(".")[2]
    return dict(_READERS[kind](content)) if kind in _READERS else None


def _deck(content: bytes) -> Iterator[tuple[str, str | float]]:
    from pptx import Presentation

    for at, slide in enumerate(Presentation(io.BytesIO(content)).slides, 1):
        place = f"slide {at}"
        for number, shape in enumerate(slide.shapes, 1):
            where = f"{place}, shape {number}"
            if shape.has_text_frame:
                yield where, shape.text_frame.text
            elif getattr(shape, "has_table", False):
                yield from _table(where, shape.table)
            elif getattr(shape, "has_chart", False):
                yield from _chart(where, shape.chart)
        if slide.has_notes_slide:
            yield f"{place}, notes", slide.notes_slide.notes_text_frame.text


def _table(where: str, table: Any) -> Iterator[tuple[str, str | float]]:
    for line, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row.cells, 1):
            yield f"{where}, row {line}, column {column}", cell.text


def _chart(where: str, chart: Any) -> Iterator[tuple[str, str | float]]:
    """The series as drawn, and the workbook that whoever edits the chart meets."""
    for plot in chart.plots:
        names = [str(one) for one in plot.categories]
        for series in plot.series:
            ends = names or _across(series)
            for name, value in zip(ends, series.values, strict=False):
                if value is not None:
                    yield f"{where}, {series.name}, {name}", float(value)
            for name in () if names else _across(series):
                yield f"{where}, {series.name}, at {name}", float(name)
    book = chart.part.chart_workbook.xlsx_part
    if book is not None:
        for cell, value in _workbook(book.blob):
            yield f"{where}, data, {cell}", value


def _across(series: Any) -> list[str]:
    """The horizontal values of a series of points."""
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    return [one.text for one in series._element.iterfind(f"{space}xVal//{space}v")]


def _workbook(content: bytes) -> Iterator[tuple[str, str | float]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value not in ("", None):
                    plain = float(value) if isinstance(value, int | float) else str(value)
                    yield f"sheet {name}, {_letters(column)}{line}", plain


def _letters(column: int) -> str:
    """Return a column as spreadsheets name it.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _csv(content: bytes) -> Iterator[tuple[str, str | float]]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    for line, row in enumerate(rows[1:], 2):
        for name, value in zip(rows[0], row, strict=False):
            yield f"line {line}, {name}", value


def _page(content: bytes) -> Iterator[tuple[str, str | float]]:
    reader = _Texts()
    reader.feed(content.decode("utf-8", "replace"))
    yield from reader.found.items()


class _Texts(HTMLParser):
    """Every text of a page, and the data of its charts, by the view in which it stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Pieces = {}
        self._view, self._within = "the head", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note in which view the next text stands."""
        named = dict(attrs)
        if tag in ("section", "footer"):
            self._view = (named.get("id") or "the end").replace("-", " ")
        if tag in ("script", "style"):
            self._within = named.get("id") or tag

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style sheet."""
        if tag in ("script", "style"):
            self._within = ""

    def handle_data(self, data: str) -> None:
        """Keep a text; programs and styles are known by the checksum alone."""
        if self._within in ("script", "style") or not data.strip():
            return
        if self._within:
            parts = data.split(",")
            for at, part in enumerate(parts, 1):
                self.found[f"{self._within}, part {at}"] = part
            return
        at = sum(key.startswith(f"{self._view}, text") for key in self.found) + 1
        self.found[f"{self._view}, text {at}"] = data.strip()


_READERS: Final[dict[str, Callable[[bytes], Iterator[tuple[str, str | float]]]]] = {
    "pptx": _deck,
    "xlsx": _workbook,
    "csv": _csv,
    "html": _page,
}
