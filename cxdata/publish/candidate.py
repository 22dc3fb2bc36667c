"""A version that nobody else sees: published files where they are, new ones in a staging folder."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated
from cxdata.publish import promises
from cxdata.publish.difference import Comparing, Difference
from cxdata.publish.mode import Days, Mode
from cxdata.publish.prepared import Prepared, PreparedTable
from cxdata.publish.relation import FILE, Part, engine, key_of, name, names, parts, select
from cxdata.sources import integrity
from cxdata.sources.manifest import FileEntry, Version
from cxdata.sources.parquet_io import ROW_GROUP, event_date, write_parquet
from cxdata.sources.publication import schema_fingerprint
from cxdata.sources.source import Span
from cxdata.sources.store import Store


@dataclass(frozen=True)
class Change:
    """What becomes of one table's files: ``gone`` (paths of the base) make room for ``added``.

    ``added`` lie in the candidate's folder until they are published.
    """

    table: str
    gone: tuple[str, ...]
    added: tuple[FileEntry, ...]
    low: date | None = None
    high: date | None = None

    @property
    def span(self) -> Span | None:
        """The event dates that it touches; None where rows have none."""
        return None if self.low is None or self.high is None else Span(self.low, self.high)

    def apply(self, files: Sequence[FileEntry]) -> list[FileEntry]:
        """Return a table's files with the change made."""
        return [entry for entry in files if entry.path not in self.gone] + list(self.added)


@dataclass(frozen=True)
class Candidate:
    """Changes on top of a base version; ``folder`` is relative to the store's."""

    folder: str
    base: int | None
    base_id: str
    mode: Mode
    changes: tuple[Change, ...]

    def version(self, base: Version | None, at: datetime, checks: Mapping[str, object]) -> Version:
        """Return the version that would be, over files of the store and of the folder."""
        files = {} if base is None else by_table(base.files)
        for change in self.changes:
            files[change.table] = change.apply(files.get(change.table, []))
        return Version(
            number=1 if base is None else base.number + 1,
            parent=None if base is None else base.number,
            parent_sha256=None,
            files=in_order(files),
            user="",
            reason="",
            created_at=at,
            schema_fingerprint=schema_fingerprint(),
            checks=checks,
        )


def by_table(files: Sequence[FileEntry]) -> dict[str, list[FileEntry]]:
    """Return files grouped by table."""
    tables: dict[str, list[FileEntry]] = {}
    for entry in files:
        tables.setdefault(entry.table, []).append(entry)
    return tables


def in_order(files: Mapping[str, Sequence[FileEntry]]) -> tuple[FileEntry, ...]:
    """Return the files of all tables in a manifest's order."""
    return tuple(entry for table in sorted(files) for entry in files[table])


def make(
    store: Store,
    base: Version | None,
    prepared: Prepared,
    source: Path,
    *,
    mode: Mode,
    days: Days | None = None,
    progress: Progress = silent,
) -> tuple[Candidate, tuple[Difference, ...]]:
    """Make the candidate of prepared tables (in the folder ``source``), and what differs by table.

    Published files are never copied: only those that hold rows to change or remove are written
    anew. Memory stays flat.
    """
    folder = source.parent / f"candidate-{uuid.uuid4().hex}"
    with store.writing():
        folder.mkdir()
    maker = _Maker(store, base, prepared, source, folder, mode, days)
    changes, differences = [], []
    with engine(folder) as connection:
        for number, one in enumerate(prepared.tables):
            progress(f"comparing {one.table}", number / len(prepared.tables))
            change, difference = maker.table(connection, one)
            changes.append(change)
            differences.append(difference)
    promised = promise(store, base, prepared, mode, folder)
    if promised is not None:
        changes.append(promised)
    integrity.fsync_folder(folder)
    candidate = Candidate(
        str(folder.relative_to(store.path)),
        None if base is None else base.number,
        "" if base is None else base.id,
        mode,
        tuple(one for one in changes if one.gone or one.added),
    )
    return candidate, tuple(differences)


def promise(
    store: Store, base: Version | None, prepared: Prepared, mode: Mode, folder: Path
) -> Change | None:
    """Write the promises as they stand once the load is published; None where they stay.

    They are few, so the table is one file that each publish writes anew.
    """
    mine = promises.promises(prepared)
    replaced = [one.table for one in prepared.tables] if mode is Mode.REPLACE_TABLE else []
    before = promises.published(store, base)
    rows = pa.concat_tables([promises.kept(store, base, replaced), mine])
    if prepared.of(promises.TABLE) is not None or rows.equals(before):
        return None
    gone = () if base is None else tuple(one.path for one in base.files_of(promises.TABLE))
    added = (write(store, folder, curated(promises.TABLE), rows),) if rows.num_rows else ()
    return Change(promises.TABLE, gone, added)


def write(
    store: Store, folder: Path, table: sa.Table, rows: pa.Table | pa.RecordBatchReader
) -> FileEntry:
    """Write rows to a file of a folder, force it to the disk, and return its entry."""
    tmp, final = integrity.temporary(folder), folder / f"{uuid.uuid4().hex}.parquet"
    with store.writing():
        try:
            written = write_parquet(tmp, table, rows)
            digest = integrity.settle(tmp, final)
        finally:
            tmp.unlink(missing_ok=True)
        size = os.stat(final).st_size
    return FileEntry(
        table=str(table.name),
        path=str(final.relative_to(store.path)),
        sha256=digest,
        bytes=size,
        rows=written.rows,
        columns=written.columns,
        low=written.low,
        high=written.high,
    )


