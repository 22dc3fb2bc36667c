"""Tables in different places, answered by the embedded engine.

Tables in files are read where they are. Tables in a database are streamed to a local Parquet file
each, named by the state they were in; while that state lasts, nothing is fetched again. When the
database does not answer, the last copy serves, and a notice says so.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import sqlalchemy as sa

from cxdata.model.errors import SourceUnavailable
from cxdata.model.tables import CURATED
from cxdata.sources import integrity
from cxdata.sources.copying import streamed
from cxdata.sources.database import Database
from cxdata.sources.duckdb_engine import Limits, Parquet
from cxdata.sources.embedded import Contents, EmbeddedSource
from cxdata.sources.faults import calm
from cxdata.sources.parquet_io import arrow_schema, read_batches, write_parquet
from cxdata.sources.source import DataVersion

KEEP_COPIES = 3
"""Copies of one remote table kept: a reader of the last version is not cut off."""


class Part(Protocol):
    """Some tables, as files on this machine."""

    def contents(self) -> Contents:
        """Return the files as they are now."""

    def close(self) -> None:
        """Close what is open."""


@dataclass(frozen=True)
class LocalPart:
    """Some of the tables of a store or folder."""

    source: EmbeddedSource
    tables: frozenset[str]

    def contents(self) -> Contents:
        """Return the files as they are now."""
        contents = self.source.contents()
        kept = {name: files for name, files in contents.tables.items() if name in self.tables}
        return Contents(contents.version, kept, contents.folders)

    def close(self) -> None:
        """Close the source's engines."""
        self.source.close()


class RemotePart:
    """The tables of a database, copied to a folder when they change."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self._lock = threading.Lock()

    def contents(self) -> Contents:
        """Return the copies, fetching what changed; the last ones if the database is away."""
        with self._lock:
            try:
                facts = self.database.facts()
                if facts.version.notices:
                    raise SourceUnavailable(facts.version.notices[0])
                tables = {
                    name: self._copy(name, columns, facts.marks[name])
                    for name, columns in facts.columns.items()
                }
            except SourceUnavailable as error:
                return self._last(error)
        return Contents(facts.version, {n: (file,) for n, file in tables.items()}, (self._where(),))

    def close(self) -> None:
        """Close the connections to the database."""
        self.database.engine.dispose()

    def _where(self) -> Path:
        return self.folder.absolute()

    def _copy(self, name: str, columns: frozenset[str], mark: str) -> Parquet:
        state = hashlib.sha256(f"{sorted(columns)}|{mark}".encode()).hexdigest()[:16]
        final = self._where() / f"{name}-{state}.parquet"
        if not final.exists():
            self._fetch(name, columns, final)
            self._prune(name)
        return _parquet(name, final)

    def _fetch(self, name: str, columns: frozenset[str], final: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        table = CURATED.tables[name]
        relation = self.database.relation(name, columns)
        ordered = [column.name for column in table.columns if column.name in columns]
        select = sa.select(*(relation.c[column] for column in ordered))
        tmp = integrity.temporary(self.folder)
        try:
            with calm(self.database.address.place):
                rows = streamed(self.database.engine, table, select)
                reader = pa.RecordBatchReader.from_batches(arrow_schema(table, ordered), rows)
                write_parquet(tmp, table, reader)
            integrity.settle(tmp, final)
        finally:
            tmp.unlink(missing_ok=True)

    def _last(self, error: SourceUnavailable) -> Contents:
        """Return the newest copy of each table; without any, the error stands."""
        newest = {name: copies[0] for name in self.database.names if (copies := self._copies(name))}
        if not newest:
            raise error
        state = hashlib.sha256(repr(sorted(newest.items())).encode()).hexdigest()[:12]
        notice = f"{error} Its tables are shown as they were last fetched."
        return Contents(
            DataVersion(f"c-{state}", notices=(notice,)),
            {name: (_parquet(name, path),) for name, path in newest.items()},
            (self._where(),),
        )

    def _copies(self, name: str) -> list[Path]:
        found = self._where().glob(f"{name}-{'?' * 16}.parquet")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _prune(self, name: str) -> None:
        for path in self._copies(name)[KEEP_COPIES:]:
            path.unlink(missing_ok=True)


class MixedSource(EmbeddedSource):
    """Several places as one source; its version changes when any of theirs does."""

    def __init__(
        self, parts: Sequence[Part], marts_folder: Path, *, limits: Limits | None = None
    ) -> None:
        super().__init__("mixed", lambda: merged(parts), marts_folder, limits=limits)
        self.parts = tuple(parts)

    def close(self) -> None:
        """Close all engines and connections."""
        super().close()
        for part in self.parts:
            part.close()


def merged(parts: Iterable[Part]) -> Contents:
    """Return the contents of all parts together."""
    contents = [part.contents() for part in parts]
    files = sorted(
        (name, group.paths)
        for content in contents
        for name, groups in content.tables.items()
        for group in groups
    )
    ids = [content.version.id for content in contents]
    state = hashlib.sha256(repr((ids, files)).encode()).hexdigest()[:12]
    created = [c.version.created_at for c in contents if c.version.created_at is not None]
    return Contents(
        DataVersion(
            f"m-{state}",
            created_at=max(created, default=None),
            notices=tuple(notice for content in contents for notice in content.version.notices),
        ),
        {name: groups for content in contents for name, groups in content.tables.items()},
        tuple(folder for content in contents for folder in content.folders),
    )


def _parquet(name: str, path: Path) -> Parquet:
    return Parquet(tuple(read_batches(path).schema.names), (str(path),))
