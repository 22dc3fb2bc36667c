"""CSV of figures, safe to open in a spreadsheet: the one place that writes it.

Words that a spreadsheet would run as a formula get a leading apostrophe. Numbers are never words:
negative ones keep their sign, and what is not there is empty.
"""

from __future__ import annotations

import csv
import io
import numbers
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

MARK: Final = "\ufeff"
"""Begins a file, so that spreadsheets read names right."""

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]], *, end: str = "\r\n") -> str:
    """Write a header and rows of words and numbers; ``end`` ends each line.

    >>> lines(["name", "change"], [["=1+1", -2.5], ["SMB", None]])
    "name,change\\r\\n'=1+1,-2.5\\r\\nSMB,\\r\\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow([_cell(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def file_name(*words: str) -> str:
    """Return a plain file name from words, such as ``retention-by-segment-2026-09.csv``."""
    joined = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    return f"{joined[:80] or 'figures'}.csv"


def _cell(value: Any) -> Any:
    """Return a value as it is written; words that would run get their apostrophe."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool) or not isinstance(value, numbers.Number):
        words = str(value)
        return f"'{words}" if words.startswith(_RISKY) else words
    return value
