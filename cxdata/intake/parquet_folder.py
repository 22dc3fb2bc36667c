"""A folder of plain Parquet files, named as the tables, taken in under the same checks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import duckdb
import sqlalchemy as sa

from cxdata.intake.loaded import Counts, Loaded, TableCount, records_in
from cxdata.intake.sql import SQL_TYPES, Notation, constant, literal, typed
from cxdata.intake.staging import Staged, Staging
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated, required
from cxdata.model.tables.checks import KINDS_OF_VALUE
from cxdata.sources.folder import contents_of

_PLAIN = Notation(".", "", ("%Y-%m-%d",), ("%Y-%m-%d %H:%M:%S",), "UTC")
_EXACT = ("MONEY", "UCOST", "INT")
"""Types into which a cast would round in silence."""


def load_folder(
    folder: Path,
    *,
    loaded_at: datetime,
    only: Collection[str] = (),
    progress: Progress = silent,
) -> Loaded:
    """Take in the tables of a folder (``<table>.parquet`` or ``<table>/*.parquet``).

    Columns that are not there get their stated default or nothing; a file or column that the
    product does not know refuses the folder. Records are numbered through the tables in order.
    """
    contents = contents_of(folder)
    if contents.version.notices:
        raise IntakeError(f"{contents.version.notices[0]} Rename or remove it, and load again.")
    if not contents.tables:
        raise IntakeError(f"The folder {folder.name!r} holds no Parquet file named as a table.")
    for name in only:
        if name not in contents.tables:
            raise UnknownName(f"table in the folder {folder.name}", name, contents.tables)
    wanted = [name for name in contents.tables if not only or name in only]
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        staging = Staging(connection, loaded_at.date())
        records = 0
        for number, name in enumerate(wanted):
            progress(f"reading {name}", 0.6 * number / len(wanted))
            paths = [path for group in contents.tables[name] for path in group.paths]
            records += _stage(staging, curated(name), paths, loaded_at, records)
        progress("checking", 0.6)
        staging.settle()
        return _loaded(staging, wanted, records, progress)
    finally:
        connection.close()


def _loaded(staging: Staging, names: list[str], records: int, progress: Progress) -> Loaded:
    progress("counting", 0.9)
    if not records:
        raise IntakeError("The tables of the folder hold no row: there is nothing to load.")
    set_aside = staging.faults()
    counts = Counts(records, records_in(set_aside), tuple(_count(staging, name) for name in names))
    loaded = Loaded(
        tables={name: staging.rows(name) for name in names},
        set_aside=set_aside,
        notes=tuple(staging.notes()),
        counts=counts,
    )
    if not counts.loaded:
        raise IntakeError(f"No row fits, so nothing was loaded. {loaded.reasons()[0]}.")
    progress("loaded", 1.0)
    return loaded


def _stage(
    staging: Staging, table: sa.Table, paths: list[str], loaded_at: datetime, before: int
) -> int:
    """Put one table in waiting and return its number of rows."""
    name = table.name
    files = f"read_parquet([{', '.join(literal(path) for path in paths)}], union_by_name = true)"
    staging.connection.execute(
        f"CREATE TABLE read_{name} AS SELECT {before} + row_number() OVER () AS _record, * "
        f"FROM {files}"
    )
    described = staging.connection.execute(f"DESCRIBE read_{name}").fetchall()
    types = {column: sql_type for column, sql_type, *_ in described}
    for needed in required(table):
        if needed not in types:
            raise IntakeError(f"Table {name} cannot do without the column {needed}.")
    selected = []
    for column in table.columns:
        value = _value(table, column, types.get(column.name), loaded_at)
        selected.append(f"CAST({value} AS {SQL_TYPES[column.info['logical']]}) AS {column.name}")
        if column.name in types:
            _set_failures_aside(staging, table, column, value)
    staging.add(
        Staged(table, shown={one.name: (f"{name}.{one.name}",) for one in table.columns}),
        f"SELECT _record, {', '.join(selected)} FROM read_{name}",
    )
    return staging.count(f"SELECT count(*) FROM read_{name}")


def _value(table: sa.Table, column: sa.Column, found: str | None, loaded_at: datetime) -> str:
    logical, name = column.info["logical"], column.name
    given = f"TIMESTAMPTZ '{loaded_at.isoformat()}'"
    by_the_load = table.info["kind"] == "fact" and name == "loaded_at"
    if found is None:
        if by_the_load:
            return given
        default = column.info.get("default")
        return "NULL" if default is None else constant(default, logical)
    if logical in _EXACT and found.replace(", ", ",") != SQL_TYPES[logical].replace(", ", ","):
        return typed(f"CAST({name} AS VARCHAR)", logical, _PLAIN)
    value = f"TRY_CAST({name} AS {SQL_TYPES[logical]})"
    return f"coalesce({value}, {given})" if by_the_load else value


def _set_failures_aside(staging: Staging, table: sa.Table, column: sa.Column, value: str) -> None:
    shown = literal(f"{table.name}.{column.name}")
    staging.set_aside(
        f"SELECT _record, {shown}, CAST({column.name} AS VARCHAR), 'type', "
        f"{literal(KINDS_OF_VALUE[column.info['logical']])} FROM read_{table.name} "
        f"WHERE {column.name} IS NOT NULL AND ({value}) IS NULL"
    )


def _count(staging: Staging, name: str) -> TableCount:
    return TableCount(
        table=name,
        candidates=staging.count(f"SELECT count(*) FROM stage_{name}"),
        rows=staging.count(f"SELECT count(*) FROM final_{name}"),
        folded=staging.folded(name),
        set_aside=staging.count(
            f"SELECT count(*) FROM stage_{name} WHERE _record IN (SELECT record FROM aside)"
        ),
    )
