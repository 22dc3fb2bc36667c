"""Curated tables as Parquet: the declared types as an Arrow schema, and files written in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sqlalchemy as sa

from cxdata.model.errors import SourceError

Rows: TypeAlias = "Path | pa.Table | pa.RecordBatchReader | Iterable[pa.RecordBatch]"

ROW_GROUP = 122_880
"""Rows of one row group: DuckDB reads that many at a time, one thread each."""


@dataclass(frozen=True)
class Written:
    """What one written file holds: its columns, rows and first and last event date."""

    columns: tuple[str, ...]
    rows: int
    low: date | None
    high: date | None


def arrow_type(sql: sa.types.TypeEngine[Any]) -> pa.DataType:
    """Return the Arrow type of a declared SQL type; money stays an exact decimal.

    >>> arrow_type(sa.Numeric(18, 2))
    Decimal128Type(decimal128(18, 2))
    """
    if isinstance(sql, sa.Double | sa.Float):
        return pa.float64()
    if isinstance(sql, sa.Numeric):
        return pa.decimal128(sql.precision or 18, sql.scale or 0)
    if isinstance(sql, sa.DateTime):
        return pa.timestamp("us", tz="UTC" if sql.timezone else None)
    for kind, arrow in _PLAIN:
        if isinstance(sql, kind):
            return arrow
    raise SourceError(f"No Parquet type is known for a column of type {sql}.")


_PLAIN: tuple[tuple[type[sa.types.TypeEngine[Any]], pa.DataType], ...] = (
    (sa.String, pa.string()),
    (sa.Date, pa.date32()),
    (sa.Boolean, pa.bool_()),
    (sa.BigInteger, pa.int64()),
    (sa.SmallInteger, pa.int16()),
    (sa.Integer, pa.int32()),
)


def arrow_schema(table: sa.Table, columns: Iterable[str] | None = None) -> pa.Schema:
    """Return the Arrow schema of a declared table, or of those of its columns that are named."""
    wanted = None if columns is None else set(columns)
    return pa.schema(
        pa.field(column.name, arrow_type(column.type), nullable=True)
        for column in table.columns
        if wanted is None or column.name in wanted
    )


def event_date(table: sa.Table) -> str | None:
    """Return the name of the business date that the rows of a table are filed under, if any."""
    name = table.info.get("event_date")
    return str(name) if name else None


def write_parquet(path: Path, table: sa.Table, rows: Rows) -> Written:
    """Write rows to one Parquet file (zstd, page checksums) in the declared types.

    Columns may be fewer than declared and in any order; one that is not declared is an error.
    Rows are streamed, so memory stays flat. Nothing is made durable here.
    """
    names, batches = _opened(rows)
    _check_names(table, names)
    schema = arrow_schema(table, names)
    dated = event_date(table)
    low: date | None = None
    high: date | None = None
    count = 0
    with pq.ParquetWriter(
        path, schema, compression="zstd", write_page_checksum=True, version="2.6"
    ) as writer:
        for batch in batches:
            cast = _cast(table.name, batch, schema)
            writer.write_table(cast, row_group_size=ROW_GROUP)
            count += cast.num_rows
            if dated in schema.names:
                low, high = _widened(low, high, cast.column(dated))
    return Written(tuple(schema.names), count, low, high)


def read_batches(path: Path, size: int = ROW_GROUP) -> pa.RecordBatchReader:
    """Stream a Parquet file; a damaged one is a sentence, not a stack trace."""
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise SourceError(f"{path.name} is not a readable Parquet file.") from error
    return pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(batch_size=size))


def _opened(rows: Rows) -> tuple[list[str], Iterator[pa.RecordBatch]]:
    if isinstance(rows, str | Path):
        rows = read_batches(Path(rows))
    if isinstance(rows, pa.Table):
        rows = rows.to_reader()
    if isinstance(rows, pa.RecordBatchReader):
        return list(rows.schema.names), iter(rows)
    batches = iter(rows)
    first = next(batches, None)
    if first is None:
        raise SourceError("There are no rows to write, and so no columns either.")
    return list(first.schema.names), _chained(first, batches)


def _chained(first: pa.RecordBatch, others: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from others


def _check_names(table: sa.Table, names: list[str]) -> None:
    unknown = [name for name in names if name not in table.columns]
    if unknown:
        raise SourceError(
            f"Table {table.name} has no column {', '.join(unknown)}; "
            f"it has {', '.join(table.columns.keys())}."
        )
    if len(set(names)) < len(names):
        raise SourceError(f"A column of table {table.name} is given twice.")


def _cast(name: str, batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    rows = pa.Table.from_batches([batch]).select(schema.names)
    try:
        return rows.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise SourceError(
            f"Rows of table {name} do not have its declared types: {error}."
        ) from error


def _widened(
    low: date | None, high: date | None, dates: pa.ChunkedArray
) -> tuple[date | None, date | None]:
    found = pc.min_max(dates).as_py()
    lows = [value for value in (low, found["min"]) if value is not None]
    highs = [value for value in (high, found["max"]) if value is not None]
    return min(lows, default=None), max(highs, default=None)
