"""The summaries of what was published, built by the rules that the settings state."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from cxdata.marts.build import Built, build
from cxdata.marts.rules import Rules
from cxdata.model.progress import Progress, silent
from cxdata.model.summaries import BUILD
from cxdata.sources import integrity
from cxdata.sources.config import Settings
from cxdata.sources.duckdb_engine import Limits
from cxdata.sources.embedded import EmbeddedSource, prune
from cxdata.sources.faults import DATABASE, FOLDER, calm
from cxdata.sources.manifest import Version
from cxdata.sources.opening import open_source
from cxdata.sources.source import DataVersion, Source
from cxdata.sources.sql import SqlSource
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource


def rules_of(settings: Settings) -> Rules:
    """Return the rules of the marts as the settings state them."""
    return Rules(
        currency=settings.currency,
        grace_days=settings.grace_days,
        lapse_days=settings.lapse_days,
        exposure_days=settings.exposure_days,
        repeat_days=settings.repeat_days,
        paused_is_active=settings.paused_counts_active,
        fiscal_start=settings.fiscal_year_start,
    )


def build_summaries(
    source: Source,
    settings: Settings,
    *,
    now: datetime,
    full: bool = False,
    estimate_lapse: bool = False,
    progress: Progress = silent,
) -> Built | None:
    """Build what the source's version needs; None where the summaries are up to date.

    Raises:
        SourceError: the data cannot be summed up as they are, in a sentence.
    """
    with calm(DATABASE if isinstance(source, SqlSource) else FOLDER):
        return build(
            source,
            rules_of(settings),
            now=now,
            full=full,
            estimate_lapse=estimate_lapse,
            progress=progress,
        )


def store_source(store: Store, settings: Settings) -> StoreSource:
    """Return the store as a source, with its summaries where the settings put them."""
    limits = Limits(memory=settings.memory_limit)
    return StoreSource(store, marts_folder=settings.marts_folder, limits=limits)


def shown_source(store: Store, settings: Settings) -> EmbeddedSource:
    """Return what the pages show of a store: itself, or the mix of sources that it is part of."""
    if not settings.tables:
        return store_source(store, settings)
    source = open_source(settings)
    if not isinstance(source, EmbeddedSource):
        raise AssertionError("a mix of sources is read by the embedded engine")
    return source


class Carried:
    """Summaries that were built elsewhere for a version's files, taken over as its own.

    They are copied and named for the version before it appears, so that one rename shows them.
    """

    def __init__(self, built: Path, source: StoreSource) -> None:
        self._built, self._source = built, source
        self._waiting: Path | None = None

    def ready(self, version: Version) -> None:
        """Make a copy ready that says it is of this version."""
        self.drop()
        folder = self._source.marts_folder
        with self._source.store.writing():
            folder.mkdir(parents=True, exist_ok=True)
            self._waiting = integrity.temporary(folder)
            shutil.copyfile(self._built, self._waiting)
        with duckdb.connect(str(self._waiting)) as connection:
            connection.execute(f"UPDATE {BUILD.name} SET version_id = ?", [version.id])

    def show(self, version: Version) -> None:
        """Give the copy its name, now that the version is there."""
        if self._waiting is None:
            return
        with self._source.store.writing():
            integrity.settle(
                self._waiting, self._source.marts_file(DataVersion(version.id, version.number))
            )
            prune(self._source.marts_folder)
        self._waiting = None

    def drop(self) -> None:
        """Take away a copy that is not needed."""
        if self._waiting is not None:
            self._waiting.unlink(missing_ok=True)
            Path(f"{self._waiting}.wal").unlink(missing_ok=True)
            self._waiting = None


def summaries_of(store: Store, source: StoreSource, target: Version) -> Carried | None:
    """Return the summaries of any version with the target's files, to be carried over."""
    for version in store.versions():
        file = source.marts_file(DataVersion(version.id, version.number))
        if version.files == target.files and file.exists():
            return Carried(file, source)
    return None
