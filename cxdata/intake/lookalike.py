"""What a file is that is not the text a recipe expects: said in words, before it is misread."""

from __future__ import annotations

import codecs
import zipfile
from pathlib import Path

SEPARATORS = {",": "','", ";": "';'", "\t": "tabs", "|": "'|'"}
"""What separates cells in files about, as a sentence says it."""

_MAGIC = (
    (b"\x1f\x8b", "a compressed file (gzip); unpack it first"),
    (b"BZh", "a compressed file (bzip2); unpack it first"),
    (b"\xfd7zXZ\x00", "a compressed file (xz); unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd); unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7z); unpack it first"),
    (b"\xd0\xcf\x11\xe0", "a workbook (xls); save the sheet as CSV"),
    (b"PAR1", "a Parquet file; load the folder it lies in, without a recipe"),
    (b"%PDF", "a PDF; ask for the rows as CSV"),
)
_WIDE = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""Marks at the start of a text; that of UTF-32 begins with that of UTF-16, so it comes first."""


def other_kind(path: Path, encoding: str) -> str:
    """Return what the file looks like if not text in the stated encoding, with what to do; or "".

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(b"PK\x03\x04"):
        return _zipped(path)
    for magic, said in _MAGIC:
        if start.startswith(magic):
            return said
    if "16" in encoding or "32" in encoding:
        return ""
    for mark, name in _WIDE:
        if start.startswith(mark):
            return _wide(name)
    # Latin text in two bytes a letter has a zero in every other place.
    if len(start) >= 4 and start.count(0) >= len(start) // 3:
        return _wide("UTF-16-LE" if start[1] == 0 else "UTF-16-BE")
    return ""


def other_separator(header: tuple[str, ...], stated: str) -> str:
    """Return what separates the cells of a header that was read as one; or "".

    >>> other_separator(("id;day;sum",), ",")
    "';'"
    >>> other_separator(("id", "day;sum"), ",")
    ''
    """
    if len(header) != 1:
        return ""
    counts = {one: header[0].count(one) for one in SEPARATORS if one != stated}
    best = max(counts, key=lambda one: counts[one])
    return SEPARATORS[best] if counts[best] else ""


def _wide(name: str) -> str:
    return f'{name} text; state encoding = "{name.lower()}" under [extract]'


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        names = []
    if any(name.startswith("xl/") for name in names):
        return "a workbook (xlsx); save the sheet as CSV"
    return "a compressed file (zip); unpack it first"
