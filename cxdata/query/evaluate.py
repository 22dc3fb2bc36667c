"""Metrics in a scope, finished: statistics from the summaries in, figures with evidence out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cxdata.model.errors import BadScope, UnknownName
from cxdata.model.evidence import Cell, Flag, number
from cxdata.model.metric import Floats, Metric, Stat
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import NO_JOURNEY, UNIDENTIFIED, UNKNOWN
from cxdata.query.gate import Gate
from cxdata.query.maturity import flagged, without_data
from cxdata.query.options import Options, options, periods
from cxdata.query.statement import (
    END,
    EVERY,
    JOURNEY,
    Cut,
    Reading,
    is_gathered,
    member_code,
    readings,
    select,
)


@dataclass(frozen=True)
class Figures:
    """Figures of one metric: one row a period and slice.

    ``frame`` has ``period`` (key), ``period_start``, one column a dimension, then ``estimate``,
    ``n``, ``lo``, ``hi``, ``flag``; ``stats`` the statistics behind each row, in the same order.
    """

    metric: Metric
    by: tuple[str, ...]
    frame: pd.DataFrame
    stats: Mapping[str, Floats]
    exact: Mapping[str, tuple[Any, ...]]
    method: str

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Rows of each period; looked up for every comparison, so read from the frame once."""
        places: dict[str, list[int]] = {}
        for row, key in enumerate(self.frame["period"].tolist()):
            places.setdefault(key, []).append(row)
        return places

    @cached_property
    def _records(self) -> list[dict[Any, Any]]:
        columns = [self.frame[name].tolist() for name in self.frame]
        names = list(self.frame)
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    @cached_property
    def _courses(self) -> dict[tuple[str, ...], list[int]]:
        """Rows of each slice, oldest first."""
        courses: dict[tuple[str, ...], list[int]] = {}
        for row in range(len(self._records)):
            courses.setdefault(self._slice(row), []).append(row)
        for rows in courses.values():
            rows.sort(key=lambda at: self._records[at]["period_start"])
        return courses

    def _slice(self, row: int) -> tuple[str, ...]:
        here = self._records[row]
        return tuple(here[name] for name in self.by)

    def rows(self, period: Period) -> pd.Index:
        """Row labels of one period."""
        return pd.Index(self._places.get(period.key, []), dtype=np.int64)

    def record(self, row: int) -> Mapping[Any, Any]:
        """One row by column."""
        return self._records[row]

    def history(self, row: int) -> list[int]:
        """Rows of the same slice up to this one, oldest first."""
        same = self._courses[self._slice(row)]
        return same[: same.index(row) + 1]

    def cell(self, row: int) -> Cell:
        """One row as a cell; what may not be shown is not in it."""
        values = self.record(row)
        flag = Flag(values["flag"])
        shown = flag.shows
        n = number(values["n"])
        return Cell(
            number(values["estimate"]) if shown else None,
            None if n is None or flag is Flag.SUPPRESSED else round(n),
            number(values["lo"]) if shown else None,
            number(values["hi"]) if shown else None,
            self.method,
            flag,
        )

    def at(self, row: int) -> dict[str, Floats]:
        """Statistics of one row, as arrays of one."""
        return {name: values[row : row + 1] for name, values in self.stats.items()}


def evaluate(
    gate: Gate,
    metrics: Sequence[Metric],
    scope: Scope,
    *,
    by: tuple[str, ...] = (),
    at: Sequence[Period] | None = None,
) -> dict[str, Figures]:
    """Evaluate metrics over periods and slices.

    Args:
        gate: who asks, at which version.
        metrics: what to evaluate; those whose tables are missing are left out of the answer.
        scope: who, which journeys, and the grain.
        by: dimensions to slice by: ``journey`` and slicing attributes.
        at: the periods; all that the data cover where not given.

    Raises:
        UnknownName: a dimension, segment or journey that the data do not have.
        BadScope: a period that lies outside the data.
    """
    known = options(gate)
    _check(scope, by, known)
    wanted = [metric for metric in metrics if not gate.missing(metric)]
    when = list(at) if at is not None else list(periods(gate, scope.period.grain))
    if not when:
        raise BadScope("There is no period to show.")
    cut = Cut(
        by_journey=bool(scope.journeys) or JOURNEY in by,
        by_segment=bool(scope.where) or any(dimension != JOURNEY for dimension in by),
    )
    found = {
        reading: _read(gate, reading, stats, scope, by, when)
        for reading, stats in readings(wanted, cut).items()
    }
    slices = _slices(found.values(), by, known)
    grid = _Grid(when, slices, by)
    cells = {reading: grid.cells(rows) for reading, rows in found.items()}
    return {metric.name: _finish(gate, metric, cells, grid, cut) for metric in wanted}


