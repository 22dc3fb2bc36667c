"""Which periods are finished, provisional, or before the data can tell (METRICS.md 1.5, 9.12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from cxdata.model.evidence import Flag
from cxdata.model.metric import Metric
from cxdata.model.period import Grain, Period, add_months
from cxdata.query.gate import Gate

COMPLETE_SHARE = 0.98
"""Share of a period's events that must have arrived before it is final."""

_FLOW = "customer_flow"


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


def is_finished(gate: Gate, metric: Metric, period: Period) -> bool:
    """Whether the period lies wholly within complete data."""
    return period.end - timedelta(days=1) <= complete_through(gate, metric)


def reliable_from(gate: Gate, metric: Metric) -> date:
    """First day from which the metric means what it says.

    A bridge in money needs the month before; without contracts, losses show only after W days, and
    a twelve months' sum needs twelve months.
    """
    first = gate.built.first_month
    flows = [stat for stat in metric.stats.values() if stat.mart.name == _FLOW]
    if not flows:
        return first
    in_money = any("revenue" in str(stat.expression) for stat in flows)
    by_orders = not {"subscription_period", "revenue_period"} & set(gate.tables)
    if by_orders:
        lapse = first + timedelta(days=gate.built.lapse_days)
        return add_months(first, 12) if in_money else lapse
    return add_months(first, 1) if in_money and "revenue_period" in gate.tables else first


def flag_periods(
    gate: Gate,
    metric: Metric,
    when: Sequence[Period],
    slices: int,
    frame: pd.DataFrame,
    grain: Grain,
) -> None:
    """Set the flags that follow from the period, not from the figures; and hide small groups."""
    if metric.is_dated:
        marks = [_mark(gate, metric, period) for period in when]
        spread = np.repeat(np.array(marks, dtype=object), slices)
        lowered = np.isin(frame["flag"], [Flag.OK, Flag.INDICATIVE])
        set_now = lowered & (spread != "")
        frame.loc[set_now, "flag"] = spread[set_now]
        unknown = np.repeat(np.array([_is_outside(gate, metric, p) for p in when]), slices)
        frame.loc[unknown, ["estimate", "lo", "hi"]] = np.nan
        frame.loc[unknown, "flag"] = Flag.NO_DATA.value
    if metric.is_survey:
        small = (frame["n"] > 0) & (frame["n"] < gate.policy.k_min)
        frame.loc[small, ["estimate", "lo", "hi", "n"]] = np.nan
        frame.loc[small, "flag"] = Flag.SUPPRESSED.value


def _mark(gate: Gate, metric: Metric, period: Period) -> str:
    if not is_finished(gate, metric, period) or period.start < _needed(gate, metric, period):
        return Flag.PARTIAL.value
    return Flag.PROVISIONAL.value if is_provisional(gate, metric, period) else ""


def _needed(gate: Gate, metric: Metric, period: Period) -> date:
    """Earliest start for which the longest span of the metric's statistics is covered."""
    longest = max((stat.months or period.grain.months for stat in metric.stats.values()), default=1)
    reliable = reliable_from(gate, metric)
    return add_months(reliable, longest - period.grain.months)


def _is_outside(gate: Gate, metric: Metric, period: Period) -> bool:
    """Whether no table of the metric was loaded for any day of the period."""
    firsts = [gate.tables[t].first_date for t in tables_used(gate, metric)]
    dated = [first for first in firsts if first]
    starts_after = bool(dated) and min(dated) >= period.end
    return starts_after or period.start > complete_through(gate, metric)


def is_provisional(gate: Gate, metric: Metric, period: Period) -> bool:
    """Whether late events of the period's youngest day are still expected (METRICS.md 1.5)."""
    age = (gate.built.complete_through - (period.end - timedelta(days=1))).days
    return any(
        float(seen.at(max(age, 0))) < COMPLETE_SHARE
        for name in tables_used(gate, metric)
        if (seen := gate.lateness.get(name)) is not None
    )
