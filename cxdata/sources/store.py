"""The versioned Parquet store: one version number over all tables, nothing ever overwritten.

Layout, every path relative so that the folder may be moved or copied::

    data/<uuid>.parquet        immutable files (zstd, page checksums)
    versions/00000012.json     which of them make up version 12, with their checksums

A version exists once its manifest has its name; see :mod:`cxdata.sources.integrity` for the order.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cxdata.model.errors import Conflict, StoreError, UnknownName
from cxdata.sources import integrity
from cxdata.sources.manifest import (
    FileEntry,
    SourceFile,
    Version,
    changed_tables,
    dump,
    parse,
)
from cxdata.sources.publication import Publish

_NAME = re.compile(r"^(\d{8,})\.json$")
KEEP_VERSIONS = 30
GRACE = timedelta(hours=24)


@dataclass(frozen=True)
class Reading:
    """The version that readers get, and what they must be told about it."""

    version: Version | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Damage:
    """One file of a version that is not what its manifest says."""

    table: str
    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path} of table {self.table} {self.what}"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """A folder of versions. Reading needs no lock, and writing none that could be left behind."""

    def __init__(self, path: Path | str, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self.path = Path(path)
        self.clock = clock
        self._fit = False

    def __repr__(self) -> str:
        return f"Store({self.path.name!r})"

    @property
    def data(self) -> Path:
        """Folder of the Parquet files."""
        return self.path / "data"

    @property
    def manifests(self) -> Path:
        """Folder of the manifests."""
        return self.path / "versions"

    # -- reading -------------------------------------------------------------------------------

    def numbers(self) -> list[int]:
        """Return all version numbers that have a manifest, readable or not, ascending."""
        try:
            names = os.listdir(self.manifests)
        except FileNotFoundError:
            return []
        return sorted(int(found[1]) for name in names if (found := _NAME.match(name)))

    def head(self) -> Version | None:
        """Return the newest version whose manifest holds and whose files are there in full size."""
        return self._newest(self._missing_or_resized).version

    def reading(self) -> Reading:
        """Return the newest version that passes every check, checksums too, and notices.

        Each file is hashed once a process. A damaged version gives way to the one before it, and
        the notice says so.
        """
        return self._newest(self._damaged_once)

    def versions(self) -> list[Version]:
        """Return all versions whose manifest can be read, newest first."""
        found = (self._manifest(number) for number in reversed(self.numbers()))
        return [version for version in found if version is not None]

    def read_version(self, number: int) -> Version:
        """Return one version by its number."""
        version = self._manifest(number)
        if version is None:
            raise UnknownName("version", str(number), [str(known) for known in self.numbers()])
        return version

    def find(self, number: int | None) -> Version | None:
        """Return one version by its number; None where it is not, or no longer, there."""
        return None if number is None else self._manifest(number)

    def named(self, version_id: str) -> Version | None:
        """Return one version by its id; None where it is not, or no longer, there."""
        return next((one for one in self.versions() if one.id == version_id), None)

    def kept(self, number: int) -> Version:
        """Return one version of the history whose files are what its manifest says.

        Raises:
            StoreError: it is no longer kept, or damaged.
        """
        version = self._manifest(number)
        if version is None:
            there = self.numbers()
            known = f"; those from {there[0]} to {there[-1]} are" if there else ""
            raise StoreError(f"Data version {number} is no longer kept{known}.")
        why = self._damaged_once(version)
        if why is not None:
            raise StoreError(f"Data version {number} is damaged and cannot be shown: {why}.")
        return version

    def paths(self, version: Version, table: str) -> list[Path]:
        """Return the absolute files of a table."""
        return [self.path / entry.path for entry in version.files_of(table)]

    def published_source(self, sha256: str) -> Version | None:
        """Return the version that an extract of this checksum made, if it is in the history."""
        for version in self.versions():
            if version.source_file is not None and version.source_file.sha256 == sha256:
                return version
        return None

    def changes(self, old: int, new: Version) -> dict[str, tuple[FileEntry, ...]] | None:
        """Return the files that differ between two versions by table; None if the old is gone."""
        before = self._manifest(old)
        return None if before is None else changed_tables(before, new)

    def verify(self, number: int) -> list[Damage]:
        """Hash every file of a version anew and return what is damaged: nothing, if all is well."""
        version = self.read_version(number)
        return [damage for entry in version.files if (damage := self._check(entry, rehash=True))]

    # -- writing -------------------------------------------------------------------------------

    def begin(
        self,
        user: str,
        reason: str,
        *,
        source_file: SourceFile | None = None,
        checks: Mapping[str, Any] | None = None,
    ) -> Publish:
        """Start a publish on top of the newest version. Nothing is seen before its commit."""
        self.prepare()
        return Publish(self, self.head(), user, reason, source_file, dict(checks or {}))

    def undo_to(
        self,
        number: int,
        user: str,
        reason: str,
        *,
        instead_of: Version | None = None,
        checks: Mapping[str, Any] | None = None,
        ready: Callable[[Version], None] | None = None,
    ) -> Version:
        """Publish a new version with the files of an earlier one. History only grows.

        ``instead_of`` is what the user saw as newest; a version that somebody published since is
        not taken back unseen: :class:`Conflict`.
        """
        target = self.read_version(number)
        damaged = self.verify(number)
        if damaged:
            raise StoreError(f"Version {number} cannot be restored: {damaged[0]}.")

        def draft(head: Version | None) -> Version:
            if head is not None and instead_of is not None and head.number != instead_of.number:
                raise Conflict(
                    f"{head.user} published version {head.number} ({head.reason!r}) meanwhile, "
                    "so nothing was restored. Look at it first, then decide again."
                )
            return replace(
                target,
                user=user,
                reason=reason,
                source_file=None,
                checks={**(checks or {}), "restored_version": number},
            )

        return self.publish(draft, ready)

    def publish(
        self,
        draft: Callable[[Version | None], Version],
        ready: Callable[[Version], None] | None = None,
    ) -> Version:
        """Give a draft on top of the newest version the next number, again until it has one.

        The number is chosen before the head is read: a version that appears in between has taken
        the number, so no draft can ever miss a version that it follows. ``ready`` is told each
        version that is about to appear.
        """
        self.prepare()
        while True:
            number = (self.numbers() or [0])[-1] + 1
            head = self.head()
            version = replace(
                draft(head),
                number=number,
                parent=None if head is None else head.number,
                parent_sha256=None if head is None else self._manifest_sha256(head.number),
                created_at=self.clock(),
            )
            if ready is not None:
                ready(version)
            try:
                with self.writing():
                    integrity.publish_exclusive(dump(version), self._manifest_path(number))
            except FileExistsError:
                continue
            return version

    def collect(self, keep: int | None = None) -> list[str]:
        """Delete files that no version refers to and that are older than a day; return their names.

        With ``keep``, manifests older than the newest ``keep`` go first (never fewer than 30).
        """
        if keep is not None:
            self._drop_manifests(max(keep, KEEP_VERSIONS))
        if len(self.versions()) < len(self.numbers()):
            return self._sweep(referenced=None)
        return self._sweep({entry.path for version in self.versions() for entry in version.files})

    def writing(self) -> _Writing:
        """Turn what a disk can refuse (full, read-only) into sentences."""
        return _Writing(self)

    # -- inside --------------------------------------------------------------------------------

    def _newest(self, flaw: Callable[[Version], str | None]) -> Reading:
        notices: list[str] = []
        for number in reversed(self.numbers()):
            version = self._manifest(number)
            why = "its manifest cannot be read" if version is None else self._broken_chain(version)
            if version is not None and why is None:
                why = flaw(version)
            if version is not None and why is None:
                if notices:
                    notices.append(_shown_instead(version))
                return Reading(version, tuple(notices))
            notices.append(f"Data version {number} is damaged and not used: {why}.")
        if notices:
            raise StoreError(
                f"No version of the data can be read. {notices[0]} Restore the folder from a copy."
            )
        return Reading(None)

    def _manifest_path(self, number: int) -> Path:
        return self.manifests / f"{number:08d}.json"

    def _manifest(self, number: int) -> Version | None:
        path = self._manifest_path(number)
        try:
            stat = path.stat()
            version = _parsed(str(path), stat.st_size, stat.st_mtime_ns)
        except (OSError, ValueError):
            return None
        return version if version.number == number else None

    def _manifest_sha256(self, number: int) -> str:
        return integrity.SEALS.sha256(self._manifest_path(number))

    def _broken_chain(self, version: Version) -> str | None:
        """A parent that reads well but is not the one this version was built on is a forgery.

        A parent that is gone or unreadable says nothing against its child, whose files carry
        their own checksums.
        """
        if version.parent is None or self._manifest(version.parent) is None:
            return None
        if self._manifest_sha256(version.parent) == version.parent_sha256:
            return None
        return f"it was not built on the version {version.parent} that is there"

    def _missing_or_resized(self, version: Version) -> str | None:
        return next(
            (str(damage) for entry in version.files if (damage := self._sized(entry))), None
        )

    def _damaged_once(self, version: Version) -> str | None:
        """Return what is wrong with a version; hash only what this process has not hashed yet."""
        fresh: list[FileEntry] = []
        root = f"{self.path}{os.sep}"  # as text: this loop runs for every reader's every look
        for entry in version.files:
            path = root + entry.path
            try:
                stat = os.stat(path)
            except OSError:
                return str(self._sized(entry))
            if integrity.SEALS.known(path, stat) != entry.sha256:
                fresh.append(entry)
        if not fresh:
            return None
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as workers:
            checks = workers.map(self._check, fresh)
            return next((str(damage) for damage in checks if damage), None)

    def _sized(self, entry: FileEntry) -> Damage | None:
        try:
            size = os.stat(self.path / entry.path).st_size
        except OSError:
            return Damage(entry.table, entry.path, "is missing")
        if size != entry.bytes:
            return Damage(
                entry.table, entry.path, f"has {size:,} bytes in place of {entry.bytes:,}"
            )
        return None

    def _check(self, entry: FileEntry, rehash: bool = False) -> Damage | None:
        sized = self._sized(entry)
        if sized is not None:
            return sized
        path = self.path / entry.path
        try:
            digest = integrity.sha256_of(path) if rehash else integrity.SEALS.sha256(path)
        except OSError:
            return Damage(entry.table, entry.path, "cannot be read")
        if digest != entry.sha256:
            return Damage(entry.table, entry.path, "does not have its checksum")
        return None

    def prepare(self) -> None:
        """Make the folders, once the file system has shown that publishing on it is safe."""
        with self.writing():
            self.data.mkdir(parents=True, exist_ok=True)
            self.manifests.mkdir(parents=True, exist_ok=True)
            if not self._fit:
                integrity.self_test(self.manifests)
                integrity.fsync_folder(self.path)
                self._fit = True

    def _drop_manifests(self, keep: int) -> None:
        good = self.versions()
        for version in good[keep:]:
            self._manifest_path(version.number).unlink(missing_ok=True)
        integrity.fsync_folder(self.manifests)

    def _sweep(self, referenced: set[str] | None) -> list[str]:
        """Delete old leftovers; with unreadable manifests about, only temporary ones."""
        limit = (self.clock() - GRACE).timestamp()
        swept: list[str] = []
        for folder in (self.data, self.manifests):
            for path in sorted(folder.iterdir()) if folder.exists() else ():
                orphan = (
                    referenced is not None
                    and folder == self.data
                    and f"data/{path.name}" not in referenced
                )
                left_over = orphan or integrity.is_temporary(path)
                if left_over and path.stat().st_mtime < limit:
                    path.unlink(missing_ok=True)
                    swept.append(path.name)
        return swept


class _Writing:
    """Context in which a refusal of the disk becomes a StoreError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError) and not isinstance(error, FileExistsError):
            raise StoreError(_refusal(error)) from error


def _refusal(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            "The disk of the data folder is full, so nothing was published and the current "
            "version is unchanged. Free some space and publish again."
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return (
            "The data folder is read-only, so nothing can be published. Reading goes on as "
            "before; ask for write access to the folder to publish."
        )
    return f"The data folder could not be written ({error.strerror}); nothing was published."


def _shown_instead(version: Version) -> str:
    when = version.created_at.astimezone(UTC)
    return f"Shown instead: version {version.number} of {when:%d %B %Y, %H:%M} UTC."


@lru_cache(maxsize=256)
def _parsed(path: str, size: int, mtime_ns: int) -> Version:
    return parse(Path(path).read_bytes())
