"""One figure in two periods of its own history: what it was, what it is, whether it moved.

That something was decided or begun between the two makes it no cause of the difference.
"""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.analysis.comparison import compare, usual_range
from cxdata.metrics import metric as metric_of
from cxdata.model.evidence import Cell, Comparison
from cxdata.model.metric import Metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.query.evaluate import histories
from cxdata.query.gate import Gate


@dataclass(frozen=True)
class Since:
    """A figure ``before`` and ``after``; ``comparison`` is after against before."""

    metric: Metric
    then: Period
    now: Period
    before: Cell
    after: Cell
    comparison: Comparison


def since(gate: Gate, name: str, scope: Scope, then: Period) -> Since | None:
    """Compare a figure in the period of a scope with the same figure in an earlier one.

    Both are counted from the data as they are today. None where a figure has no course over time,
    or the data do not reach both periods.

    Raises:
        MissingTables: the data lack what the metric needs.
    """
    metric = metric_of(name)
    gate.require(metric)
    found = histories(gate, [metric], scope)[name]
    earlier, later = found.rows(then), found.rows(scope.period)
    if not metric.is_dated or not len(earlier) or not len(later):
        return None
    before, after = int(earlier[0]), int(later[0])
    usual = None if metric.difference else usual_range(found, after)
    return Since(
        metric,
        then,
        scope.period,
        found.cell(before),
        found.cell(after),
        compare(found, after, before, usual),
    )
