"""Which records are data: totals, footers, repeated headers and second tables are set aside.

Records wait a little before they are let through, since what the last ones are shows only at the
end of the text, and what stands behind a blank line only by what follows.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from cxdata.intake.reading.aside import Aside
from cxdata.intake.reading.cells import CODE, TYPED, fits, fitting, kind
from cxdata.intake.reading.names import is_name
from cxdata.intake.reading.result import SetAside
from cxdata.intake.reading.split import Record
from cxdata.intake.reading.totals import is_total, sums_group

HELD = 40
"""Records that wait."""

_LONGEST_GROUP = 500
_DELIMITERS = (",", ";", "\t", "|")
_BLANK = "blank row"


@dataclass(frozen=True)
class Frame:
    """What a record has to be: ``width`` cells of ``kinds``; the rows of names; comments.

    ``filled_first`` tells that the first column is filled nearly everywhere.
    """

    width: int
    kinds: tuple[str, ...]
    header: tuple[tuple[str, ...], ...] = ()
    comment: str = ""
    delimiter: str = ","
    filled_first: bool = True

    def is_header(self, cells: Sequence[str]) -> bool:
        """Return whether a record is one of the rows of names again."""
        for row in self._plain_header:
            if _plain(cells[:1]) == row[:1] and _plain(cells) == row:
                return True
        return False

    @cached_property
    def _plain_header(self) -> list[list[str]]:
        return [_plain(row) for row in self.header]

    @cached_property
    def first_typed(self) -> int | None:
        """Return the place of the first column that holds values and no words."""
        return next(
            (place for place, one in enumerate(self.kinds) if one in TYPED and one != CODE), None
        )


class Sink(Protocol):
    """Where accepted records go."""

    def accept(self, number: int, record: Record) -> None:
        """Take one record."""


@dataclass(eq=False, slots=True)
class Entry:
    """A record that waits, and the rule by which it is set aside (or none)."""

    record: Record
    rule: str = ""
    reason: str = ""


@dataclass
class Judge:
    """Numbers the records and sends each to the sink or aside."""

    frame: Frame
    ledger: Aside
    sink: Sink
    raw: Callable[[Record], str]
    number: int = 0
    padded: int = 0
    before: Sequence[str] = ()
    _queue: deque[Entry] = field(default_factory=deque)
    _group: list[Entry] = field(default_factory=list)
    _other: str = ""
    _after_blank: bool = False

    @property
    def is_neutral(self) -> bool:
        """Return whether the next record needs no memory of those before it."""
        return not self._other and not self._after_blank

    def blank(self) -> None:
        """Pass a blank line."""
        self._after_blank = True

    def feed(self, record: Record, rule: str = "", reason: str = "") -> None:
        """Take the next record; with a rule it is already known not to be data."""
        entry = Entry(record, rule, reason)
        self._queue.append(entry)
        if not rule:
            self._look(entry)
        elif self._other:
            self._group.append(entry)
        self._after_blank = False
        if len(self._group) > _LONGEST_GROUP:
            self._close("second_table")
            self._other = "sure"
        while len(self._queue) > HELD + len(self._group):
            self._release()

    def flush(self) -> None:
        """Let all through that waits, where more records follow that are not fed here."""
        self._close()
        while self._queue:
            self._release()

    def finish(self, cut: bool) -> None:
        """Let the rest through; ``cut`` tells that the text ends without a line end."""
        self._close(at_end=True)
        self._tail(cut)
        while self._queue:
            self._release()

    def _look(self, entry: Entry) -> None:
        """Find out what a well-formed record is."""
        cells = entry.record.cells or []
        whole = len(cells) == self.frame.width
        if whole and self.frame.is_header(cells):
            self._close()
            self._other = ""
            entry.rule, entry.reason = "repeated_header", "it repeats the header"
        elif self._other:
            self._look_inside(entry, cells, whole)
        elif not whole:
            entry.rule, entry.reason = self._width(entry.record, cells)
            if self._after_blank:
                self._open("maybe", entry)
        elif is_total(cells, self.frame.kinds, last=False):
            entry.rule, entry.reason = "total", "it is a total of other records"
        elif sums_group(cells, self.before):
            entry.rule, entry.reason = "total", "it is a total of the records before it"
        elif self._names_other_columns(cells):
            entry.rule, entry.reason = "second_table", "it names other columns: a second table"
            self._open("sure" if self._after_blank or self._overlaps(cells) else "maybe", entry)
        elif self._is_lone_footer(cells):
            entry.rule, entry.reason = "footer", "it is a footer behind the table"
        else:
            self.before = cells

    def _look_inside(self, entry: Entry, cells: Sequence[str], whole: bool) -> None:
        """Find out whether a record behind something else belongs to the table again."""
        good, bad = fitting(cells, self.frame.kinds)
        typed = any(one in TYPED for one in self.frame.kinds)
        if self._other == "maybe" and whole and not bad and (good or not typed):
            self._close()
            self._look(entry)
            return
        if whole and self._names_other_columns(cells):
            self._other = "sure"
        entry.rule, entry.reason = "second_table", "it belongs to a second table"
        if self._other == "maybe" and not whole:
            entry.rule, entry.reason = self._width(entry.record, cells)
        self._group.append(entry)

    def _open(self, state: str, entry: Entry) -> None:
        self._other = state
        self._group = [entry]

    def _close(self, rule: str = "", at_end: bool = False) -> None:
        """End a group of records that do not belong to the table, and say what they were."""
        widths = Counter(len(one.record.cells or ()) for one in self._group)
        widths.pop(1, None)
        widths.pop(self.frame.width, None)
        alike = max(widths.values(), default=0)
        if self._group and (self._other == "sure" or alike >= 2 or rule):
            for entry in self._group:
                if entry.rule in ("width", "delimiter", "total", "second_table"):
                    entry.rule, entry.reason = "second_table", "it belongs to a second table"
        elif at_end:
            for entry in self._group:
                if entry.rule == "width" and len(entry.record.cells or ()) < self.frame.width:
                    entry.rule, entry.reason = "footer", "it is a footer behind the table"
        self._group = []
        self._other = "" if not at_end or self._other != "sure" else self._other

    def _names_other_columns(self, cells: Sequence[str]) -> bool:
        """Return whether a record names columns: words wherever the table has values."""
        first = self.frame.first_typed
        if first is None or (cells[first] and fits(cells[first], self.frame.kinds[first])):
            return False
        kinds = ["" if one == CODE else one for one in self.frame.kinds]
        typed = sum(one in TYPED for one in kinds)
        good, bad = fitting(cells, kinds)
        if good or not bad or not all(is_name(cell) for cell in cells if cell.strip()):
            return False
        filled = sum(bool(cell.strip()) for cell in cells)
        if self._after_blank:
            return filled >= 2 and bad >= min(typed, 2)
        return filled == len(cells) and bad == typed and typed >= 2

    def _overlaps(self, cells: Sequence[str]) -> bool:
        """Return whether a record names some of the same columns, in another order or number."""
        mine = {one for row in self.frame.header for one in _plain(row)}
        return len(mine & set(_plain(cells))) * 2 >= len(cells)

    def _is_lone_footer(self, cells: Sequence[str]) -> bool:
        """Return whether the one cell of a table of one column cannot be a value of it."""
        if self.frame.width > 1 or not self._after_blank:
            return False
        _, bad = fitting(cells, self.frame.kinds)
        return bool(bad) and " " in cells[0].strip()

    def _width(self, record: Record, cells: Sequence[str]) -> tuple[str, str]:
        width = self.frame.width
        said = f"{len(cells)} of {width} cells"
        for other in _DELIMITERS:
            if other != self.frame.delimiter and len(cells) < width and width > 1:
                raw = self.raw(record)
                if raw.count(other) == width - 1:
                    name = "a tab" if other == "\t" else repr(other)
                    return "delimiter", f"it has {said}: another delimiter ({name}) stands in it"
        return "width", f"it has {said}"

    def _tail(self, cut: bool) -> None:
        """Find totals, footers and rows of nothing at the end, from the last record backwards."""
        entries = list(self._queue)
        if cut and entries:
            self._cut(entries[-1])
        for entry in reversed(entries):
            cells = entry.record.cells or []
            if entry.rule == "width" and len(cells) < self.frame.width and self._is_remark(cells):
                entry.rule, entry.reason = "footer", f"it is a footer ({entry.reason})"
            elif not entry.rule and not _is_footer_of(entry, cells, self.frame):
                return

    def _is_remark(self, cells: Sequence[str]) -> bool:
        good, _ = fitting(cells, self.frame.kinds)
        filled = sum(bool(cell.strip()) for cell in cells)
        return filled <= 2 and not good and (filled < 2 or len(cells) < self.frame.width - 1)

    def _cut(self, last: Entry) -> None:
        """Say of a last record without a line end that it looks cut off."""
        cells = last.record.cells or [""]
        if last.rule == "quote":
            last.reason += "; the file may be cut off"
        elif last.rule == "width" and len(cells) < self.frame.width:
            good, bad = fitting(cells[:1], self.frame.kinds)
            if good or (not bad and (len(cells) > 1 or " " not in cells[0].strip())):
                last.rule, last.reason = "cut", f"{last.reason}: the file looks cut off in it"

    def _release(self) -> None:
        entry = self._queue.popleft()
        if entry.rule == _BLANK:
            self.padded += 1
            return
        self.number += 1
        if not entry.rule:
            self.sink.accept(self.number, entry.record)
            return
        record = entry.record
        self.ledger.add(
            SetAside(self.number, record.line, self.raw(record), entry.reason, entry.rule)
        )


def _is_footer_of(entry: Entry, cells: Sequence[str], frame: Frame) -> bool:
    """Return whether a whole record at the end is none of the table's; mark it."""
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    if not filled and frame.width > 1:
        entry.rule = _BLANK
    elif is_total(cells, frame.kinds, last=True):
        entry.rule, entry.reason = "total", "it is a total of other records"
    elif filled == [0] and frame.width > 2 and _remarks(cells[0], frame.kinds):
        entry.rule, entry.reason = "footer", "it is a footer behind the table"
    else:
        return False
    return True


def _remarks(cell: str, kinds: Sequence[str]) -> bool:
    """Return whether a lone first cell is a remark and not a key."""
    _, bad = fitting([cell], kinds[:1])
    return bool(bad) or (kinds[0] not in TYPED and " " in cell.strip() and kind(cell) not in TYPED)


def _plain(cells: Sequence[str]) -> list[str]:
    """Return names as they are compared; files that were joined have a mark in the middle."""
    return [" ".join(cell.lstrip("\ufeff").split()).casefold() for cell in cells]
