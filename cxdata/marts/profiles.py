"""Segment profiles: the mini-dimension of segment codes, and which one a customer had on a date.

The as-of rule is METRICS.md 1.5: ``valid_from <= d < valid_to``; a gap is ``(unknown)``, shown and
never dropped. Profile 0 is the one whose every code is unknown.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.marts.customers import customer_key
from cxdata.marts.expressions import FAR_DATE, number
from cxdata.marts.workspace import SCRATCH, Workspace
from cxdata.model.summaries import (
    PROFILE_MEMBER,
    PROFILE_SPAN,
    SEGMENT_PROFILE,
    UNIDENTIFIED,
    UNIDENTIFIED_PROFILE,
    UNKNOWN,
)

_MARK = "\x1f"

_SPAN = sa.Table(
    "scratch_profile",
    SCRATCH,
    sa.Column("customer_key", sa.Integer()),
    sa.Column("valid_from", sa.Date()),
    sa.Column("valid_to", sa.Date()),
    sa.Column("profile_key", sa.Text()),
    prefixes=["TEMPORARY"],
)


def schemes(work: Workspace) -> list[str]:
    """Slicing attributes of the data, in alphabetical order."""
    if not work.has("customer_segment"):
        return []
    table = work.table("customer_segment")
    found = work.connection.scalars(sa.select(table.c.scheme).distinct())
    return sorted(name for name in found if name)


def refresh(work: Workspace) -> date | None:
    """Build the profiles and the times in which each customer of the work's index had one.

    Profiles once numbered keep their number. Returns the first day on which any customer's profile
    differs from what was built before; None where nothing does.
    """
    if work.keeps("customer", "customer_segment"):
        return None
    names = schemes(work)
    work.fresh(_SPAN)
    if names and work.has("customer"):
        work.fill(_SPAN, _spans(work, names))
    _number_profiles(work, _MARK.join([UNKNOWN] * len(names)))
    work.run(sa.delete(PROFILE_MEMBER))
    _fill_members(work, names)
    joined = _SPAN.join(SEGMENT_PROFILE, SEGMENT_PROFILE.c.profile_key == _SPAN.c.profile_key)
    current = sa.select(
        _SPAN.c.customer_key, _SPAN.c.valid_from, _SPAN.c.valid_to, SEGMENT_PROFILE.c.profile_id
    ).select_from(joined)
    moved = _first_difference(work, current)
    if moved is not None:
        work.run(sa.delete(PROFILE_SPAN).where(work.among(PROFILE_SPAN.c.customer_key)))
        work.fill(PROFILE_SPAN, current)
    return moved


def _number_profiles(work: Workspace, unknown: str) -> None:
    profile = SEGMENT_PROFILE
    known = sa.select(profile.c.profile_key)
    if not work.connection.scalar(sa.select(sa.func.count()).select_from(profile)):
        work.put(profile, [{"profile_id": 0, "profile_key": unknown}])
    top = sa.select(sa.func.max(profile.c.profile_id)).scalar_subquery()
    order = sa.func.row_number().over(order_by=_SPAN.c.profile_key)
    work.fill(
        profile,
        sa.select((top + order).label("profile_id"), _SPAN.c.profile_key)
        .where(_SPAN.c.profile_key.not_in(known))
        .group_by(_SPAN.c.profile_key),
    )


def _first_difference(work: Workspace, current: sa.Select[Any]) -> date | None:
    stored = sa.select(
        PROFILE_SPAN.c.customer_key,
        PROFILE_SPAN.c.valid_from,
        PROFILE_SPAN.c.valid_to,
        PROFILE_SPAN.c.profile_id,
    ).where(work.among(PROFILE_SPAN.c.customer_key))
    days = [
        work.connection.scalar(sa.select(sa.func.min(rows.c.valid_from)))
        for rows in (sa.except_(current, stored).subquery(), sa.except_(stored, current).subquery())
    ]
    return min((day for day in days if day), default=None)


def _spans(work: Workspace, names: list[str]) -> sa.Select[Any]:
    """One row a customer and date on which any of its segments changed."""
    table = work.table("customer_segment")
    joined, key = customer_key(table, work.index)
    history = (
        sa.select(
            key.label("customer_key"),
            table.c.scheme,
            table.c.segment_code,
            table.c.valid_from,
            table.c.valid_to,
        )
        .select_from(joined)
        .where(key.is_not(None))
        .cte("history")
    )
    edges = sa.union(
        sa.select(history.c.customer_key, history.c.valid_from.label("day")),
        sa.select(history.c.customer_key, history.c.valid_to).where(
            history.c.valid_to.is_not(None)
        ),
    ).cte("edge")
    holds = sa.and_(
        history.c.customer_key == edges.c.customer_key,
        history.c.valid_from <= edges.c.day,
        sa.func.coalesce(history.c.valid_to, FAR_DATE) > edges.c.day,
    )
    codes = [
        sa.func.coalesce(
            sa.func.max(sa.case((history.c.scheme == name, history.c.segment_code))), UNKNOWN
        )
        for name in names
    ]
    joined_key: sa.ColumnElement[Any] = codes[0]
    for code in codes[1:]:
        joined_key = joined_key + sa.literal(_MARK) + code
    at = (
        sa.select(edges.c.customer_key, edges.c.day, joined_key.label("profile_key"))
        .select_from(edges.outerjoin(history, holds))
        .group_by(edges.c.customer_key, edges.c.day)
        .cte("at_edge")
    )
    following = sa.func.lead(at.c.day).over(partition_by=at.c.customer_key, order_by=at.c.day)
    return sa.select(
        at.c.customer_key,
        at.c.day.label("valid_from"),
        sa.func.coalesce(following, FAR_DATE).label("valid_to"),
        at.c.profile_key,
    )


def _fill_members(work: Workspace, names: list[str]) -> None:
    """Unfold each profile's key into one row a scheme; unidentified events have a profile too."""
    nobody = {"profile_id": UNIDENTIFIED_PROFILE, "segment_code": UNIDENTIFIED}
    work.put(PROFILE_MEMBER, ({**nobody, "scheme": name} for name in names))
    profiles = work.connection.execute(
        sa.select(SEGMENT_PROFILE.c.profile_id, SEGMENT_PROFILE.c.profile_key)
    )
    work.put(
        PROFILE_MEMBER,
        (
            {"profile_id": profile_id, "scheme": scheme, "segment_code": code}
            for profile_id, profile_key in profiles
            for scheme, code in zip(names, profile_key.split(_MARK), strict=False)
        ),
    )


def profile_at(
    rows: sa.FromClause,
    key: sa.ColumnElement[Any],
    day: sa.ColumnElement[Any],
    name: str = "profile_asof",
) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Join the profile that a customer had on a day; 0 where none is known, -1 for nobody.

    Plain comparisons only: an OR in the condition of an outer join is a nested loop on DuckDB.
    """
    span = PROFILE_SPAN.alias(name)
    holds = sa.and_(
        span.c.customer_key == key,
        span.c.valid_from <= day,
        span.c.valid_to > day,
    )
    of_customer = sa.func.coalesce(span.c.profile_id, number(0))
    profile = sa.case((key.is_(None), number(UNIDENTIFIED_PROFILE)), else_=of_customer)
    return rows.outerjoin(span, holds), profile
