"""A period under way against as many days of an earlier one (METRICS.md C9).

Half a month is never held against a full one. What is known by days is counted over the days that
are complete, and over the first as many days of the other period; other figures stay uncompared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxdata.analysis.comparison import UsualRange, compare, usual_range
from cxdata.metrics import metric as metric_of
from cxdata.model.evidence import Cell, Comparison, Flag
from cxdata.model.metric import Floats, Metric
from cxdata.model.period import Period, month_of
from cxdata.model.scope import Scope
from cxdata.query.days import Days, by_day, first_day, sums_of_days
from cxdata.query.evaluate import Figures
from cxdata.query.gate import Gate
from cxdata.query.maturity import (
    complete_through,
    is_provisional,
    reliable_from,
    tables_used,
)


@dataclass(frozen=True)
class ToDate:
    """A figure of the first ``days`` days of the period of a scope, and of ``against``.

    A ledger fact is judged by the range that the same days of the periods before set.
    """

    metric: Metric
    scope: Scope
    against: Period
    days: int
    cell: Cell
    then: Cell
    comparison: Comparison
    usual: UsualRange | None

    @property
    def change(self) -> float:
        """Later less earlier; 0 where one of both is not known."""
        return self.comparison.difference or 0.0

    @property
    def words(self) -> str:
        """What is compared: ``first 9 days of Oct 2026 with first 9 days of Sep 2026``."""
        now, then = self.scope.period.label, self.against.label
        return f"{first_days(self.days)} of {now} with {first_days(self.days)} of {then}"


def first_days(days: int) -> str:
    """Name the days that are compared."""
    return "first day" if days == 1 else f"first {days} days"


def to_date(gate: Gate, name: str, scope: Scope) -> ToDate | None:
    """Compare a period under way with as many days of the one a scope compares with.

    None where the period is finished or not begun, nothing is compared with, single days of the
    earlier one are no longer kept, or the figure is not known by days.

    Raises:
        MissingTables: the data lack what the metric needs.
    """
    metric = metric_of(name)
    gate.require(metric)
    daily, against = by_day(metric, scope), scope.against
    if daily is None or against is None or (scope.journeys and not metric.has_journey):
        return None
    days = _elapsed(gate, metric, scope.period, against)
    known = _since(gate, metric, scope.period)
    if days is None or against not in known:
        return None
    figures = _figures(gate, replace(daily, per_day=False), scope, known, days)
    row, then = len(known) - 1, known.index(against)
    usual = None if metric.difference else usual_range(figures, row)
    found = compare(figures, row, then, usual)
    return ToDate(metric, scope, against, days, figures.cell(row), figures.cell(then), found, usual)


def _elapsed(gate: Gate, metric: Metric, period: Period, against: Period) -> int | None:
    """Complete days of a period under way, and no more than the other has."""
    through = min(complete_through(gate, metric), gate.built.complete_through)
    if not period.start <= through < period.end - timedelta(days=1):
        return None
    return min((through - period.start).days + 1, against.days)


def _since(gate: Gate, metric: Metric, period: Period) -> list[Period]:
    """Periods with data of which all days are kept, up to this one, oldest first."""
    loaded = [gate.tables[name].first_date for name in tables_used(gate, metric)]
    first = max(first_day(gate), month_of(min((day for day in loaded if day), default=date.max)))
    first = max(first, reliable_from(gate, metric))
    found = [period]
    while found[0].previous().start >= first:
        found.insert(0, found[0].previous())
    return found


def _first(period: Period, days: int) -> Days:
    return period.start, min(period.start + timedelta(days=days), period.end)


def _figures(
    gate: Gate, metric: Metric, scope: Scope, when: Sequence[Period], days: int
) -> Figures:
    """Finish a metric over the first days of each period; late data leave it provisional."""
    spans = [_first(period, days) for period in when]
    stats = sums_of_days(gate, metric, scope, spans)
    done = metric.finish(stats)
    late = is_provisional(gate, metric, [end for _, end in spans])
    is_sound = np.isin(done.flag, [Flag.OK, Flag.INDICATIVE])
    flags = np.where(late & is_sound, Flag.PROVISIONAL.value, done.flag.astype(str))
    hidden = np.zeros(len(when), dtype=bool)
    if metric.is_survey:
        whole = sums_of_days(gate, metric, scope, [(one.start, one.end) for one in when])
        hidden = _few(gate, done.n, metric.finish(whole).n)
    estimate, n, lo, hi = (
        np.where(hidden, np.nan, values) for values in (done.estimate, done.n, done.lo, done.hi)
    )
    frame = pd.DataFrame(
        {
            "period": [period.key for period in when],
            "period_start": [period.start for period in when],
            "estimate": estimate,
            "n": n,
            "lo": lo,
            "hi": hi,
            "flag": np.where(hidden, Flag.SUPPRESSED.value, flags),
        }
    )
    return Figures(metric, (), frame, stats, {}, done.method)


def _few(gate: Gate, n: Floats, whole: Floats) -> npt.NDArray[np.bool_]:
    """Too few to be shown, or all but so few of a period that is (METRICS.md C11)."""
    least, rest = gate.policy.k_min, whole - n
    return ((n > 0) & (n < least)) | ((rest > 0) & (rest < least))
