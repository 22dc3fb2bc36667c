"""Records from the head, the middle and the tail of a text: the evidence for every decision."""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.intake.reading.data import Data
from cxdata.intake.reading.split import Record, Splitter

_HEAD, _PART = 128 << 10, 24 << 10
_FEWEST_LINES = 12
_MOST_HEAD = 48 << 20
_MOST_RECORDS = 400


@dataclass(frozen=True)
class Window:
    """Some bytes of the text, beginning at a line; ``start`` is where they begin in it."""

    start: int
    raw: bytes

    def records(self, splitter: Splitter, most: int = _MOST_RECORDS) -> list[Record]:
        """Return the records of the window that are not blank, at most so many."""
        found: list[Record] = []
        place, line = 0, 1
        while place < len(self.raw) and len(found) < most:
            record = splitter.next(self.raw, place)
            record.line = line
            if record.fault or not is_blank(record):
                found.append(record)
            line += record.lines
            place = record.after
        return found


def is_blank(record: Record) -> bool:
    """Return whether a record is a line without anything on it."""
    cells = record.cells
    return cells is not None and len(cells) == 1 and not cells[0].strip() and record.clean


def windows(data: Data, start: int, line_end: bytes) -> list[Window]:
    """Return the head, two pieces of the middle and the tail; all of a text that is short."""
    head = _head(data, start, line_end)
    found = [head]
    rest = head.start + len(head.raw)
    if rest >= data.size:
        return found
    quote = data.view.find(b'\\"', rest, min(data.size, rest + (64 << 20)))
    places = [(rest + data.size) // 2, (rest + 2 * data.size) // 3, data.size - _PART]
    for place in sorted({max(rest, one) for one in (*places, quote - _PART // 2)}):
        window = _part(data, place, line_end)
        if window.raw:
            found.append(window)
    return found


def _head(data: Data, start: int, line_end: bytes) -> Window:
    size = _HEAD
    while True:
        raw = data.view[start : start + size]
        if start + size >= data.size:
            return Window(start, raw)
        whole = raw[: raw.rfind(line_end) + 1]
        if whole.count(line_end) >= _FEWEST_LINES or size >= _MOST_HEAD:
            return Window(start, whole or raw)
        size *= 4


def _part(data: Data, place: int, line_end: bytes) -> Window:
    first = data.view.find(line_end, place, place + _PART)
    if first < 0:
        return Window(place, b"")
    raw = data.view[first + 1 : place + _PART]
    last = raw.rfind(line_end) + 1 if place + _PART < data.size else len(raw)
    return Window(first + 1, raw[:last])
