"""Compressed files, unpacked in a stream within limits; the names in them are never used as paths.

A text packs to a tenth of its size, a hostile file (a "bomb") to a thousandth, so what unpacks to
much more than a text would is refused long before the disk is full.
"""

from __future__ import annotations

import gzip
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from cxdata.intake.reading.result import Question, Refused

RATIO = 200
"""Most bytes that one compressed byte may unpack to, once there is more than a little."""
LITTLE = 64 << 20
"""Bytes below which no ratio is suspected."""
MOST = 32 << 30
"""Most bytes that are unpacked at all."""
_SPARE = 1 << 30
"""Bytes of the disk that stay free."""

_CHUNK = 1 << 20
_LISTED = 20
_FAULTS = (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def unpack_gzip(path: Path, target: Path) -> None:
    """Unpack a gzip file.

    Raises:
        Refused: it is cut off, damaged or a bomb.
    """
    with gzip.open(path, "rb") as packed:
        _copy(packed, target, path.stat().st_size)


def unpack_member(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Unpack one file of a zip into ``target``, whatever its own name is.

    Raises:
        Refused: it is cut off, damaged, encrypted or a bomb.
    """
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise Refused("The zip is protected by a password; unpack it first.")
    try:
        packed = archive.open(info)
    except _FAULTS as error:
        raise Refused(f"The zip is damaged: {_said(error)}.") from error
    with packed:
        _copy(packed, target, max(1, info.compress_size))


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip and check the names in it.

    Raises:
        Refused: it is damaged or cut off, or a name would lead out of the folder.
    """
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Refused("The zip is damaged or cut off; send it again.") from error
    for info in archive.infolist():
        if _leads_out(info):
            archive.close()
            raise Refused(
                f"The zip names a file {info.filename[:100]!r} that would lie outside its own "
                "folder; nothing of it was unpacked."
            )
    return archive


def pick_member(archive: zipfile.ZipFile, chosen: str | None) -> str:
    """Return the file of a zip to read: the chosen one, or the only one.

    Raises:
        Refused: there is none, or there are several; the sentence lists them.
    """
    names = [info.filename for info in archive.infolist() if not _is_clutter(info)]
    if chosen is not None:
        if chosen in names:
            return chosen
        raise Refused(f"The zip has no file {chosen!r}, but {_listed(names)}.")
    if not names:
        raise Refused("The zip is empty: there is no file in it.")
    if len(names) > 1:
        said = _listed(names)
        raise Refused(
            f"The zip holds {len(names)} files ({said}); say which one to read.",
            Question(
                "member",
                "Which file of the zip is to be read?",
                names[0],
                tuple((name, name) for name in names[:_LISTED]),
                f"The zip holds {said}.",
            ),
        )
    return names[0]


def refuse_bomb(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse an archive (a workbook) whose files say that they unpack to too much."""
    whole = sum(info.file_size for info in archive.infolist())
    if (whole > LITTLE and whole > RATIO * packed) or whole > MOST:
        raise _bomb()


def _copy(packed: IO[bytes] | Any, target: Path, size: int) -> None:
    written = 0
    with target.open("wb") as file:
        for chunk in _chunks(packed):
            written += len(chunk)
            if written > MOST or (written > LITTLE and written > RATIO * size):
                raise _bomb()
            if written % (64 * _CHUNK) < _CHUNK and shutil.disk_usage(target.parent).free < _SPARE:
                raise Refused("The disk has no room to unpack this file.")
            file.write(chunk)


def _chunks(packed: IO[bytes] | Any) -> Iterator[bytes]:
    try:
        while chunk := packed.read(_CHUNK):
            yield chunk
    except EOFError as error:
        raise Refused(
            "The compressed file is cut off: it ends before its own end mark. Send it again."
        ) from error
    except _FAULTS as error:
        raise Refused(f"The compressed file is damaged: {_said(error)}.") from error


def _bomb() -> Refused:
    return Refused(
        f"The file unpacks to more than {RATIO} times its size (or more than {MOST >> 30} GB), as "
        "no table of text does; if it is one, unpack it first."
    )


def _leads_out(info: zipfile.ZipInfo) -> bool:
    name = info.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    return (
        name.startswith("/")
        or ".." in parts
        or (len(name) > 1 and name[1] == ":")
        or stat.S_ISLNK(info.external_attr >> 16)
    )


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    """Return whether a file is one that systems put beside what people pack."""
    parts = PurePosixPath(info.filename).parts
    name = parts[-1].lower() if parts else ""
    return (
        info.is_dir()
        or "__MACOSX" in parts
        or name.startswith(".")
        or name in ("thumbs.db", "desktop.ini")
    )


def _listed(names: list[str]) -> str:
    said = ", ".join(repr(name[:100]) for name in names[:_LISTED])
    return said + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")


def _said(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__