def histories(
    gate: Gate, metrics: Sequence[Metric], scope: Scope, by: tuple[str, ...] = ()
) -> dict[str, Figures]:
    """Evaluate metrics over all periods of the scope's grain.

    Which of the periods the scope asks for changes nothing, so a gate reads each history once.
    """
    grain, fiscal = scope.period.grain, scope.period.fiscal_start
    named = {metric.name: metric for metric in metrics}
    return gate.memory.recall(
        {name: (name, by, grain, fiscal, scope.where, scope.journeys) for name in named},
        lambda names: evaluate(gate, [named[name] for name in names], scope, by=by),
    )


def totals(gate: Gate, stats: Mapping[str, Stat], scope: Scope) -> dict[str, Any]:
    """Sum statistics over a scope, exactly as the engine sums them; 0 where there is nothing.

    For what adds up and is no metric, such as the lines of a bridge.

    Raises:
        UnknownName: a segment or journey that the data do not have.
    """
    _check(scope, (), options(gate))
    alike: dict[Reading, dict[str, Stat]] = {}
    for name, stat in stats.items():
        how = (stat.mart.name, stat.journey_role, stat.months, stat.profile, stat.segments)
        alike.setdefault(Reading(*how), {})[name] = stat
    grid = _Grid([scope.period], [()], ())
    sums: dict[str, Any] = dict.fromkeys(stats, 0)
    for reading, named in alike.items():
        (cell,) = grid.cells(_read(gate, reading, named, scope, (), grid.when))
        sums |= cell or {}
    return sums


def _check(scope: Scope, by: Iterable[str], known: Options) -> None:
    for dimension in by:
        if dimension not in (JOURNEY, EVERY, *known.schemes):
            raise UnknownName("dimension", dimension, (JOURNEY, *known.schemes))
    for scheme, codes in scope.where:
        if scheme not in known.schemes:
            raise UnknownName("slicing attribute", scheme, known.schemes)
        for code in codes:
            if code not in (*known.schemes[scheme], UNKNOWN, UNIDENTIFIED):
                raise UnknownName(scheme, code, known.schemes[scheme])
    for journey in scope.journeys:
        if journey not in known.journeys:
            raise UnknownName("journey", journey, known.journeys)


@dataclass(frozen=True)
class _Rows:
    """What one reading gave: statistics by period's end (None where undated) and slice."""

    dimensions: tuple[str, ...]
    is_dated: bool
    sums: dict[tuple[Any, ...], dict[str, Any]]


_Cells = Sequence[Mapping[str, Any] | None]


class _Grid:
    """Every period and slice to answer for, period by period."""

    def __init__(
        self, when: Sequence[Period], slices: Sequence[tuple[str, ...]], by: tuple[str, ...]
    ) -> None:
        self.when = when
        self.slices = slices
        self.by = by
        self.ends = [period.end for period in when]

    @cached_property
    def partitions(self) -> list[list[int]]:
        """Positions of slices that differ in one dimension only: together they are a total."""
        lines: dict[tuple[Any, ...], list[int]] = {}
        for at, codes in enumerate(self.slices):
            for i, code in enumerate(codes):
                whole = code.partition("=")[0] if self.by[i] == EVERY else None
                lines.setdefault((i, *codes[:i], whole, *codes[i + 1 :]), []).append(at)
        return list(lines.values())

    def cells(self, rows: _Rows) -> _Cells:
        """Statistics of every cell; without a slice's dimension, those of its whole."""
        kept = [i for i, dimension in enumerate(self.by) if dimension in rows.dimensions]
        slices = [tuple(codes[i] for i in kept) for codes in self.slices]
        ends = self.ends if rows.is_dated else [None] * len(self.ends)
        return [rows.sums.get((end, *codes)) for end in ends for codes in slices]

    def columns(self) -> dict[str, list[Any]]:
        """The columns that tell the cells apart."""
        size = len(self.slices)
        return {
            "period": [key for period in self.when for key in (period.key,) * size],
            "period_start": [start for period in self.when for start in (period.start,) * size],
            **{
                name: [c[i] for c in self.slices] * len(self.when) for i, name in enumerate(self.by)
            },
        }


