"""Which delimiter, quote and escape a text is written with: a vote of its records.

Each candidate splits records from head, middle and tail. It is scored by how constant the width
is, by how much of what it leaves looks like one value (a number, a date, a word) and not like
cells that were not split, and by how rarely its quoting breaks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from cxdata.intake.reading.cells import WEIGHT, kind
from cxdata.intake.reading.names import is_name
from cxdata.intake.reading.sample import Window
from cxdata.intake.reading.split import QUOTE, Splitter

_PRIORS = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 1.0,
    "\x01": 1.0,
    "\x1f": 1.0,
    "\x02": 0.9,
    "\x1e": 0.9,
    "\x14": 0.9,
    "^": 0.9,
    "~": 0.9,
    "¦": 0.9,
    "§": 0.9,
    "¬": 0.9,
    "¤": 0.9,
    ", ": 1.02,
    "; ": 1.02,
    " | ": 1.02,
    "#": 0.6,
    "@": 0.5,
    "!": 0.6,
    "*": 0.6,
    "&": 0.6,
    "$": 0.5,
    "%": 0.5,
    "=": 0.5,
    "/": 0.4,
    "_": 0.3,
    ":": 0.5,
    " ": 0.5,
    "，": 0.9,
    "；": 0.9,
    "؛": 0.9,
    "،": 0.9,
    "、": 0.7,
}
"""Delimiters that are tried, and how much they are believed against each other."""
_PAIRS = ("||", "~|~", "|~|", "^|^", "|^|", "::", ";;", "##", "^^", "~~", "@@", "$$", "<>", "|;|")
"""Delimiters of several characters; taking one is always asked."""
_PAIR_PRIOR = 1.01
_WIDE = ("，", "；", "؛", "،", "、")
"""Signs that separate words in other scripts; taking one is always asked."""
_ONE_COLUMN = 0.45
_WHOLE = re.compile(r"\s*[-+−(]?\d{1,3}(?:[. ']?\d{3})*")
_FIRST_LINES = 40
_SCORED_CELLS = 4_000
_CLOSE = 0.97
_TITLE_LINES = 12


@dataclass(frozen=True)
class Candidate:
    """One way to split, and what came of it."""

    delimiter: str
    quote: str = '"'
    escape: str = '"'
    score: float = 0.0
    width: int = 1
    faults: int = 0
    stray: int = 0
    asked: bool = False
    widths: tuple[int, ...] = field(default=(), repr=False)

    def splitter(self, cr: bool) -> Splitter:
        """Return what splits by it."""
        return Splitter(self.delimiter, self.quote, self.escape, cr)


@dataclass(frozen=True)
class Stated:
    """What was chosen: None where it is to be decided."""

    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None


def decide(
    windows: Sequence[Window], cr: bool, stated: Stated
) -> tuple[Candidate, tuple[Candidate, ...]]:
    """Return the best candidate, and others with another delimiter that are about as good."""
    text = b"\n".join(one.raw for one in windows).decode("utf-8", "replace")
    found = [_score(one, windows, cr) for one in _candidates(text, stated)]
    found.sort(key=lambda one: -one.score)
    best = (
        _of_single_quotes(found)
        or _of_the_last_line(found)
        or _of_broken_quotes(found)
        or _of_the_head(found)
    )
    close = tuple(one for one in found if best.score == found[0].score and _is_close(one, best))
    rare = is_pair(best.delimiter) or best.delimiter in _WIDE
    asked = stated.delimiter is None and (rare or bool(close))
    return replace(best, asked=asked), close


def _is_close(one: Candidate, best: Candidate) -> bool:
    """Return whether another delimiter explains the text about as well."""
    return (
        one.width > 1
        and one.score >= _CLOSE * best.score
        and one.delimiter not in best.delimiter
        and best.delimiter not in one.delimiter
    )


def is_pair(delimiter: str) -> bool:
    """Return whether a delimiter is of several characters, none of them a space."""
    return len(delimiter) > 1 and " " not in delimiter


def _of_the_last_line(found: list[Candidate]) -> Candidate | None:
    """Return the delimiter of a header that stands alone below lines of a title."""
    best = found[0]
    if best.width > 1 or not 1 < len(best.widths) <= _TITLE_LINES:
        return None
    for one in found:
        usual = one.delimiter in (",", ";", "\t", "|")
        if usual and one.widths[-1:] > (2,) and set(one.widths[:-1]) == {1}:
            return replace(one, width=one.widths[-1])
    return None


def _of_single_quotes(found: list[Candidate]) -> Candidate | None:
    """Return single quotes if with them the header has as many cells as the records.

    Without them each quoted delimiter makes a cell too many, in every record alike.
    """
    best = found[0]
    if best.quote == "'" or best.width < 2 or best.widths[:1] == (best.width,):
        return None
    for one in found:
        if (one.delimiter, one.quote) == (best.delimiter, "'") and not one.faults:
            return one if set(one.widths) == {one.width} and one.width > 1 else None
    return None


def _of_broken_quotes(found: list[Candidate]) -> Candidate | None:
    """Return the delimiter of a header whose records mostly break their quoting.

    A text of one column has none of it: its header would not have as many cells as the records
    that are well formed.
    """
    best = found[0]
    if best.width > 1:
        return None
    for one in found:
        usual = one.delimiter in (",", ";", "\t", "|") and one.quote == '"'
        if usual and one.faults and one.width > 2 and one.widths[:1] == (one.width,):
            return one
    return None


def _of_the_head(found: list[Candidate]) -> Candidate:
    """Prefer the delimiter of the head where the text changes to another one with as many cells.

    The rest would win by its length, but the header belongs to the first.
    """
    best = found[0]
    if best.width < 2 or not best.widths or best.widths[0] == best.width:
        return best
    for other in found[1:]:
        head = other.widths[:3]
        if other.delimiter != best.delimiter and len(head) > 1 and set(head) == {best.width}:
            return replace(other, width=best.width)
    return best


def _candidates(text: str, stated: Stated) -> Iterator[Candidate]:
    delimiters = _delimiters(text) if stated.delimiter is None else [stated.delimiter]
    for delimiter in delimiters:
        for quote in _quotes(text, delimiter) if stated.quote is None else [stated.quote]:
            escapes = _escapes(text, quote) if stated.escape is None else [stated.escape]
            for escape in escapes:
                yield Candidate(delimiter, quote, escape if quote or escape != '"' else "")


def _delimiters(text: str) -> list[str]:
    """Return the delimiters that stand in a good part of the lines, and none (one column)."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    tried = lines[:_FIRST_LINES] + lines[_FIRST_LINES :: max(1, len(lines) // 200)]
    enough = max(1, len(tried) // 5)
    found = [
        one
        for one in (*_PRIORS, *_PAIRS)
        if sum(one in line for line in tried) >= enough or (one in text and one in lines[0])
    ]
    return [*found, ""]


def _quotes(text: str, delimiter: str) -> list[str]:
    quotes = ['"']
    mark = f"|{re.escape(delimiter)}" if delimiter else ""
    enclosed = rf"(?:^|[\r\n]{mark})\s?'[^'\r\n]*(?:''[^'\r\n]*)*'\s?(?=[\r\n]|\Z{mark})"
    if re.search(enclosed, text):
        quotes.append("'")
    if '"' in text:
        quotes.append("")
    return quotes


def _escapes(text: str, quote: str) -> list[str]:
    if not quote:
        return [""]
    return [quote, "\\"] if f"\\{quote}" in text else [quote]


def _score(one: Candidate, windows: Iterable[Window], cr: bool) -> Candidate:
    splitter = one.splitter(cr)
    records = [record for window in windows for record in window.records(splitter)]
    if not records:
        return one
    faults = sum(record.fault == QUOTE for record in records)
    stray = sum(record.stray for record in records)
    rows = [record.cells for record in records if record.cells is not None]
    widths = tuple(len(record.cells or ()) for record in records)
    width = modal_width(rows)
    constant = sum(len(row) == width for row in rows) / len(records)
    typed = _typedness([row for row in rows if len(row) == width])
    if width == 2 and one.delimiter == "," and _are_decimals(rows):
        constant *= 0.3
    score = constant * (1 - faults / len(records)) ** 2 * (0.2 + 0.8 * typed) * _prior(one, width)
    if not one.quote and not _unquoted(rows):
        score *= 0.1
    return replace(
        one,
        score=score,
        width=width,
        faults=faults,
        stray=stray,
        widths=widths[:_FIRST_LINES],
    )


def _prior(one: Candidate, width: int) -> float:
    if width < 2:
        return _ONE_COLUMN if not one.delimiter else 0.01
    prior = _PRIORS.get(one.delimiter, _PAIR_PRIOR) * (1 - 0.3 / width)
    if one.quote == '"':
        return prior * 1.001
    return prior


def modal_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the width that most rows have; that of the first wide row wins if it is not rare."""
    counts = Counter(map(len, rows))
    if not counts:
        return 1
    best = max(counts, key=lambda width: (counts[width] * (1 if width > 1 else 0.4), width))
    if best > 2 and _are_labels(rows, best):
        return best
    first = next((len(row) for row in rows if len(row) > 1 and sum(map(bool, row)) > 1), best)
    if first != best and counts[first] >= max(2, 0.2 * len(rows)):
        return first
    return best


def _are_labels(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Return whether rows of a label and its value stand above a table, and nowhere else."""
    first = next(place for place, row in enumerate(rows) if len(row) == width)
    above = [row for row in rows[:first] if len(row) > 1]
    if not above or first > _TITLE_LINES or any(len(row) == 2 for row in rows[first:]):
        return False
    valued = [not is_name(row[1]) or row[0].rstrip().endswith(":") for row in above]
    labels = all(len(row) == 2 and is_name(row[0]) for row in above)
    return labels and valued[0] and all(map(is_name, rows[first]))


def _are_decimals(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether one name stands over what can be numbers with a decimal comma."""
    if len(rows) < 2 or len(rows[0]) != 1:
        return False
    return all(len(row) == 2 and _WHOLE.fullmatch(row[0]) and row[1].isdigit() for row in rows[1:])


def _typedness(rows: Sequence[Sequence[str]]) -> float:
    """Return how much the cells look like one value each, between 0 and 1."""
    total = number = 0.0
    per_row = max(1, len(rows) // max(1, _SCORED_CELLS // max(1, len(rows[0]) if rows else 1)))
    for row in rows[::per_row]:
        for cell in row[:500]:
            total += WEIGHT[kind(cell)]
            number += 1
    return total / number if number else 0.0


def _unquoted(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether quotes are plain characters here: cells begin with one, none is enclosed."""
    begins = sum(cell.startswith('"') for row in rows for cell in row)
    encloses = sum(len(cell) > 1 and cell[0] == cell[-1] == '"' for row in rows for cell in row)
    ends = sum(len(cell) > 1 and cell.endswith('"') for row in rows for cell in row)
    # Cells that begin and cells that end with one are halves of quoted texts that were split.
    return begins >= 3 and encloses == 0 and ends < begins / 2
