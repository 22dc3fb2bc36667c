"""What every source of tables offers to the layers above: an engine, what is there, a version."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

Rows = sa.Select[Any] | sa.CompoundSelect[Any]
"""A query that gives rows of one table."""


@dataclass(frozen=True)
class DataVersion:
    """One state of the data: the cache key of everything computed from it.

    ``id`` is short text that differs where the data differ. ``number`` counts publishes where the
    source has them. ``notices`` are sentences that the reader must see.
    ``published_by`` is who made the version, where the source knows.
    """

    id: str
    number: int | None = None
    created_at: datetime | None = None
    notices: tuple[str, ...] = ()
    published_by: str = ""


@dataclass(frozen=True)
class Span:
    """The first and last event date of some rows, both included."""

    low: date
    high: date


@dataclass(frozen=True)
class Turnover:
    """Rows of one table that lie in files which only one of two versions has.

    ``added`` are of the later version, ``gone`` of the earlier; None where there are none. Both are
    asked of the engine that builds. A row in both only moved to another file.
    """

    added: Rows | None
    gone: Rows | None


@dataclass(frozen=True)
class Marts:
    """Where the summaries of one data version lie, and whether any are there.

    ``file`` is the DuckDB file of an embedded source, ``schema`` the schema of a SQL database.
    Their names need no prefix in either case: the engine finds them beside the curated tables.
    Until the summaries of a new version are built, those of an earlier one are there: what they
    were built from is written in them.
    """

    exists: bool
    file: Path | None = None
    schema: str | None = None


@runtime_checkable
class Source(Protocol):
    """Where the curated tables live.

    ``engine`` reads. It answers SELECTs on every available table under its curated name with all
    the columns declared (those that are absent hold their stated default, else NULL), and on the
    summaries once they are built. ``available()`` tells which columns are really there.

    A source may move on to a newer version at any time. ``pinned()`` returns the same protocol
    held at one version: take it once a script run and read everything through it.
    """

    @property
    def kind(self) -> str:
        """``store``, ``folder``, ``sql`` or ``mixed``."""

    @property
    def engine(self) -> Engine:
        """The engine that reads."""

    @property
    def marts(self) -> Marts:
        """Where the summaries of this version lie."""

    def available(self) -> Mapping[str, frozenset[str]]:
        """Return the columns that are really there, by curated table."""

    def version(self) -> DataVersion:
        """Return the data version."""

    def pinned(self) -> Source:
        """Return this source held at its current version."""

    def changed_since(self, version_id: str) -> Mapping[str, Span | None] | None:
        """Return the tables that changed since an earlier version, with the event dates touched.

        None for a table means all of it; None for the whole means it cannot be known.
        """

    def turnover_since(self, version_id: str) -> Mapping[str, Turnover] | None:
        """Return the rows that came and went since an earlier version, by table.

        A table that is not named holds the rows it held. None where it cannot be known.
        """

    def building(self, *, fresh: bool = False) -> AbstractContextManager[Engine]:
        """Give an engine that writes summaries for this version, and show them when it is left.

        It sees the curated tables, and the summaries as they were last built unless ``fresh``.
        CREATE TABLE without a schema lands among the summaries. Leaving by an exception discards
        the work in an embedded source; in SQL what was not committed is rolled back.
        """
