"""Headline figures before and after: what the readers of the pages would see move."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxdata.metrics import metric as metric_of
from cxdata.model.evidence import Cell, Flag
from cxdata.model.metric import Metric, Unit
from cxdata.model.period import Grain, Period
from cxdata.model.progress import Progress, silent
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import latest_complete, options, periods
from cxdata.query.statement import JOURNEY

HEADLINES = (
    *("customers_start", "customers_new", "customers_lost", "customers_net", "customers_end"),
    *("logo_retention", "revenue", "revenue_per_customer"),
    *("cost_to_serve", "cost_per_customer", "nps"),
)
"""The figures of the first page."""

PERIODS = 3
"""Finished months that are compared, and the unfinished one if there is any."""

_LEAST = 1e-9


@dataclass(frozen=True)
class Side:
    """One figure before or after, as a page would show it; nothing where it may not be shown."""

    estimate: float | None
    n: int | None
    lo: float | None
    hi: float | None
    flag: Flag

    @classmethod
    def of(cls, cell: Cell) -> Side:
        """Return the side of a cell."""
        return cls(cell.estimate, cell.n, cell.lo, cell.hi, cell.flag)


NOTHING = Side(None, None, None, None, Flag.NO_DATA)


@dataclass(frozen=True)
class Move:
    """One headline figure of one period and slice, before and after.

    ``slice`` holds a dimension and its code, or nothing for all customers. ``moved`` is how much
    it moved, from 0 to 1, comparable between figures of different units: the difference as a share
    of the larger figure; for a share, of its rarer side; for points, of the whole scale.
    """

    metric: str
    label: str
    unit: Unit
    period: str
    slice: tuple[str, ...]
    before: Side
    after: Side
    moved: float

    @property
    def difference(self) -> float | None:
        """After less before."""
        if self.before.estimate is None or self.after.estimate is None:
            return None
        return self.after.estimate - self.before.estimate

    @property
    def is_overall(self) -> bool:
        """Whether it is about all customers."""
        return not self.slice


def moves(before: Gate | None, after: Gate, progress: Progress = silent) -> tuple[Move, ...]:
    """Return every headline figure of the latest months, and by each slice, that differs.

    What moved most comes first: figures that may be shown before those that are too few to say,
    and within those by ``moved``. ``before`` is None where nothing was published.
    """
    when = _latest(after)
    slicings: list[tuple[str, ...]] = [(), *((name,) for name in options(after).schemes)]
    if options(after).journeys:
        slicings.append((JOURNEY,))
    found: list[Move] = []
    for number, by in enumerate(slicings):
        progress("comparing figures", number / len(slicings))
        found += _moves(before, after, by, when)
    return tuple(sorted(found, key=_rank))


def headlines(before: Gate | None, after: Gate) -> tuple[Move, ...]:
    """Return the headline figures of the last finished month, moved or not, in their order."""
    latest = latest_complete(after, Grain.MONTH)
    found = {move.metric: move for move in _sides(before, after, (), [latest])}
    return tuple(found[name] for name in HEADLINES if name in found)


def _latest(gate: Gate) -> list[Period]:
    last = latest_complete(gate, Grain.MONTH)
    known = [one for one in periods(gate, Grain.MONTH) if one >= last.shift(1 - PERIODS)]
    return known[-(PERIODS + 1) :]


def _moves(
    before: Gate | None, after: Gate, by: tuple[str, ...], when: Sequence[Period]
) -> Iterator[Move]:
    for move in _sides(before, after, by, when):
        if not _same(move.before, move.after):
            yield move


def _same(one: Side, other: Side) -> bool:
    """Whether two sides read alike; sums in another order differ in the last digits."""
    values = ((one.estimate, other.estimate), (one.lo, other.lo), (one.hi, other.hi))
    return (one.n, one.flag) == (other.n, other.flag) and all(
        a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=_LEAST))
        for a, b in values
    )


def _sides(
    before: Gate | None, after: Gate, by: tuple[str, ...], when: Sequence[Period]
) -> Iterator[Move]:
    metrics = [metric_of(name) for name in HEADLINES]
    now = _cells(after, metrics, by, when)
    then = {} if before is None else _cells(before, metrics, by, _inside(before, when))
    for key in dict.fromkeys([*now, *then]):
        metric, period, where = key
        old, new = then.get(key, NOTHING), now.get(key, NOTHING)
        yield Move(
            metric.name,
            metric.label,
            metric.unit,
            period,
            where,
            old,
            new,
            _moved(metric.unit, old.estimate, new.estimate),
        )


def _inside(gate: Gate, when: Sequence[Period]) -> list[Period]:
    return [period for period in when if period in periods(gate, Grain.MONTH)]


def _cells(
    gate: Gate, metrics: Sequence[Metric], by: tuple[str, ...], when: Sequence[Period]
) -> dict[tuple[Metric, str, tuple[str, ...]], Side]:
    if not when or any(name != JOURNEY and name not in options(gate).schemes for name in by):
        return {}
    asked = [metric for metric in metrics if metric.has_journey or JOURNEY not in by]
    found = evaluate(gate, asked, Scope(when[-1]), by=by, at=when)
    return {
        (one.metric, str(one.frame.loc[row, "period"]), _slice(one, row)): Side.of(one.cell(row))
        for one in found.values()
        for row in one.frame.index
    }


def _slice(figures: Figures, row: int) -> tuple[str, ...]:
    return tuple(text for name in figures.by for text in (name, str(figures.frame.loc[row, name])))


def _moved(unit: Unit, before: float | None, after: float | None) -> float:
    if before is None or after is None:
        return 0.0 if before == after else 1.0
    gap = abs(after - before)
    if unit is Unit.POINTS:
        return min(gap / 200.0, 1.0)
    largest = max(abs(before), abs(after))
    if unit is Unit.SHARE and largest <= 1.0:
        rarer = min(largest, 1.0 - min(before, after))
        largest = rarer if rarer > _LEAST else largest
    return min(gap / largest, 1.0) if largest > _LEAST else 0.0


def _rank(move: Move) -> tuple[object, ...]:
    shown = [side.flag for side in (move.before, move.after) if side != NOTHING]
    doubt = 2 if not any(flag.shows for flag in shown) else int(Flag.INDICATIVE in shown)
    moved = -move.moved if math.isfinite(move.moved) else 0.0
    return doubt, moved, not move.is_overall, move.metric, move.period, move.slice
