"""The file as it was given: opened, unpacked if need be, and handed over as bytes of a text."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from cxdata.intake.reading import filekind
from cxdata.intake.reading.data import Data
from cxdata.intake.reading.result import Refused
from cxdata.intake.reading.unpack import (
    open_zip,
    pick_member,
    refuse_bomb,
    unpack_gzip,
    unpack_member,
)

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
IN_MEMORY = 2 << 20
"""Bytes up to which a text is held in memory."""

_START = 64 << 10


class Place:
    """A folder to work in, made when it is needed; our own is removed when nobody holds it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._remove: weakref.finalize | None = None

    @property
    def path(self) -> Path:
        """Return the folder."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="cxdata-reading-"))
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, True)
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def close(self) -> None:
        """Remove the folder if it is our own."""
        if self._remove is not None:
            self._remove()


@dataclass(frozen=True)
class Opened:
    """What is in a file: a text, or a workbook (``book`` is its path)."""

    container: str = ""
    member: str = ""
    data: Data | None = None
    book: Path | None = None


def open_file(path: Path, member: str | None, place: Place) -> Opened:
    """Open a file, unpack it if it is compressed, and refuse what is no table.

    Raises:
        Refused: it is empty, damaged, too large when unpacked, or no table of text.
    """
    size = path.stat().st_size
    if not size:
        raise Refused("The file is empty: it has zero bytes.")
    with path.open("rb") as file:
        kind = filekind.kind(file.read(_START))
    if kind == filekind.GZIP:
        target = place.path / "unpacked"
        unpack_gzip(path, target)
        return _unpacked("gzip", "", target, path.name.removesuffix(".gz"))
    if kind == filekind.ZIP:
        return _zipped(path, member, place)
    if kind == filekind.OLE:
        return _book(path, path.suffix)
    return Opened(data=data_of(path))


def data_of(path: Path) -> Data:
    """Return the bytes of a file, in memory if they are few."""
    small = path.stat().st_size <= IN_MEMORY
    return Data(path.read_bytes() if small else path)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _zipped(path: Path, member: str | None, place: Place) -> Opened:
    with open_zip(path) as archive:
        if _is_book(archive):
            refuse_bomb(archive, path.stat().st_size)
            return _book(path, path.suffix)
        name = pick_member(archive, member)
        target = place.path / "unpacked"
        unpack_member(archive, name, target)
    return _unpacked("zip", name, target, name)


def _unpacked(container: str, member: str, target: Path, name: str) -> Opened:
    """Open what came out of a container; a workbook may be packed too, nothing else."""
    if not target.stat().st_size:
        raise Refused("The file is empty: it unpacks to zero bytes.")
    with target.open("rb") as file:
        kind = filekind.kind(file.read(_START))
    if kind == filekind.TEXT:
        return Opened(container, member, data_of(target))
    if kind == filekind.ZIP:
        with open_zip(target) as archive:
            if _is_book(archive):
                refuse_bomb(archive, target.stat().st_size)
                return _book(target, Path(name).suffix)
    raise Refused(f"There is another container ({kind}) inside the {container}; unpack it first.")


def _is_book(archive: ZipFile) -> bool:
    names = archive.namelist()
    if any(name.startswith("xl/") for name in names):
        return True
    return "mimetype" in names and b"spreadsheet" in archive.read("mimetype")


def _book(path: Path, suffix: str) -> Opened:
    if suffix.lower() not in WORKBOOKS:
        raise Refused(
            "This is a workbook (Excel), not a table of text, although its name ends in "
            f"{suffix or 'nothing'!r}: rename it to end in .xlsx and it is read as a workbook."
        )
    return Opened("xlsx", "", book=path)
