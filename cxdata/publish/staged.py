"""Extracts in waiting: the bytes as they came, under an id of ours, found again after a restart.

Layout, inside the store's folder::

    staging/<id>/state.json    what is known of it: given name, checksum, what became of it
    staging/<id>/original      the bytes as they came
    staging/<id>/lock          held by the process that works on it
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from cxdata.model.errors import IntakeError, StoreError, UnknownName
from cxdata.model.progress import Progress, silent
from cxdata.publish.prepared import Prepared
from cxdata.publish.record import read_record, write_record
from cxdata.sources import integrity
from cxdata.sources.store import GRACE, Store

KEEP_DAYS = 14
"""Days after which an extract that nobody works on is swept away."""

_CHUNK = 1 << 20
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Status(StrEnum):
    """How far an extract in waiting has come."""

    RECEIVING = "receiving"
    CUT = "cut"
    RECEIVED = "received"
    PREPARED = "prepared"
    REHEARSED = "rehearsed"


@dataclass(frozen=True)
class Staged:
    """One extract in waiting. ``name`` is what its sender called it: data, never a path.

    ``refused`` is the sentence by which preparing refused it, "" where it did not.
    """

    id: str
    name: str
    user: str
    at: datetime
    touched: datetime
    status: Status = Status.RECEIVING
    sha256: str = ""
    bytes: int = 0
    prepared: Prepared | None = None
    refused: str = ""

    def folder(self, store: Store) -> Path:
        """Return its own folder."""
        return staging(store) / self.id

    def original(self, store: Store) -> Path:
        """Return the file with the bytes as they came."""
        return self.folder(store) / "original"

    def within(self, store: Store, file: str) -> Path:
        """Return a file of what was prepared."""
        if self.prepared is None:
            raise StoreError(f"{self.name!r} has not been prepared.")
        return self.folder(store) / self.prepared.folder / file

    def age(self, now: datetime) -> timedelta:
        """Return how long nobody has worked on it; never negative, whatever the clock did."""
        return max(now - self.touched, timedelta())


def staging(store: Store) -> Path:
    """Return the folder of all extracts in waiting."""
    return store.path / "staging"


def stage(
    store: Store,
    source: Path | BinaryIO,
    *,
    name: str,
    user: str,
    now: datetime,
    progress: Progress = silent,
) -> Staged:
    """Take in the bytes of an extract, a chunk at a time, and hash them on the way.

    What is cut off on the way (a lost connection, a full disk) leaves nothing behind.

    Raises:
        IntakeError: there is no such file, or nothing in it.
        StoreError: the disk refuses it.
    """
    if isinstance(source, Path):
        size = _size(source)
        with source.open("rb") as file:
            return _received(store, file, size, name, user, now, progress)
    return _received(store, source, 0, name, user, now, progress)


def staged(store: Store) -> tuple[Staged, ...]:
    """Return the extracts in waiting, newest first.

    One whose process died while its bytes came in is ``cut``: it can only be discarded.
    """
    found = (_state(folder) for folder in _folders(store))
    known = [_judged(store, one) for one in found if one is not None]
    return tuple(sorted(known, key=lambda one: (one.at, one.id), reverse=True))


def find(store: Store, wanted: str) -> Staged:
    """Return the extract in waiting of an id, or of the start of one.

    Raises:
        UnknownName: there is none, or more than one.
    """
    known = staged(store)
    hits = [one for one in known if wanted and one.id.startswith(wanted)]
    if len(hits) != 1:
        raise UnknownName("staged extract", wanted, [one.id[:8] for one in known])
    return hits[0]


def discard(store: Store, item: Staged) -> None:
    """Throw an extract in waiting away, with all that was made of it.

    Raises:
        StoreError: somebody works on it.
    """
    with working(store, item), store.writing():
        remove(item.folder(store))


def sweep(store: Store, *, now: datetime, days: int = KEEP_DAYS) -> tuple[str, ...]:
    """Throw away what nobody has worked on for so many days; return the given names."""
    gone = []
    for item in staged(store):
        limit = GRACE if item.status is Status.CUT else timedelta(days=days)
        if item.age(now) > limit and not is_busy(item.folder(store)):
            remove(item.folder(store))
            gone.append(item.name)
    _sweep_nameless(store, now)
    return tuple(gone)


def save(store: Store, item: Staged) -> Staged:
    """Write down how far an extract has come."""
    with store.writing():
        write_record(item.folder(store) / "state.json", item)
    return item


def fresh(store: Store, name: str, user: str, now: datetime) -> Staged:
    """Make the folder of a new extract in waiting, with nothing in it yet."""
    item = Staged(uuid.uuid4().hex, shown(name), user, now, now)
    with store.writing():
        item.folder(store).mkdir(parents=True)
        integrity.fsync_folder(staging(store))
    return save(store, item)


@contextmanager
def working(store: Store, item: Staged) -> Iterator[Staged]:
    """Hold an extract so that nobody else works on it; give what is known of it now.

    The hold goes with the process, so a process that dies leaves none behind.

    Raises:
        StoreError: somebody else holds it, or it is gone.
    """
    handle = _held(item.folder(store))
    if handle is None:
        raise StoreError(
            f"{item.name!r} is being worked on by somebody else, or is gone. Look again in a "
            "moment."
        )
    try:
        known = _state(item.folder(store))
        if known is None:
            raise StoreError(f"{item.name!r} is no longer waiting: it was published or discarded.")
        yield known
    finally:
        os.close(handle)


def is_busy(folder: Path) -> bool:
    """Say whether a process works on the extract of this folder now."""
    handle = _held(folder)
    if handle is None:
        return folder.exists()
    os.close(handle)
    return False


def remove(folder: Path) -> None:
    """Take a folder away in one step for whoever looks, then file by file."""
    gone = integrity.temporary(folder.parent)
    try:
        os.rename(folder, gone)
    except FileNotFoundError:
        return
    shutil.rmtree(gone, ignore_errors=True)


def shown(name: str) -> str:
    """Return a given name as it may be kept: no control characters, not endless.

    >>> shown("a\\nb.csv")
    'a\ufffdb.csv'
    """
    clean = _UNSEEN.sub("\ufffd", name.encode("utf-8", "replace").decode("utf-8")).strip()
    return (clean if len(clean) <= _LONGEST_NAME else f"{clean[: _LONGEST_NAME - 1]}…") or "unnamed"


# -- inside ----------------------------------------------------------------------------------------


def _size(source: Path) -> int:
    if not source.is_file():
        raise IntakeError(f"There is no file {source.name}.")
    return source.stat().st_size


def _received(
    store: Store,
    source: BinaryIO,
    size: int,
    name: str,
    user: str,
    now: datetime,
    progress: Progress,
) -> Staged:
    _refuse_full_disk(store, size)
    item = fresh(store, name, user, now)
    try:
        with working(store, item), store.writing():
            digest, count = _copied(source, item.original(store), size, progress)
            if not count:
                raise IntakeError(f"{item.name!r} is empty: there is nothing to load.")
            return save(store, replace(item, status=Status.RECEIVED, sha256=digest, bytes=count))
    except BaseException:
        remove(item.folder(store))
        raise


def _refuse_full_disk(store: Store, size: int) -> None:
    with store.writing():
        store.path.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(store.path).free
    if size > free:
        raise StoreError(
            f"The disk of the data folder has {free:,} bytes left and the file needs {size:,}. "
            "Free some space and bring it again."
        )


def _copied(source: BinaryIO, target: Path, size: int, progress: Progress) -> tuple[str, int]:
    """Copy to a file that has its name only once it is whole; return checksum and size."""
    tmp = integrity.temporary(target.parent)
    digest, count = hashlib.sha256(), 0
    with tmp.open("xb") as file:
        while chunk := source.read(_CHUNK):
            file.write(chunk)
            digest.update(chunk)
            count += len(chunk)
            progress("receiving", min(count / size, 1.0) if size else 0.0)
        file.flush()
        os.fsync(file.fileno())
    os.rename(tmp, target)
    integrity.fsync_folder(target.parent)
    return digest.hexdigest(), count


def _folders(store: Store) -> list[Path]:
    try:
        names = os.listdir(staging(store))
    except FileNotFoundError:
        return []
    return [staging(store) / name for name in sorted(names) if _ID.fullmatch(name)]


def _state(folder: Path) -> Staged | None:
    return read_record(folder / "state.json", Staged)


def _judged(store: Store, item: Staged) -> Staged:
    if item.status is Status.RECEIVING and not is_busy(item.folder(store)):
        again = _state(item.folder(store))  # it may have become whole between the two looks
        if again is None or again.status is Status.RECEIVING:
            return replace(item, status=Status.CUT)
        return again
    return item


def _held(folder: Path) -> int | None:
    try:
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _sweep_nameless(store: Store, now: datetime) -> None:
    """Take away folders that a process left before it could say what they are."""
    limit = (now - GRACE).timestamp()
    for folder in staging(store).iterdir() if staging(store).exists() else ():
        known = _ID.fullmatch(folder.name) and _state(folder) is not None
        if not known and folder.is_dir() and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
