"""The text of a file: its encoding decided, made UTF-8, its odd ends noticed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxdata.intake.reading import dialect, filekind, wrapped
from cxdata.intake.reading.container import IN_MEMORY, Opened, Place
from cxdata.intake.reading.data import Data
from cxdata.intake.reading.dialect import Stated
from cxdata.intake.reading.encoding import (
    Encoding,
    by_evidence,
    by_mark,
    refuse_undecodable,
    stated,
    transcode,
)
from cxdata.intake.reading.layout import Layout
from cxdata.intake.reading.result import Refused
from cxdata.intake.reading.sample import windows
from cxdata.intake.reading.survey import Survey, survey

_START = 64 << 10
_BETTER = 1.05
_MOSTLY = 0.9
_FEW_BLANK = 30
_ENDS = re.compile(rb"\r*\n|\r")
_NAMES = {b"\n": "LF", b"\r\n": "CRLF", b"\r": "CR", b"\r\r\n": "CRCRLF"}


@dataclass(frozen=True)
class Text:
    """A text as UTF-8 bytes from ``start`` on; ``cr`` tells that a lone CR ends a line."""

    data: Data
    start: int
    cr: bool
    encoding: Encoding
    seen: Survey
    notes: tuple[str, ...] = ()

    def newline(self, shape: Layout) -> str:
        """Return how the lines end: by one name if all records of the head agree."""
        seen = self.seen
        if not seen.cr:
            return "LF"
        if not seen.lf:
            return "CR"
        uniform = seen.lf in (seen.crlf, seen.crcrlf) and not seen.lone_cr
        if uniform:
            return "CRCRLF" if seen.crcrlf else "CRLF"
        return self._of_records(shape)

    def _of_records(self, shape: Layout) -> str:
        splitter = shape.candidate.splitter(self.cr)
        head = windows(self.data, shape.start, b"\n")[0]
        records = [one for one in head.records(splitter) if not one.fault]
        ends = {head.raw[one.end : one.after] for one in records if one.after > one.end}
        quoted = any(one.lines > 1 for one in records)
        if len(ends) == 1 and quoted:
            return _NAMES.get(ends.pop(), "mixed")
        return "mixed"


def open_text(opened: Opened, choices: Mapping[str, Any], place: Place, hasher: Any) -> Text:
    """Return the text of an opened file.

    ``hasher`` is updated with the bytes of the file, unless they were unpacked.

    Raises:
        Refused: it is empty, binary, or markup instead of a table.
    """
    data = opened.data
    if data is None:
        raise AssertionError("a workbook has no text")
    chosen = choices.get("encoding")
    encoding = stated(chosen, data) if chosen is not None else by_mark(data)
    seen = survey(data, hasher)
    if encoding is None:
        filekind.refuse_ebcdic(data.view[:4096])
        filekind.refuse_binary(data.view[:4096])
        encoding = by_evidence(data, seen)
    refuse_undecodable(data, encoding)
    start = encoding.mark
    if not encoding.is_utf8:
        data, start = _as_utf8(data, encoding, place), 0
        seen = survey(data)
    notes = _end(data)
    beginning = data.view[start : start + _START].decode("utf-8", "replace").lstrip("\ufeff")
    if _is_empty(data, start):
        raise Refused("The file is empty: it holds no text.")
    filekind.refuse_markup(beginning)
    if data.view[start : start + 3] == b"\xef\xbb\xbf":
        start += 3
    as_it_is = "" in (choices.get("delimiter"), choices.get("quote"))
    if not as_it_is and wrapped.is_wrapped(data.view[start : start + _START]):
        data, start, notes = _without_quotes(data, start, place), 0, (*notes, wrapped.NOTE)
        seen = survey(data)
    return Text(data, start, _ends_with_cr(data, start, seen), encoding, seen, notes)


def _as_utf8(data: Data, encoding: Encoding, place: Place) -> Data:
    """Return the text as UTF-8: in memory if it is short, else in a file."""
    if data.size <= IN_MEMORY:
        from io import BytesIO

        target = BytesIO()
        transcode(data, encoding, target)
        return Data(target.getvalue())
    path = place.path / "text.utf8"
    with path.open("wb") as file:
        transcode(data, encoding, file)
    return Data(path)


def _without_quotes(data: Data, start: int, place: Place) -> Data:
    """Return the text without the quotes around each line: in memory if short, else in a file."""
    if data.size <= IN_MEMORY:
        return Data(wrapped.unwrapped(data.view[start : data.size]))
    path = place.path / "text.lines"
    with path.open("wb") as file:
        while start < data.size:
            end = data.view.rfind(b"\n", start, start + (8 << 20)) + 1 or data.size
            file.write(wrapped.unwrapped(data.view[start:end]))
            start = end
    return Data(path)


def cut_blank_rows(data: Data, shape: Layout) -> int:
    """Leave out rows of nothing but delimiters at the end, if they are many; return how many."""
    blank = shape.candidate.delimiter.encode() + b"\r\n \t"
    if shape.frame.width < 2 or len(blank) > 5:
        return 0
    size = data.size
    while size > shape.start:
        first = max(shape.start, size - _START)
        left = len(data.view[first:size].rstrip(blank))
        size = first + left
        if left:
            break
    size = max(data.view.find(b"\n", size, data.size) + 1, shape.start)
    lines = data.view[size : data.size].count(b"\n")
    if lines <= _FEW_BLANK or size == shape.start:
        return 0
    rows = sum(bool(one.strip()) for one in data.view[size : data.size].split(b"\n"))
    data.size = size
    return rows


def _end(data: Data) -> tuple[str, ...]:
    """Leave the end mark of DOS out."""
    tail = data.view[max(0, data.size - 4096) : data.size]
    marked = tail.rstrip(b"\r\n \0")
    if not marked.endswith(b"\x1a"):
        return ()
    data.size -= len(tail) - len(marked.rstrip(b"\x1a"))
    return ("The text ends with Ctrl-Z, the end mark of DOS, which was left out.",)


def _is_empty(data: Data, start: int) -> bool:
    for place in range(start, data.size, _START):
        chunk = data.view[place : min(place + _START, data.size)]
        if chunk.strip(b" \t\r\n\0\x0b\x0c\xef\xbb\xbf\xc2\xa0"):
            return False
    return True


def _ends_with_cr(data: Data, start: int, seen: Survey) -> bool:
    """Return whether a lone carriage return ends a line: if all do, or rows fit better then."""
    if not seen.lone_cr:
        return False
    if not seen.lf:
        return True
    head = data.view[start : start + _START]
    if not seen.crlf and head.count(b"\n\r") >= _MOSTLY * head.count(b"\n"):
        return True
    scores = []
    for cr in (False, True):
        found = windows(data, start, b"\r" if cr and seen.lone_cr > seen.lf else b"\n")
        best, _ = dialect.decide(found, cr, Stated())
        scores.append(best.score)
    first = data.view[start : data.view.find(b"\n", start)].rstrip(b"\r")
    return scores[1] > scores[0] * (1 if b"\r" in first else _BETTER)