def _read(
    gate: Gate,
    reading: Reading,
    stats: Mapping[str, Any],
    scope: Scope,
    by: tuple[str, ...],
    when: Sequence[Period],
) -> _Rows:
    window = (min(p.end for p in when), max(p.end for p in when))
    query = select(reading, stats, scope, by, window)
    frame = gate.read(query, "profile_end_id" if reading.profile == "end" else "profile_id")
    dimensions = tuple(name for name in by if name in frame.columns)
    ends = _ends(reading, frame, scope.period)
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    names = list(stats)
    keys = zip(ends, *(frame[name] for name in dimensions), strict=True)
    for key, *values in zip(keys, *(frame[name] for name in names), strict=True):
        held = sums.setdefault(key, dict.fromkeys(names, 0))
        for name, value in zip(names, values, strict=True):
            if value is not None:
                held[name] += value
    return _Rows(dimensions, END in frame.columns, sums)


def _ends(reading: Reading, frame: pd.DataFrame, period: Period) -> list[date | None]:
    """End of the period that each row belongs to; months are gathered into theirs."""
    if END not in frame:
        return [None] * len(frame)
    months = reading.months or period.grain.months
    gathered = is_gathered(reading, period)
    ends = {
        day: Period.containing(day, period.grain, period.fiscal_start).end
        if gathered
        else add_months(day, months)
        for day in set(frame[END])
    }
    return [ends[day] for day in frame[END]]


def _slices(found: Iterable[_Rows], by: tuple[str, ...], known: Options) -> list[tuple[str, ...]]:
    """Every slice that any summary has, in the order readers expect."""
    if not by:
        return [()]
    present = {key[1:] for rows in found if rows.dimensions == by for key in rows.sums}
    ranks = []
    for dimension in by:
        ranks.append({code: rank for rank, code in enumerate(_codes(dimension, known))})
    last = len(known.journeys) + sum(len(c) for c in known.schemes.values()) + 1
    # Codes of equal rank, such as unknown and unidentified, stand in the order of their letters.
    return sorted(
        present,
        key=lambda codes: (
            tuple(rank.get(c, last) for rank, c in zip(ranks, codes, strict=True)),
            codes,
        ),
    )


def _codes(dimension: str, known: Options) -> Sequence[str]:
    """Every code of a dimension, in the order readers expect."""
    if dimension == JOURNEY:
        return (*known.journeys, NO_JOURNEY)
    if dimension == EVERY:
        return [member_code(name, code) for name, codes in known.schemes.items() for code in codes]
    return known.schemes[dimension]


def _finish(
    gate: Gate,
    metric: Metric,
    cells: Mapping[Reading, _Cells],
    grid: _Grid,
    cut: Cut,
) -> Figures:
    """Finish one metric; one that no journey can cut has no answer where a journey is asked for."""
    exact = {
        name: _exact(cells[Reading.of(stat, metric, cut)], f"{metric.name}.{name}")
        for name, stat in metric.stats.items()
    }
    stats = {name: _doubles(values) for name, values in exact.items()}
    done = metric.finish(stats)
    done = flagged(gate, metric, grid.when, len(grid.slices), grid.partitions, done)
    if cut.by_journey and not metric.has_journey:
        done = without_data(done)
    frame = pd.DataFrame(
        {
            **grid.columns(),
            "estimate": done.estimate,
            "n": done.n,
            "lo": done.lo,
            "hi": done.hi,
            "flag": done.flag.astype(str),
        }
    )
    return Figures(metric, grid.by, frame, stats, exact, done.method)


def _exact(cells: _Cells, name: str) -> tuple[Any, ...]:
    """One statistic as the engine summed it; 0 where there is nothing."""
    return tuple(sums[name] if sums else 0 for sums in cells)


def _doubles(values: Iterable[Any]) -> Floats:
    return np.array([float(v) if isinstance(v, Decimal) else v for v in values], dtype=np.float64)
