"""What a metric is: its words, its sufficient statistics in SQL, and the step that finishes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from cxdata.model.summaries import EXPOSURE, JOURNEY_ROLE

Floats = npt.NDArray[np.float64]
Stats = Mapping[str, Floats]
"""Sufficient statistics by name, one array element a cell."""


class Unit(StrEnum):
    """What a figure is counted in."""

    CUSTOMERS = "customers"
    COUNT = "count"
    SHARE = "share"
    MONEY = "money"
    UNIT_MONEY = "unit_money"
    POINTS = "points"
    RATE = "rate"
    MONTHS = "months"


class Better(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class Additive(StrEnum):
    """Over what a figure may be summed (METRICS.md C4)."""

    YES = "yes"
    SLICES = "over slices only"
    NO = "no"


@dataclass(frozen=True)
class Estimates:
    """Finished figures, one array element a cell; NaN is "no data" or "no interval"."""

    estimate: Floats
    n: Floats
    lo: Floats
    hi: Floats
    flag: npt.NDArray[np.str_]
    method: str


@dataclass(frozen=True)
class Differences:
    """Differences now less then, one array element a cell, with the test of the difference."""

    estimate: Floats
    lo: Floats
    hi: Floats
    p: Floats
    basis: str


JourneyRole = Literal["exposure", "own", "all"]


@dataclass(frozen=True)
class Stat:
    """One sufficient statistic: an aggregate over the columns of one summary.

    ``role`` says how a journey cuts it: customers exposed to the journey, the journey's own events,
    or not at all (``all``: a denominator that stays whole when the numerator is cut).
    ``months`` fixes the length of the span, as in twelve months whatever the grain. ``profile``
    says at which end of the period the segment is taken; ``segments="whole"`` keeps everybody where
    the rest is sliced or filtered by segment.
    """

    expression: sa.ColumnElement[Any]
    role: JourneyRole | None = None
    months: int | None = None
    profile: Literal["start", "end"] = "start"
    segments: Literal["sliced", "whole"] = "sliced"

    @cached_property
    def columns(self) -> tuple[sa.Column[Any], ...]:
        """The columns of a summary that the expression reads."""
        parts = sa.sql.visitors.iterate(self.expression)
        return tuple(part for part in parts if isinstance(part, sa.Column))

    @cached_property
    def mart(self) -> sa.Table:
        """The summary that the expression reads."""
        tables = {column.table for column in self.columns}
        if len(tables) != 1:
            raise ValueError("a statistic reads exactly one summary")
        return tables.pop()

    @property
    def journey_role(self) -> str:
        """How a journey cuts it, from the summary unless stated."""
        return self.role or JOURNEY_ROLE.get(self.mart.name, EXPOSURE)


def total(column: sa.ColumnElement[Any], **how: Any) -> Stat:
    """Sum a column of a summary."""
    return Stat(sa.func.sum(column), **how)


def total_where(
    condition: sa.ColumnElement[bool], column: sa.ColumnElement[Any], **how: Any
) -> Stat:
    """Sum a column over the rows that meet a condition."""
    return Stat(sa.func.sum(sa.case((condition, column), else_=0)), **how)


@dataclass(frozen=True)
class Metric:
    """One metric, defined once for the page, the deck, the command line and the tests.

    ``needs`` lists what must be there; each entry is a table, or tables any of which will do.
    ``difference`` tests now against then from the two sets of statistics; a metric without it is a
    census figure, judged by its own usual range (METRICS.md 9.16). ``is_dated`` is false for
    figures of the whole history, which have no periods. ``columns`` are needed beside the tables.
    ``is_stock``: a level that carries over, whose changes are what has a usual range. ``per_day``:
    it happens on days, so that a longer month has more of it and is judged per day (C9).
    """

    name: str
    label: str
    question: str
    unit: Unit
    better: Better
    definition: str
    formula: str
    needs: tuple[tuple[str, ...], ...]
    stats: Mapping[str, Stat]
    finish: Callable[[Stats], Estimates]
    difference: Callable[[Stats, Stats], Differences] | None = None
    additive: Additive = Additive.NO
    has_journey: bool = True
    is_dated: bool = True
    is_survey: bool = False
    is_stock: bool = False
    per_day: bool = False
    source: str = "METRICS.md"
    columns: tuple[str, ...] = field(default=())

    def __hash__(self) -> int:
        """Metrics are told apart by name."""
        return hash(self.name)
