"""The slow lane: record by record, with a judge, picking up again behind whatever is broken."""

from __future__ import annotations

from cxdata.intake.reading.cells import fitting
from cxdata.intake.reading.data import Data
from cxdata.intake.reading.judge import Judge
from cxdata.intake.reading.split import QUOTE, Record, Splitter

_ABSORBED = 2_000
"""Most lines that are taken for the rest of a broken record."""
_LOOKS_LIKE_RECORDS = 2
_FORGET = 32 << 20


class Walk:
    """Goes through the records of a text from a place and line on, and feeds a judge."""

    def __init__(self, data: Data, splitter: Splitter, judge: Judge, start: int, line: int) -> None:
        self.data = data
        self.splitter = splitter
        self.judge = judge
        self.place = start
        self.line = line
        self.blank_lines = 0
        self.comments = 0
        self._comment = judge.frame.comment.encode()
        self._forgotten = start
        self._recovering = False
        self._width = judge.frame.width
        self._lone = None if splitter.cr else splitter.with_returns()

    def until(self, stop: int) -> None:
        """Go on to the first record that begins at or behind ``stop``."""
        while self.place < stop:
            self.step()

    def step(self) -> None:
        """Take one record, or pass one blank line or comment."""
        record = self._next(self.place, self.line)
        if record.fault:
            self._aside(record)
        elif self._is_blank(record):
            self.blank_lines += 1
            self.judge.blank()
        elif self._comment and self._is_comment(record):
            self.comments += 1
        elif self._comment and self._begins_as_comment(record):
            self.judge.feed(record, "comment", "it begins like a comment and could be a record")
        elif self._runs_over_records(record):
            self.judge.feed(
                record, QUOTE, "a quoted text runs over lines that look like records themselves"
            )
        elif self._recovering and self._is_doubtful(record):
            self.judge.feed(record, QUOTE, "it stands behind a stray quote and looks like its rest")
        else:
            self._recovering = False
            self.judge.feed(record)
        self.place, self.line = record.after, record.line + record.lines
        self._forget()

    @property
    def is_neutral(self) -> bool:
        """Return whether the next record needs no memory of those before it."""
        return self.judge.is_neutral and not self._recovering

    def pass_over(self, count: int, place: int, lines: int) -> None:
        """Go on behind records that were accepted elsewhere."""
        self.judge.number += count
        self.place = place
        self.line += lines
        self._forget()

    def finish(self) -> None:
        """Go to the end of the text and let the judge finish."""
        self.until(self.data.size)
        last = self.data.view[self.data.size - 1 :] if self.data.size else b"\n"
        self.judge.finish(cut=last not in (b"\n", b"\r"))

    def _next(self, place: int, line: int) -> Record:
        record = self.splitter.next(self.data.view, place, self.data.size)
        if record.fault == QUOTE or len(record.cells or ()) != self._width:
            record = self._at_return(record)
        record.line = line
        return record

    def _at_return(self, record: Record) -> Record:
        """Return the record that ends with a lone CR, if it has the width of the table then."""
        if self._lone is None or b"\r" not in self.data.view[record.start : record.end]:
            return record
        first = self._lone.next(self.data.view, record.start, record.after)
        if len(first.cells or ()) != self._width or first.after >= record.after:
            return record
        # The line goes on behind the CR, which ends no line of the file as it is counted.
        first.lines, first.clean = max(0, first.lines - 1), False
        return first

    def _forget(self) -> None:
        if self.place - self._forgotten > _FORGET:
            self.data.forget(self._forgotten, self.place)
            self._forgotten = self.place

    def _is_blank(self, record: Record) -> bool:
        cells = record.cells or []
        return len(cells) == 1 and record.clean and not cells[0].strip() and not (
            self.splitter.quote and self.data.view[record.start : record.end].strip()
        )  # fmt: skip

    def _is_comment(self, record: Record) -> bool:
        if not self._begins_as_comment(record):
            return False
        if len(record.cells or ()) != self.judge.frame.width or self.judge.frame.width == 1:
            return True
        good, bad = fitting((record.cells or [])[:1], self.judge.frame.kinds[:1])
        return bool(bad) and not good

    def _begins_as_comment(self, record: Record) -> bool:
        start = record.start
        return self.data.view[start : start + len(self._comment)] == self._comment

    def _runs_over_records(self, record: Record) -> bool:
        """Return whether a quoted text holds lines that are records of the table by themselves.

        Two stray quotes, some records apart, make such a text; so it is nothing to be accepted.
        """
        frame = self.judge.frame
        if record.lines < 2 or frame.width < 2 or len(record.cells or ()) != frame.width:
            return False
        found = 0
        place = self.splitter.line(self.data.view, record.start, record.end)[1]
        while place < record.end and found < _LOOKS_LIKE_RECORDS:
            end, after = self.splitter.line(self.data.view, place, record.end)
            if after < record.end:
                found += self._is_record(place, end)
            place = after
        return found >= min(_LOOKS_LIKE_RECORDS, record.lines - 2) > 0

    def _is_record(self, start: int, end: int) -> bool:
        """Return whether bytes are a whole record of the table, with values where it has them."""
        record = self.splitter.next(self.data.view, start, end)
        cells = record.cells or []
        if record.fault or record.stray or len(cells) != self.judge.frame.width:
            return False
        good, bad = fitting(cells, self.judge.frame.kinds)
        return good > 0 and not bad

    def _is_doubtful(self, record: Record) -> bool:
        """Return whether a record behind a broken one could be the rest of its text."""
        _, bad = fitting(record.cells or [], self.judge.frame.kinds)
        return record.stray or (bad > 0 and len(record.cells or ()) == self.judge.frame.width)

    def _aside(self, record: Record) -> None:
        """Set a broken record aside together with the lines that can only be its rest."""
        if record.fault == QUOTE:
            self._absorb(record)
            self._recovering = True
        self.judge.feed(record, record.fault, record.why)

    def _absorb(self, record: Record) -> None:
        """Extend a record with a stray quote by the lines that are no records themselves."""
        for _ in range(_ABSORBED):
            if record.after >= self.data.size:
                return
            following = self._next(record.after, record.line + record.lines)
            if not self._is_rest(following):
                return
            record.end, record.after = following.end, following.after
            record.lines += 1

    def _is_rest(self, record: Record) -> bool:
        """Return whether a line behind a stray quote is too narrow to be a record."""
        width = self.judge.frame.width
        end, after = self.splitter.line(self.data.view, record.start, self.data.size)
        raw = self.data.view[record.start : end]
        if width < 2 or not raw.strip() or (self._comment and raw.startswith(self._comment)):
            return False
        if not record.fault and not record.stray and len(record.cells or ()) == width:
            return False
        if record.after != after:
            return False
        delimiter = self.splitter.delimiter.encode()
        return raw.count(delimiter) + 1 < width and self.splitter.quote.encode() in raw
