"""Published and prepared rows as relations of an engine of their own, within flat memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from cxdata.model.errors import StoreError
from cxdata.sources.manifest import FileEntry, Version
from cxdata.sources.parquet_io import arrow_schema
from cxdata.sources.store import Store

MEMORY = "400MB"
"""What a comparison may hold at once; the rest is spilled into the staging folder."""

FILE = "_file"
"""Column of a relation that says which file a row is in."""


@dataclass(frozen=True)
class Part:
    """One Parquet file of a table and the columns it has."""

    path: Path
    columns: tuple[str, ...]


def parts(store: Store, version: Version | None, table: str) -> tuple[Part, ...]:
    """Return the files of a table in a version."""
    entries: Sequence[FileEntry] = () if version is None else version.files_of(table)
    return tuple(Part(store.path / entry.path, entry.columns) for entry in entries)


def select(table: sa.Table, files: Sequence[Part]) -> str:
    """Return the SELECT of all rows of some files: every declared column, in its type, and FILE."""
    groups: dict[frozenset[str], list[Path]] = {}
    for part in files:
        groups.setdefault(frozenset(part.columns), []).append(part.path)
    if not groups:
        return f"{_select(table, frozenset(), 'VARCHAR')} WHERE false"
    return " UNION ALL ".join(
        f"{_select(table, columns)} FROM read_parquet([{', '.join(map(text, paths))}], "
        f"filename = '{FILE}', hive_partitioning = false)"
        for columns, paths in groups.items()
    )


def _select(table: sa.Table, columns: frozenset[str], file: str = "") -> str:
    values = [
        f"CAST({name(field.name) if field.name in columns else 'NULL'} AS {sql_type(field.type)})"
        f" AS {name(field.name)}"
        for field in arrow_schema(table)
    ]
    return f"SELECT {', '.join(values)}, {f'CAST(NULL AS {file}) AS {FILE}' if file else FILE}"


def sql_type(kind: pa.DataType) -> str:
    """Return the embedded engine's name of an Arrow type.

    >>> sql_type(pa.decimal128(18, 2))
    'DECIMAL(18, 2)'
    """
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ" if kind.tz else "TIMESTAMP"
    return _TYPES[kind]


_TYPES = {
    pa.string(): "VARCHAR",
    pa.date32(): "DATE",
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.int16(): "SMALLINT",
    pa.float64(): "DOUBLE",
}


def key_of(table: sa.Table) -> tuple[str, ...]:
    """Return the key columns of a table."""
    return tuple(table.primary_key.columns.keys())


def name(column: str) -> str:
    """Return a column's name for SQL."""
    return '"' + column.replace('"', '""') + '"'


def names(columns: Sequence[str]) -> str:
    """Return columns for SQL."""
    return ", ".join(name(column) for column in columns)


def text(value: object) -> str:
    """Return a value as a literal of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine that works in a folder; what it cannot do is one sentence."""
    connection = duckdb.connect(
        str(folder / "comparison.duckdb"),
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "spilled"),
            "preserve_insertion_order": False,
        },
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            f"Comparing with what is published needs more than {MEMORY} of memory, or more disk "
            "than there is. Nothing was published."
        ) from error
    except duckdb.IOException as error:
        raise StoreError(
            "A published or staged file could not be read, or the disk is full. Nothing was "
            "published and the current version is unchanged."
        ) from error
    finally:
        connection.close()
        for left in folder.glob("comparison.duckdb*"):
            left.unlink(missing_ok=True)
