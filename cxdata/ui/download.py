"""CSV of exactly what a table shows, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from cxdata.model.metric import Unit
from cxdata.panels.picture import Column

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


_COUNTS: Final = (Unit.CUSTOMERS, Unit.COUNT)


@dataclass(frozen=True)
class Origin:
    """Where figures come from, said on every row of a file so that rows can be pasted anywhere.

    ``scope`` is who and when in words, ``period`` as it sorts in a folder (``2026-09``),
    ``data_through`` the last day of finished data, ``version`` the data version.
    """

    scope: str
    period: str = ""
    data_through: str = ""
    version: str = ""

    def remarked(self, remark: str) -> Origin:
        """The same, with what only some figures must say."""
        if not remark:
            return self
        return replace(self, scope=f"{self.scope} {remark[:1].upper()}{remark[1:]}.")

    @property
    def columns(self) -> dict[str, str]:
        """The columns after the figures."""
        return {"scope": self.scope, "data_through": self.data_through, "version": self.version}


def csv_bytes(table: pd.DataFrame, columns: Sequence[Column], origin: Origin) -> bytes:
    """Write a table as CSV (UTF-8 with mark, so that spreadsheets read names right).

    Words that a spreadsheet would run as a formula get a leading apostrophe; numbers stay numbers,
    counts whole ones, empty where there is none. Every row is a row of figures.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    added = origin.columns
    writer.writerow([_safe(words) for words in (*(c.label for c in columns), *added)])
    ends = [_safe(words) for words in added.values()]
    for record in table[[column.name for column in columns]].itertuples(index=False, name=None):
        cells = [_cell(value, column) for value, column in zip(record, columns, strict=True)]
        writer.writerow([*cells, *ends])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def file_name(*words: str) -> str:
    """Return a plain file name from words, such as ``retention-by-segment-2026-09.csv``."""
    joined = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    return f"{joined[:80] or 'figures'}.csv"


def _cell(value: Any, column: Column) -> Any:
    if isinstance(value, str):
        return _safe(value)
    if value is None or pd.isna(value):
        return ""
    is_whole = column.unit in _COUNTS and float(value).is_integer()
    return int(value) if is_whole else value


def _safe(words: str) -> str:
    return f"'{words}" if words.startswith(_RISKY) else words
