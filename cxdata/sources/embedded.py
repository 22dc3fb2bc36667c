"""A source whose rows are Parquet files on this machine, read by the embedded engine."""

from __future__ import annotations

import logging
import re
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.engine import Engine

from cxdata.model.errors import SourceError
from cxdata.model.tables import CURATED
from cxdata.sources import integrity
from cxdata.sources.duckdb_engine import Limits, Parquet, open_engine, view_sql
from cxdata.sources.source import DataVersion, Marts, Span, Turnover
from cxdata.sources.turnover import turnover

LOG = logging.getLogger("cxdata.sources")

OPEN_VERSIONS = 3
"""Versions kept open, so that going back to one is quick."""

KEEP_MARTS = 3
"""Files of summaries kept: those of the newest versions."""


@dataclass(frozen=True)
class Contents:
    """The files of one data version, by table, and the folders they lie in."""

    version: DataVersion
    tables: Mapping[str, tuple[Parquet, ...]]
    folders: tuple[Path, ...]

    def columns(self) -> dict[str, frozenset[str]]:
        """Return the columns really there, by table."""
        return {
            name: frozenset(column for group in groups for column in group.columns)
            for name, groups in self.tables.items()
        }


Changes = Callable[[str, DataVersion], Mapping[str, Span | None] | None]


Earlier = Callable[[str], Contents | None]


def _unknown(earlier: str, version: DataVersion) -> None:
    return None


def _forgotten(earlier: str) -> None:
    return None


class EmbeddedSource:
    """Parquet files read by DuckDB; each version has an engine of its own.

    ``read`` returns the contents now. It is asked at every :meth:`pinned` and must be quick.
    ``earlier`` returns the files of an earlier version, where they are kept.
    Until the summaries of a new version are built, the newest there are serve, with a notice. A
    source that stays at a version takes no other's: ``only`` is the folder where its own may lie
    too. ``keep`` is how many files of summaries stay when one is built.
    """

    def __init__(
        self,
        kind: str,
        read: Callable[[], Contents],
        marts_folder: Path,
        *,
        changes: Changes = _unknown,
        earlier: Earlier = _forgotten,
        only: Path | None = None,
        keep: int = KEEP_MARTS,
        limits: Limits | None = None,
    ) -> None:
        self.kind = kind
        self.only = only
        self.keep = keep
        self.limits = limits or Limits()
        self.marts_folder = marts_folder
        self._read = read
        self._changes = changes
        self._earlier = earlier
        self._open: OrderedDict[tuple[object, ...], PinnedEmbedded] = OrderedDict()
        self._lock = threading.Lock()

    def pinned(self) -> PinnedEmbedded:
        """Return this source held at the version it has now."""
        contents = self._read()
        marts = self._newest_marts(contents.version)
        key = (contents.version.id, None if marts is None else _identity(marts))
        with self._lock:
            pinned = self._open.get(key)
            if pinned is None:
                pinned = self._opened(contents, marts)
                self._open[key] = pinned
                while len(self._open) > OPEN_VERSIONS:
                    # Not closed: whoever is still pinned to it reads on, and it goes with them.
                    self._open.popitem(last=False)
            self._open.move_to_end(key)
        return pinned.noticing(self._noted(contents.version, marts))

    @property
    def engine(self) -> Engine:
        """The engine that reads the current version."""
        return self.pinned().engine

    @property
    def marts(self) -> Marts:
        """Where the summaries of the current version lie."""
        return self.pinned().marts

    def contents(self) -> Contents:
        """Return the files of the current version."""
        return self._read()

    def available(self) -> Mapping[str, frozenset[str]]:
        """Return the columns that are really there, by curated table."""
        return self._read().columns()

    def version(self) -> DataVersion:
        """Return the current data version."""
        version = self._read().version
        return self._noted(version, self._newest_marts(version))

    def changed_since(self, version_id: str) -> Mapping[str, Span | None] | None:
        """Return the tables that changed since an earlier version; None if not known."""
        return self.changes(version_id, self.version())

    def turnover_since(self, version_id: str) -> Mapping[str, Turnover] | None:
        """Return the rows that came and went since an earlier version; None if not known."""
        return self.turnover(version_id, self._read())

    def building(self, *, fresh: bool = False) -> AbstractContextManager[Engine]:
        """Give an engine that writes the summaries of the current version."""
        return self.pinned().building(fresh=fresh)

    def close(self) -> None:
        """Close all engines."""
        with self._lock:
            for pinned in self._open.values():
                pinned.engine.dispose()
            self._open.clear()

    def marts_file(self, version: DataVersion) -> Path:
        """Return the file of a version's summaries, whether or not it is there."""
        return self.marts_folder / f"{re.sub(r'[^0-9A-Za-z-]', '_', version.id)}.duckdb"

    def changes(self, earlier: str, version: DataVersion) -> Mapping[str, Span | None] | None:
        """Return what changed between two versions; None if not known."""
        return {} if earlier == version.id else self._changes(earlier, version)

    def turnover(self, earlier: str, now: Contents) -> Mapping[str, Turnover] | None:
        """Return what came and went between two versions; None if not known."""
        before = now if earlier == now.version.id else self._earlier(earlier)
        return None if before is None else turnover(before.tables, now.tables)

    def _newest_marts(self, version: DataVersion) -> Path | None:
        """Return the file of the version's summaries, else the newest of any version."""
        own = self.marts_file(version)
        if own.exists():
            return own
        if self.only is None:
            return _newest(self.marts_folder)
        other = self.only / own.name
        return other if other.exists() else None

    def _noted(self, version: DataVersion, marts: Path | None) -> DataVersion:
        if marts is None or marts.name == self.marts_file(version).name:
            return version
        note = (
            "The figures are of an earlier version of the data; the summaries of version "
            f"{version.number or version.id} are not built yet."
        )
        return replace(version, notices=(*version.notices, note))

    def _opened(self, contents: Contents, marts: Path | None) -> PinnedEmbedded:
        """Open a version. Damaged summaries are as good as none: they can be built again."""
        views = _views(contents)
        if marts is not None:
            try:
                engine = open_engine(views, contents.folders, marts=marts, limits=self.limits)
                return PinnedEmbedded(self, contents, views, engine, Marts(True, file=marts))
            except SourceError as error:
                LOG.warning("summaries that cannot be opened are left aside: %s", error)
        engine = open_engine(views, contents.folders, limits=self.limits)
        own = self.marts_file(contents.version)
        return PinnedEmbedded(self, contents, views, engine, Marts(False, file=own))


