"""What adds up by days, summed over the first days of several periods (METRICS.md C9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from cxdata.model.metric import Floats, Metric, Stat
from cxdata.model.period import add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import (
    DAY_EVENT,
    INTERACTION_SUMMARY,
    MONTHS_OF_DAYS,
    SALES_SUMMARY,
)
from cxdata.query.gate import Gate, members

_DAILY = (INTERACTION_SUMMARY, SALES_SUMMARY)

Days = tuple[date, date]
"""First day, and the first day after."""


def by_day(metric: Metric) -> Metric | None:
    """Return the metric as it reads day by day; None where any of it does not add up by days."""
    stats = {name: _by_day(stat) for name, stat in metric.stats.items()}
    known = {name: stat for name, stat in stats.items() if stat is not None}
    return replace(metric, stats=known) if len(known) == len(stats) and metric.is_dated else None


def _by_day(stat: Stat) -> Stat | None:
    """A sum over a summary of events, over the same columns of single days."""
    there = all(column.name in DAY_EVENT.c for column in stat.columns)
    if stat.mart not in _DAILY or not there or stat.months or stat.segments != "sliced":
        return None
    mart = stat.mart

    def daily(element: Any, **_: Any) -> sa.Column[Any] | None:
        is_of_mart = isinstance(element, sa.Column) and element.table is mart
        return DAY_EVENT.c[element.name] if is_of_mart else None

    moved = sa.sql.visitors.replacement_traverse(stat.expression, {}, daily)
    return replace(stat, expression=moved)


def sums_of_days(
    gate: Gate, metric: Metric, scope: Scope, spans: Sequence[Days]
) -> dict[str, Floats]:
    """Return the statistics of a metric of days over each span of days, (spans,)."""
    day = DAY_EVENT.c.day
    within = [sa.and_(day >= sa.literal(first), day < sa.literal(end)) for first, end in spans]
    held = [DAY_EVENT.c.journey_code.in_(scope.journeys)] if scope.journeys else []
    rows = gate.read(
        sa.select(day, *(stat.expression.label(name) for name, stat in metric.stats.items()))
        .where(sa.or_(*within), *held, *members(DAY_EVENT.c.profile_id, scope.where))
        .group_by(day)
    )
    inside = [(rows["day"] >= first) & (rows["day"] < end) for first, end in spans]
    return {
        name: np.array([_total(rows.loc[chosen, name]) for chosen in inside])
        for name in metric.stats
    }


def first_day(gate: Gate) -> date:
    """First day of which single days are kept."""
    return max(gate.built.first_month, add_months(gate.built.last_month, 1 - MONTHS_OF_DAYS))


def _total(values: pd.Series) -> float:
    return float(sum(value for value in values if value is not None))
