"""A table of figures as plain values: the one that every file of a pack is written from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxdata.model.format import NOTHING, Format
from cxdata.model.metric import Unit
from cxdata.panels.picture import Column, say

Value = str | int | float | None


@dataclass(frozen=True)
class Sheet:
    """Rows of words and numbers under their columns; None is "no figure"."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def header(self) -> list[str]:
        """The columns as a reader sees them."""
        return [column.label for column in self.columns]

    def column(self, name: str) -> list[Value]:
        """Return one column; nothing where there is none of that name."""
        at = next((at for at, one in enumerate(self.columns) if one.name == name), None)
        return [None if at is None else row[at] for row in self.rows]

    def numbers(self, name: str) -> list[float | None]:
        """Return one column as numbers."""
        return [float(v) if isinstance(v, int | float) else None for v in self.column(name)]

    def words(self, name: str) -> list[str]:
        """Return one column as words."""
        return ["" if value is None else str(value) for value in self.column(name)]

    def figures(self) -> Iterator[tuple[int, int, Value]]:
        """Yield row, column and value of every number."""
        for at, row in enumerate(self.rows):
            for place, value in enumerate(row):
                if self.columns[place].unit is not None and value is not None:
                    yield at, place, value

    def shown(self, form: Format) -> list[list[str]]:
        """Return every row as it is read."""
        return [
            [said(value, column, form) for value, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


def sheet(table: pd.DataFrame, columns: Sequence[Column]) -> Sheet:
    """Return a table as plain values: counts are whole numbers, what is not finite is None."""
    lists = [[_plain(value, column) for value in table[column.name].tolist()] for column in columns]
    return Sheet(tuple(columns), tuple(zip(*lists, strict=True)) if lists else ())


def said(value: Value, column: Column, form: Format) -> str:
    """Write a value of a table as the pages write the figure."""
    if value is None:
        return NOTHING if column.unit is not None else ""
    if column.unit is None or isinstance(value, str):
        return str(value)
    return say(form, value, column.unit)


def _plain(value: Any, column: Column) -> Value:
    if value is None or isinstance(value, str):
        return value
    if column.unit is None:
        return "" if value != value else str(value)
    number = float(value)
    if not math.isfinite(number):
        return None
    is_count = column.unit in (Unit.CUSTOMERS, Unit.COUNT)
    return int(number) if is_count and number.is_integer() else number
