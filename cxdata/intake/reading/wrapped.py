"""Lines that stand in quotes as a whole: a table that was saved once more as one column.

``"1,""Ann, B"",2"`` is one cell by the rules of CSV, yet it holds a record.
"""

from __future__ import annotations

import re

from cxdata.intake.reading.split import Splitter

NOTE = (
    "Every line stood in quotes as a whole (a table that was saved once more as one column): "
    "these quotes were taken off."
)

_LINE = re.compile(rb'^"((?:[^"\r\n]|"")*)"(?=\r*$)', re.M)
_DELIMITERS = (",", ";", "\t", "|")
_MOSTLY = 0.9


def is_wrapped(head: bytes) -> bool:
    """Return whether the lines at the start of a text are records within quotes.

    A column of texts with a delimiter in each is none: its name would need the delimiter too.
    """
    lines = [line.rstrip(b"\r") for line in head.split(b"\n") if line.strip()]
    if len(lines) < 2:
        return False
    found = [match for match in map(_LINE.fullmatch, lines) if match is not None]
    if len(found) < max(2, _MOSTLY * len(lines)) or _LINE.fullmatch(lines[0]) is None:
        return False
    inside = [match[1].replace(b'""', b'"') for match in found]
    doubled = any(b'""' in match[1] for match in found)
    return any(_is_table(inside, one, 2 if doubled else 3) for one in _DELIMITERS)


def _is_table(lines: list[bytes], delimiter: str, least: int) -> bool:
    splitter = Splitter(delimiter, '"', '"')
    widths = [len(splitter.next(line, 0).cells or ()) for line in lines]
    same = sum(one == widths[0] for one in widths)
    return widths[0] >= least and same >= _MOSTLY * len(widths)


def unwrapped(raw: bytes) -> bytes:
    """Return whole lines without the quotes around each.

    >>> unwrapped(b'"1,""Ann, B"",2"')
    b'1,"Ann, B",2'
    """
    return _LINE.sub(lambda match: match[1].replace(b'""', b'"'), raw)
