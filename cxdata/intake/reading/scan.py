"""The fast lane: records of a block counted, measured and checked byte by byte, many at once.

It knows only strict CSV: quotes stand at the edges of cells, inside they are doubled. Whatever
else it meets (a stray quote, a blank line, a total, another width next to it) ends the run of
good records, and the slow lane takes over from there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxdata.intake.reading.cells import DATE, NUMBER
from cxdata.intake.reading.judge import Frame
from cxdata.intake.reading.totals import beginnings

BLOCK = 512 << 10
"""Bytes of a block: so few that all arrays stay in the cache of the processor."""
LARGEST = 16 << 20
"""Bytes in which a record has to end; longer ones are for the slow lane."""

_LF, _CR, _NUL = 10, 13, 0
_QUOTED_LINES = 2
_LOOKED_AT = 64
_SHORT = 15
_MARK = b"\xef\xbb\xbf"
_GROUP_SUMS = (b"otal", b"OTAL", b"rgebnis", b"umme", "итог".encode())
"""Ends of words behind the name of a group in a row that sums it up."""
_NUMERIC = b"0123456789+-.,($\"' \xe2\xc2"

Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Run:
    """Good records of a block: ``starts`` and ``ends`` (without line ends) within it.

    ``lines`` counts the line ends before each; the run covers the block up to ``after`` and
    ``line_ends`` lines. ``odd`` tells that something follows that the slow lane has to see;
    without it and without records the block has no whole record.
    """

    starts: Indices
    ends: Indices
    lines: Indices
    after: int
    line_ends: int
    odd: bool
    returns: int
    quoted: bool = False

    def rewritten(self, raw: bytes) -> bytes:
        """Return the bytes of the records with a line feed behind each and no returns before."""
        block = np.frombuffer(raw, np.uint8)[: self.after]
        keep = np.ones(len(block), bool)
        place = self.ends.copy()
        while (more := block[place] == _CR).any():
            keep[place[more]] = False
            place = place + more
        return block[keep].tobytes()


class Scan:
    """Finds the good records at the start of blocks."""

    def __init__(self, frame: Frame, delimiter: str, quote: str, header: bytes) -> None:
        self.width = frame.width
        self._delimiter = ord(delimiter) if delimiter else None
        self._quote = ord(quote) if quote else None
        self._odd = self._odd_firsts(frame)
        self._words = self._beginnings(header)
        name = header.split(delimiter.encode() or b"\n")[0].decode("utf-8", "ignore")
        self._name = name.strip(" \"'\r").casefold()[: _SHORT + 1]
        self._texts = (*beginnings(), "\ufeff")
        self._numeric = bool(frame.kinds) and frame.kinds[0] in (NUMBER, DATE)

    def _beginnings(self, header: bytes) -> NDArray[np.uint32]:
        """Return the first three bytes, capitals as small letters, of totals and the header."""
        words = [word.encode()[:3] for word in beginnings()]
        words += [header[:3], header.lstrip(b"\"'")[:3], _MARK]
        return np.array([_code(word) for word in words if len(word) == 3], np.uint32)

    def _odd_firsts(self, frame: Frame) -> NDArray[np.bool_]:
        """Return for each byte whether a record that begins with it needs a closer look."""
        odd = np.zeros(256, bool)
        if frame.kinds and frame.kinds[0] in (NUMBER, DATE):
            odd[:] = True
            odd[list(_NUMERIC)] = False
        odd[list(b"=-*" if not odd[65] else b"=*")] = True
        odd[list(frame.comment.encode()[:1])] = True
        if self._delimiter is not None:
            odd[self._delimiter] = frame.filled_first
        return odd

    def _suspect(self, block: NDArray[np.uint8], starts: Indices) -> Mask:
        """Return which records could be totals, comments or the header again."""
        if self._quote is not None:
            starts = starts + (block[starts] == self._quote)
        at = [block[np.minimum(starts + ahead, len(block) - 1)] for ahead in range(3)]
        suspect = self._odd[at[0]]
        if self._numeric:
            return np.asarray(suspect)
        first, second, third = (one.astype(np.uint32) | 0x20 for one in at)
        begins = np.isin(first << 16 | second << 8 | third, self._words)
        for place in np.flatnonzero(begins):
            start = int(starts[place])
            text = block[start : start + _LOOKED_AT].tobytes().decode("utf-8", "ignore")
            begins[place] = self._begins(text)
        return np.asarray(suspect | begins | self._sums_groups(block, starts))

    def _begins(self, text: str) -> bool:
        """Return whether the start of a record is that of a total, or the first name again."""
        text = text.lstrip(" \"'").casefold()
        if text.startswith(self._texts):
            return True
        mark = chr(self._delimiter) if self._delimiter is not None else "\n"
        cell = text.split(mark)[0].rstrip(" \"'\r")
        return text.startswith(self._name) if len(self._name) > _SHORT else cell == self._name

    def _sums_groups(self, block: NDArray[np.uint8], starts: Indices) -> Mask:
        """Return which records end their first cell with a word for a sum of a group."""
        found = np.zeros(len(starts), bool)
        raw = block.tobytes()
        if self._delimiter is None or not any(word in raw for word in _GROUP_SUMS):
            return found
        mark = re.escape(bytes([self._delimiter]))
        for word in _GROUP_SUMS:
            for match in re.finditer(re.escape(word) + rb"[\"']?" + mark, raw):
                place = int(np.searchsorted(starts, match.start(), "right")) - 1
                if raw.find(self._delimiter, int(starts[place]), match.start()) < 0:
                    found[place] = True
        return found

    def run(self, raw: bytes, last: bool) -> Run:
        """Return the good records at the start of a block that begins with a record.

        ``last`` tells that the text ends with the block.
        """
        block = np.frombuffer(raw, np.uint8)
        breaks = np.flatnonzero(block == _LF)
        limit = self._first_odd(raw, block)
        if self._quote is not None and self._quote in raw:
            inside, broken = self._quoting(block, last)
            limit = min(limit, broken)
            marks = self._delimiters(block) & ~inside
            line_breaks = breaks
            breaks = breaks[~inside[breaks]]
            quoted = len(line_breaks) != len(breaks)
        else:
            marks, line_breaks, quoted = self._delimiters(block), breaks, False
        starts = np.empty(len(breaks), np.int64)
        starts[:1] = 0
        starts[1:] = breaks[:-1] + 1
        ends, returns = _without_returns(block, starts, breaks)
        good = self._good(block, marks, starts, ends, breaks)
        good &= breaks < limit
        if quoted:
            good &= self._quotes_no_records(block, starts, line_breaks)
        count = len(good) if good.all() else int(np.argmin(good))
        after = int(breaks[count - 1]) + 1 if count else 0
        if quoted:
            lines = np.searchsorted(line_breaks, starts[:count])
            line_ends = int(np.searchsorted(line_breaks, after))
        else:
            lines, line_ends = np.arange(count), count
        odd = count < len(breaks) or limit < len(block)
        return Run(starts[:count], ends[:count], lines, after, line_ends, odd, returns, quoted)

    def _first_odd(self, raw: bytes, block: NDArray[np.uint8]) -> int:
        """Return the place of the first byte that no good record holds."""
        limit = len(raw)
        if (nul := raw.find(b"\0")) >= 0:
            limit = nul
        if not raw.isascii():
            limit = min(limit, _first_broken(raw))
        if b"\r" in raw:
            returns = np.flatnonzero(block == _CR)
            following = block[np.minimum(returns + 1, len(block) - 1)]
            lone = returns[(following != _LF) & (following != _CR)]
            limit = min(limit, int(lone[0]) if len(lone) else limit)
        return limit

    def _delimiters(self, block: NDArray[np.uint8]) -> Mask:
        if self._delimiter is None:
            return np.zeros(len(block), bool)
        return np.asarray(block == self._delimiter)

    def _quoting(self, block: NDArray[np.uint8], last: bool) -> tuple[Mask, int]:
        """Return which bytes stand inside quotes, and the first that breaks strict quoting."""
        places = np.flatnonzero(block == self._quote)
        inside = _between(places, len(block))
        opening, closing = places[::2], places[1::2]
        edge = np.zeros(256, bool)
        edge[[_LF, _CR, self._quote or 0]] = True
        if self._delimiter is not None:
            edge[self._delimiter] = True
        before = edge[block[np.maximum(opening - 1, 0)]] | (opening == 0)
        # A carriage return before an opening quote ends no line by itself.
        before &= (block[np.maximum(opening - 1, 0)] != _CR) | (opening == 0)
        at_end = closing == len(block) - 1
        behind = edge[block[np.minimum(closing + 1, len(block) - 1)]] | at_end
        broken = np.concatenate([opening[~before], closing[~behind]])
        if not last and len(closing) and at_end[-1]:
            # What follows the last quote is in the next block.
            broken = np.append(broken, closing[-1])
        return inside, int(broken.min()) if len(broken) else len(block)

    def _good(
        self,
        block: NDArray[np.uint8],
        marks: Mask,
        starts: Indices,
        ends: Indices,
        breaks: Indices,
    ) -> Mask:
        """Return which records have the width of the table and begin as its records do."""
        if not len(breaks):
            return np.zeros(0, bool)
        counts = np.add.reduceat(marks[: breaks[-1] + 1], starts, dtype=np.int64)
        good = counts == self.width - 1
        good &= ends > starts
        good &= ~self._suspect(block, starts)
        if self.width == 1:
            good &= block[starts] > 32
        return np.asarray(good)

    def _quotes_no_records(
        self, block: NDArray[np.uint8], starts: Indices, line_breaks: Indices
    ) -> Mask:
        """Return which records hold no quoted lines that could be records themselves."""
        counts = np.cumsum(self._delimiters(block))
        lines = np.searchsorted(line_breaks, starts)
        at = counts[line_breaks]
        whole = np.append(np.diff(at) == self.width - 1, False)
        # whole[i]: the line behind the i-th line break is as wide as a record.
        inner = np.zeros(len(starts), bool)
        last = np.append(lines[1:], len(line_breaks))
        sums = np.concatenate([[0], np.cumsum(whole)])
        inner = sums[np.maximum(last - 1, lines)] - sums[lines] > 0
        return ~(inner & (last - lines > _QUOTED_LINES))


def _code(word: bytes) -> int:
    first, second, third = (one | 0x20 for one in word)
    return first << 16 | second << 8 | third


def _without_returns(
    block: NDArray[np.uint8], starts: Indices, breaks: Indices
) -> tuple[Indices, int]:
    """Return where records end before their line ends, and how many CRs all of those have.

    -1 tells that they differ.
    """
    ends = breaks.copy()
    while True:
        more = (ends > starts) & (block[np.maximum(ends - 1, 0)] == _CR)
        if not more.any():
            break
        ends = ends - more
    returns = np.unique(breaks - ends)
    return ends, int(returns[0]) if len(returns) == 1 else -1


def _between(places: Indices, size: int) -> Mask:
    """Return which of ``size`` bytes stand between the first and second place, and so on."""
    edges = np.concatenate([[0], places, [size]])
    odd = (np.arange(len(places) + 1) & 1).astype(bool)
    return np.repeat(odd, np.diff(edges))


def _first_broken(raw: bytes) -> int:
    """Return the place of the first byte that is not UTF-8; a cut last character is no fault."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(raw) - 3 and error.reason == "unexpected end of data":
            return len(raw)
        return error.start
    return len(raw)
