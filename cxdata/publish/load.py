"""Tables made from an extract put where readers find them: a version of the store, or a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from cxdata.intake.loaded import Loaded, counted
from cxdata.intake.sql import literal
from cxdata.model.errors import IntakeError
from cxdata.model.tables import curated
from cxdata.publish.refusals import refuse_empty, refuse_mixed_histories
from cxdata.sources.manifest import SourceFile, Version
from cxdata.sources.parquet_io import arrow_schema, read_batches, write_parquet
from cxdata.sources.store import Store

_PROVENANCE = ("source_system", "loaded_at")


@dataclass(frozen=True)
class Published:
    """The version that holds the rows, whether this load made it, and what was already there."""

    version: Version
    is_new: bool
    notes: tuple[str, ...]


def publish(
    loaded: Loaded,
    store: Store,
    *,
    loaded_at: datetime,
    user: str,
    reason: str,
    source_file: SourceFile | None = None,
    replace: bool = False,
) -> Published:
    """Make one new version of the loaded tables.

    Rows are added to what is published, or with ``replace`` put in place of the tables' rows.
    When adding, a row that is already published as it is counts once; one whose key is published
    with other values refuses the load with an :class:`IntakeError`, and nothing changes. Where
    every row is published already there is no new version.
    """
    refuse_empty(loaded)
    notes: list[str] = []
    tables = dict(loaded.tables)
    with store.begin(user, reason, source_file=source_file, checks=_ledger(loaded)) as publication:
        head = publication.base
        refuse_mixed_histories(loaded, store, head, loaded.tables if replace else ())
        if not replace and head is not None:
            tables = _fresh(loaded, store, head, notes)
            if not any(rows.num_rows for rows in tables.values()):
                return Published(head, False, tuple(notes))
        for name, rows in tables.items():
            if replace:
                publication.replace(name, rows)
            elif rows.num_rows:
                publication.append(name, rows)
        promises = data_load_rows(loaded, tables, loaded_at)
        if replace and "data_load" not in tables:
            kept = _promises_on_others(store, head, tables)
            publication.replace("data_load", pa.concat_tables([kept, promises]))
        elif promises.num_rows:
            publication.append("data_load", promises)
        return Published(publication.commit(), True, tuple(notes))


def write_folder(
    loaded: Loaded, folder: Path, *, loaded_at: datetime, replace: bool = False
) -> list[Path]:
    """Write the tables as plain Parquet files, ``<table>.parquet``; return their paths.

    A file that is there already is kept unless ``replace`` says otherwise.
    """
    tables = dict(loaded.tables)
    promises = data_load_rows(loaded, tables, loaded_at)
    if promises.num_rows:
        tables["data_load"] = promises
    paths = {name: folder / f"{name}.parquet" for name in tables}
    there = [path.name for path in paths.values() if path.exists()]
    if there and not replace:
        raise IntakeError(
            f"The folder {folder.name!r} already has {', '.join(there)}; name another folder, or "
            "add --replace."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in tables.items():
            write_parquet(paths[name], curated(name), rows)
    except OSError as error:
        raise IntakeError(
            f"The folder {folder.name!r} cannot be written: {error.strerror}."
        ) from error
    return list(paths.values())


def data_load_rows(loaded: Loaded, tables: Mapping[str, pa.Table], loaded_at: datetime) -> pa.Table:
    """Return the ``data_load`` rows of a load: up to when each table is complete, by promise.

    Without a promise there are none, and readers see completeness as assumed.
    """
    declared = curated("data_load")
    rows = [
        {
            "load_id": f"{loaded_at:%Y%m%dT%H%M%S%f}-{name}",
            "table_name": name,
            "source_system": loaded.source_system or None,
            "loaded_at": loaded_at,
            "complete_through": loaded.complete_through,
            "row_count": table.num_rows,
            "history": loaded.history,
        }
        for name, table in tables.items()
        if loaded.complete_through is not None and name != "data_load"
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(declared))


def _ledger(loaded: Loaded) -> dict[str, int]:
    counts = loaded.counts
    return {"records": counts.records, "loaded": counts.loaded, "set_aside": counts.set_aside}


def _fresh(loaded: Loaded, store: Store, head: Version, notes: list[str]) -> dict[str, pa.Table]:
    """Return the tables without the rows that are published already.

    Tables whose keys are record numbers come first: their refusal is the one that explains.
    """
    found = {
        name: _not_yet_published(loaded, store, head, name, notes)
        for name in sorted(loaded.tables, key=lambda name: name not in loaded.numbered)
    }
    return {name: found[name] for name in loaded.tables}


def _not_yet_published(
    loaded: Loaded, store: Store, head: Version, name: str, notes: list[str]
) -> pa.Table:
    """Return the rows whose key is new; refuse those whose key has other values already."""
    rows = loaded.tables[name]
    if not head.files_of(name) or not rows.num_rows:
        return rows
    table = curated(name)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE VIEW fresh AS FROM {rows.relation()}")
        connection.execute(f"CREATE VIEW there AS {_published(store, head, table)}")
        key = ", ".join(table.primary_key.columns.keys())
        same = " AND ".join(
            f"f.{column.name} IS NOT DISTINCT FROM t.{column.name}"
            for column in table.columns
            if column.name not in _PROVENANCE and not column.primary_key
        )
        _refuse_changed(connection, table, key, same or "true", name in loaded.numbered)
        new = connection.execute(f"FROM fresh ANTI JOIN there USING ({key})").to_arrow_table()
    known = rows.num_rows - new.num_rows
    if known:
        notes.append(f"Rows of {name} that were published before, unchanged: {known:,}.")
    return new.cast(rows.schema)


def _refuse_changed(
    connection: duckdb.DuckDBPyConnection, table: sa.Table, key: str, same: str, is_numbered: bool
) -> None:
    first = table.primary_key.columns.keys()[0]
    row = connection.execute(
        f"SELECT count(*), min(CAST(f.{first} AS VARCHAR)) FROM fresh f JOIN there t "
        f"USING ({key}) WHERE NOT ({same})"
    ).fetchone()
    if row and row[0] and is_numbered:
        raise IntakeError(
            f"Nothing was published: rows of {table.name} are known only by their record number, "
            "so a further extract cannot be added to them. Give the recipe a key of the source, "
            "or load the whole history at once with --replace."
        )
    if row and row[0]:
        raise IntakeError(
            f"Nothing was published, because {table.name} already has "
            f"{counted(row[0], 'row')} of the same key with other values (for example {first} "
            f"{row[1]!r}). If this extract holds the whole history, --replace puts it in place "
            "of all that the tables hold."
        )


def _published(store: Store, head: Version, table: sa.Table) -> str:
    """Return a query for the published rows of a table, with every declared column."""
    paths = ", ".join(literal(str(path)) for path in store.paths(head, table.name))
    there = head.columns()[table.name]
    columns = ", ".join(
        one.name if one.name in there else f"NULL AS {one.name}" for one in table.columns
    )
    return f"SELECT {columns} FROM read_parquet([{paths}], union_by_name = true)"


def _promises_on_others(store: Store, head: Version | None, replaced: Iterable[str]) -> pa.Table:
    """Return the published ``data_load`` rows of the tables that are not being replaced."""
    schema = arrow_schema(curated("data_load"))
    parts = [] if head is None else store.paths(head, "data_load")
    read = [_whole(read_batches(path).read_all(), schema) for path in parts]
    rows = pa.concat_tables(read) if read else schema.empty_table()
    others = pc.invert(pc.is_in(rows.column("table_name"), pa.array(list(replaced), pa.string())))
    return rows.filter(others)


def _whole(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return rows with every column of a schema; those a file lacks are empty."""
    for field in schema:
        if field.name not in rows.schema.names:
            rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
    return rows.select(schema.names).cast(schema)
