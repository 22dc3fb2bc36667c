"""What was published, when, by whom and why; and where the way back and forth leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cxdata.publish import archive
from cxdata.publish.figures import Move
from cxdata.publish.record import read
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


def redoes_to(version: Version) -> int | None:
    """Return the version that a redo of this one brings back; None where nothing was undone."""
    return next(iter(waiting(version)), None)


def undoes_to(store: Store, version: Version) -> int | None:
    """Return the version that an undo of this one goes back to; None for the first."""
    if "undo_to" in version.checks:
        number = version.checks["undo_to"]
        return None if number is None else int(number)
    return version.parent


def position(version: Version) -> int:
    """Return the version whose files this one shows: itself, unless it restored another."""
    return int(version.checks.get("restored_version", version.number))


def waiting(version: Version) -> list[int]:
    """Return the versions that redoing brings back, the next one first."""
    return [int(number) for number in version.checks.get("redo", ())]


# -- inside ----------------------------------------------------------------------------------------


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
