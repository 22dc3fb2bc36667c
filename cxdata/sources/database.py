"""A SQL database that holds curated tables, maybe under other names and with fewer columns."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from cxdata.model.errors import SourceUnavailable
from cxdata.model.tables import CURATED
from cxdata.sources.address import Address
from cxdata.sources.faults import retried
from cxdata.sources.parquet_io import event_date
from cxdata.sources.source import DataVersion

FRESH_SECONDS = 20.0
"""How long a version read from a database is taken as still true."""

CONNECT_SECONDS = 3


@dataclass(frozen=True)
class Facts:
    """What was there when the database was last asked."""

    version: DataVersion
    columns: Mapping[str, frozenset[str]]
    marks: Mapping[str, str]
    """One text a table that differs where its rows differ."""


class Database:
    """A database, its mapping to the curated tables and the engine that reads it.

    ``names`` maps a curated table to the name it has there. ``tables`` limits what is looked for.
    """

    def __init__(
        self,
        address: Address,
        *,
        schema: str | None = None,
        names: Mapping[str, str] | None = None,
        tables: frozenset[str] | None = None,
        search_path: tuple[str, ...] = (),
        statement_seconds: float = 30,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address, self.schema = address, schema
        self.names = {name: (names or {}).get(name, name) for name in tables or CURATED.tables}
        self.engine = reading_engine(address, search_path, statement_seconds)
        self._clock = clock
        self._facts: Facts | None = None
        self._asked_at = 0.0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Database({self.address})"

    def facts(self) -> Facts:
        """Return what is there, as of at most some seconds ago.

        A database that no longer answers keeps its last version, with a notice, so that what was
        computed from it stays visible. One that never answered raises SourceUnavailable.
        """
        with self._lock:
            if self._facts is not None and self._clock() - self._asked_at < FRESH_SECONDS:
                return self._facts
            try:
                facts = self._ask()
            except SourceUnavailable as error:
                if self._facts is None:
                    raise
                notice = f"{error} Shown are the data as they were last seen."
                facts = replace(
                    self._facts, version=replace(self._facts.version, notices=(notice,))
                )
            self._facts, self._asked_at = facts, self._clock()
            return facts

    def refresh(self) -> None:
        """Ask the database again at the next call."""
        with self._lock:
            self._asked_at = float("-inf")

    def relation(self, name: str, columns: Iterable[str]) -> sa.TableClause:
        """Return a curated table as it is there, with some of its columns."""
        declared = CURATED.tables[name]
        return sa.table(
            self.names[name],
            *(sa.column(column, declared.c[column].type) for column in sorted(columns)),
            schema=self.schema,
        )

    def _ask(self) -> Facts:
        def read() -> Facts:
            with self.engine.connect() as connection:
                columns = self._columns(connection)
                marks = self._marks(connection, columns)
                return Facts(self._version(connection, columns, marks), columns, marks)

        return retried(read, self.address.place)

    def _columns(self, connection: Connection) -> dict[str, frozenset[str]]:
        """Return the declared columns that the mapped tables and views have."""
        found = sa.inspect(connection).get_multi_columns(
            schema=self.schema,
            filter_names=sorted(set(self.names.values())),
            kind=sa.engine.reflection.ObjectKind.ANY,
        )
        there = {key[1]: {column["name"] for column in value} for key, value in found.items()}
        return {
            name: frozenset(there[physical] & set(CURATED.tables[name].columns.keys()))
            for name, physical in self.names.items()
            if physical in there
        }

    def _marks(
        self, connection: Connection, columns: Mapping[str, frozenset[str]]
    ) -> dict[str, str]:
        """Return a mark a table: from its load records if it has them, else counted."""
        marks = self._load_marks(connection, columns)
        rest = [name for name in columns if name not in marks]
        for name in rest:
            row = connection.execute(self._high_water(name, columns[name])).one()
            marks[name] = "|".join(str(value) for value in row)
        return marks

    def _load_marks(
        self, connection: Connection, columns: Mapping[str, frozenset[str]]
    ) -> dict[str, str]:
        if not {"table_name", "loaded_at"} <= columns.get("data_load", frozenset()):
            return {}
        loads = self.relation("data_load", columns["data_load"])
        rows = connection.execute(
            sa.select(loads.c.table_name, sa.func.max(loads.c.loaded_at), sa.func.count()).group_by(
                loads.c.table_name
            )
        ).all()
        marks = {row[0]: f"{_instant(row[1])}|{row[2]}" for row in rows if row[0] in columns}
        marks["data_load"] = ";".join(
            f"{row[0]}:{_instant(row[1])}:{row[2]}" for row in sorted(rows)
        )
        return marks

    def _high_water(self, name: str, columns: frozenset[str]) -> sa.Select:
        table = self.relation(name, columns)
        dated = event_date(CURATED.tables[name])
        marks = [column for column in (dated, "loaded_at") if column in columns]
        return sa.select(sa.func.count(), *(sa.func.max(table.c[column]) for column in marks))

    def _version(
        self,
        connection: Connection,
        columns: Mapping[str, frozenset[str]],
        marks: Mapping[str, str],
    ) -> DataVersion:
        text = "\n".join(
            f"{name} {sorted(columns[name])} {marks[name]}" for name in sorted(columns)
        )
        created = None
        if "loaded_at" in columns.get("data_load", frozenset()):
            loads = self.relation("data_load", columns["data_load"])
            created = connection.execute(sa.select(sa.func.max(loads.c.loaded_at))).scalar()
        return DataVersion(
            f"s-{hashlib.sha256(text.encode()).hexdigest()[:12]}",
            created_at=created if isinstance(created, datetime) else None,
        )


def reading_engine(
    address: Address, search_path: tuple[str, ...], statement_seconds: float
) -> Engine:
    """Return the engine that reads: pooled, pre-pinged, read-only, and never patient for long."""
    if address.dialect != "postgresql":
        # Only copied from, now and then: no connection is kept that could go stale.
        return sa.create_engine(address.url, poolclass=sa.NullPool, hide_parameters=True)
    return sa.create_engine(
        address.url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=5,
        pool_timeout=5,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": session_options(
                search_path,
                statement_timeout=str(round(statement_seconds * 1000)),
                default_transaction_read_only="on",
                idle_in_transaction_session_timeout="10000",
                jit="off",
            ),
        },
    )


def session_options(search_path: tuple[str, ...], **settings: str) -> str:
    """Return the start-up options of a PostgreSQL session; instants are always in UTC."""
    settings = {"TimeZone": "UTC", **settings}
    if search_path:
        settings["search_path"] = ",".join(_quoted(name) for name in search_path)
    return " ".join(f"-c {name}={_escaped(value)}" for name, value in settings.items())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


def _instant(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
