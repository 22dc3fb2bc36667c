"""What a text looks like: a number, a date, a code, a word. Evidence for where a table begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

BLANK, NUMBER, DATE, EMAIL, CODE, WORD, PROSE, ODD = (
    "blank", "number", "date", "email", "code", "word", "prose", "odd",
)  # fmt: skip
TYPED = frozenset({NUMBER, DATE, EMAIL, CODE})
"""Kinds that a name of a column does not have."""

WEIGHT = {
    BLANK: 0.5,
    NUMBER: 1.0,
    DATE: 1.0,
    EMAIL: 1.0,
    CODE: 1.0,
    WORD: 0.9,
    PROSE: 0.7,
    ODD: 0.1,
}
"""How much a cell speaks for the delimiter that made it: what is left unsplit speaks against."""

_SIGN = r"[-+−–]?"
_MONEY = r"(?:[$€£¥₹₽₺₩]|[A-Z]{2,3}\$?|Fr\.|kr\.?|zł|Kč|R\$)"
_DIGITS = r"(?:\d{1,3}(?:[.,'’\s\u00a0\u202f]\d{2,3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
_NUMBER = re.compile(
    rf"\(?{_SIGN}\s?(?:{_MONEY})?\s?{_SIGN}{_DIGITS}(?:[eE][-+]?\d+)?\s?(?:%|{_MONEY})?-?\)?"
)
_MONTH = r"[^\W\d_]{3,10}\.?"
_CLOCK = r"\d{1,2}[:.h]\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[-+]\d{2}:?\d{2}|[-+]\d{2}))?"
_DATE = re.compile(
    rf"(?:(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)?[ -]{_MONTH}[ -]\d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}}"
    rf"|\d{{4}}-W?\d{{2}}|\d{{8}}T?)(?:[T ,]+{_CLOCK}{_ZONE})?|{_CLOCK})"
)
_EMAIL = re.compile(r"[^\s@,;|]+@[^\s@,;|]+\.[^\s@,;|]+")
_CODE = re.compile(r"(?=[^\s]*\d)[\w#/.:+@=-]+|https?://\S+")
_WORD = re.compile(r"[\w.&'’/()#%*+-]+(?: [\w.&'’/()#%*+-]+){0,3}")
_UNSPLIT = re.compile(r"[,;\t|^~\x01-\x08\x14\x1c-\x1f¦§¬]|\"")

MISSING = frozenset(
    {"", "na", "n/a", "#n/a", "null", "none", "nil", "nan", "-", "--", ".", "?", "\\n", "(blank)"}
)
"""Texts that stand for no value, in lower case."""


@lru_cache(maxsize=20_000)
def kind(text: str) -> str:
    """Return what a cell looks like.

    >>> [kind(one) for one in ("1.234,50", "2024-01-31 10:00", "C0017", "Ann", "")]
    ['number', 'date', 'code', 'word', 'blank']
    """
    text = text.strip()
    if text.lower() in MISSING:
        return BLANK
    if len(text) > 200:
        return ODD if _UNSPLIT.search(text) else PROSE
    for pattern, name in ((_NUMBER, NUMBER), (_DATE, DATE), (_EMAIL, EMAIL), (_CODE, CODE)):
        if pattern.fullmatch(text):
            return name
    if _UNSPLIT.search(text):
        return ODD
    return WORD if _WORD.fullmatch(text) else PROSE


def column_kinds(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return the kind of each column: one that nearly all of its cells share, or ``word``."""
    return tuple(_shared(row[place] for row in rows) for place in range(width))


def _shared(cells: Iterable[str]) -> str:
    counts = Counter(kind(cell) for cell in cells)
    counts.pop(BLANK, None)
    whole = counts.total()
    if not whole:
        return BLANK
    best, number = counts.most_common(1)[0]
    if best == CODE and counts[NUMBER] + number >= 0.9 * whole:
        return CODE
    if best == NUMBER and counts[CODE] and number < 0.9 * whole:
        return CODE if number + counts[CODE] >= 0.9 * whole else WORD
    return best if best in TYPED and number >= 0.9 * whole else WORD


def fits(cell: str, column: str) -> bool:
    """Return whether a cell could stand in a column of a kind; blank ones always could."""
    found = kind(cell)
    if column not in TYPED or found == BLANK:
        return True
    return found == column or (column == CODE and found in (NUMBER, DATE))


def fitting(cells: Sequence[str], kinds: Sequence[str]) -> tuple[int, int]:
    """Return how many filled cells of typed columns fit, and how many do not."""
    good = bad = 0
    for cell, column in zip(cells, kinds, strict=False):
        if column in TYPED and kind(cell) != BLANK:
            if fits(cell, column):
                good += 1
            else:
                bad += 1
    return good, bad
