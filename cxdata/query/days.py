"""Figures of the first days of several periods, summed from single days (METRICS.md C9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cxdata.model.metric import Floats, Metric, Stat
from cxdata.model.period import add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import (
    ANSWER_PAIR,
    CUSTOMER_FLOW,
    DAY_ANSWER,
    DAY_EVENT,
    DAY_FLOW,
    DAY_PAIR,
    INTERACTION_SUMMARY,
    MONTHS_OF_DAYS,
    RESPONSE_SUMMARY,
    SALES_SUMMARY,
)
from cxdata.query.gate import Gate, members
from cxdata.query.statement import Reading, on_journeys, readings

_DAILY: Final = {
    INTERACTION_SUMMARY: DAY_EVENT,
    SALES_SUMMARY: DAY_EVENT,
    CUSTOMER_FLOW: DAY_FLOW,
    RESPONSE_SUMMARY: DAY_ANSWER,
    ANSWER_PAIR: DAY_PAIR,
}
"""Summaries of periods, and where the same columns stand by day."""

Days = tuple[date, date]
"""First day, and the first day after."""


def by_day(metric: Metric, scope: Scope | None = None) -> Metric | None:
    """Return the metric as it reads day by day; None where any of it is not known by days."""
    stats = {name: _by_day(stat, scope) for name, stat in metric.stats.items()}
    known = {name: stat for name, stat in stats.items() if stat is not None}
    return replace(metric, stats=known) if len(known) == len(stats) and metric.is_dated else None


def _by_day(stat: Stat, scope: Scope | None) -> Stat | None:
    """The same sum over the same columns of single days.

    Who is a customer at a day's close is known by the segment at the start alone.
    """
    mart = stat.mart
    daily = _DAILY.get(mart)
    if daily is None or stat.months or stat.segments != "sliced":
        return None
    if any(column.name not in daily.c for column in stat.columns):
        return None
    if stat.profile == "end" and scope is not None and scope.where:
        return None

    def moved(element: Any, **_: Any) -> sa.Column[Any] | None:
        is_of_mart = isinstance(element, sa.Column) and element.table is mart
        return daily.c[element.name] if is_of_mart else None

    expression = sa.sql.visitors.replacement_traverse(stat.expression, {}, moved)
    return replace(stat, expression=expression, profile="start")


def sums_of_days(
    gate: Gate, metric: Metric, scope: Scope, spans: Sequence[Days]
) -> dict[str, Floats]:
    """Return the statistics of a metric of days over each span of days, (spans,).

    Each span begins with a period of the scope's grain.
    """
    found: dict[str, Floats] = {}
    for reading, stats in readings([metric]).items():
        sums = _sums(gate, reading, stats, scope, spans)
        found |= {name.removeprefix(f"{metric.name}."): values for name, values in sums.items()}
    return found


def _sums(
    gate: Gate, reading: Reading, stats: Mapping[str, Stat], scope: Scope, spans: Sequence[Days]
) -> dict[str, Floats]:
    """Sum events by their day; those of a period, up to a day of it."""
    mart = next(iter(stats.values())).mart
    is_of_period = "period_start" in mart.c
    day = mart.c.day
    within = [
        sa.and_(
            mart.c.period_start == sa.literal(first) if is_of_period else day >= sa.literal(first),
            day < sa.literal(end),
        )
        for first, end in spans
    ]
    of_grain = [mart.c.months == scope.period.grain.months] if is_of_period else []
    key = mart.c.period_start if is_of_period else day
    rows = gate.read(
        sa.select(key.label("day"), *(stat.expression.label(name) for name, stat in stats.items()))
        .where(
            sa.or_(*within),
            *of_grain,
            *on_journeys(mart, reading, scope, ()),
            *members(mart.c.profile_id, scope.where),
        )
        .group_by(key)
    )
    inside = [
        rows["day"] == first if is_of_period else (rows["day"] >= first) & (rows["day"] < end)
        for first, end in spans
    ]
    return {name: np.array([_total(rows.loc[chosen, name]) for chosen in inside]) for name in stats}


def first_day(gate: Gate) -> date:
    """First day of which single days are kept."""
    return max(gate.built.first_month, add_months(gate.built.last_month, 1 - MONTHS_OF_DAYS))


def _total(values: pd.Series) -> float:
    return float(sum(value for value in values if value is not None))
