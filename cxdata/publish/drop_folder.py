"""The drop folder beside the data: files too large for a browser, put there by whoever may.

A file is whole once a marker ``<name>.done`` lies beside it, or once it stood still. It is taken by
one process only, whichever comes first: the watcher, or somebody at the page.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.progress import Progress, silent
from cxdata.publish.staged import Staged, discard, shown, stage
from cxdata.sources.store import Store

DONE = ".done"
STILL = timedelta(seconds=10)
"""So long nobody wrote to a file before it is taken for whole."""


class State(StrEnum):
    """How far a file in the drop folder has come; a closed one may not be read by the server."""

    ARRIVING = "arriving"
    WHOLE = "whole"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True)
class Seen:
    """How a file stood at a look."""

    bytes: int
    changed: int


@dataclass(frozen=True)
class Lying:
    """One file that lies in the drop folder; ``name`` is the sender's: data, never a path."""

    name: str
    seen: Seen
    state: State

    @property
    def at(self) -> datetime:
        """When it was last written to."""
        return datetime.fromtimestamp(self.seen.changed / 1e9, UTC)


def drop_folder(store: Store) -> Path:
    """Return the folder that is watched."""
    return store.path / "drop"


def files(folder: Path) -> list[Path]:
    """Return the plain files of a folder, hidden ones and markers left out."""
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)
    except FileNotFoundError:
        return []
    return [
        Path(entry.path)
        for entry in entries
        if entry.is_file(follow_symlinks=False)
        and not entry.name.startswith(".")
        and not entry.name.endswith(DONE)
    ]


def seen(path: Path) -> Seen:
    """Return how a file stands."""
    stat = path.stat()
    return Seen(stat.st_size, stat.st_mtime_ns)


def is_marked(path: Path) -> bool:
    """Whether its sender says that it is whole."""
    return path.with_name(f"{path.name}{DONE}").exists()


def clear(path: Path) -> None:
    """Take a file away, with its marker."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}{DONE}").unlink(missing_ok=True)


def lying(store: Store, *, now: datetime) -> tuple[Lying, ...]:
    """Return the files that lie in the drop folder, by name."""
    found = []
    for path in files(drop_folder(store)):
        try:
            found.append(Lying(path.name, seen(path), _state(path, now)))
        except FileNotFoundError:
            continue  # it was taken between the two looks
    return tuple(found)


def take(
    store: Store, stood: Lying, *, user: str, now: datetime, progress: Progress = silent
) -> Staged:
    """Stage a file of the drop folder as it stood at an earlier look, and take it away there.

    Raises:
        UnknownName: it is gone.
        IntakeError: it is still being written, somebody else takes it, or it is empty.
        StoreError: the disk refuses it.
    """
    known = {path.name: path for path in files(drop_folder(store))}
    path = known.get(stood.name)
    if path is None:
        raise UnknownName("file in the drop folder", shown(stood.name), map(shown, known))
    with claimed(path) as is_ours:
        if not is_ours:
            raise IntakeError(f"{shown(path.name)!r} is being taken by somebody else.")
        item = None
        if seen(path) == stood.seen:
            item = stage(store, path, name=path.name, user=user, now=now, progress=progress)
            if seen(path) == stood.seen:
                clear(path)
                return item
            discard(store, item)
        raise IntakeError(
            f"{shown(path.name)!r} is still being written. Take it once all of it is there."
        )


@contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Hold a file so that nobody else takes it; give whether it could be held.

    The hold goes with the process, so a process that dies leaves none behind.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        yield False
        return
    try:
        yield _held(handle)
    finally:
        os.close(handle)


def _held(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return os.fstat(handle).st_nlink > 0  # else it was taken before it could be held


def _state(path: Path, now: datetime) -> State:
    if not os.access(path, os.R_OK):
        return State.CLOSED
    with claimed(path) as is_free:
        if not is_free:
            return State.TAKEN
    if is_marked(path):
        return State.WHOLE
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return State.WHOLE if now - written >= STILL else State.ARRIVING
