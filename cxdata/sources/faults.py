"""What engines throw, as sentences; and the longest that a statement may take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import duckdb
import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from cxdata.model.errors import CxError, SourceError, SourceUnavailable
from cxdata.sources.duckdb_engine import CursorConnection
from cxdata.sources.watchdog import WATCHDOG

Result = TypeVar("Result")

DATABASE = "the database"
FOLDER = "the data folder"
"""A place as a sentence says it."""

_CANCELLED = "57014"
_DENIED = "42501"
_READ_ONLY = "25006"
_UNREACHABLE = ("08", "57P", "53")
"""SQLSTATE classes: connection lost, shut down, out of connections or memory."""


_COLUMN = re.compile(r"source column (\w+)")


@contextmanager
def calm(place: str) -> Iterator[None]:
    """Turn what a database throws into a sentence that names the place and no secret.

    The original stays as the cause, for the log. Its text may hold an address, so no part of it
    is repeated.
    """
    try:
        yield
    except CxError:
        raise
    except (sa.exc.SQLAlchemyError, duckdb.Error, psycopg.Error) as error:
        raise sentence(place, error) from error


@contextmanager
def statement_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Cancel whatever the connection runs in this block after so many seconds.

    The connection stays usable. The error is a :class:`SourceUnavailable` that says so.
    """
    if connection.dialect.name == "duckdb":
        with _interrupted_after(connection, seconds):
            yield
    elif connection.dialect.name == "postgresql":
        milliseconds = max(1, round(seconds * 1000))
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds}")
        with calm(DATABASE):
            yield
    else:
        with calm(DATABASE):
            yield


def retried(read: Callable[[], Result], place: str = DATABASE) -> Result:
    """Run a read calmly; once more if a connection that stood was lost under it.

    A connection that could not be made is not tried again: its time-out was already waited for.
    """
    with calm(place):
        try:
            return read()
        except (sa.exc.DBAPIError, SourceUnavailable) as error:
            thrown = error.__cause__ if isinstance(error, SourceUnavailable) else error
            if not (isinstance(thrown, sa.exc.DBAPIError) and thrown.connection_invalidated):
                raise
        return read()


@contextmanager
def _interrupted_after(connection: Connection, seconds: float) -> Iterator[None]:
    held: object = connection.connection.dbapi_connection
    if not isinstance(held, CursorConnection):
        raise SourceError("Only the embedded engine's own connections can be interrupted.")
    watched = WATCHDOG.watch(held.native, seconds)
    try:
        with calm(FOLDER):
            yield
    except SourceError as error:
        if watched.is_late:
            raise SourceUnavailable(_too_slow(FOLDER)) from error
        raise
    finally:
        WATCHDOG.release(watched)


def sentence(place: str, error: BaseException) -> SourceError:
    """Return the sentence for what an engine threw."""
    original = getattr(error, "orig", None) or error
    state = str(getattr(original, "sqlstate", None) or "")
    if isinstance(error, sa.exc.TimeoutError):
        return SourceUnavailable(
            f"All connections to {place} are busy. Wait a moment and try again."
        )
    if state == _CANCELLED or isinstance(original, duckdb.InterruptException):
        return SourceUnavailable(_too_slow(place))
    if state in (_DENIED, _READ_ONLY):
        return SourceError(
            f"The role used for {place} has no right to do this. "
            "Ask its administrator, or use a role that has it."
        )
    if isinstance(original, duckdb.Error):
        return _duckdb_sentence(place, original)
    if _lost(error):
        return SourceUnavailable(
            f"{_capital(place)} does not answer. Figures computed before stay visible; "
            "check that the server is up and try again."
        )
    return SourceError(f"{_capital(place)} refused a statement ({_name(original)}).")


def _duckdb_sentence(place: str, error: duckdb.Error) -> SourceError:
    if isinstance(error, duckdb.OutOfMemoryException):
        return SourceUnavailable(
            "The question needs more memory than the engine may use. Narrow the period or "
            "raise memory_limit."
        )
    if isinstance(error, duckdb.PermissionException):
        return SourceError("The embedded engine may read its own data folder and nothing else.")
    if isinstance(error, duckdb.ConversionException):
        column = _COLUMN.search(str(error))
        return SourceError(
            f"A value of {place} does not fit the declared type of its column"
            f"{f' {column[1]}' if column else ''}. Mend it, or bring the files as an extract, "
            "which sets such rows aside and names them.",
            hint="python -m cxdata load FOLDER",
        )
    if isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
        return SourceUnavailable(
            f"A file of {place} is missing or damaged. Reload the page to see the last good "
            "version, and restore the folder."
        )
    return SourceError(f"The embedded engine refused a statement ({_name(error)}).")


def _lost(error: BaseException) -> bool:
    original = getattr(error, "orig", None) or error
    state = str(getattr(original, "sqlstate", None) or "")
    if state:
        return state.startswith(_UNREACHABLE)
    kinds = (sa.exc.OperationalError, sa.exc.InterfaceError, psycopg.OperationalError)
    return isinstance(error, kinds)


def _too_slow(place: str) -> str:
    return (
        f"The answer from {place} took too long and was stopped. Narrow the period or the "
        "filters, or try again when it is less busy."
    )


def _capital(place: str) -> str:
    return place[:1].upper() + place[1:]


def _name(error: BaseException) -> str:
    return type(error).__name__
