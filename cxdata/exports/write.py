"""A pack as files: every form that is wanted, and the manifest that seals them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cxdata.exports.manifest import FILE, manifest, written
from cxdata.exports.pack import Pack
from cxdata.model.errors import CxError
from cxdata.model.progress import Progress, silent

FORMS: Final = ("pptx", "html", "pdf", "xlsx", "csv")


def files_of(
    pack: Pack,
    forms: tuple[str, ...] = FORMS,
    company: Path | None = None,
    progress: Progress = silent,
) -> dict[str, bytes]:
    """Return every file of a pack by its name, the manifest among them.

    ``company`` is the PowerPoint template whose look the deck takes.
    """
    from cxdata.exports.vega import Bundle

    bundle = Bundle.begin() if "html" in forms else None
    found: dict[str, bytes] = {}
    try:
        for at, form in enumerate(sorted(forms, key=_ORDER.index)):
            progress(f"writing {form}", at / (len(forms) + 1))
            found[f"{pack.slug}.{form}"] = _WRITERS[form](pack, company, bundle)
    finally:
        if bundle is not None:
            bundle.end()
    progress("sealing", len(forms) / (len(forms) + 1))
    found[FILE] = written(manifest(pack, found))
    progress("done", 1.0)
    return found


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, each whole or not at all; the manifest last.

    Raises:
        CxError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in sorted(files, key=lambda name: name == FILE):
            part = folder / f".{name}.part"
            part.write_bytes(files[name])
            os.replace(part, folder / name)
    except OSError as error:
        raise CxError(f"{folder} cannot be written: {error.strerror}.") from error


def _deck(pack: Pack, company: Path | None, _: object) -> bytes:
    from cxdata.exports.deck import deck

    return deck(pack, company)


def _page(pack: Pack, _: Path | None, bundle: object) -> bytes:
    from cxdata.exports.page import page
    from cxdata.exports.vega import Bundle

    return page(pack, bundle if isinstance(bundle, Bundle) else None)


def _paper(pack: Pack, *_: object) -> bytes:
    from cxdata.exports.paper import paper

    return paper(pack)


def _workbook(pack: Pack, *_: object) -> bytes:
    from cxdata.exports.workbook import workbook

    return workbook(pack)


def _csv(pack: Pack, *_: object) -> bytes:
    from cxdata.exports.workbook import csv_text

    return csv_text(pack).encode()


_WRITERS: Final[dict[str, Callable[[Pack, Path | None, object], bytes]]] = {
    "pptx": _deck,
    "html": _page,
    "pdf": _paper,
    "xlsx": _workbook,
    "csv": _csv,
}
_ORDER: Final = ("pptx", "xlsx", "csv", "pdf", "html")
"""What takes longest elsewhere is asked for last."""
