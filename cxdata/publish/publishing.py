"""What was rehearsed becomes the newest version, and everybody's pages switch to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cxdata.model.errors import SourceError, StoreError
from cxdata.model.progress import Progress, silent
from cxdata.publish import archive, aside
from cxdata.publish.committing import Stamp, commit
from cxdata.publish.difference import Difference
from cxdata.publish.mode import Mode
from cxdata.publish.prepared import Prepared
from cxdata.publish.record import plain
from cxdata.publish.refusals import refuse
from cxdata.publish.rehearsal import Rehearsal, rehearsal_of
from cxdata.publish.staged import Staged, find, is_busy, remove, staged, sweep, working
from cxdata.publish.summaries import Carried, build_summaries, shown_source, store_source
from cxdata.sources.config import Place, Settings
from cxdata.sources.manifest import SourceFile, Version
from cxdata.sources.source import DataVersion
from cxdata.sources.store import Store


@dataclass(frozen=True)
class Published:
    """The version that holds the rows, whether this made it, and what there is to say about it.

    ``unsummed`` says why the summaries are not those of the version yet, "" where they are.
    """

    version: Version
    is_new: bool
    notes: tuple[str, ...] = ()
    unsummed: str = ""


def publish(
    store: Store,
    rehearsal: Rehearsal,
    *,
    user: str,
    reason: str,
    accept: Collection[str] = (),
    settings: Settings | None = None,
    progress: Progress = silent,
    now: datetime,
) -> Published:
    """Make a rehearsed extract one version, and take it out of the waiting room.

    Its original goes to the archive first, so that no version names a file that is not kept. Where
    nothing was published since the rehearsal, the summaries that it built are taken over.
    ``accept`` names the obstacles that the publisher has read and overrules.

    Raises:
        IntakeError: something stands in the way.
        Overtaken: others changed the same rows meanwhile; the extract stays staged.
        StoreError: the disk refuses, or the rehearsal is not the last one.
    """
    settings = settings or Settings(place=Place(kind="store", data=store.path))
    item = find(store, rehearsal.staged)
    with working(store, item) as known:
        prepared = _prepared(store, known, rehearsal)
        refuse(rehearsal.obstacles, accept)
        head = store.head()
        if not rehearsal.is_news and head is not None:
            return Published(head, False, rehearsal.notes)
        progress("archiving", 0.0)
        archive.keep(store, known)
        aside.keep(store, known)
        progress("publishing", 0.3)
        version, carries = commit(
            store,
            rehearsal.candidate,
            prepared,
            Stamp(user, reason, _source_file(known), checks(prepared, rehearsal, known.id)),
            _carried(store, rehearsal, settings),
        )
        remove(known.folder(store))
    unsummed = "" if carries else bring_up_to_date(store, settings, progress, now)
    store.collect()
    progress("published", 1.0)
    return Published(version, True, rehearsal.notes, unsummed)


def bring_up_to_date(store: Store, settings: Settings, progress: Progress, now: datetime) -> str:
    """Build the summaries of the newest version; return why they cannot be, or ""."""
    try:
        source = shown_source(store, settings)
    except SourceError as error:
        return str(error)
    try:
        build_summaries(source, settings, now=now, progress=progress)
    except SourceError as error:
        return str(error)
    finally:
        source.close()
    return ""


def waiting(store: Store, settings: Settings | None = None, *, now: datetime) -> tuple[Staged, ...]:
    """Return the extracts in waiting, newest first, without those that are published or forgotten.

    A process that died right after its version appeared left its extract behind, and perhaps its
    summaries unnamed: both are put right here.
    """
    done = {
        str(version.checks["staged"]): version
        for version in store.versions()
        if "staged" in version.checks
    }
    for item in staged(store):
        version = done.get(item.id)
        if version is not None and not is_busy(item.folder(store)):
            _finish(store, item, version, settings)
    sweep(store, now=now)
    return staged(store)


def _finish(store: Store, item: Staged, version: Version, settings: Settings | None) -> None:
    settings = settings or Settings(place=Place(kind="store", data=store.path))
    rehearsal, parent, head = rehearsal_of(store, item), store.find(version.parent), store.head()
    source = store_source(store, settings)
    if (
        rehearsal is not None
        and head == version
        and rehearsal.candidate.base_id == ("" if parent is None else parent.id)
        and not source.marts_file(DataVersion(version.id)).exists()
    ):
        carried = _carried(store, rehearsal, settings)
        if carried is not None:
            carried.ready(version)
            carried.show(version)
    remove(item.folder(store))


def checks(prepared: Prepared, rehearsal: Rehearsal, item: str) -> Mapping[str, Any]:
    """Return what a manifest records about a publish beside its files."""
    return {
        **ledger(prepared, rehearsal.mode, rehearsal.differences),
        "staged": item,
        "recipe": prepared.recipe,
        **({"batch": prepared.batch} if prepared.batch else {}),
        **({"headlines": plain(rehearsal.headlines)} if rehearsal.headlines else {}),
    }


def ledger(prepared: Prepared, mode: Mode, differences: Iterable[Difference]) -> dict[str, Any]:
    """Return the counts of a publish: of records, and of rows by table."""
    counts = ("new", "changed", "unchanged", "removed")
    return {
        "records": prepared.records,
        "loaded": prepared.loaded,
        "set_aside": prepared.set_aside,
        "mode": plain(mode),
        "tables": {one.table: {name: getattr(one, name) for name in counts} for one in differences},
    }


def _prepared(store: Store, known: Staged, rehearsal: Rehearsal) -> Prepared:
    last = rehearsal_of(store, known)
    if known.prepared is None or last is None or last.candidate != rehearsal.candidate:
        raise StoreError(
            f"{known.name!r} was prepared or rehearsed again since. Look at the last rehearsal, "
            "then publish."
        )
    return known.prepared


def _source_file(item: Staged) -> SourceFile | None:
    return SourceFile(item.name, item.sha256) if item.sha256 else None


def _carried(store: Store, rehearsal: Rehearsal, settings: Settings) -> Carried | None:
    if not rehearsal.summaries:
        return None
    return Carried(store.path / rehearsal.summaries, store_source(store, settings))
