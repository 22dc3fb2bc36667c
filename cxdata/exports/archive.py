"""Archives whose bytes follow from what they hold: fixed times in them and in Office files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Final

_CORE: Final = "docProps/core.xml"
_TIME: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")
_STAMP: Final = (1980, 1, 1, 0, 0, 0)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as one archive; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for name in sorted(files):
            _write(new, name, files[name])
    return out.getvalue()


def settled(content: bytes, made_at: datetime) -> bytes:
    """Return an Office file with one time everywhere, also in the workbooks inside it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            data = old.read(name)
            if name.endswith(".xlsx"):
                data = settled(data, made_at)
            elif name == _CORE:
                stamp = f"{made_at:%Y-%m-%dT%H:%M:%SZ}".encode()
                data = _TIME.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            _write(new, name, data)
    return out.getvalue()


def _write(new: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    new.writestr(entry, data)
