"""The versioned store as a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cxdata.model.tables import CURATED
from cxdata.sources.duckdb_engine import Limits, Parquet
from cxdata.sources.embedded import Contents, EmbeddedSource
from cxdata.sources.manifest import FileEntry, Version
from cxdata.sources.source import DataVersion, Span
from cxdata.sources.store import Reading, Store

EARLIER: Final = "earlier"
"""Folder, beside the newest summaries, of those that were built again for earlier versions."""

KEEP_EARLIER: Final = 6
"""Summaries of earlier versions that are kept there, those built last, and sources held open."""


class StoreSource(EmbeddedSource):
    """The newest sound version of a store; a publish is seen at the next pin."""

    def __init__(
        self,
        store: Store | Path | str,
        *,
        marts_folder: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.store = store if isinstance(store, Store) else Store(store)
        self._last: tuple[Reading, Contents] | None = None
        self._held: dict[str, EmbeddedSource] = {}
        super().__init__(
            "store",
            self._now,
            marts_folder or self.store.path / "marts",
            changes=self._spans,
            earlier=self._earlier,
            limits=limits,
        )

    def at(self, number: int) -> EmbeddedSource:
        """Return a source that stays at one version of the history.

        Its summaries are those that were built when it was the newest, while they are kept; else
        it has some of its own, in a folder apart, so that building them leaves the newest alone.

        Raises:
            StoreError: the version is no longer kept, or one of its files is damaged.
        """
        version = self.store.kept(number)
        with self._lock:
            held = self._held.get(version.id)
            if held is None:
                held = self._held[version.id] = self._holding(version)
            while len(self._held) > KEEP_EARLIER:
                self._held.pop(next(iter(self._held)))
        return held

    def close(self) -> None:
        """Close all engines, those of earlier versions too."""
        super().close()
        with self._lock:
            for held in self._held.values():
                held.close()
            self._held.clear()

    def _holding(self, version: Version) -> EmbeddedSource:
        return EmbeddedSource(
            "store",
            lambda: contents_of(self.store, Reading(version)),
            self.marts_folder / EARLIER,
            changes=self._spans,
            earlier=self._earlier,
            only=self.marts_folder,
            keep=KEEP_EARLIER,
            limits=self.limits,
        )

    def _now(self) -> Contents:
        """Return the contents now; those of an unchanged version are made once."""
        reading = self.store.reading()
        last = self._last
        if last is None or last[0] != reading:
            last = self._last = (reading, contents_of(self.store, reading))
        return last[1]

    def _spans(self, earlier: str, now: DataVersion) -> Mapping[str, Span | None] | None:
        old = self.store.named(earlier)
        if old is None or now.number is None:
            return None
        changes = self.store.changes(old.number, self.store.read_version(now.number))
        return None if changes is None else {name: span(files) for name, files in changes.items()}

    def _earlier(self, version_id: str) -> Contents | None:
        old = self.store.named(version_id)
        return None if old is None else contents_of(self.store, Reading(old))


def span(files: Iterable[FileEntry]) -> Span | None:
    """Return the event dates that some files cover; None where one of them has no dates."""
    lows, highs = [], []
    for entry in files:
        if entry.rows == 0:
            continue
        if entry.low is None or entry.high is None:
            return None
        lows.append(entry.low)
        highs.append(entry.high)
    return Span(min(lows), max(highs)) if lows and highs else None


def contents_of(store: Store, reading: Reading) -> Contents:
    """Return the files of a reading, grouped by the columns they have."""
    version = reading.version
    if version is None:
        return Contents(DataVersion("empty", notices=reading.notices), {}, (store.data,))
    return Contents(
        DataVersion(version.id, version.number, version.created_at, reading.notices, version.user),
        {
            name: _groups(store, version, name)
            for name in version.columns()
            if name in CURATED.tables
        },
        (store.data,),
    )


def _groups(store: Store, version: Version, table: str) -> tuple[Parquet, ...]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for entry in version.files_of(table):
        groups.setdefault(entry.columns, []).append(str((store.path / entry.path).absolute()))
    return tuple(Parquet(columns, tuple(paths)) for columns, paths in groups.items())