class _Maker:
    """Makes the changes of one candidate, table by table."""

    def __init__(
        self,
        store: Store,
        base: Version | None,
        prepared: Prepared,
        source: Path,
        folder: Path,
        mode: Mode,
        days: Days | None,
    ) -> None:
        self.store, self.base, self.prepared = store, base, prepared
        self.source, self.folder, self.mode, self.days = source, folder, mode, days

    def table(
        self, connection: duckdb.DuckDBPyConnection, one: PreparedTable
    ) -> tuple[Change, Difference]:
        """Compare one table and write what changes."""
        table = curated(one.table)
        there = parts(self.store, self.base, one.table)
        fresh = [Part(self.source / one.file, one.columns)]
        connection.execute(f"CREATE OR REPLACE VIEW fresh AS {select(table, fresh)}")
        connection.execute(f"CREATE OR REPLACE VIEW there AS {select(table, there)}")
        comparing = Comparing(connection, table, one.spoken)
        difference = comparing.difference(
            self.mode, self._days(one, table), self.prepared.source_system, one.rows
        )
        aside = next((c.set_aside for c in self.prepared.counts if c.table == one.table), 0)
        change = self._change(connection, one, comparing, difference)
        return change, replace(difference, aside=aside)

    def _days(self, one: PreparedTable, table: sa.Table) -> Days | None:
        if self.mode is not Mode.REPLACE_PERIOD or event_date(table) is None:
            return None
        if self.days is not None or one.low is None or one.high is None:
            return self.days
        return Days.spanning(one.low, one.high)

    def _change(
        self,
        connection: duckdb.DuckDBPyConnection,
        one: PreparedTable,
        comparing: Comparing,
        difference: Difference,
    ) -> Change:
        entries = () if self.base is None else self.base.files_of(one.table)
        span = difference.low, difference.high
        if self.mode is Mode.REPLACE_TABLE:
            return Change(one.table, tuple(e.path for e in entries), self._taken(one), *span)
        touched = {
            str(row[0])
            for row in connection.execute(f"SELECT DISTINCT {FILE} FROM gone").fetchall()
        }
        gone = [entry for entry in entries if str(self.store.path / entry.path) in touched]
        added = [kept for entry in gone for kept in self._rest(connection, comparing, entry)]
        if not (difference.changed or difference.unchanged):
            added += self._taken(one)
        elif difference.new or (difference.changed and self.mode is not Mode.APPEND):
            added.append(self._merged(connection, one, comparing))
        return Change(one.table, tuple(entry.path for entry in gone), tuple(added), *span)

    def _taken(self, one: PreparedTable) -> tuple[FileEntry, ...]:
        """Return the prepared file as it is, under a further name."""
        if not one.rows:
            return ()
        final = self.folder / f"{uuid.uuid4().hex}.parquet"
        with self.store.writing():
            os.link(self.source / one.file, final)
        path = str(final.relative_to(self.store.path))
        return (
            FileEntry(
                one.table, path, one.sha256, one.bytes, one.rows, one.columns, one.low, one.high
            ),
        )

    def _rest(
        self, connection: duckdb.DuckDBPyConnection, comparing: Comparing, entry: FileEntry
    ) -> Iterator[FileEntry]:
        """Write a published file anew without the rows that go."""
        part = Part(self.store.path / entry.path, entry.columns)
        query = (
            f"SELECT {names(entry.columns)} FROM ({select(comparing.table, [part])}) "
            f"ANTI JOIN gone USING ({names(comparing.key)})"
        )
        rest = self._written(connection, comparing.table, query)
        if rest.rows:
            yield rest

    def _merged(
        self, connection: duckdb.DuckDBPyConnection, one: PreparedTable, comparing: Comparing
    ) -> FileEntry:
        """Write the new rows, and those that change: what the extract is silent on stays."""
        table, key = comparing.table, names(key_of(comparing.table))
        columns = names(list(table.columns.keys()))
        query = f"SELECT {columns} FROM fresh ANTI JOIN there USING ({key})"
        if self.mode is not Mode.APPEND:
            values = ", ".join(_merged(one, comparing, each.name) for each in table.columns)
            query += f" UNION ALL SELECT {values} FROM {comparing.joined} WHERE {comparing.differs}"
        return self._written(connection, table, query)

    def _written(
        self, connection: duckdb.DuckDBPyConnection, table: sa.Table, query: str
    ) -> FileEntry:
        reader = connection.execute(query).to_arrow_reader(ROW_GROUP)
        return write(self.store, self.folder, table, reader)


def _merged(one: PreparedTable, comparing: Comparing, column: str) -> str:
    """The value of a column in a row that changes."""
    if column == "source_system":
        return f"coalesce(f.{column}, t.{column}) AS {column}"
    told = one.spoken is None or column in one.spoken or column == "loaded_at"
    return f"{'f' if told or column in comparing.key else 't'}.{name(column)} AS {name(column)}"
