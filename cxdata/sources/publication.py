"""One publish: staged files of several tables that become a version together, or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from cxdata.model.errors import Conflict, StoreError
from cxdata.model.tables import CURATED, curated
from cxdata.sources import integrity
from cxdata.sources.manifest import FileEntry, SourceFile, Version, fingerprint
from cxdata.sources.parquet_io import Rows, event_date, read_batches, write_parquet

if TYPE_CHECKING:
    from cxdata.sources.store import Store


@dataclass(frozen=True)
class _Change:
    """What one step does to the files of one table; ``rebases`` says it never takes rows away."""

    table: str
    apply: Callable[[Sequence[FileEntry]], list[FileEntry]]
    rebases: bool


class Publish:
    """A publish under way; a context that leaves nothing behind unless it was committed."""

    def __init__(
        self,
        store: Store,
        base: Version | None,
        user: str,
        reason: str,
        source_file: SourceFile | None,
        checks: dict[str, Any],
    ) -> None:
        self.store, self.base = store, base
        self.user, self.reason = user, reason
        self.source_file, self.checks = source_file, checks
        self._changes: list[_Change] = []
        self._staged: list[Path] = []
        self._committed = False

    def __enter__(self) -> Publish:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._committed:
            self.abandon()

    def append(self, table: str, rows: Rows) -> FileEntry:
        """Add rows to a table."""
        entry = self._stage(table, rows)
        self._changes.append(_Change(table, lambda files: [*files, entry], rebases=True))
        return entry

    def replace(self, table: str, rows: Rows) -> FileEntry:
        """Put these rows in place of all the rows of a table."""
        entry = self._stage(table, rows)
        self._changes.append(_Change(table, lambda files: [entry], rebases=False))
        return entry

    def drop(self, table: str) -> None:
        """Take a table away."""
        self._changes.append(_Change(curated(table).name, lambda files: [], rebases=False))

    def replace_period(self, table: str, start: date, end: date, rows: Rows) -> FileEntry:
        """Put these rows in place of those whose event date lies in ``[start, end)``.

        All the new rows must lie in the period. Files that reach beyond it are rewritten without
        the period; the rest stay as they are.
        """
        dated = event_date(curated(table))
        if dated is None:
            raise StoreError(
                f"Table {table} has no event date, so no period of it can be replaced."
            )
        entry = self._stage(table, rows)
        if entry.rows and (entry.low is None or entry.low < start or (entry.high or end) >= end):
            raise StoreError(
                f"The rows for table {table} reach from {entry.low} to {entry.high}, outside the "
                f"period {start} up to, not including, {end} that they are to replace."
            )
        kept = [
            part for old in self._current(table) for part in self._without(old, dated, start, end)
        ]
        self._changes.append(_Change(table, lambda files: [*kept, entry], rebases=False))
        return entry

    def commit(self) -> Version:
        """Make everything staged one new version and return it.

        Raises :class:`Conflict` where somebody published other rows of a replaced table since
        this publish began; a publish that only adds rows goes on top of theirs.
        """
        version = self.store.publish(self._draft)
        self._committed = True
        return version

    def abandon(self) -> None:
        """Delete what was staged."""
        for path in self._staged:
            path.unlink(missing_ok=True)
        self._staged.clear()

    # -- inside --------------------------------------------------------------------------------

    def _stage(self, table: str, rows: Rows) -> FileEntry:
        declared = curated(table)
        tmp = integrity.temporary(self.store.data)
        final = self.store.data / f"{uuid.uuid4().hex}.parquet"
        self._staged += [tmp, final]
        with self.store.writing():
            written = write_parquet(tmp, declared, rows)
            digest = integrity.settle(tmp, final)
            size = os.stat(final).st_size
        return FileEntry(
            table=declared.name,
            path=f"data/{final.name}",
            sha256=digest,
            bytes=size,
            rows=written.rows,
            columns=written.columns,
            low=written.low,
            high=written.high,
        )

    def _current(self, table: str) -> list[FileEntry]:
        """Return the table's files as the steps so far leave them."""
        files = [] if self.base is None else list(self.base.files_of(table))
        for change in self._changes:
            if change.table == table:
                files = change.apply(files)
        return files

    def _without(self, old: FileEntry, dated: str, start: date, end: date) -> Iterator[FileEntry]:
        if not old.overlaps(start, end):
            yield old
            return
        if old.low is not None and old.high is not None and start <= old.low and old.high < end:
            return
        reader = read_batches(self.store.path / old.path)
        rest = pa.RecordBatchReader.from_batches(
            reader.schema, (_outside(batch, dated, start, end) for batch in reader)
        )
        entry = self._stage(old.table, rest)
        if entry.rows:
            yield entry

    def _refuse_overtaken(self, head: Version) -> None:
        for table in {change.table for change in self._changes if not change.rebases}:
            before = () if self.base is None else self.base.files_of(table)
            if head.files_of(table) == before:
                continue
            other = self._author(table, head)
            raise Conflict(
                f"{other.user} published table {table} as version {other.number} "
                f"({other.reason!r}, {other.created_at:%d %B %Y, %H:%M} UTC) after this change "
                "was prepared. Compare the two, then publish again or leave it as it is."
            )

    def _author(self, table: str, head: Version) -> Version:
        """Return the version after the base that last changed the table."""
        latest, files = head, head.files_of(table)
        for version in self.store.versions():
            if version.number > head.number:
                continue
            if version.files_of(table) != files:
                break
            latest = version
        return latest

    def _draft(self, head: Version | None) -> Version:
        """Return the new version on top of a head; Conflict where it cannot go there."""
        if head is not None and (self.base is None or head.number != self.base.number):
            self._refuse_overtaken(head)
        files = {} if head is None else _by_table(head.files)
        for change in self._changes:
            files[change.table] = change.apply(files.get(change.table, []))
        return Version(
            number=0,
            parent=None,
            parent_sha256=None,
            files=tuple(entry for name in sorted(files) for entry in files[name]),
            user=self.user,
            reason=self.reason,
            created_at=self.store.clock(),
            schema_fingerprint=schema_fingerprint(),
            source_file=self.source_file,
            checks=self.checks,
        )


def schema_fingerprint() -> str:
    """Return a checksum of the declared tables, their columns and types."""
    return fingerprint(
        (table.name, column.name, str(column.type))
        for table in CURATED.tables.values()
        for column in table.columns
    )


def _by_table(files: Sequence[FileEntry]) -> dict[str, list[FileEntry]]:
    tables: dict[str, list[FileEntry]] = {}
    for entry in files:
        tables.setdefault(entry.table, []).append(entry)
    return tables


def _outside(batch: pa.RecordBatch, dated: str, start: date, end: date) -> pa.RecordBatch:
    dates = batch.column(dated)
    inside = pc.and_(
        pc.greater_equal(dates, pa.scalar(start, pa.date32())),
        pc.less(dates, pa.scalar(end, pa.date32())),
    )
    return batch.filter(pc.invert(pc.fill_null(inside, False)))
