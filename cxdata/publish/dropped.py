"""The drop folder: large files that are put beside the data are staged, rehearsed, and published.

A file is taken once it is complete: a marker ``<name>.done`` lies beside it, or its size and time
stood still between two looks. It is published without a person only where its recipe says so and
nothing needs a decision; otherwise it waits staged, and a sentence in its report says why::

    drop/<name>                        what somebody puts there
    drop/reports/<id>/report.json      what became of it
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cxdata.model.errors import CxError, StoreError
from cxdata.model.progress import Progress, silent
from cxdata.publish.drop_folder import Seen, claimed, clear, drop_folder, files, is_marked, seen
from cxdata.publish.mode import Mode
from cxdata.publish.preparing import prepare
from cxdata.publish.publishing import publish, waiting
from cxdata.publish.record import read_record, write_record
from cxdata.publish.rehearsal import Rehearsal, rehearse
from cxdata.publish.staged import Staged, discard, stage, staged
from cxdata.sources.config import Settings
from cxdata.sources.store import Store

USER = "drop folder"

_REPORTS = "reports"


@dataclass(frozen=True)
class Report:
    """What became of one dropped file, in a sentence and in figures."""

    name: str
    staged: str
    at: datetime
    outcome: str
    sentence: str
    recipe: str = ""
    version: int | None = None
    records: int = 0
    set_aside: int = 0
    tables: tuple[str, ...] = ()


def report_of(store: Store, name: str) -> Report | None:
    """Return why the watcher left a file where it lies, if it did."""
    return read_record(drop_folder(store) / _REPORTS / name / "report.json", Report)


class Watch:
    """One watcher of a drop folder; each look takes what is complete."""

    def __init__(self, store: Store, settings: Settings, progress: Progress = silent) -> None:
        self.store, self.settings, self.progress = store, settings, progress
        self._seen: dict[str, Seen] = {}

    def look(self, *, now: datetime) -> tuple[Report, ...]:
        """Take every file that is complete; return what became of each.

        Raises:
            StoreError: another process watches the folder, or the disk refuses.
        """
        folder = drop_folder(self.store)
        with self.store.writing():
            folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            waiting(self.store, self.settings, now=now)
            taken = (self._taken(path, now) for path in self._complete(folder))
            return tuple(report for report in taken if report is not None)

    def _complete(self, folder: Path) -> list[Path]:
        """Return the files that nobody writes any more."""
        now = {path.name: seen(path) for path in files(folder)}
        ready = [
            folder / name
            for name, stood in now.items()
            if is_marked(folder / name) or self._seen.get(name) == stood
        ]
        self._seen = now
        return ready

    def _taken(self, path: Path, now: datetime) -> Report | None:
        """Take a file, unless somebody at the page takes it."""
        with claimed(path) as is_ours:
            return self._take(path, now) if is_ours else None

    def _take(self, path: Path, now: datetime) -> Report:
        """Stage a file, then go on with it as far as may be without a person."""
        try:
            item = stage(
                self.store, path, name=path.name, user=USER, now=now, progress=self.progress
            )
        except StoreError:
            raise
        except CxError as error:
            # The file stays where it is: it was never taken.
            return self._reported(Report(path.name, "", now, "refused", str(error)), path.name)
        twin = next((one for one in staged(self.store) if _is_twin(one, item)), None)
        if twin is not None:
            # A process that died after staging left the file in the folder.
            discard(self.store, item)
            item = twin
        clear(path)
        report = self._worked(item, now)
        return self._reported(report, item.id)

    def _worked(self, item: Staged, now: datetime) -> Report:
        report = Report(item.name, item.id, now, "waits", "")
        try:
            item = prepare(
                self.store, item, zone=self.settings.time_zone, progress=self.progress, now=now
            )
            if item.prepared is None:
                raise StoreError(f"{item.name!r} could not be prepared.")
            report = replace(report, recipe=item.prepared.recipe)
            found = rehearse(
                self.store,
                item,
                mode=Mode(item.prepared.mode or Mode.APPEND),
                settings=self.settings,
                progress=self.progress,
                now=now,
            )
            report = _counted(report, item, found)
            if not found.is_news:
                discard(self.store, item)
                return replace(report, outcome="nothing new", sentence=_nothing_new(found))
            needs = _needs_a_person(item, found)
            if needs:
                return replace(report, sentence=needs)
            done = publish(
                self.store,
                found,
                user=USER,
                reason=f"Dropped {item.name}",
                settings=self.settings,
                progress=self.progress,
                now=now,
            )
        except CxError as error:
            return replace(report, sentence=str(error))
        return replace(
            report,
            outcome="published",
            version=done.version.number,
            sentence=f"Published as version {done.version.number}.",
        )

    def _reported(self, report: Report, key: str) -> Report:
        folder = drop_folder(self.store) / _REPORTS / key
        with self.store.writing():
            folder.mkdir(parents=True, exist_ok=True)
            write_record(folder / "report.json", report)
        return report


# -- inside ----------------------------------------------------------------------------------------


def _is_twin(one: Staged, item: Staged) -> bool:
    same = (one.sha256, one.name, one.user) == (item.sha256, item.name, item.user)
    return same and one.id != item.id


def _counted(report: Report, item: Staged, found: Rehearsal) -> Report:
    prepared = item.prepared
    return replace(
        report,
        records=prepared.records if prepared else 0,
        set_aside=prepared.set_aside if prepared else 0,
        tables=tuple(f"{one.table}: {one.words}" for one in found.differences),
    )


def _nothing_new(found: Rehearsal) -> str:
    told = [one.sentence for one in found.obstacles if one.key == "same_bytes"]
    return " ".join(["Every row is already published: nothing to do.", *told])


def _needs_a_person(item: Staged, found: Rehearsal) -> str:
    """Return why nothing is published without a person, or ""."""
    if found.obstacles:
        return found.obstacles[0].sentence
    if item.prepared is None or not item.prepared.auto:
        return (
            f"It waits as {item.id[:8]}: its recipe does not say auto = true. Look at the "
            f"rehearsal, then publish it (python -m cxdata publish {item.id[:8]})."
        )
    if item.prepared.set_aside:
        return (
            f"It waits as {item.id[:8]}: {item.prepared.set_aside:,} of "
            f"{item.prepared.records:,} records are set aside. Mend them, or publish the rest."
        )
    return ""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder, so that no file is taken twice."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreError("Another process watches the drop folder already.") from None
        yield
    finally:
        os.close(handle)
