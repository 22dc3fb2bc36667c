"""A folder of plain Parquet files, named as the tables, taken in under the same checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from cxdata.intake.loaded import Counts, Loaded, TableCount
from cxdata.intake.staging import Facet, Staged, Staging
from cxdata.intake.values import Writing, typed
from cxdata.intake.values.sql import SQL_TYPES, constant, literal
from cxdata.intake.workspace import working
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated, required
from cxdata.model.tables.checks import KINDS_OF_VALUE
from cxdata.sources.folder import contents_of

_PLAIN = Writing("decimal")
_EXACT = ("MONEY", "UCOST", "INT")
"""Types into which a cast would round in silence."""

ROWS_A_BYTE = 20
LEAST_BYTES = 100_000
"""A file may hold so many rows a byte; what is smaller than the least is not looked at closely."""


def load_folder(
    folder: Path,
    *,
    loaded_at: datetime,
    only: Collection[str] = (),
    published: Mapping[str, Iterable[Path]] | None = None,
    workspace: Path | None = None,
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
    for name in wanted:
        for group in contents.tables[name]:
            refuse_bombs(Path(path) for path in group.paths)
    with working(workspace) as place:
        staging = Staging(place, loaded_at.date(), published)
        records = 0
        for number, name in enumerate(wanted):
            progress(f"reading {name}", 0.6 * number / len(wanted))
            paths = [path for group in contents.tables[name] for path in group.paths]
            records += _stage(staging, curated(name), paths, loaded_at, records)
        progress("checking", 0.6)
        staging.settle()
        return _loaded(staging, wanted, records, progress)


def refuse_bombs(paths: Iterable[Path]) -> None:
    """Refuse files that claim more rows than keys of their size can tell apart.

    A few megabytes can unfold into a hundred million equal rows; no table of ours has such.

    Raises:
        IntakeError: names the file.
    """
    for path in paths:
        try:
            rows = pq.read_metadata(path).num_rows
        except (pa.ArrowInvalid, OSError) as error:
            raise IntakeError(f"{path.name} is not a readable Parquet file.") from error
        if rows > ROWS_A_BYTE * max(path.stat().st_size, LEAST_BYTES):
            raise IntakeError(
                f"{path.name} claims {rows:,} rows in {path.stat().st_size:,} bytes. So many rows "
                "of so few bytes cannot have keys of their own, so it is not loaded."
            )


def _loaded(staging: Staging, names: list[str], records: int, progress: Progress) -> Loaded:
    progress("counting", 0.9)
    if not records:
        raise IntakeError("The tables of the folder hold no row: there is nothing to load.")
    set_aside = staging.ledger.summary()
    counts = Counts(records, set_aside.records, tuple(_count(staging, name) for name in names))
    unresolved = staging.unresolved()
    loaded = Loaded(
        tables={name: staging.rows(name) for name in names},
        set_aside=set_aside,
        notes=(*staging.notes(), *map(str, unresolved)),
        unresolved=unresolved,
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
    staging.workspace.run(
        f"CREATE VIEW read_{name} AS SELECT {before} + row_number() OVER () AS _record, * "
        f"FROM {files}"
    )
    described = staging.workspace.run(f"DESCRIBE read_{name}").fetchall()
    types = {column: sql_type for column, sql_type, *_ in described}
    for needed in required(table):
        if needed not in types:
            raise IntakeError(f"Table {name} cannot do without the column {needed}.")
    values = {one.name: _value(table, one, types.get(one.name), loaded_at) for one in table.columns}
    facets = {
        one.name: Facet(f"{name}.{one.name}", expected=KINDS_OF_VALUE[one.info["logical"]])
        for one in table.columns
        if one.name in types
    }
    staging.add(Staged(table, facets=[facets]), [_select(table, values, facets)])
    return staging.waiting(name)


def _select(table: sa.Table, values: Mapping[str, str], found: Collection[str]) -> str:
    """Return the query for the rows of a table, with what the file says beside each value."""
    typed_values = [
        f"CAST({values[one.name]} AS {SQL_TYPES[one.info['logical']]}) AS {one.name}"
        for one in table.columns
    ]
    said = [f"{name} := CAST(r.{name} AS VARCHAR)" for name in found]
    unfit = [f"{name} := r.{name} IS NOT NULL AND ({values[name]}) IS NULL" for name in found]
    return (
        "SELECT _record, CAST(NULL AS BIGINT) AS _line, CAST(0 AS INTEGER) AS _group, "
        f"{', '.join(typed_values)}, struct_pack({', '.join(said)}) AS _said, "
        f"struct_pack({', '.join(unfit)}) AS _unfit FROM read_{table.name} r"
    )


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


def _count(staging: Staging, name: str) -> TableCount:
    candidates = staging.waiting(name)
    return TableCount(
        table=name,
        candidates=candidates,
        rows=staging.rows(name).num_rows,
        folded=staging.folded(name),
        set_aside=candidates - staging.accepted(name),
    )
