"""Originals of what was published, kept by checksum: the bytes as they came, for good.

``archive/<sha256>.zst`` inside the store's folder. A version's manifest names the checksum.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pyarrow as pa

from cxdata.model.errors import StoreError
from cxdata.publish.staged import Staged
from cxdata.sources import integrity
from cxdata.sources.store import Store

_CHUNK = 1 << 20


def kept(store: Store, sha256: str) -> Path | None:
    """Return the archived file of a checksum, if it is there."""
    path = _path(store, sha256)
    return path if path.is_file() else None


def keep(store: Store, item: Staged) -> Path | None:
    """Archive the original of an extract in waiting; None where it came without one.

    Raises:
        StoreError: the original is no longer what was received, or the disk refuses it.
    """
    return take(store, item.original(store), item.sha256) if item.sha256 else None


def take(store: Store, original: Path, sha256: str) -> Path:
    """Archive a file of a checksum. Whatever has its name in the archive is whole and on the disk.

    Raises:
        StoreError: the file does not have the checksum, or the disk refuses it.
    """
    final = _path(store, sha256)
    if final.is_file():
        return final
    with store.writing():
        final.parent.mkdir(parents=True, exist_ok=True)
        tmp = integrity.temporary(final.parent)
        try:
            if _packed(original, tmp) != sha256:
                raise StoreError(
                    "The bytes of the extract are no longer those that were read. Discard it and "
                    "bring the file again; nothing was published."
                )
            integrity.settle(tmp, final)
        finally:
            tmp.unlink(missing_ok=True)
    return final


def restore(store: Store, sha256: str, target: Path) -> None:
    """Write an archived original, byte for byte.

    Raises:
        StoreError: it is not in the archive, or is damaged there.
    """
    path = kept(store, sha256)
    if path is None:
        raise StoreError(f"The archive holds no original of checksum {sha256[:12]}.")
    with (
        store.writing(),
        pa.input_stream(path, compression="zstd") as packed,
        target.open("wb") as file,
    ):
        shutil.copyfileobj(packed, file, _CHUNK)
    if integrity.sha256_of(target) != sha256:
        raise StoreError(f"The archived original of checksum {sha256[:12]} is damaged.")


def _path(store: Store, sha256: str) -> Path:
    return store.path / "archive" / f"{sha256}.zst"


def _packed(original: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with original.open("rb") as source, pa.output_stream(target, compression="zstd") as packed:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            packed.write(chunk)
    return digest.hexdigest()
