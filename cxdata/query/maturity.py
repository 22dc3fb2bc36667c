"""Which periods are finished, provisional, or before the data can tell (METRICS.md 1.5, 9.12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from cxdata.model.evidence import Flag
from cxdata.model.metric import Estimates, Floats, Metric
from cxdata.model.period import Period, add_months
from cxdata.query.gate import Gate

COMPLETE_SHARE = 0.98
"""Share of a period's events that must have arrived before it is final."""

_FLOW = "customer_flow"
_DECIMALS = 2


def tables_used(gate: Gate, metric: Metric) -> tuple[str, ...]:
    """Return the tables of a metric that are there."""
    return tuple(name for choice in metric.needs for name in choice if name in gate.tables)


def complete_through(gate: Gate, metric: Metric) -> date:
    """Last day on which all tables of a metric are complete (METRICS.md C12)."""
    known = [
        facts.complete_through
        for name in tables_used(gate, metric)
        if (facts := gate.tables[name]).complete_through and facts.row_count
    ]
    return min(known, default=gate.built.complete_through)


def is_assumed(gate: Gate, metric: Metric) -> bool:
    """Whether no source promised that day, so that it was taken from the last event."""
    return any(
        gate.tables[name].is_assumed
        for name in tables_used(gate, metric)
        if gate.tables[name].last_date
    )


def reliable_from(gate: Gate, metric: Metric) -> date:
    """First day from which the metric means what it says.

    A bridge in money needs the month before; without contracts, losses show only after W days, and
    a twelve months' sum needs twelve months.
    """
    first = gate.built.first_month
    flows = [stat for stat in metric.stats.values() if stat.mart.name == _FLOW]
    if not flows:
        return first
    in_money = any(_is_money(column) for stat in flows for column in stat.columns)
    by_orders = not {"subscription_period", "revenue_period"} & set(gate.tables)
    if by_orders:
        lapse = first + timedelta(days=gate.built.lapse_days)
        return add_months(first, 12) if in_money else lapse
    return add_months(first, 1) if in_money and "revenue_period" in gate.tables else first


def _is_money(column: sa.Column[Any]) -> bool:
    """Whether a column of a summary holds money: alone of all columns it has two decimals."""
    return isinstance(column.type, sa.Numeric) and column.type.scale == _DECIMALS


def flagged(
    gate: Gate,
    metric: Metric,
    when: Sequence[Period],
    slices: int,
    partitions: Sequence[Sequence[int]],
    done: Estimates,
) -> Estimates:
    """Set the flags that follow from the period, not from the figures; and hide small groups.

    ``done`` has an element a period and slice, period by period; ``partitions`` are the slices
    that together make up a total which may be shown.
    """
    n, flag = done.n.astype(float), done.flag.astype(object)
    hidden = np.zeros(len(flag), dtype=bool)
    if metric.is_dated:
        marks = np.repeat(_marks(gate, metric, when), slices)
        lowered = np.isin(done.flag, [Flag.OK, Flag.INDICATIVE]) & (marks != "")
        flag[lowered] = marks[lowered]
        hidden = np.repeat(_outside(gate, metric, when), slices)
        flag[hidden] = Flag.NO_DATA.value
    if metric.is_survey:
        small = small_groups(n, gate.policy.k_min, slices, partitions)
        n[small], flag[small] = np.nan, Flag.SUPPRESSED.value
        hidden |= small
    estimate, lo, hi = (np.where(hidden, np.nan, v) for v in (done.estimate, done.lo, done.hi))
    return Estimates(estimate, n, lo, hi, flag.astype(str), done.method)


def small_groups(
    n: Floats, least: int, slices: int, partitions: Sequence[Sequence[int]]
) -> npt.NDArray[np.bool_]:
    """Which groups are too small to be shown (METRICS.md C11).

    Where one alone of a partition is, the next smallest is hidden with it: the one would follow
    from the total.
    """
    hidden = (n > 0) & (n < least)
    for first in np.flatnonzero(hidden.reshape(-1, max(slices, 1)).any(axis=1)) * slices:
        changed = True
        while changed:
            changed = False
            for partition in partitions:
                cells = first + np.asarray(partition)
                shown = cells[(n[cells] > 0) & ~hidden[cells]]
                if hidden[cells].sum() == 1 and len(shown):
                    hidden[shown[np.argmin(n[shown])]] = changed = True
    return hidden


def without_data(done: Estimates) -> Estimates:
    """Return the same cells, none of them known."""
    nothing = np.full(done.estimate.shape, np.nan)
    flags = np.full(done.flag.shape, Flag.NO_DATA.value)
    return Estimates(nothing, nothing, nothing, nothing, flags, done.method)


def _marks(gate: Gate, metric: Metric, when: Sequence[Period]) -> npt.NDArray[np.object_]:
    """What each period's age makes of a figure: unfinished, provisional, or nothing."""
    through, reliable = complete_through(gate, metric), reliable_from(gate, metric)
    partial = [
        period.end - timedelta(days=1) > through
        or period.start < add_months(reliable, _longest(metric, period) - period.grain.months)
        for period in when
    ]
    return np.where(
        partial,
        Flag.PARTIAL.value,
        np.where(
            is_provisional(gate, metric, [one.end for one in when]), Flag.PROVISIONAL.value, ""
        ),
    ).astype(object)


def _longest(metric: Metric, period: Period) -> int:
    """Months of the longest span of the metric's statistics."""
    return max((stat.months or period.grain.months for stat in metric.stats.values()), default=1)


def _outside(gate: Gate, metric: Metric, when: Sequence[Period]) -> npt.NDArray[np.bool_]:
    """Whether no table of the metric was loaded for any day of the period."""
    firsts = [gate.tables[t].first_date for t in tables_used(gate, metric)]
    first = min((day for day in firsts if day), default=date.min)
    through = complete_through(gate, metric)
    return np.array([first >= period.end or period.start > through for period in when])


def is_provisional(gate: Gate, metric: Metric, ends: Sequence[date]) -> npt.NDArray[np.bool_]:
    """Whether late events of the day before each end are still expected (METRICS.md 1.5)."""
    through = gate.built.complete_through
    ages = np.array([max((through - end).days + 1, 0) for end in ends], dtype=float)
    late = np.zeros(len(ends), dtype=bool)
    for name in tables_used(gate, metric):
        seen = gate.lateness.get(name)
        if seen is not None:
            late |= seen.at(ages) < COMPLETE_SHARE
    return late
