"""Why did the number change? An exact split of a change into parts, each with its interval.

A share, score or average splits into what its cells did and who was counted (Kitagawa 1955); a
total also into how many there were (Shapley); customers and recurring revenue into the lines of
their bridge; cost to serve into its chain of factors. Parts sum to the change whatever the order.
METRICS.md 3.1 to 3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxdata.analysis.anatomy import Anatomy, anatomy, read_as
from cxdata.analysis.items import FEWEST, Item, items_of
from cxdata.analysis.movement import BRIDGED, CHAINED, bridge_parts, chain_parts, closing_gap
from cxdata.analysis.parts import Amount, Part
from cxdata.analysis.split import Split, split
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.evidence import Flag
from cxdata.model.metric import Metric, Unit
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.cells import cells
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import Options, options
from cxdata.query.statement import JOURNEY
from cxdata.statistics.decomposition import two_way_mix

RESIDUAL = 1e-9
"""Largest gap between a change and its parts, relative to the figures."""

SIZEABLE = 0.05
"""Share of the base from which a cell can speak against the whole."""

_FLOORS = {Unit.POINTS: 2.0, Unit.SHARE: 0.005}
_FLOOR = 0.01


@dataclass(frozen=True)
class Reversal:
    """The whole moved one way and its cells the other (METRICS.md 3.2).

    ``is_strong``: each cell of at least a twentieth of the base moved against the whole.
    """

    is_strong: bool


@dataclass(frozen=True)
class Why:
    """A change and its parts, the dearest cell first; ``residual`` is what they leave over.

    ``n0`` and ``n1`` are the units behind the figures, ``per`` what its base counts, ``looked_at``
    how many cells were looked at for those that stand out.
    """

    metric: Metric
    scope: Scope
    against: Period
    by: tuple[str, ...]
    value0: float
    value1: float
    n0: int | None
    n1: int | None
    per: str
    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    looked_at: int
    reversal: Reversal | None
    residual: float

    @property
    def change(self) -> float:
        """Later less earlier."""
        return self.value1 - self.value0

    def part(self, name: str) -> Part | None:
        """Return one part by name; None where this split has none of it."""
        return next((part for part in self.parts if part.name == name), None)


def why(gate: Gate, name: str, scope: Scope, by: tuple[str, ...] | None = None) -> Why:
    """Split the change of a metric from the period compared with to the one asked for.

    Args:
        gate: who asks, at which version.
        name: the metric.
        scope: who, when and against when.
        by: one or two dimensions; where not given the metric's own bridge or chain, else the
            first slicing attribute.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: nothing to compare with, an unfinished period, or no split by that dimension.
    """
    metric = metric_of(name)
    gate.require(metric)
    made = anatomy(metric)
    against = scope.against
    if against is None:
        raise BadScope("Choose what to compare with: the period before, or the year before.")
    at = (against, scope.period)
    if by is None and name in BRIDGED | dict.fromkeys(CHAINED):
        found = evaluate(gate, [metric], scope, at=at)[name]
        return _by_lines(gate, _Asked(metric, scope, against, found))
    reading = read_as(made)
    gate.require(reading)
    offered = options(gate)
    chosen = by or _first(metric, offered)
    _require_split(metric, made, chosen)
    both = evaluate(gate, [metric, reading], scope, at=at)
    asked = _Asked(metric, scope, against, both[name])
    done = split(
        made, cells_of := cells(gate, reading, scope, chosen, at), both[reading.name].stats
    )
    _require_sum(asked, done.whole)
    return _by_cells(gate, asked, chosen, made.per, done, cells_of.codes, cells_of.is_exposure)


@dataclass(frozen=True)
class _Asked:
    """The question, and the figure then and now.

    Raises:
        BadScope: one of both is unfinished or may not be shown.
    """

    metric: Metric
    scope: Scope
    against: Period
    found: Figures

    def __post_init__(self) -> None:
        for row, period in enumerate((self.against, self.scope.period)):
            cell = self.found.cell(row)
            if cell.flag is Flag.PARTIAL or not cell.flag.shows or cell.estimate is None:
                raise BadScope(
                    f"{self.metric.label} in {period.label} cannot be explained: {cell.flag.words}."
                )

    @property
    def values(self) -> tuple[float, float]:
        """The figure then and now."""
        then, now = self.found.frame["estimate"]
        return float(then), float(now)

    @property
    def change(self) -> float:
        """Later less earlier."""
        return self.values[1] - self.values[0]

    @property
    def n(self) -> tuple[int | None, int | None]:
        """Units behind the figure then and now."""
        return self.found.cell(0).n, self.found.cell(1).n


def _by_lines(gate: Gate, asked: _Asked) -> Why:
    """Tell a change by the lines of its bridge or the factors of its chain."""
    name = asked.metric.name
    if name in BRIDGED:
        parts = closing_gap(bridge_parts(gate, name, asked.scope, asked.against), asked.change)
    else:
        parts = chain_parts(gate, name, asked.scope, asked.against)
    return _why(asked, (), "", parts, (), 0, None)


def _by_cells(
    gate: Gate,
    asked: _Asked,
    by: tuple[str, ...],
    per: str,
    done: Split,
    codes: Sequence[tuple[str, ...]],
    is_exposure: bool,
) -> Why:
    least = gate.policy.k_min if asked.metric.is_survey else 0
    items, looked_at = items_of(
        done, codes, by, options(gate).labels, is_exposure, max(least, FEWEST)
    )
    parts = _parts(asked.metric, done, by, codes)
    return _why(asked, by, per, parts, items, looked_at, _reversal(asked, done))


def _why(
    asked: _Asked,
    by: tuple[str, ...],
    per: str,
    parts: tuple[Part, ...],
    items: tuple[Item, ...],
    looked_at: int,
    reversal: Reversal | None,
) -> Why:
    (value0, value1), (n0, n1) = asked.values, asked.n
    told = [part.amount.value for part in parts] or [item.amount.value for item in items]
    residual = asked.change - float(np.sum(told))
    _require_small(asked, residual)
    if items:
        _require_small(asked, asked.change - float(np.sum([i.amount.value for i in items])))
    return Why(
        asked.metric,
        asked.scope,
        asked.against,
        by,
        value0,
        value1,
        n0,
        n1,
        per,
        parts,
        items,
        looked_at,
        reversal,
        residual,
    )


def _require_sum(asked: _Asked, whole: tuple[float, float]) -> None:
    """Refuse cells that are not the figure itself."""
    for value, total in zip(asked.values, whole, strict=True):
        _require_small(asked, value - total)


def _require_small(asked: _Asked, residual: float) -> None:
    size = max(*(abs(value) for value in asked.values), 1.0)
    if not abs(residual) <= RESIDUAL * size:
        raise ArithmeticError(
            f"the parts of {asked.metric.name} leave {residual!r} of its change unexplained"
        )


def _first(metric: Metric, offered: Options) -> tuple[str, ...]:
    if offered.schemes:
        return (next(iter(offered.schemes)),)
    if offered.journeys and metric.has_journey:
        return (JOURNEY,)
    raise BadScope(f"The data have no segments to split {metric.label} by.")


def _require_split(metric: Metric, made: Anatomy, by: tuple[str, ...]) -> None:
    if len(by) > 2 or len(set(by)) < len(by):
        raise BadScope("A change is split by one dimension, or by two that differ.")
    if JOURNEY in by and not metric.has_journey:
        raise BadScope(f"{metric.label} cannot be told by journey: {metric.definition}")
    if JOURNEY in by and len(by) == 2 and made.is_whole_by_journey:
        raise BadScope(
            f"{metric.label} holds shared costs, which are cut by journey or by segment, not by"
            " both at once; choose one."
        )


def _parts(
    metric: Metric, done: Split, by: tuple[str, ...], codes: Sequence[tuple[str, ...]]
) -> tuple[Part, ...]:
    """Volume, mix and rate; the mix of two dimensions by each of them, where both can be told."""
    if done.mix is None:
        return ()
    parts = [Part("rate", metric.label, done.rate.sum())]
    crossed = _crossed(done, codes) if len(by) == 2 and done.volume is None else None
    if crossed is None:
        parts.append(Part("mix", "mix", done.mix.sum()))
    else:
        parts += [
            Part(f"mix_{name}", "mix", Amount(value))
            for name, value in zip(by, crossed, strict=True)
        ]
    if done.volume is not None:
        parts.insert(0, Part("volume", "volume", done.volume.sum()))
    return tuple(parts)


def _crossed(done: Split, codes: Sequence[tuple[str, ...]]) -> tuple[float, float] | None:
    """Split the mix of crossed cells by rows and columns (Das Gupta 1993).

    None where a row or a column is empty in one of the periods, or a sum has no base of its own.
    """
    rows, columns = (list(dict.fromkeys(code[i] for code in codes)) for i in (0, 1))
    size, rate = np.zeros((2, len(rows), len(columns))), np.zeros((2, len(rows), len(columns)))
    if done.base is None or np.any((done.base <= 0) & (done.top != 0)):
        return None
    values = np.nan_to_num(done.value)
    for at, (row, column) in enumerate(codes):
        place = (slice(None), rows.index(row), columns.index(column))
        size[place], rate[place] = done.base[:, at], values[:, at]
    if not (size.sum(axis=2) > 0).all() or not (size.sum(axis=1) > 0).all():
        return None
    found = two_way_mix(size[0], rate[0], size[1], rate[1])
    return found.rows, found.columns


def _reversal(asked: _Asked, done: Split) -> Reversal | None:
    """Whether the whole went one way and the cells the other, beyond a floor and the noise."""
    if done.mix is None or done.volume is not None or done.base is None:
        return None
    rate, unit = done.rate.sum(), asked.metric.unit
    floor = _FLOORS.get(unit, _FLOOR * abs(asked.values[0]))
    is_real = rate.lo is not None and not rate.is_noise
    if np.sign(rate.value) == np.sign(asked.change) or abs(rate.value) < floor or not is_real:
        return None
    steps = done.value[1] - done.value[0]
    sizeable = (done.share >= SIZEABLE).all(axis=0)
    against = np.sign(steps[sizeable]) == -np.sign(asked.change)
    return Reversal(bool(sizeable.any() and against.all()))
