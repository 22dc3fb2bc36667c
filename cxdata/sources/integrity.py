"""Files that survive a power cut and are what they claim to be.

The order matters and is tested: content, then its name, then the folder that holds the name.
"""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

from cxdata.model.errors import StoreError

_CHUNK = 1 << 20
_TMP = ".tmp-"


class Seals:
    """Checksums already verified by this process, by path, size and time of change.

    A file is hashed once; it is hashed again only when its size or time says it was touched.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], str] = {}
        self._lock = threading.Lock()

    def sha256(self, path: Path, stat: os.stat_result | None = None) -> str:
        """Return the checksum of a file, from memory where the file was not touched."""
        key = _state(path, stat or path.stat())
        known = self._known.get(key)
        if known is None:
            known = sha256_of(path)
            with self._lock:
                self._known[key] = known
        return known

    def known(self, path: Path | str, stat: os.stat_result) -> str | None:
        """Return the checksum if the file was hashed before and not touched since."""
        return self._known.get(_state(path, stat))

    def forget(self) -> None:
        """Forget everything, so that the next reading hashes again."""
        with self._lock:
            self._known.clear()


def _state(path: Path | str, stat: os.stat_result) -> tuple[str, int, int]:
    return str(path), stat.st_size, stat.st_mtime_ns


SEALS = Seals()
"""The seals of this process."""


def sha256_of(path: Path) -> str:
    """Hash the bytes of a file."""
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fsync_file(path: Path) -> None:
    """Force the content of a file to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_folder(path: Path) -> None:
    """Force the names in a folder to the disk."""
    fsync_file(path)


def temporary(folder: Path) -> Path:
    """Return a fresh temporary name in the folder; :func:`is_temporary` knows it again."""
    return folder / f"{_TMP}{uuid.uuid4().hex}"


def is_temporary(path: Path) -> bool:
    """Say whether a name was given by :func:`temporary`."""
    return path.name.startswith(_TMP)


def settle(tmp: Path, final: Path) -> str:
    """Make a finished temporary file permanent under its final name; return its checksum."""
    fsync_file(tmp)
    digest = sha256_of(tmp)
    os.rename(tmp, final)
    fsync_folder(final.parent)
    return digest


def publish_exclusive(content: bytes, final: Path) -> None:
    """Write a file that only one of many writers may create: the others get FileExistsError.

    A hard link fails where the name is taken, in one step of the file system, and the content is
    on the disk before the name exists. So a reader sees the whole file or none.
    """
    tmp = temporary(final.parent)
    try:
        with tmp.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(tmp, final)
        fsync_folder(final.parent)
    finally:
        tmp.unlink(missing_ok=True)


def self_test(folder: Path, link: Callable[[Path, Path], None] | None = None) -> None:
    """Refuse a file system on which publishing is not safe.

    Two writers must not both win a name, a rename must replace in one step, and a folder must
    accept fsync. Some network file systems fail one of these.
    """
    make_link = link or os.link
    first, second, name = (temporary(folder) for _ in range(3))
    try:
        first.write_bytes(b"first")
        second.write_bytes(b"second")
        try:
            make_link(first, name)
        except OSError as error:
            raise _unfit(folder, "it has no hard links") from error
        try:
            make_link(second, name)
        except FileExistsError:
            pass  # as it must be: the second writer loses
        except OSError as error:
            raise _unfit(folder, "it does not say that a name is taken") from error
        else:
            raise _unfit(folder, "two writers can both win the same name")
        os.rename(second, first)
        if first.read_bytes() != b"second" or name.read_bytes() != b"first":
            raise _unfit(folder, "a rename does not replace in one step")
        try:
            fsync_folder(folder)
        except OSError as error:
            raise _unfit(folder, "it cannot force a folder to the disk") from error
    finally:
        for path in (first, second, name):
            path.unlink(missing_ok=True)


def _unfit(folder: Path, why: str) -> StoreError:
    return StoreError(
        f"The file system of the data folder {folder.name} is not safe to publish on: {why}. "
        "Keep the data folder on a local disk."
    )
