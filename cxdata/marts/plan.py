"""What has to be built again: everything, or the months from the first change on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from cxdata.marts.customers import survivors
from cxdata.marts.rules import Rules
from cxdata.model.period import month_of
from cxdata.model.summaries import BUILD, CUSTOMER_INDEX, FINGERPRINT, PROFILE_MEMBER, marts_format
from cxdata.model.tables import CURATED
from cxdata.sources.source import Turnover

_SMALL = (
    *("segment", "journey", "journey_step", "touchpoint", "channel", "interaction_reason"),
    *("unit_cost", "fx_rate", "calendar"),
)
"""Dimensions compared by content: a change reaches back over all months."""

_TRACKED = ("customer", "customer_segment")
"""Dimensions whose changes are found row by row."""

_UNUSED = (
    *("person", "response_attribute", "initiative", "initiative_unit", "customer_unit"),
    *("closed_loop_case", "annotation", "data_load", "published_figure", "owner", "target"),
    "journey_step_event",
)
"""Tables that no summary is made of."""


@dataclass(frozen=True)
class Plan:
    """What to build: months from ``since`` on, or everything where it is None."""

    since: date | None
    why: str

    @property
    def is_full(self) -> bool:
        """Whether everything is built."""
        return self.since is None


@dataclass(frozen=True)
class Changes:
    """What changed since the previous build: event dates and rows by table; None if not known."""

    days: Mapping[str, Any] | None
    rows: Mapping[str, Turnover] | None


@dataclass(frozen=True)
class Previous:
    """The build that the summaries hold now."""

    version_id: str
    rules: str
    complete_through: date
    first_month: date
    last_month: date
    activity_through: date | None
    currency: str
    lapse_days: int | None
    lapse_return_share: float | None


def previous(connection: sa.Connection) -> Previous | None:
    """Return the build that is there, or None."""
    inspector = sa.inspect(connection)
    if not inspector.has_table(BUILD.name):
        return None
    if "format" not in {column["name"] for column in inspector.get_columns(BUILD.name)}:
        return None
    if connection.scalar(sa.select(BUILD.c.format)) != marts_format():
        return None
    row = connection.execute(sa.select(BUILD)).mappings().first()
    if row is None:
        return None
    names = Previous.__dataclass_fields__
    return Previous(**{name: row[name] for name in names})


def digest(connection: sa.Connection, tables: Mapping[str, frozenset[str]]) -> str:
    """Return a checksum of the small dimensions' contents."""
    total = hashlib.sha256()
    for name in _SMALL:
        if name in tables:
            table = CURATED.tables[name]
            rows = sorted(str(tuple(row)) for row in connection.execute(sa.select(table)))
            total.update(repr((name, rows)).encode())
    return total.hexdigest()[:32]


def plan(
    connection: sa.Connection,
    before: Previous | None,
    changed: Mapping[str, Any] | None,
    rules: Rules,
    dimensions: str,
    tables: Mapping[str, frozenset[str]],
) -> Plan:
    """Decide from which month on to build.

    ``changed`` maps a table to the event dates touched since the previous build (None: all of it);
    None as a whole means that this cannot be known.
    """
    if before is None:
        return Plan(None, "nothing is built yet")
    if changed is None:
        return Plan(None, "the source cannot tell what changed")
    if before.rules != rules.key():
        return Plan(None, "the rules changed")
    if _stored_digest(connection) != dimensions:
        return Plan(None, "a dimension changed")
    if "customer_segment" in changed and _schemes(connection, PROFILE_MEMBER) != _schemes(
        connection, CURATED.tables["customer_segment"]
    ):
        return Plan(None, "the slicing attributes changed")
    lows = [before.complete_through + timedelta(days=1)]
    for name, touched in changed.items():
        if name in (*_SMALL, *_TRACKED, *_UNUSED):
            continue
        if touched is None:
            return Plan(None, f"all of {name} was replaced")
        lows.append(touched.low)
    if "customer" in changed and not _keeps_index(connection):
        return Plan(None, "customers were merged, removed or marked as tests")
    return Plan(month_of(min(lows)), "new data")


def _stored_digest(connection: sa.Connection) -> str | None:
    return connection.scalar(
        sa.select(FINGERPRINT.c.checksum).where(FINGERPRINT.c.name == "dimensions")
    )


def _schemes(connection: sa.Connection, table: sa.Table) -> set[str]:
    return {name for name in connection.scalars(sa.select(table.c.scheme).distinct()) if name}


def _keeps_index(connection: sa.Connection) -> bool:
    """Whether every customer already numbered still is who it was."""
    customer, index = CURATED.tables["customer"], CUSTOMER_INDEX
    head = index.alias("head")
    merged = survivors(customer)
    survivor = sa.func.coalesce(merged.c.survivor_id, index.c.customer_id)
    test = sa.func.coalesce(customer.c.is_test, sa.false())
    now = sa.case((sa.and_(customer.c.customer_id.is_not(None), ~test), head.c.customer_key))
    rows = (
        index.outerjoin(customer, customer.c.customer_id == index.c.customer_id)
        .outerjoin(merged, merged.c.customer_id == index.c.customer_id)
        .outerjoin(head, head.c.customer_id == survivor)
    )
    moved = (
        sa.select(sa.func.count())
        .select_from(rows)
        .where(now.is_distinct_from(index.c.customer_key))
    )
    return connection.scalar(moved) == 0
