"""The embedded engine: DuckDB in memory with a view for every table, closed off from the rest.

Each pooled connection is a cursor of its own on one database, so threads never share one and all
of them see the same views. The database can read the folders it was given and nothing else: no
other file, no network, no extension, no setting.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import sqlalchemy as sa
from duckdb_sqlalchemy import ConnectionWrapper
from duckdb_sqlalchemy import Dialect as DuckDBDialect
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.elements import quoted_name

from cxdata.model.errors import ConfigError, SourceError
from cxdata.sources.shape import rendered, shaped
from cxdata.sources.source import Rows

MARTS = "marts"
"""Name under which the file of the summaries is attached."""

MOST_MEMORY_MB = 3_000
"""Most that is taken unasked; the process around it holds about 500 MB more."""

_DIALECT = DuckDBDialect()


@dataclass(frozen=True)
class Parquet:
    """Files of one table that have the same columns."""

    columns: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """What the embedded engine may use of the machine."""

    memory: str = ""
    spill: str = "50GB"
    threads: int = 0
    pool_size: int = 8
    pool_timeout: float = 30.0

    @property
    def memory_limit(self) -> str:
        """The memory limit in DuckDB's words.

        Where none is set: half of the machine, and no more than builds of a million customers
        need to be as fast as with everything; what does not fit is spilled.
        """
        if self.memory:
            return self.memory
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return f"{min(max(total // 2 // 2**20, 256), MOST_MEMORY_MB)}MB"


class CursorConnection(ConnectionWrapper):
    """A pooled connection that keeps its native cursor in reach, to interrupt it."""

    def __init__(self, native: duckdb.DuckDBPyConnection) -> None:
        super().__init__(native)
        self.native = native


def rows_of(table: sa.Table, groups: Iterable[Parquet]) -> Rows:
    """Return the SELECT of a table's rows in some files, in the declared columns and types."""
    selects = [
        shaped(
            table,
            sa.table(
                quoted_name(_read_parquet(group.paths), quote=False),
                *(sa.column(name) for name in group.columns),
            ).alias("file"),
            group.columns,
        )
        for group in groups
    ]
    return selects[0] if len(selects) == 1 else sa.union_all(*selects)


def view_sql(table: sa.Table, groups: Iterable[Parquet]) -> str:
    """Return the SELECT of a table's view: all its files, in the declared columns and types."""
    return rendered(rows_of(table, groups), _DIALECT)


def open_engine(
    views: Mapping[str, str],
    folders: Iterable[Path],
    *,
    marts: Path | None = None,
    writable: bool = False,
    limits: Limits | None = None,
) -> Engine:
    """Open an engine on views over Parquet files and, if given, the file of the summaries.

    ``folders`` are all that the engine may touch. ``writable`` opens the summaries for writing.
    ``engine.dispose()`` closes everything.
    """
    limits = limits or Limits()
    root = _connected(limits)
    try:
        root.execute("SET GLOBAL TimeZone = 'UTC'")
        root.execute("SET GLOBAL parquet_metadata_cache = true")
        if marts is not None:
            mode = "" if writable else " (READ_ONLY)"
            root.execute(f"ATTACH {_text(str(marts))} AS {MARTS}{mode}")
        if writable:
            # A build ends with one checkpoint; those on the way would only write everything twice.
            root.execute("SET GLOBAL wal_autocheckpoint = '1TB'")
        for name, sql in views.items():
            root.execute(f'CREATE VIEW "{name}" AS {sql}')
        _close_off(root, [*folders, *([marts.parent] if marts is not None and writable else [])])
    except duckdb.Error as error:
        root.close()
        raise SourceError(_opening_fault(error)) from error
    return _pooled(
        root, limits, f"{MARTS}.main,memory.main" if marts is not None else "memory.main"
    )


def _connected(limits: Limits) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(":memory:", config=_config(limits))
    except duckdb.Error as error:
        raise ConfigError(
            f"The embedded engine does not take memory_limit = {limits.memory_limit!r}. "
            'Write it as "8GB" or "500MB".'
        ) from error


def _pooled(root: duckdb.DuckDBPyConnection, limits: Limits, search_path: str) -> Engine:
    lock = threading.Lock()

    def connect() -> CursorConnection:
        with lock:
            cursor = root.cursor()
        cursor.execute(f"SET search_path = {_text(search_path)}")
        return CursorConnection(cursor)

    engine = sa.create_engine(
        "duckdb:///:memory:",
        creator=connect,
        poolclass=QueuePool,
        pool_size=limits.pool_size,
        max_overflow=0,
        pool_timeout=limits.pool_timeout,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "engine_disposed")
    def _close(disposed: Engine) -> None:
        root.close()

    return engine


def _config(limits: Limits) -> dict[str, str | bool | int | float | list[str]]:
    spill = Path(tempfile.gettempdir()) / f"cxdata-duckdb-{os.getpid()}"
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": limits.memory_limit,
        "temp_directory": str(spill),
        "max_temp_directory_size": limits.spill,
        "preserve_insertion_order": False,
    }
    if limits.threads:
        config["threads"] = limits.threads
    return config


def _close_off(root: duckdb.DuckDBPyConnection, folders: Iterable[Path]) -> None:
    allowed = ", ".join(_text(str(folder)) for folder in folders)
    root.execute(f"SET allowed_directories = [{allowed}]")
    root.execute("SET enable_external_access = false")
    root.execute("SET lock_configuration = true")


def _read_parquet(paths: Iterable[str]) -> str:
    listed = ", ".join(_text(path) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _opening_fault(error: duckdb.Error) -> str:
    if isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
        return "A data file is missing or damaged, so the tables could not be opened."
    return f"The tables could not be opened ({type(error).__name__})."
