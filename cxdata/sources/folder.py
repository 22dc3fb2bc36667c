"""A plain folder of Parquet files named as the tables, read-only.

``<table>.parquet`` or ``<table>/*.parquet``. Its version is a checksum of names, sizes and times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cxdata.model.errors import SourceUnavailable
from cxdata.model.tables import CURATED
from cxdata.sources.duckdb_engine import Limits, Parquet
from cxdata.sources.embedded import Contents, EmbeddedSource
from cxdata.sources.source import DataVersion


class FolderSource(EmbeddedSource):
    """Curated tables in a folder that others fill."""

    def __init__(
        self, path: Path | str, *, marts_folder: Path | None = None, limits: Limits | None = None
    ) -> None:
        self.path = Path(path)
        super().__init__(
            "folder",
            lambda: contents_of(self.path),
            marts_folder or self.path / ".cxdata" / "marts",
            limits=limits,
        )


def contents_of(folder: Path) -> Contents:
    """Look at a folder: its tables, what is odd about it and its version."""
    if not folder.is_dir():
        raise SourceUnavailable(
            f"The data folder {folder.name!r} is not there. "
            "Name an existing folder in cxdata.toml (data) or CXDATA_DATA."
        )
    notices: list[str] = []
    digest = hashlib.sha256()
    newest = 0
    groups: dict[str, dict[tuple[str, ...], list[str]]] = {}
    damaged: set[str] = set()
    for table, file in _files(folder, notices):
        stat = file.stat()
        name = file.relative_to(folder).as_posix()
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
        newest = max(newest, stat.st_mtime_ns)
        found = _columns(str(file), stat.st_size, stat.st_mtime_ns)
        if found is None:
            damaged.add(table)
            notices.append(f"{name} is not a readable Parquet file, so table {table} is left out.")
            continue
        known = _known(table, name, found, notices)
        groups.setdefault(table, {}).setdefault(known, []).append(str(file.absolute()))
    version = DataVersion(
        f"f-{digest.hexdigest()[:12]}",
        created_at=datetime.fromtimestamp(newest / 1e9, UTC) if newest else None,
        notices=tuple(notices),
    )
    tables = {
        table: tuple(Parquet(columns, tuple(paths)) for columns, paths in found.items())
        for table, found in groups.items()
        if table not in damaged
    }
    return Contents(version, tables, (folder.absolute(),))


def _known(table: str, name: str, found: tuple[str, ...], notices: list[str]) -> tuple[str, ...]:
    """Return the declared columns of a file; note the others, which are not read."""
    declared = CURATED.tables[table].columns
    extra = [column for column in found if column not in declared]
    if extra:
        notices.append(f"{name} has columns that table {table} has not: {', '.join(extra)}.")
    return tuple(column for column in found if column in declared)


def _files(folder: Path, notices: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield the Parquet files of declared tables in a fixed order; note what has no table."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and entry.name in CURATED.tables:
            yield from ((entry.name, file) for file in sorted(entry.glob("*.parquet")))
        elif entry.suffix == ".parquet" and entry.stem in CURATED.tables:
            yield entry.stem, entry
        elif entry.suffix == ".parquet":
            near = get_close_matches(entry.stem, CURATED.tables, n=1, cutoff=0.6)
            hint = f" Did you mean {near[0]}.parquet?" if near else ""
            notices.append(f"{entry.name} is named after no table and is not read.{hint}")


@lru_cache(maxsize=4096)
def _columns(path: str, size: int, mtime_ns: int) -> tuple[str, ...] | None:
    try:
        return tuple(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError):
        return None
