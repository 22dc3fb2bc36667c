"""Records out of bytes, one at a time and strictly; a record that breaks its quoting says so.

The bytes are UTF-8. A record that is not well formed ends with its first line, so that reading
picks up at the next line whatever a stray quote does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from mmap import mmap
from re import Pattern

QUOTE, BYTE, NUL = "quote", "byte", "nul"

View = bytes | mmap


@dataclass(slots=True)
class Record:
    """One record: bytes ``start`` to ``end``, the next at ``after``; ``lines`` it runs over.

    ``cells`` are its texts; with a ``fault`` (quote, byte, nul) they are empty and ``why`` says
    what is wrong. ``clean`` means that its bytes are strict CSV as they stand, ``stray`` that a
    quote stands inside a cell that is not quoted.
    """

    start: int
    end: int
    after: int
    lines: int = 1
    cells: list[str] | None = None
    fault: str = ""
    why: str = ""
    clean: bool = True
    stray: bool = False
    line: int = 0


class Splitter:
    """Splits bytes into records of one dialect. ``cr`` tells whether a lone CR ends a line."""

    def __init__(self, delimiter: str, quote: str, escape: str, cr: bool = False) -> None:
        self._made = (delimiter, quote, escape)
        self.delimiter = delimiter
        self.quote = quote
        self.cr = cr
        self.spaced = 0
        self._quote = quote.encode()
        self.escaped = bool(escape) and escape != quote
        self._escape = escape
        self._special = self._quote if not self.escaped else b""
        self._token = _token(delimiter, quote, escape if self.escaped else "", cr)
        self._closed = re.compile(_quoted(quote, escape if self.escaped else ""), re.S)
        self._line_end = re.compile(rb"\r*\n|\r" if cr else rb"\r*\n")
        marks = "".join(one for one in dict.fromkeys((escape, quote, delimiter[:1])) if one)
        self._unescape = re.compile(re.escape(escape) + f"([{re.escape(marks)}\\r\\n])")

    def with_returns(self) -> Splitter:
        """Return the same splitter for lines that end with a lone CR too."""
        return Splitter(*self._made, cr=True)

    def next(self, view: View, start: int, limit: int | None = None) -> Record:
        """Return the record that begins at ``start``; ``limit`` is where the bytes end."""
        limit = len(view) if limit is None else limit
        end, after = self.line(view, start, limit)
        raw = view[start:end]
        if b"\0" in raw:
            return Record(start, end, after, fault=NUL, why="it holds a NUL character")
        if not self.escaped and (not self._quote or self._quote not in raw):
            return self._plain(raw, start, end, after)
        return self._quoted(view, start, limit) or self._broken(view, start, end, after, limit)

    def line(self, view: View, start: int, limit: int) -> tuple[int, int]:
        """Return where the line that begins at ``start`` ends, and where the next begins."""
        if not self.cr:
            place = view.find(b"\n", start, limit)
            if place < 0:
                place, after = limit, limit
            else:
                after = place + 1
            end = place
            while end > start and view[end - 1] == 13:
                end -= 1
            return end, after
        found = self._line_end.search(view, start, limit)
        return (found.start(), found.end()) if found else (limit, limit)

    def _plain(self, raw: bytes, start: int, end: int, after: int) -> Record:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            return Record(start, end, after, fault=BYTE, why=_broken_byte(error))
        cells = text.split(self.delimiter) if self.delimiter else [text]
        return Record(start, end, after, cells=cells, clean="\r" not in text)

    def _quoted(self, view: View, start: int, limit: int) -> Record | None:
        """Split a record with quotes in it, over as many lines as it takes; None if it breaks."""
        record = Record(start, start, start)
        cells: list[bytes] = []
        place = start
        while True:
            match = self._token.match(view, place, limit)
            if match is None:
                return None
            cells.append(self._cell(match, record))
            place = match.end()
            if match.group("end") != self.delimiter.encode() or not self.delimiter:
                break
        record.after = place
        record.end = match.start("end")
        if record.stray and self._spans(cells):
            return None
        while record.end > start and view[record.end - 1] == 13 and not self.cr:
            record.end -= 1
        return self._decoded(view, record, cells)

    def _cell(self, match: re.Match[bytes], record: Record) -> bytes:
        quoted: bytes | None = match.group("quoted")
        if quoted is None:
            bare: bytes = match.group("bare")
            if match.group("end") != self.delimiter.encode() and not self.cr:
                bare = bare.rstrip(b"\r")
            if self._quote and self._quote in bare:
                record.stray, record.clean = True, False
            if b"\r" in bare:
                record.clean = False
            return self._unescaped(bare) if self.escaped else bare
        if match.group("before") or match.group("behind"):
            self.spaced += 1
            record.clean = False
        return self._unescaped(quoted).replace(self._quote * 2, self._quote)

    def _spans(self, cells: list[bytes]) -> bool:
        """Return whether stray quotes seem to enclose a delimiter: one opens, one ends a cell."""
        odd = [cell for cell in cells if cell.count(self._quote) % 2]
        opens = (cell.partition(self._quote)[2][:1].strip() for cell in odd[:-1])
        return len(odd) > 1 and any(opens) and odd[-1].endswith(self._quote)

    def _unescaped(self, raw: bytes) -> bytes:
        if not self.escaped or self._escape.encode() not in raw:
            return raw
        text = raw.decode("utf-8", "surrogateescape")
        return self._unescape.sub(r"\1", text).encode("utf-8", "surrogateescape")

    def _decoded(self, view: View, record: Record, cells: list[bytes]) -> Record:
        if self.escaped:
            record.clean = False
        raw = view[record.start : record.after]
        record.lines = max(1, len(self._line_end.findall(raw)))
        if b"\0" in raw:
            record.fault, record.why = NUL, "it holds a NUL character"
            return record
        try:
            record.cells = [cell.decode("utf-8") for cell in cells]
        except UnicodeDecodeError as error:
            record.fault, record.why = BYTE, _broken_byte(error)
        return record

    def _broken(self, view: View, start: int, end: int, after: int, limit: int) -> Record:
        """Say which cell of the line breaks its quoting."""
        place, number = start, 1
        while place < after and (match := self._token.match(view, place, limit)) is not None:
            place, number = match.end(), number + 1
        if place >= after:
            return Record(start, end, after, fault=QUOTE, why="quotes inside cells span several")
        closes = self._closed.match(view, place, end)
        if closes is not None:
            why = f"text stands after the closing quote of cell {number}"
        else:
            why = f"the quote that opens in cell {number} is never closed"
        return Record(start, end, after, fault=QUOTE, why=why)


def _token(delimiter: str, quote: str, escape: str, cr: bool) -> Pattern[bytes]:
    """Return the pattern of one cell and what ends it."""
    mark = re.escape(delimiter.encode())
    ends = rb"\r*\n|\r*\Z|\r" if cr else rb"\r*\n|\r*\Z"
    breaks = rb"\r\n" if cr else rb"\n"
    end = rb"(?P<end>" + (mark + rb"|" if mark else b"") + ends + rb")"
    if len(delimiter.encode()) <= 1:
        sign = rb"[^" + mark + breaks + (re.escape(escape.encode())) + rb"]++"
    else:
        sign = rb"(?:(?!" + mark + rb")[^" + breaks + re.escape(escape.encode()) + rb"])++"
    if escape:
        sign = rb"(?:" + sign + rb"|" + re.escape(escape.encode()) + rb".)*+"
    else:
        sign = rb"(?:" + sign + rb")?+"
    bare = rb"(?P<bare>" + sign + rb")"
    if not quote:
        return re.compile(bare + end, re.S)
    space = b"" if delimiter[:1] == " " else b" "
    before = rb"(?P<before>" + (space + b"*+" if space else b"") + rb")"
    behind = rb"(?P<behind>" + (space + b"*+" if space else b"") + rb")"
    guard = rb"(?!" + (space + b"*+" if space else b"") + re.escape(quote.encode()) + rb")"
    quoted = before + _quoted(quote, escape) + behind
    return re.compile(rb"(?:" + quoted + rb"|" + guard + bare + rb")" + end, re.S)


def _quoted(quote: str, escape: str) -> bytes:
    """Return the pattern of a quoted text, its quotes included."""
    mark = re.escape(quote.encode())
    if not mark:
        return rb"(?P<quoted>(?!))"
    inner = rb"[^" + mark + re.escape(escape.encode()) + rb"]++|" + mark + mark
    if escape:
        inner += rb"|" + re.escape(escape.encode()) + rb"."
    return mark + rb"(?P<quoted>(?:" + inner + rb")*+)" + mark


def _broken_byte(error: UnicodeDecodeError) -> str:
    return f"a byte ({error.object[error.start]:#04x}) is not UTF-8"
