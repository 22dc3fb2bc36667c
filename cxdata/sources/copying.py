"""Curated tables from any source into a SQL database, with the declared types."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from cxdata.model.errors import SourceError
from cxdata.model.tables import CURATED
from cxdata.sources.address import Address
from cxdata.sources.duckdb_engine import CursorConnection
from cxdata.sources.faults import calm
from cxdata.sources.parquet_io import arrow_schema
from cxdata.sources.shape import rendered
from cxdata.sources.source import Source

BATCH = 50_000
"""Rows held in memory at a time."""


def copy_tables(
    source: Source,
    address: Address,
    schema: str | None = None,
    *,
    tables: Iterable[str] | None = None,
    names: dict[str, str] | None = None,
) -> dict[str, int]:
    """Create the tables of a source in a database and copy their rows; return rows by table.

    All in one transaction. Only the columns that the source has are made, so that what is absent
    stays absent. A table that is already there is an error. ``names`` renames tables.
    """
    pinned = source.pinned()
    available = pinned.available()
    wanted = [name for name in (tables or CURATED.tables) if name in available]
    engine = sa.create_engine(address.url, hide_parameters=True, poolclass=sa.NullPool)
    copied: dict[str, int] = {}
    with calm(address.place), engine.begin() as into:
        if schema is not None:
            into.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        for name in wanted:
            target = _target(name, available[name], schema, (names or {}).get(name, name))
            target.create(into, checkfirst=False)
            copied[name] = _copy(into, target, batches(pinned, name, target.columns.keys()))
        if engine.dialect.name == "postgresql":
            for name in wanted:
                _analyze(into, schema, (names or {}).get(name, name))
    return copied


def batches(source: Source, table: str, columns: Iterable[str]) -> Iterator[pa.RecordBatch]:
    """Stream some columns of a curated table from any source, in the declared types."""
    declared = CURATED.tables[table]
    yield from streamed(source.engine, declared, sa.select(*(declared.c[name] for name in columns)))


def streamed(engine: Engine, table: sa.Table, select: sa.Select) -> Iterator[pa.RecordBatch]:
    """Stream the rows of a SELECT on some of a table's columns, as Arrow in the declared types."""
    names = [column.name for column in select.selected_columns]
    by_name = arrow_schema(table, names)
    schema = pa.schema([by_name.field(name) for name in names])
    options = {"stream_results": True, "yield_per": BATCH}
    with engine.connect() as connection:
        if engine.dialect.name == "duckdb":
            yield from _arrow(connection, select, schema)
            return
        rows = connection.execute(select, execution_options=options)
        for chunk in _chunks(table.name, rows):
            columns = zip(*chunk, strict=True)
            arrays = [
                _array(table.name, field, values)
                for field, values in zip(schema, columns, strict=True)
            ]
            yield pa.record_batch(arrays, schema=schema)


def _arrow(
    connection: Connection, select: sa.Select, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Stream from the embedded engine, which has Arrow already."""
    sql = rendered(select, connection.dialect)
    held: object = connection.connection.dbapi_connection
    if not isinstance(held, CursorConnection):
        raise SourceError("Only the embedded engine's own connections give Arrow.")
    for batch in held.native.execute(sql).to_arrow_reader(BATCH):
        yield batch.cast(schema)


def _chunks(table: str, rows: sa.CursorResult[Any]) -> Iterator[Sequence[Any]]:
    try:
        yield from rows.partitions(BATCH)
    except (TypeError, ValueError) as error:
        raise SourceError(
            f"Table {table} holds values that do not have its declared types: {error}."
        ) from error


def _array(table: str, field: pa.Field, values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        pass  # not of the type as they are: a cast may still take them, or say what is wrong
    try:
        return pa.array(values).cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise SourceError(
            f"Column {field.name} of table {table} holds values that are no {field.type}: {error}."
        ) from error


def _target(name: str, columns: frozenset[str], schema: str | None, physical: str) -> sa.Table:
    """Return the physical table: the columns there are, and the key where it is complete."""
    declared = CURATED.tables[name]
    keyed = all(column.name in columns for column in declared.primary_key)
    return sa.Table(
        physical,
        sa.MetaData(),
        *(
            sa.Column(
                column.name,
                column.type,
                primary_key=keyed and column.primary_key,
                nullable=not (keyed and column.primary_key),
                autoincrement=False,
            )
            for column in declared.columns
            if column.name in columns
        ),
        schema=schema,
    )


def _copy(into: Connection, target: sa.Table, rows: Iterator[pa.RecordBatch]) -> int:
    if into.dialect.driver == "psycopg":
        return _copy_postgres(into, target, rows)
    count = 0
    for batch in rows:
        if batch.num_rows:
            into.execute(sa.insert(target), batch.to_pylist())
        count += batch.num_rows
    return count


def _copy_postgres(into: Connection, target: sa.Table, rows: Iterator[pa.RecordBatch]) -> int:
    """COPY as CSV: an empty field is NULL and a quoted empty one is empty text, on both sides."""
    quote = into.dialect.identifier_preparer
    columns = ", ".join(quote.quote(column.name) for column in target.columns)
    statement = f"COPY {quote.format_table(target)} ({columns}) FROM STDIN (FORMAT csv)"
    count = 0
    cursor = into.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for batch in rows:
                copy.write(_csv(batch))
                count += batch.num_rows
    finally:
        cursor.close()
    return count


def _csv(batch: pa.RecordBatch) -> bytes:
    out = io.BytesIO()
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    csv.write_csv(batch, out, options)
    return out.getvalue()


def _analyze(into: Connection, schema: str | None, table: str) -> None:
    quote = into.dialect.identifier_preparer
    into.exec_driver_sql(f"ANALYZE {quote.format_table(sa.table(table, schema=schema))}")
