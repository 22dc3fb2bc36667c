"""The journal's database: an SQLite file by default, PostgreSQL by setting; brought up to date."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from cxdata.journal.tables import AUDIT
from cxdata.model.errors import JournalError

_BUSY_SECONDS = 10
_WRITES = {"writes": True}
_MIGRATION_LOCK = 7_262_951_004
"""Any number: the advisory lock under which one process at a time changes the tables."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The database of what people enter. Opening it brings its tables up to date.

    Raises:
        JournalError: it cannot be opened, read or written, or is newer than this product.
    """

    def __init__(self, url: str | sa.URL | Path, clock: Callable[[], datetime] = _utc_now) -> None:
        self.clock = clock
        self._engine = _engine(url)
        self._ready = False
        self._lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that reads."""
        with _calm(), self._prepared().connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together, or not at all."""
        with _calm(), self._prepared().execution_options(**_WRITES).begin() as connection:
            yield connection

    def note(
        self,
        connection: Connection,
        who: str,
        what: str,
        subject: tuple[str, str],
        before: Any = None,
        after: Any = None,
    ) -> None:
        """Write into the audit, in the same transaction, who did what to (kind, id)."""
        connection.execute(
            sa.insert(AUDIT).values(
                at=self.clock(),
                who=who,
                what=what,
                kind=subject[0],
                subject=subject[1],
                before=before,
                after=after,
            )
        )

    def close(self) -> None:
        """Give its connections back."""
        self._engine.dispose()

    def _prepared(self) -> Engine:
        if not self._ready:
            with self._lock:
                if not self._ready:
                    _bring_up_to_date(self._engine)
                    self._ready = True
        return self._engine


def _engine(url: str | sa.URL | Path) -> Engine:
    if isinstance(url, Path):
        url.parent.mkdir(parents=True, exist_ok=True)
        address = sa.URL.create("sqlite", database=str(url))
    else:
        address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            address, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(
        address,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=5,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={"connect_timeout": 3},
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions are begun by _begin_sqlite: the driver's own would let two readers deadlock.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock first: one that turns from reading to writing may find that another
    # has written meanwhile, and fails at once instead of waiting.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that the database lacks; several processes do so one after another."""
    with engine.execution_options(**_WRITES).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        here = _revision(connection)
        if here != LATEST:
            _migrate(connection)


LATEST = "0003"
"""The newest migration; a database at it is used without starting the migration tool."""


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise JournalError(
            "The database of views and stories was written by a newer version of this product; "
            "install that version, or set another database (journal)."
        ) from error


@contextmanager
def _calm() -> Iterator[None]:
    """Turn a fault of the database into one sentence."""
    try:
        yield
    except OperationalError as error:
        raise JournalError(_said(error)) from error
    except DBAPIError as error:
        raise JournalError(
            f"The database of views and stories refused a change ({type(error.orig).__name__})."
        ) from error


def _said(error: OperationalError) -> str:
    text = str(error.orig).lower()
    if "readonly" in text or "read-only" in text:
        return (
            "The database of views and stories is read-only, so nothing was saved; ask for write "
            "access to the data folder, or set another database (journal)."
        )
    if "locked" in text:
        return "The database of views and stories is busy; nothing was saved. Try again."
    if "full" in text:
        return "The disk of the database of views and stories is full; nothing was saved."
    return (
        "The database of views and stories does not answer; nothing was saved. The figures are "
        "not touched by it."
    )
