"""What was published, by whom and why; and the way back to any of it, and forth again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cxdata.model.errors import StoreError
from cxdata.model.progress import Progress, silent
from cxdata.publish import archive
from cxdata.publish.figures import Move
from cxdata.publish.publishing import Published, bring_up_to_date
from cxdata.publish.record import read
from cxdata.publish.summaries import store_source, summaries_of
from cxdata.sources.config import Place, Settings
from cxdata.sources.manifest import SourceFile, Version
from cxdata.sources.store import Store


class Step(StrEnum):
    """How a version came about."""

    PUBLISH = "publish"
    UNDO = "undo"
    REDO = "redo"
    GO_TO = "go to"


@dataclass(frozen=True)
class Entry:
    """One version of the history.

    ``rows`` counts by table; ``changes`` says new, changed, unchanged and removed rows by table
    where the version was published from an extract. ``restored`` is the version whose files it
    has again. ``is_archived`` says whether the original can be had again. ``staged`` is the id of
    the extract that it was, ``recipe`` the one it was read by, and ``headlines`` what it changed
    in the figures of the first page, as it was rehearsed.
    """

    number: int
    id: str
    at: datetime
    user: str
    reason: str
    step: Step
    is_newest: bool
    source_file: SourceFile | None
    is_archived: bool
    rows: Mapping[str, int]
    changes: Mapping[str, Mapping[str, int]]
    restored: int | None
    records: int | None
    set_aside: int | None
    staged: str = ""
    recipe: str = ""
    headlines: tuple[Move, ...] = ()

    def age(self, now: datetime) -> timedelta:
        """Return how old it is; never negative, whatever the clock did."""
        return max(now - self.at, timedelta())


def history(store: Store) -> tuple[Entry, ...]:
    """Return every version that can be gone back to, newest first, ordered by number."""
    head = store.head()
    return tuple(_entry(store, version, head) for version in store.versions())


def undo(
    store: Store,
    *,
    user: str,
    reason: str,
    settings: Settings | None = None,
    progress: Progress = silent,
    now: datetime,
) -> Published:
    """Take back the last step: a publish, or a jump to another version.

    Raises:
        StoreError: there is nothing before it, or it is no longer kept.
    """
    head = _head(store)
    target = undoes_to(store, head)
    if target is None:
        raise StoreError(
            f"There is nothing to undo: what version {head.number} holds was the first."
        )
    wanted = _kept(store, target)
    return _restore(
        store,
        head,
        wanted,
        Step.UNDO,
        user,
        reason,
        settings,
        progress,
        now,
        undo_to=undoes_to(store, wanted),
        redo=[_position(head), *_redo(head)],
    )


def redo(
    store: Store,
    *,
    user: str,
    reason: str,
    settings: Settings | None = None,
    progress: Progress = silent,
    now: datetime,
) -> Published:
    """Bring back what was undone last; a publish in between leaves nothing to redo.

    Raises:
        StoreError: nothing was undone.
    """
    head = _head(store)
    waiting = _redo(head)
    if not waiting:
        raise StoreError(
            "There is nothing to redo: nothing was undone since the last publish. "
            "Every kept version can be gone to by its number."
        )
    return _restore(
        store,
        head,
        _kept(store, waiting[0]),
        Step.REDO,
        user,
        reason,
        settings,
        progress,
        now,
        undo_to=_position(head),
        redo=waiting[1:],
    )


def go_to(
    store: Store,
    number: int,
    *,
    user: str,
    reason: str,
    settings: Settings | None = None,
    progress: Progress = silent,
    now: datetime,
) -> Published:
    """Make a new version that equals an earlier one, file for file.

    Raises:
        UnknownName: there is no such version.
        StoreError: it is damaged, or already what is shown.
    """
    head, target = _head(store), store.read_version(number)
    if head.files == target.files:
        raise StoreError(f"What is shown is already equal to version {number}.")
    return _restore(
        store,
        head,
        target,
        Step.GO_TO,
        user,
        reason,
        settings,
        progress,
        now,
        undo_to=_position(head),
        redo=[],
    )


def redoes_to(version: Version) -> int | None:
    """Return the version that a redo of this one brings back; None where nothing was undone."""
    return next(iter(_redo(version)), None)


def undoes_to(store: Store, version: Version) -> int | None:
    """Return the version that an undo of this one goes back to; None for the first."""
    if "undo_to" in version.checks:
        number = version.checks["undo_to"]
        return None if number is None else int(number)
    return version.parent


# -- inside ----------------------------------------------------------------------------------------


def _restore(
    store: Store,
    head: Version,
    target: Version,
    step: Step,
    user: str,
    reason: str,
    settings: Settings | None,
    progress: Progress,
    now: datetime,
    *,
    undo_to: int | None,
    redo: list[int],
) -> Published:
    """Publish a version with the target's files; its summaries come along where they are kept."""
    settings = settings or Settings(place=Place(kind="store", data=store.path))
    source = store_source(store, settings)
    carried = None if settings.tables else summaries_of(store, source, target)
    try:
        version = store.undo_to(
            target.number,
            user,
            reason,
            instead_of=head,
            checks={"step": step.value, "undo_to": undo_to, "redo": redo},
            ready=carried.ready if carried else None,
        )
    except BaseException:
        if carried:
            carried.drop()
        raise
    if carried is None:
        return Published(version, True, (), bring_up_to_date(store, settings, progress, now))
    carried.show(version)
    return Published(version, True)


def _head(store: Store) -> Version:
    head = store.head()
    if head is None:
        raise StoreError("Nothing has been published yet.")
    return head


def _kept(store: Store, number: int) -> Version:
    version = store.find(number)
    if version is None:
        raise StoreError(f"Version {number} is no longer kept, so it cannot be gone back to.")
    return version


def _position(version: Version) -> int:
    """Return the version whose files this one shows: itself, unless it restored another."""
    return int(version.checks.get("restored_version", version.number))


def _redo(version: Version) -> list[int]:
    return [int(number) for number in version.checks.get("redo", ())]


def _entry(store: Store, version: Version, head: Version | None) -> Entry:
    checks: Mapping[str, Any] = version.checks
    source = version.source_file
    return Entry(
        number=version.number,
        id=version.id,
        at=version.created_at,
        user=version.user,
        reason=version.reason,
        step=Step(checks.get("step", Step.PUBLISH.value)),
        is_newest=head is not None and head.number == version.number,
        source_file=source,
        is_archived=source is not None and archive.kept(store, source.sha256) is not None,
        rows=version.row_counts,
        changes=checks.get("tables", {}),
        restored=checks.get("restored_version"),
        records=checks.get("records"),
        set_aside=checks.get("set_aside"),
        staged=str(checks.get("staged", "")),
        recipe=str(checks.get("recipe", "")),
        headlines=_headlines(checks),
    )


def _headlines(checks: Mapping[str, Any]) -> tuple[Move, ...]:
    """Return the headline figures that a version recorded; what cannot be read is left out."""
    try:
        found: tuple[Move, ...] = read(tuple[Move, ...], checks.get("headlines", ()))
    except (ValueError, TypeError, KeyError):
        return ()
    return found
