"""From statistics and scope to one SELECT a summary.

Statistics that read the same summary in the same way share a statement, so a page with many
figures asks few questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from cxdata.model.metric import Metric, Stat
from cxdata.model.period import Period, add_months
from cxdata.model.scope import Scope
from cxdata.model.summaries import (
    EVERYONE,
    EXPOSURE,
    JOURNEY_BIT,
    OWN,
    PROFILE_MEMBER,
    WITH_EVERYONE,
)
from cxdata.query.gate import members

JOURNEY = "journey"
"""The dimension that is no slicing attribute of customers."""

EVERY = "(every attribute)"
"""The dimension of all slicing attributes at once; :func:`member_code` names its slices."""

END = "period_end"
"""Column that says which period a row belongs to: the first day after it."""


def member_code(scheme: str, code: str) -> str:
    """Name one segment among those of all slicing attributes.

    >>> member_code("region", "nordics")
    'region=nordics'
    """
    return f"{scheme}={code}"


@dataclass(frozen=True)
class Cut:
    """What a question cuts by; statistics that differ only in how they would be cut are alike."""

    by_journey: bool = True
    by_segment: bool = True


FULLY: Final = Cut()
"""Cut by both, so that nothing is alike by chance."""


@dataclass(frozen=True)
class Reading:
    """One way of reading one summary."""

    mart: str
    role: str
    months: int | None
    profile: str
    segments: str

    @classmethod
    def of(cls, stat: Stat, metric: Metric, cut: Cut = FULLY) -> Reading:
        """How a statistic is read for a question."""
        role = stat.journey_role if metric.has_journey and cut.by_journey else "all"
        segments = stat.segments if cut.by_segment else "sliced"
        return cls(stat.mart.name, role, stat.months, stat.profile, segments)


Named = Mapping[str, Stat]


def readings(metrics: Iterable[Metric], cut: Cut = FULLY) -> dict[Reading, dict[str, Stat]]:
    """Group the statistics of several metrics by how they are read; names carry their metric."""
    found: dict[Reading, dict[str, Stat]] = {}
    for metric in metrics:
        for name, stat in metric.stats.items():
            found.setdefault(Reading.of(stat, metric, cut), {})[f"{metric.name}.{name}"] = stat
    return found


def select(
    reading: Reading,
    stats: Named,
    scope: Scope,
    by: tuple[str, ...],
    window: tuple[date, date],
) -> sa.Select[Any]:
    """Return the SELECT of one reading: period, slices, statistics."""
    mart = next(iter(stats.values())).mart
    rows: sa.FromClause = mart
    columns: list[sa.ColumnElement[Any]] = []
    conditions: list[sa.ColumnElement[bool]] = []
    grouped: list[sa.ColumnElement[Any]] = []
    profile = mart.c["profile_end_id" if reading.profile == "end" else "profile_id"]
    period, within = _period(mart, reading, scope.period, window)
    if period is not None:
        columns.append(period.label(END))
        grouped.append(period)
        conditions += within
    is_whole = reading.segments == "whole"
    for dimension in by:
        if is_whole and dimension != JOURNEY:
            continue
        rows, column = _slice(rows, mart, reading, profile, dimension)
        if column is not None:
            columns.append(column.label(dimension))
            grouped.append(column)
    conditions += members(profile, () if is_whole else scope.where)
    conditions += on_journeys(mart, reading, scope, by)
    aggregates = [stat.expression.label(name) for name, stat in stats.items()]
    return sa.select(*columns, *aggregates).select_from(rows).where(*conditions).group_by(*grouped)


def _period(
    mart: sa.Table, reading: Reading, period: Period, window: tuple[date, date]
) -> tuple[sa.ColumnElement[Any] | None, list[sa.ColumnElement[bool]]]:
    """The column that dates a row, and the condition that keeps it in the window of ends."""
    low, high = window
    if "month" in mart.c:
        month = mart.c.month
        first = add_months(low, -period.grain.months)
        return month, [month >= sa.literal(first), month < sa.literal(high)]
    if "period_start" not in mart.c:
        return None, []
    months = reading.months or period.grain.months
    start = mart.c.period_start
    back = max(months, period.grain.months) if is_gathered(reading, period) else months
    return start, [
        mart.c.months == months,
        start >= sa.literal(add_months(low, -back)),
        start <= sa.literal(add_months(high, -months)),
    ]


def is_gathered(reading: Reading, period: Period) -> bool:
    """Whether rows of months are added up to the period: events can be, states at its ends not."""
    if reading.mart in _MONTHLY:
        return True
    return reading.months is not None and reading.months < period.grain.months


_MONTHLY = frozenset(
    {
        *("interaction_summary", "service_cost_summary", "invitation_summary"),
        *("sales_summary", "renewal_summary"),
    }
)


def _slice(
    rows: sa.FromClause,
    mart: sa.Table,
    reading: Reading,
    profile: sa.ColumnElement[Any],
    dimension: str,
) -> tuple[sa.FromClause, sa.ColumnElement[Any] | None]:
    if dimension == JOURNEY:
        if reading.role == OWN:
            return rows, mart.c.journey_code
        if reading.role == EXPOSURE and "journey_set" in mart.c:
            bit = JOURNEY_BIT.alias("slice_journey")
            return rows.join(
                bit, mart.c.journey_set.bitwise_and(bit.c.mask) != 0
            ), bit.c.journey_code
        return rows, None
    if dimension == EVERY:
        member = PROFILE_MEMBER.alias("slice_every")
        # The sign stands in the statement itself: PostgreSQL groups by no bound parameter.
        named = member.c.scheme + sa.literal_column("'='", sa.String()) + member.c.segment_code
        return rows.join(member, member.c.profile_id == profile), named
    member = PROFILE_MEMBER.alias(f"slice_{dimension}")
    matches = sa.and_(member.c.profile_id == profile, member.c.scheme == dimension)
    return rows.join(member, matches), member.c.segment_code


def on_journeys(
    mart: sa.Table, reading: Reading, scope: Scope, by: tuple[str, ...]
) -> list[sa.ColumnElement[bool]]:
    """Conditions that hold a summary to the journeys of a scope, as it is cut by them."""
    is_cut = reading.role != "all" and bool(scope.journeys or JOURNEY in by)
    if mart.name in WITH_EVERYONE:
        of_all = mart.c.journey_code == EVERYONE
        held = [mart.c.journey_code.in_(scope.journeys)] if is_cut and scope.journeys else []
        return [*held, ~of_all if is_cut else of_all]
    if not scope.journeys or reading.role == "all":
        return []
    if reading.role == OWN:
        return [mart.c.journey_code.in_(scope.journeys)]
    if "journey_set" not in mart.c:
        return []
    mask = (
        sa.select(sa.cast(sa.func.sum(JOURNEY_BIT.c.mask), sa.BigInteger()))
        .where(JOURNEY_BIT.c.journey_code.in_(scope.journeys))
        .scalar_subquery()
    )
    met = [mart.c.journey_set.bitwise_and(mask) != 0]
    if JOURNEY in by:
        met.append(sa.literal_column("slice_journey.journey_code", sa.String()).in_(scope.journeys))
    return met
