"""The typed values of one column, for previews: what fits, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import duckdb

from cxdata.intake.values.date_sql import date_sql, local_sql
from cxdata.intake.values.profile import profile
from cxdata.intake.values.scan import fits_sql
from cxdata.intake.values.typed import number_text, present, typed
from cxdata.intake.values.writing import NUMBERS, ColumnProfile, Writing
from cxdata.model.errors import UnknownName


class Readable(Protocol):
    """What was read of an extract: its names, and its texts as a relation."""

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of its columns."""
        ...

    @property
    def records(self) -> int:
        """Return how many records it holds."""
        ...

    @property
    def profile(self) -> tuple[ColumnProfile, ...]:
        """Return how its columns are written; empty where that was not looked at."""
        ...

    def relation(self, connection: duckdb.DuckDBPyConnection, name: str = "raw") -> None:
        """Make the texts available in a connection under a name."""
        ...


def typed_column(
    reading: Readable,
    name: str,
    logical: str | None = None,
    choices: Mapping[str, Any] | None = None,
) -> list[Any]:
    """Return the typed values of a column in order: None where missing, misfits left out.

    Without a logical type the column's own kind decides; numbers then come as exact decimals.
    """
    if name not in reading.header:
        raise UnknownName("column", name, reading.header)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        reading.relation(connection, "raw")
        profiled = reading.profile
        if choices or not profiled:
            profiled = profile(
                connection, "raw", reading.header, choices=choices, records=reading.records
            )
        return values(connection, "raw", profiled[reading.header.index(name)], logical)


def values(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    column: ColumnProfile,
    logical: str | None = None,
) -> list[Any]:
    """Return the typed values of a profiled column, as ``typed_column`` does."""
    writing = column.writing
    text = f"({present(f'c{column.place}', writing)})"
    value = typed("t", logical, writing) if logical else _own(writing)
    exact = writing.kind in NUMBERS and (logical is None or logical == "NUM")
    if exact:
        value = number_text("t", writing)
    rows = connection.execute(
        f"SELECT v FROM (SELECT _record, t, {value} AS v, {fits_sql('t', writing)} AS fits "
        f"FROM (SELECT _record, {text} AS t FROM {relation})) "
        "WHERE t IS NULL OR (v IS NOT NULL AND fits) ORDER BY _record"
    ).fetchall()
    return [_plain(row[0], exact, writing) for row in rows]


def _own(writing: Writing) -> str:
    if writing.kind == "date":
        return date_sql("t", writing)
    if writing.kind == "timestamp":
        if all(one.startswith("excel") for one in writing.date_formats):
            return local_sql("t", writing)
        return typed("t", "TS", writing)
    return typed("t", "BOOL" if writing.kind == "boolean" else "TEXT", writing)


def _plain(value: Any, exact: bool, writing: Writing) -> Decimal | date | datetime | Any:
    if value is None:
        return None
    if exact:
        return Decimal(value)
    counted = writing.date_formats and writing.date_formats[0].startswith("excel")
    if counted and isinstance(value, datetime) and value.tzinfo is None:
        midnight = value == datetime.combine(value.date(), datetime.min.time())
        return value.date() if midnight else value
    return value
