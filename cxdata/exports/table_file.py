"""CSV of exactly what a table shows, each row with its origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from cxdata.exports import csv_file
from cxdata.model.metric import Unit
from cxdata.panels.picture import Column

_COUNTS: Final = (Unit.CUSTOMERS, Unit.COUNT)


@dataclass(frozen=True)
class Origin:
    """Where figures come from, said on every row of a file so that rows can be pasted anywhere.

    ``scope`` is who and when in words, ``period`` as it sorts in a folder (``2026-09``),
    ``data_through`` the last day of finished data, ``version`` the data version, ``currency``
    that of amounts.
    """

    scope: str
    period: str = ""
    data_through: str = ""
    version: str = ""
    currency: str = "EUR"

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
    """Write a table as a CSV file: every row a row of figures, with its origin behind it.

    Counts are whole numbers, and empty where there is none.
    """
    added = origin.columns
    header = [*(column.label for column in columns), *added]
    records = table[[column.name for column in columns]].itertuples(index=False, name=None)
    rows = (
        [
            *(_cell(value, column) for value, column in zip(record, columns, strict=True)),
            *added.values(),
        ]
        for record in records
    )
    return (csv_file.MARK + csv_file.lines(header, rows)).encode("utf-8")


def _cell(value: Any, column: Column) -> Any:
    if isinstance(value, str) or value is None or pd.isna(value):
        return None if not isinstance(value, str) else value
    is_whole = column.unit in _COUNTS and float(value).is_integer()
    return int(value) if is_whole else value
