"""Every number of a pack as a workbook, a sheet a view, and as plain CSV; words never run."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, Final

from cxdata.exports import csv_file
from cxdata.exports.archive import settled
from cxdata.exports.codes import exact
from cxdata.exports.pack import Pack
from cxdata.exports.scene import Scene
from cxdata.exports.sheet import Sheet, Value
from cxdata.model.format import Format
from cxdata.model.metric import Unit

_LONGEST: Final = 31
"""Characters that the name of a sheet may have."""


def sheets(pack: Pack) -> list[tuple[str, Scene, Sheet]]:
    """Return every table of figures by the name of its sheet, in the order of the views."""
    found, used = [], {"contents", "definitions"}
    for scene in pack.scenes:
        for part, table in (("", scene.data), (" figures", scene.wall)):
            if table is not None:
                page = scene.page.name if part else scene.name
                name = _named(f"{scene.place} {page}{part}", used)
                found.append((name, scene, table))
    return found


def workbook(pack: Pack) -> bytes:
    """Write a pack's figures as a workbook: contents, a sheet a table, definitions."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": pack.story.name, "author": "CX Outcomes", "created": pack.made_at}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    found = sheets(pack)
    _contents(book, bold, pack, found)
    for name, scene, table in found:
        _sheet(book, bold, name, scene, table, pack)
    _definitions(book, bold, pack)
    book.close()
    return settled(out.getvalue(), pack.made_at)


def _contents(book: Any, bold: Any, pack: Pack, found: Sequence[tuple[str, Scene, Sheet]]) -> None:
    page = book.add_worksheet("Contents")
    page.set_column(0, 0, 34)
    page.set_column(1, 2, 80)
    page.write_string(0, 0, pack.story.name, bold)
    page.write_string(1, 0, pack.origin[:1].upper() + pack.origin[1:])
    for at, words in enumerate(("Sheet", "Finding", "Scope")):
        page.write_string(3, at, words, bold)
    row = 4
    for name, scene, _ in found:
        page.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        page.write_string(row, 1, scene.title)
        page.write_string(row, 2, scene.words)
        row += 1
    for line in pack.about:
        page.write_string(row + 1, 0, line)
        row += 1


def _sheet(book: Any, bold: Any, name: str, scene: Scene, table: Sheet, pack: Pack) -> None:
    page = book.add_worksheet(name)
    page.write_string(0, 0, scene.title, bold)
    page.write_string(1, 0, pack.footer(scene))
    styles = _styles(book, pack.form)
    for at, column in enumerate(table.columns):
        page.write_string(3, at, column.label, bold)
        page.set_column(at, at, 34 if column.unit is None else 16)
    units = _units(table)
    for line, row in enumerate(table.rows):
        for at, value in enumerate(row):
            unit = units[line] if column_follows(table, at) else table.columns[at].unit
            _put(page, line + 4, at, value, styles[unit])
    page.freeze_panes(4, 1)


def _put(page: Any, row: int, column: int, value: Value, style: Any) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif value is not None:
        page.write_number(row, column, value, style)


def column_follows(table: Sheet, at: int) -> bool:
    """Whether a column's unit is said row by row, as on a wall of different figures."""
    return "unit" in {one.name for one in table.columns} and table.columns[at].unit is Unit.RATE


def _units(table: Sheet) -> list[Unit | None]:
    known = {unit.value: unit for unit in Unit}
    return [known.get(words) for words in table.words("unit")]


def _styles(book: Any, form: Format) -> dict[Unit | None, Any]:
    plain = book.add_format({"num_format": "General"})
    return {None: plain} | {
        unit: book.add_format({"num_format": exact(unit, form)}) for unit in Unit
    }


def _definitions(book: Any, bold: Any, pack: Pack) -> None:
    page = book.add_worksheet("Definitions")
    page.set_column(0, 0, 34)
    page.set_column(1, 2, 90)
    for at, words in enumerate(("Figure", "Definition", "Formula")):
        page.write_string(0, at, words, bold)
    for row, one in enumerate(pack.definitions, 1):
        for at, words in enumerate((one.label, one.words, one.formula)):
            page.write_string(row, at, words)


def csv_text(pack: Pack) -> str:
    """Write every number on a line of its own: which view, which row, which column, which figure.

    Each line says its scope, the data date and the version, so that it can be pasted anywhere.
    """
    header = ["view", "sheet", "row", "column", "value", "scope", "data_through", "version"]
    lines = []
    for name, scene, table in sheets(pack):
        words = [at for at, one in enumerate(table.columns) if one.unit is None]
        for at, place, value in table.figures():
            row = [str(table.rows[at][one] or "") for one in words]
            named = " / ".join(part for part in _keys(table, row, words) if part)
            column = table.columns[place].label
            origin = [scene.words, str(scene.state.through or ""), scene.state.id]
            lines.append([scene.place, name, named or str(at + 1), column, value, *origin])
    return csv_file.MARK + csv_file.lines(header, lines)


def _keys(table: Sheet, row: Sequence[str], words: Sequence[int]) -> list[str]:
    """What names a row: its words, without those that only judge its figure."""
    judging = {"evidence", "event_text", "said", "change", "unit"}
    return [
        said for said, at in zip(row, words, strict=True) if table.columns[at].name not in judging
    ]


def _named(words: str, used: set[str]) -> str:
    """Return a name that a sheet may have, and no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", words)[:_LONGEST].strip()
    name, at = plain, 2
    while name.lower() in used:
        name = f"{plain[: _LONGEST - 3]} {at}"
        at += 1
    used.add(name.lower())
    return name
