"""The tables of the journal. A change here needs a migration in ``migrations/versions``."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment in UTC; SQLite has no zones, so they are given back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Store in UTC; a moment without a zone is a mistake."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JOURNAL = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)
_ID = sa.String(32)


def _who_and_when() -> tuple[sa.Column, sa.Column]:
    return (
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
    )


SAVED_VIEW = sa.Table(
    "saved_view",
    JOURNAL,
    sa.Column("view_id", _ID, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("page", sa.String(200), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("version", sa.String(200)),
    sa.Column("panel", sa.String(200), nullable=False, server_default=""),
    *_who_and_when(),
)

STORY = sa.Table(
    "story",
    JOURNAL,
    sa.Column("story_id", _ID, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("slides", sa.JSON, nullable=False),
    sa.Column("is_gone", sa.Boolean, nullable=False),
    *_who_and_when(),
)

DECISION = sa.Table(
    "decision",
    JOURNAL,
    sa.Column("decision_id", _ID, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("owner", sa.String(200), nullable=False),
    sa.Column("due", sa.Date),
    sa.Column("story_id", _ID, nullable=False, index=True),
    sa.Column("page", sa.String(200), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("version", sa.String(200)),
    sa.Column("panel", sa.String(200), nullable=False, server_default=""),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("data_version", sa.String(200), nullable=False),
    sa.Column("said_by", sa.String(200), nullable=False),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("outcome", sa.Text, nullable=False),
)

ENTRY = sa.Table(
    "entry",
    JOURNAL,
    sa.Column("kind", sa.String(64), primary_key=True),
    sa.Column("entry_id", sa.String(64), primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
    *_who_and_when(),
)
"""Rows of curated tables that people add here: annotations, initiatives, targets, owners.

``kind`` is the curated table; ``content`` its columns, as the declaration reads them.
"""

SHOWN_FIGURE = sa.Table(
    "shown_figure",
    JOURNAL,
    sa.Column("metric", sa.String(64), primary_key=True),
    sa.Column("period", sa.String(16), primary_key=True),
    sa.Column("slice_key", sa.String(400), primary_key=True),
    sa.Column("data_version", sa.String(200), primary_key=True),
    sa.Column("method", sa.String(32), primary_key=True),
    sa.Column("value", sa.Float),
    sa.Column("n", sa.BigInteger),
    sa.Column("shown_at", Instant, nullable=False, index=True),
)
"""What a headline said, at each state of the data at which somebody saw it."""

ROOM = sa.Table(
    "room",
    JOURNAL,
    sa.Column("room_id", sa.String(64), primary_key=True),
    sa.Column("story_id", sa.String(64), nullable=False),
    sa.Column("slide", sa.Integer, nullable=False),
    sa.Column("narrowed", sa.Text, nullable=False),
    sa.Column("said_at", Instant, nullable=False, index=True),
)
"""Which slide each room shows; ``narrowed`` is what it asked to see instead of everybody."""

AUDIT = sa.Table(
    "audit",
    JOURNAL,
    sa.Column("audit_id", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("who", sa.String(200), nullable=False),
    sa.Column("what", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("before", sa.JSON),
    sa.Column("after", sa.JSON),
)
