"""Slices compared as if each had the same mix: direct standardisation.

A region can look worse only because it has more of the customers who are unhappy everywhere. Each
slice's own figures by stratum are weighted by the strata's shares in all slices together, so that
what is left is the slice itself.  Kitagawa 1964; Breslow & Day 1987, chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxdata.analysis.anatomy import anatomy, read_as
from cxdata.analysis.league import estimates
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.metric import Floats, Metric
from cxdata.model.scope import Scope
from cxdata.query.cells import cells
from cxdata.query.gate import Gate
from cxdata.query.options import options
from cxdata.query.statement import JOURNEY
from cxdata.statistics.interval import critical, divide, root

FEWEST = 10
"""Units in a cell below which its stratum is no basis for comparing slices."""


@dataclass(frozen=True)
class Adjusted:
    """One slice as it is, and at the common mix; None where a common stratum is missing in it."""

    code: str
    label: str
    n: float
    raw: float
    adjusted: float | None
    lo: float | None
    hi: float | None


@dataclass(frozen=True)
class Standardised:
    """Slices of ``by`` at the common mix of ``over``.

    ``covered`` is the share of the base in the strata that enough slices have, on which the
    comparison rests.
    """

    metric: Metric
    scope: Scope
    by: str
    over: str
    slices: tuple[Adjusted, ...]
    covered: float


def standardised(gate: Gate, name: str, scope: Scope, by: str, over: str) -> Standardised:
    """Compare the slices of one attribute at the common mix of another.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: a total or full count, a journey, or twice the same attribute.
    """
    metric = metric_of(name)
    made = anatomy(metric)
    if by == over or JOURNEY in (by, over):
        raise BadScope("Choose two different slicing attributes: one to compare, one to adjust by.")
    if made.is_total or made.base is None or not (made.classes or made.squares):
        raise BadScope(f"{metric.label} is a full count: it is not adjusted for its mix.")
    reading = read_as(made)
    gate.require(reading)
    found = cells(gate, reading, scope, (by, over), [scope.period])
    values, errors, units = estimates(made, {n: v[0] for n, v in found.stats.items()})
    rows, columns = (list(dict.fromkeys(code[i] for code in found.codes)) for i in (0, 1))
    table = np.zeros((3, len(rows), len(columns)))
    for (row, column), *cell in zip(found.codes, values, errors, units, strict=True):
        table[:, rows.index(row), columns.index(column)] = np.nan_to_num(cell)
    labels = options(gate).labels
    adjusted, error, covered, is_told = adjust(*table)
    half = critical(0.95) * error
    slices = tuple(
        Adjusted(
            code,
            labels.segment(by, code),
            float(table[2, at].sum()),
            float(divide((table[0, at] * table[2, at]).sum(), table[2, at].sum())),
            float(adjusted[at]) if is_told[at] else None,
            float(adjusted[at] - half[at]) if is_told[at] else None,
            float(adjusted[at] + half[at]) if is_told[at] else None,
        )
        for at, code in enumerate(rows)
        if table[2, at].sum() >= max(FEWEST, gate.policy.k_min)
    )
    return Standardised(metric, scope, by, over, slices, covered)


def adjust(values: Floats, errors: Floats, units: Floats) -> tuple[Floats, Floats, float, Floats]:
    """Adjusted value and error of each row, the share of units covered, and which rows are told.

    Arrays (rows, strata). Rows with fewer than ten units in a stratum cannot be told at that
    stratum; strata that less than half of the rows have are left out, then rows that lack one left.

    >>> value, error, covered, told = adjust(np.array([[1.0, 3.0], [1.0, 3.0]]), np.zeros((2, 2)),
    ...                                      np.array([[90.0, 10.0], [10.0, 90.0]]))
    >>> value.tolist(), covered, told.tolist()
    ([2.0, 2.0], 1.0, [True, True])
    """
    has = units >= FEWEST
    rows = units.sum(axis=1) >= FEWEST
    kept = has[rows].mean(axis=0) >= 0.5 if rows.any() else np.zeros(units.shape[1], dtype=bool)
    told = rows & has[:, kept].all(axis=1) & kept.any()
    weight = divide(units[:, kept].sum(axis=0), units[:, kept].sum())
    value = values[:, kept] @ weight
    error = np.asarray(root((errors[:, kept] ** 2) @ weight**2))
    return value, error, float(divide(units[:, kept].sum(), units.sum())), told
