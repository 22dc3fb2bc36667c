"""A candidate becomes a version: on the base it was rehearsed on, or on top of what came since."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

from cxdata.model.errors import Conflict, StoreError
from cxdata.model.tables import curated
from cxdata.publish.candidate import Candidate, Change, by_table, in_order, promise
from cxdata.publish.difference import Comparing, Difference
from cxdata.publish.mode import Mode
from cxdata.publish.prepared import Prepared
from cxdata.publish.promises import TABLE as PROMISES
from cxdata.publish.relation import Part, engine, key_of, names, parts, select
from cxdata.publish.summaries import Carried
from cxdata.sources import integrity
from cxdata.sources.manifest import FileEntry, SourceFile, Version
from cxdata.sources.publication import schema_fingerprint
from cxdata.sources.store import Store


class Overtaken(Conflict):
    """Somebody else changed the same rows first; ``version`` is theirs, with what it changed."""

    def __init__(self, version: Version, differences: tuple[Difference, ...]) -> None:
        self.version, self.differences = version, differences
        changed = "; ".join(f"{one.table}: {one.words}" for one in differences)
        super().__init__(
            f"{version.user} published version {version.number} ({version.reason!r}, "
            f"{version.created_at.astimezone(UTC):%d %B %Y, %H:%M} UTC) after this was rehearsed. "
            f"It changed {changed}. Nothing of yours was published, and your file is still "
            "staged: rehearse it again on top of theirs, or leave it."
        )


@dataclass(frozen=True)
class Stamp:
    """Who publishes, why, from which file, and what the manifest records about it."""

    user: str
    reason: str
    source_file: SourceFile | None
    checks: Mapping[str, Any]


def commit(
    store: Store,
    candidate: Candidate,
    prepared: Prepared,
    stamp: Stamp,
    carried: Carried | None = None,
) -> tuple[Version, bool]:
    """Make a candidate the newest version; return it, and whether its summaries came along.

    Rows that were only added go on top of what others published meanwhile.

    Raises:
        Overtaken: others changed the tables that this one changes.
        StoreError: the disk refuses, or a staged file is not what it was.
    """
    store.prepare()
    work = _Commit(store, candidate, prepared, stamp, carried)
    try:
        version = store.publish(work.draft, work.ready)
    except BaseException:
        work.abandon()
        raise
    work.settle(version)
    return version, work.carries


class _Commit:
    """One candidate on its way into the store."""

    def __init__(
        self,
        store: Store,
        candidate: Candidate,
        prepared: Prepared,
        stamp: Stamp,
        carried: Carried | None,
    ) -> None:
        self.store, self.candidate, self.prepared = store, candidate, prepared
        self.stamp, self.carried = stamp, carried
        self.base = store.find(candidate.base)
        self.carries = False
        self._placed: list[Path] = []
        self.changes = [self._into_data(change) for change in candidate.changes]

    def draft(self, head: Version | None) -> Version:
        """Return the version on top of a head.

        Raises:
            Overtaken: it cannot go there.
        """
        changes = self.changes
        self.carries = self.carried is not None and _id(head) == self.candidate.base_id
        if _id(head) != self.candidate.base_id:
            changes = self._rebased(head)
        files = {} if head is None else by_table(head.files)
        for change in changes:
            files[change.table] = change.apply(files.get(change.table, []))
        return Version(
            number=0,
            parent=None,
            parent_sha256=None,
            files=in_order(files),
            user=self.stamp.user,
            reason=self.stamp.reason,
            created_at=self.store.clock(),
            schema_fingerprint=schema_fingerprint(),
            source_file=self.stamp.source_file,
            checks=self.stamp.checks,
        )

    def ready(self, version: Version) -> None:
        """Make the summaries ready for a version that is about to appear."""
        if self.carries and self.carried is not None:
            self.carried.ready(version)

    def settle(self, version: Version) -> None:
        """Show the summaries of the version that is there now."""
        if self.carries and self.carried is not None:
            self.carried.show(version)

    def abandon(self) -> None:
        """Take away what was placed for nothing."""
        if self.carried is not None:
            self.carried.drop()
        for path in self._placed:
            path.unlink(missing_ok=True)

    # -- inside ------------------------------------------------------------------------------------

    def _into_data(self, change: Change) -> Change:
        return replace(change, added=tuple(self._place(entry) for entry in change.added))

    def _place(self, entry: FileEntry) -> FileEntry:
        """Give a staged file a name among the published ones, as new as if it were written now."""
        staged = self.store.path / entry.path
        final = self.store.data / f"{uuid.uuid4().hex}.parquet"
        with self.store.writing():
            try:
                digest = integrity.sha256_of(staged)
            except FileNotFoundError:
                digest = ""
            if digest != entry.sha256:
                raise StoreError(
                    f"A staged file of table {entry.table} is no longer what was rehearsed. "
                    "Nothing was published; rehearse again."
                )
            os.utime(staged)  # whoever sweeps must not take it for an old leftover
            self._placed.append(final)
            os.link(staged, final)
            integrity.fsync_folder(self.store.data)
        return replace(entry, path=f"data/{final.name}")

    def _rebased(self, head: Version | None) -> list[Change]:
        """Return the changes on top of another head."""
        if head is None:
            raise StoreError("The versions that this was rehearsed on are gone. Rehearse again.")
        changes = [one for one in self.changes if one.table != PROMISES]
        clashes = [one.table for one in changes if not self._goes_on(one, head)]
        if clashes:
            raise self._overtaken(head, clashes)
        if self.prepared.of(PROMISES) is not None:
            return [*changes, *(one for one in self.changes if one.table == PROMISES)]
        promised = promise(self.store, head, self.prepared, self.candidate.mode, self.store.data)
        return changes if promised is None else [*changes, promised]

    def _goes_on(self, change: Change, head: Version) -> bool:
        """Whether a change of one table may go on top of a head."""
        before = () if self.base is None else self.base.files_of(change.table)
        now = head.files_of(change.table)
        if now == before:
            return True
        if change.gone or self.candidate.mode is not Mode.APPEND:
            return False
        others = [entry for entry in now if entry not in before]
        return self._shared_keys(change, others) == 0

    def _shared_keys(self, change: Change, others: list[FileEntry]) -> int:
        """Count keys of the added rows that others have published meanwhile."""
        table = curated(change.table)
        mine = [Part(self.store.path / one.path, one.columns) for one in change.added]
        theirs = [Part(self.store.path / one.path, one.columns) for one in others]
        with engine(self.store.path / self.candidate.folder) as connection:
            row = connection.execute(
                f"SELECT count(*) FROM ({select(table, mine)}) SEMI JOIN "
                f"({select(table, theirs)}) USING ({names(key_of(table))})"
            ).fetchone()
        return int(row[0]) if row else 0

    def _overtaken(self, head: Version, tables: list[str]) -> Overtaken:
        folder = self.store.path / self.candidate.folder
        return Overtaken(
            self._author(head, tables),
            tuple(between(self.store, self.base, head, table, folder) for table in tables),
        )

    def _author(self, head: Version, tables: list[str]) -> Version:
        """Return the newest version after the base that changed one of the tables."""
        for version in self.store.versions():
            parent = self.store.find(version.parent)
            if version.number <= head.number and any(
                version.files_of(name) != (parent.files_of(name) if parent else ())
                for name in tables
            ):
                return version
        return head


def between(
    store: Store, old: Version | None, new: Version, table: str, folder: Path
) -> Difference:
    """Return what happened to a table from one version to another."""
    declared = curated(table)
    with engine(folder) as connection:
        for view, version in (("fresh", new), ("there", old)):
            query = select(declared, parts(store, version, table))
            connection.execute(f"CREATE OR REPLACE VIEW {view} AS {query}")
        rows = new.row_counts.get(table, 0)
        return Comparing(connection, declared, None).difference(Mode.REPLACE_TABLE, None, "", rows)


def _id(version: Version | None) -> str:
    return "" if version is None else version.id
