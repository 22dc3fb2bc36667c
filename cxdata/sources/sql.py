"""Curated tables in PostgreSQL, read and summarised where they are.

A table that is named otherwise, or lacks columns, gets a view in a schema of our own. A view is
planned as part of each query, so it costs nothing, and no statement has to be rewritten; the right
to make one is needed anyway, for the summaries. When every table fits as it is, no view is made.

Three schemas stand on the search path, so that a bare name finds the summary, else the view, else
the table: ``cxdata_marts``, ``cxdata_marts_views`` and the one that holds the tables.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from cxdata.model.tables import CURATED
from cxdata.sources.address import Address
from cxdata.sources.database import CONNECT_SECONDS, Database, Facts, session_options
from cxdata.sources.faults import calm
from cxdata.sources.shape import rendered, shaped
from cxdata.sources.source import DataVersion, Marts, Span, Turnover

DEFAULT_SCHEMA = "public"
DEFAULT_MARTS = "cxdata_marts"
_SHAPE = "cxdata_shape"
"""Table beside the views that holds their checksum, so that they are made only when they change."""

_ONE_BUILDER = 4_027_150_931
"""Advisory lock: one builder of summaries a database at a time."""


class SqlSource:
    """A PostgreSQL database that holds the curated tables and their summaries."""

    kind = "sql"

    def __init__(
        self,
        address: Address,
        *,
        schema: str | None = None,
        names: Mapping[str, str] | None = None,
        marts_schema: str = DEFAULT_MARTS,
        statement_seconds: float = 30,
    ) -> None:
        self.address = address
        self.schema = schema or DEFAULT_SCHEMA
        self.marts_schema = marts_schema
        self.views_schema = f"{marts_schema}_views"
        self.staging_schema = f"{marts_schema}_staging"
        self.search_path = (marts_schema, self.views_schema, self.schema)
        self.database = Database(
            address,
            schema=self.schema,
            names=names,
            search_path=self.search_path,
            statement_seconds=statement_seconds,
        )
        self._shaped: Mapping[str, frozenset[str]] | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"SqlSource({self.address})"

    @property
    def engine(self) -> Engine:
        """The engine that reads; its role may do no more in these sessions."""
        self.pinned()
        return self.database.engine

    @property
    def marts(self) -> Marts:
        """Where the summaries lie."""
        return self.pinned().marts

    def available(self) -> Mapping[str, frozenset[str]]:
        """Return the columns that are really there, by curated table."""
        return self.database.facts().columns

    def version(self) -> DataVersion:
        """Return the version: a checksum of load records, or of counts and high-water marks."""
        return self.database.facts().version

    def pinned(self) -> PinnedSql:
        """Return this source held at its version; the rows themselves stay live.

        A page reads summaries only, and those carry the version they were built for.
        """
        facts = self.database.facts()
        if not facts.version.notices:
            self._shape(facts)
        return PinnedSql(self, facts)

    def changed_since(self, version_id: str) -> Mapping[str, Span | None] | None:
        """Return nothing for the same version; otherwise it cannot be known."""
        return {} if version_id == self.version().id else None

    def turnover_since(self, version_id: str) -> Mapping[str, Turnover] | None:
        """Return nothing for the same version; otherwise it cannot be known."""
        return self.pinned().turnover_since(version_id)

    def building(self, *, fresh: bool = False) -> AbstractContextManager[Engine]:
        """Give an engine that writes summaries; see the protocol."""
        return self.pinned().building(fresh=fresh)

    def refresh(self) -> None:
        """Ask the database for its version at the next call."""
        self.database.refresh()

    def close(self) -> None:
        """Close all connections."""
        self.database.engine.dispose()

    def writing_engine(self, into: str | None = None) -> Engine:
        """Return an engine that may write; bare new names land in ``into``, else in the summaries.

        Its connections are not kept.
        """
        return sa.create_engine(
            self.address.url,
            poolclass=sa.NullPool,
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "options": session_options((into or self.marts_schema, *self.search_path[1:])),
            },
        )

    def has_marts(self) -> bool:
        """Say whether any summary has been built."""
        with calm(self.address.place), self.database.engine.connect() as connection:
            return bool(sa.inspect(connection).get_table_names(schema=self.marts_schema))

    def _shape(self, facts: Facts) -> None:
        """Make the views, where some table needs one and they are not made yet."""
        with self._lock:
            if facts.columns == self._shaped:
                return
            views = self._views(facts)
            if views:
                wanted = hashlib.sha256(repr(sorted(views.items())).encode()).hexdigest()
                with calm(self.address.place), self.writing_engine().begin() as connection:
                    _lock(connection)
                    if _made(connection, self.views_schema) != wanted:
                        _make_views(connection, self.views_schema, views, wanted)
            self._shaped = facts.columns

    def _views(self, facts: Facts) -> dict[str, str]:
        """Return the definition of a view for each table that does not fit as it is."""
        dialect = self.database.engine.dialect
        return {
            name: rendered(
                shaped(CURATED.tables[name], self.database.relation(name, columns), columns),
                dialect,
            )
            for name, columns in facts.columns.items()
            if self.database.names[name] != name
            or columns != frozenset(CURATED.tables[name].columns.keys())
        }


@dataclass(frozen=True)
class PinnedSql:
    """A SQL source held at one version."""

    source: SqlSource
    facts: Facts = field(repr=False)

    @property
    def kind(self) -> str:
        """The kind of the source."""
        return self.source.kind

    @property
    def engine(self) -> Engine:
        """The engine that reads."""
        return self.source.database.engine

    @property
    def marts(self) -> Marts:
        """Where the summaries lie."""
        return Marts(self.source.has_marts(), schema=self.source.marts_schema)

    def available(self) -> Mapping[str, frozenset[str]]:
        """Return the columns that are really there, by curated table."""
        return self.facts.columns

    def version(self) -> DataVersion:
        """Return the version this is held at."""
        return self.facts.version

    def pinned(self) -> PinnedSql:
        """Return itself."""
        return self

    def changed_since(self, version_id: str) -> Mapping[str, Span | None] | None:
        """Return nothing for the same version; otherwise it cannot be known."""
        return {} if version_id == self.facts.version.id else None

    def turnover_since(self, version_id: str) -> Mapping[str, Turnover] | None:
        """Return nothing for the same version; otherwise it cannot be known."""
        return {} if version_id == self.facts.version.id else None

    @contextmanager
    def building(self, *, fresh: bool = False) -> Iterator[Engine]:
        """Give an engine that writes summaries; a second builder waits for the first.

        Readers are never in the way nor cut off: a fresh build is made in a schema of its own and
        takes the place of the old summaries in one transaction; any other changes them in place,
        unseen until it commits.
        """
        marts, staging = self.source.marts_schema, self.source.staging_schema
        with calm(self.source.address.place), _only_builder(self.source) as guard:
            _ensure_schema(guard, marts)
            if fresh:
                _drop_tables(guard, staging)
                _ensure_schema(guard, staging)
            guard.commit()
            yield self.source.writing_engine(staging if fresh else None)
            if fresh:
                _drop_tables(guard, marts)
                _move_tables(guard, staging, marts)
            _analyze(guard, marts)
            guard.commit()


@contextmanager
def _only_builder(source: SqlSource) -> Iterator[Connection]:
    """Hold the lock of builders on a connection of its own; it goes with the connection."""
    with source.writing_engine().connect() as guard:
        guard.execute(sa.select(sa.func.pg_advisory_lock(_ONE_BUILDER)))
        guard.commit()
        yield guard


def _lock(connection: Connection) -> None:
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_BUILDER)))


def _made(connection: Connection, schema: str) -> str | None:
    if not sa.inspect(connection).has_table(_SHAPE, schema=schema):
        return None
    shape = sa.table(_SHAPE, sa.column("fingerprint"), schema=schema)
    return connection.execute(sa.select(shape.c.fingerprint)).scalar()


def _make_views(
    connection: Connection, schema: str, views: Mapping[str, str], fingerprint: str
) -> None:
    """Replace all views at once: nobody sees a half of them."""
    _ensure_schema(connection, schema)
    for name in sa.inspect(connection).get_view_names(schema=schema):
        connection.exec_driver_sql(f"DROP VIEW {_named(connection, schema, name)}")
    for name, sql in views.items():
        view = f"CREATE VIEW {_named(connection, schema, name)} AS {sql}"
        connection.exec_driver_sql(view.replace("%", "%%"))
    shape = sa.Table(_SHAPE, sa.MetaData(), sa.Column("fingerprint", sa.Text()), schema=schema)
    shape.create(connection, checkfirst=True)
    connection.execute(sa.delete(shape))
    connection.execute(sa.insert(shape).values(fingerprint=fingerprint))


def _ensure_schema(connection: Connection, schema: str) -> None:
    """Make a schema that is not there; one that is needs no right to make schemas."""
    if not sa.inspect(connection).has_schema(schema):
        connection.execute(sa.schema.CreateSchema(schema))


def _drop_tables(connection: Connection, schema: str) -> None:
    for name in sa.inspect(connection).get_table_names(schema=schema):
        connection.exec_driver_sql(f"DROP TABLE {_named(connection, schema, name)}")


def _move_tables(connection: Connection, schema: str, into: str) -> None:
    target = connection.dialect.identifier_preparer.quote(into)
    for name in sa.inspect(connection).get_table_names(schema=schema):
        table = _named(connection, schema, name)
        connection.exec_driver_sql(f"ALTER TABLE {table} SET SCHEMA {target}")


def _analyze(connection: Connection, schema: str) -> None:
    """Tell the planner what the new summaries hold."""
    for name in sa.inspect(connection).get_table_names(schema=schema):
        connection.exec_driver_sql(f"ANALYZE {_named(connection, schema, name)}")


def _named(connection: Connection, schema: str, name: str) -> str:
    named: str = connection.dialect.identifier_preparer.format_table(sa.table(name, schema=schema))
    return named