@dataclass(frozen=True)
class PinnedEmbedded:
    """An embedded source held at one version."""

    source: EmbeddedSource
    contents: Contents
    views: Mapping[str, str] = field(repr=False)
    engine: Engine = field(repr=False)
    marts: Marts

    @property
    def kind(self) -> str:
        """The kind of the source."""
        return self.source.kind

    def available(self) -> Mapping[str, frozenset[str]]:
        """Return the columns that are really there, by curated table."""
        return self.contents.columns()

    def version(self) -> DataVersion:
        """Return the version this is held at."""
        return self.contents.version

    def pinned(self) -> PinnedEmbedded:
        """Return itself."""
        return self

    def noticing(self, version: DataVersion) -> PinnedEmbedded:
        """Return the same, with the notices of today: they may differ where the data do not."""
        if version.notices == self.contents.version.notices:
            return self
        return replace(self, contents=replace(self.contents, version=version))

    def changed_since(self, version_id: str) -> Mapping[str, Span | None] | None:
        """Return the tables that changed between an earlier version and this one."""
        return self.source.changes(version_id, self.contents.version)

    def turnover_since(self, version_id: str) -> Mapping[str, Turnover] | None:
        """Return the rows that came and went between an earlier version and this one."""
        return self.source.turnover(version_id, self.contents)

    @contextmanager
    def building(self, *, fresh: bool = False) -> Iterator[Engine]:
        """Give an engine that writes the summaries of this version; see the protocol."""
        folder, final = self.source.marts_folder, self.source.marts_file(self.contents.version)
        tmp = _started(folder, fresh)
        try:
            engine = open_engine(
                self.views,
                self.contents.folders,
                marts=tmp,
                writable=True,
                limits=self.source.limits,
            )
            try:
                yield engine
                with engine.connect() as connection:
                    connection.exec_driver_sql("CHECKPOINT marts")
            finally:
                engine.dispose()
            integrity.settle(tmp, final)
            prune(folder, self.source.keep)
        finally:
            for left in folder.glob(f"{tmp.name}*"):
                left.unlink(missing_ok=True)


def _views(contents: Contents) -> dict[str, str]:
    return {
        name: view_sql(CURATED.tables[name], groups) for name, groups in contents.tables.items()
    }


def _identity(file: Path) -> tuple[str, int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return file.name, stat.st_ino, stat.st_mtime_ns


def _started(folder: Path, fresh: bool) -> Path:
    """Return a temporary file to build in: a copy of the newest summaries unless ``fresh``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(
            "The folder of the summaries cannot be written. "
            "Set marts_folder in cxdata.toml (CXDATA_MARTS_FOLDER) to one that can."
        ) from error
    tmp = integrity.temporary(folder)
    newest = _newest(folder)
    if newest is not None and not fresh:
        shutil.copyfile(newest, tmp)
    return tmp


def _built(folder: Path) -> list[Path]:
    """Return the files of summaries, newest first."""
    found = [path for path in folder.glob("*.duckdb") if not integrity.is_temporary(path)]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _newest(folder: Path) -> Path | None:
    return next(iter(_built(folder)), None)


def prune(folder: Path, keep: int = KEEP_MARTS) -> None:
    """Take away all summaries but the newest."""
    for path in _built(folder)[keep:]:
        path.unlink(missing_ok=True)
