"""What the list behind a figure is: which rows, with which columns, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from cxdata.model.metric import Stats, Unit

Column = sa.ColumnElement[Any]
Columns = Any
"""Columns of a relation by name: ``columns.revenue``."""

Sum = Callable[[Stats], Any]

ROWS = "rows"
"""In place of a column: how many rows there are."""


class Kind(StrEnum):
    """From what a list is made."""

    MOVES = "moves"
    LOSSES = "losses"
    YEAR = "year"
    SUMS = "sums"
    CALLS = "calls"
    ORDERS = "orders"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Field:
    """One column: what it says of a row, or in a list that gathers rows, their sum."""

    name: str
    label: str
    unit: Unit | None
    of: Callable[[Columns], Column]


def every(_: Columns) -> Column:
    """Keep every row."""
    return sa.true()


@dataclass(frozen=True)
class Listed:
    """The rows behind one figure: ``who`` they are in words, what is kept, and who comes first.

    ``equals`` says which statistic of the figure the rows, or the sum of a column, are: a list that
    does not add up to its figure is no list of what is behind it.
    """

    kind: Kind
    who: str
    fields: tuple[Field, ...]
    first: Callable[[Columns], Column]
    equals: Mapping[str, Sum]
    keep: Callable[[Columns], Column] = every
    having: Callable[[Columns], Column] = every
    profile: str = "profile_id"

    @property
    def is_gathered(self) -> bool:
        """Whether several rows of one customer are one row of the list."""
        return self.kind in (Kind.SUMS, Kind.CALLS, Kind.ORDERS)

    @property
    def is_compared(self) -> bool:
        """Whether the list tells the earlier period beside the one asked for."""
        return any(one.name == "before" for one in self.fields) and self.kind is Kind.SUMS


def stat(name: str) -> Sum:
    """Return a statistic of the figure."""
    return lambda stats: stats[name]


def less(whole: str, part: str) -> Sum:
    """Return what a part leaves of a whole."""
    return lambda stats: stats[whole] - stats[part]


def size(column: Column) -> Column:
    """Return how far a value is from zero: the largest change either way comes first."""
    return sa.func.abs(column)
