"""One figure as a reader meets it: now, then, the difference and whether it is real, the trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from cxdata.analysis.comparison import UsualRange, compare, usual_range
from cxdata.analysis.to_date import ToDate, to_date
from cxdata.metrics import metric as metric_of
from cxdata.model.errors import BadScope
from cxdata.model.evidence import Cell, Comparison, Verdict
from cxdata.model.metric import Metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.evaluate import Figures, histories
from cxdata.query.gate import Gate
from cxdata.query.maturity import complete_through, is_assumed
from cxdata.query.options import periods


@dataclass(frozen=True)
class Figure:
    """One metric in one scope.

    ``trend`` has a row a period: ``period``, ``period_start``, ``label``, ``estimate``, ``n``,
    ``lo``, ``hi``, ``flag``; it is shared, so nobody changes it. ``usual`` is the range that its
    own history sets. ``to_date`` compares a period under way with as many days of the other one.
    """

    metric: Metric
    scope: Scope
    cell: Cell
    against: Cell | None
    comparison: Comparison
    usual: UsualRange | None
    trend: pd.DataFrame
    data_through: date
    is_assumed: bool
    to_date: ToDate | None = None


def figures(gate: Gate, names: Sequence[str], scope: Scope) -> dict[str, Figure]:
    """Evaluate several metrics in one scope; those whose tables are missing are left out.

    Headlines, tiles and charts of one page ask for the same figures, so a gate remembers them.
    """
    when = _with(periods(gate, scope.period.grain), scope)

    def find(wanted: Sequence[str]) -> dict[str, Figure]:
        found = histories(gate, [metric_of(name) for name in wanted], scope)
        return {name: _figure(gate, one, scope, when) for name, one in found.items()}

    return gate.memory.recall({name: ("figure", name, scope) for name in names}, find)


def figure(gate: Gate, name: str, scope: Scope) -> Figure:
    """Evaluate one metric.

    Raises:
        MissingTables: the data lack what the metric needs.
    """
    gate.require(metric_of(name))
    return figures(gate, [name], scope)[name]


def _with(known: Sequence[Period], scope: Scope) -> list[Period]:
    """Periods of the data; the one asked for must be among them."""
    if scope.period not in known:
        raise BadScope(
            f"{scope.period.label} lies outside the data,"
            f" which run from {known[0].label} to {known[-1].label}."
        )
    return list(known)


def _figure(gate: Gate, found: Figures, scope: Scope, when: Sequence[Period]) -> Figure:
    row = int(found.rows(scope.period)[0])
    against = scope.against
    earlier = found.rows(against) if against and found.metric.is_dated else found.frame.index[:0]
    then = int(earlier[0]) if len(earlier) else None
    usual = None if found.metric.difference else usual_range(found, row)
    compared = compare(found, row, then, usual)
    is_open = compared.verdict is Verdict.INCOMPLETE
    trend = found.frame.copy()
    trend.insert(2, "label", [period.label for period in when])
    return Figure(
        found.metric,
        scope,
        found.cell(row),
        None if then is None else found.cell(then),
        compared,
        usual,
        trend if found.metric.is_dated else trend.iloc[row : row + 1],
        complete_through(gate, found.metric),
        is_assumed(gate, found.metric),
        to_date(gate, found.metric.name, scope) if is_open else None,
    )
