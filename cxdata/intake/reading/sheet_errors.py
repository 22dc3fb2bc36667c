"""The error cells of a sheet (``#DIV/0!``), which readers of workbooks leave blank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import unescape
from zipfile import BadZipFile, ZipFile

_SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*?name="([^"]*)"[^>]*?:id="([^"]*)"')
_LINK = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+)(\d+)"[^>]*>'
    rb"(?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)<"
)
_CHUNK = 4 << 20
_LONGEST = 64 << 10


def error_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the errors of a sheet by row and column, both from 0; none for other formats."""
    try:
        with ZipFile(path) as archive:
            part = _part(archive, sheet)
            return dict(_errors(archive, part)) if part else {}
    except (BadZipFile, KeyError, OSError):
        return {}


def _part(archive: ZipFile, sheet: str) -> str:
    """Return the name of the file in the workbook that holds a sheet."""
    if "xl/workbook.xml" not in archive.namelist():
        return ""
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for link in _LINK.findall(links):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', link))
        targets[parts.get("Id", "")] = parts.get("Target", "")
    entities = {"&quot;": '"', "&apos;": "'"}
    for name, key in _SHEET.findall(book):
        if unescape(name, entities) == sheet:
            target = targets.get(key, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _errors(archive: ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    with archive.open(part) as file:
        kept = b""
        while chunk := file.read(_CHUNK):
            text = kept + chunk
            for found in _CELL.finditer(text):
                column, row, value = found.groups()
                yield (int(row) - 1, _place(column)), value.decode()
            kept = text[-_LONGEST:]


def _place(letters: bytes) -> int:
    """Return the place of a column from 0.

    >>> [_place(one) for one in (b"A", b"Z", b"AA")]
    [0, 25, 26]
    """
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
