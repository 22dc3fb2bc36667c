"""CSV of exactly what a table shows, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from cxdata.ui.picture import Column

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(table: pd.DataFrame, columns: Sequence[Column], note: str = "") -> bytes:
    """Write a table as CSV (UTF-8 with mark, so that spreadsheets read names right).

    Words that a spreadsheet would run as a formula get a leading apostrophe; numbers stay numbers,
    empty where there is none. ``note`` is added as a last line of its own.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(column.label) for column in columns])
    for record in table[[column.name for column in columns]].itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in record])
    if note:
        writer.writerow([_safe(note)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def file_name(*words: str) -> str:
    """Return a plain file name from words, such as ``logo-retention-oct-2026.csv``."""
    joined = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    return f"{joined[:80] or 'figures'}.csv"


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return _safe(value)
    return "" if value is None or pd.isna(value) else value


def _safe(words: str) -> str:
    return f"'{words}" if words.startswith(_RISKY) else words
