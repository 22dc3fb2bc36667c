"""Records set aside, handed out to be mended; and kept with the version that went on without."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from cxdata.model.errors import StoreError
from cxdata.publish.staged import Staged, staged
from cxdata.sources import integrity
from cxdata.sources.store import Store

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+\-]?[\d.,' \u00a0\u202f]+%?")


def write(store: Store, extract: str, target: Path, *, for_spreadsheet: bool = False) -> None:
    """Write the records that an extract set aside: their original text, and why not.

    ``extract`` is its id, whether it waits or was published. ``for_spreadsheet`` puts an apostrophe
    before text that a spreadsheet would run as a formula.

    Raises:
        StoreError: it set nothing aside, or is not known here.
    """
    with store.writing(), target.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        for row in rows(store, extract):
            lines.writerow([neutral(cell) for cell in row] if for_spreadsheet else row)


def rows(store: Store, extract: str) -> Iterator[list[str]]:
    """Yield the header of the records that an extract set aside, then the records.

    Raises:
        StoreError: it set nothing aside, or is not known here.
    """
    path = _file(store, extract)
    compression = "zstd" if path.suffix == ".zst" else None
    with pa.input_stream(path, compression=compression) as packed:
        yield from csv.reader(_lines(packed))


def is_known(store: Store, extract: str) -> bool:
    """Whether there are records that an extract set aside."""
    try:
        _file(store, extract)
    except StoreError:
        return False
    return True


def keep(store: Store, item: Staged) -> None:
    """Archive what an extract set aside, before it is published."""
    if item.prepared is None or not item.prepared.aside_file:
        return
    final = _archived(store, item.id)
    with store.writing():
        final.parent.mkdir(parents=True, exist_ok=True)
        tmp = integrity.temporary(final.parent)
        try:
            with (
                item.within(store, item.prepared.aside_file).open("rb") as source,
                pa.output_stream(tmp, compression="zstd") as packed,
            ):
                shutil.copyfileobj(source, packed, 1 << 20)
            integrity.settle(tmp, final)
        finally:
            tmp.unlink(missing_ok=True)


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; plain numbers stay.

    >>> neutral("=1+1"), neutral("-7.50"), neutral("a")
    ("'=1+1", '-7.50', 'a')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def original(text: str) -> str:
    """Return a text as it was before :func:`neutral`.

    >>> original("'=1+1"), original("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text[:1] == "'" and neutral(text[1:]) == text else text


def _file(store: Store, extract: str) -> Path:
    if re.fullmatch(r"[0-9a-f]{32}", extract):
        for item in staged(store):
            if item.id == extract and item.prepared is not None and item.prepared.aside_file:
                return item.within(store, item.prepared.aside_file)
        if _archived(store, extract).is_file():
            return _archived(store, extract)
    raise StoreError("No records are kept that this extract set aside.")


def _archived(store: Store, extract: str) -> Path:
    return store.path / "archive" / f"aside-{extract}.csv.zst"


def _lines(packed: pa.NativeFile) -> Iterator[str]:
    """Yield the lines of UTF-8 text with their ends, so that quoted ones may run on."""
    rest = b""
    while chunk := packed.read(1 << 20):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8") + "\n"
    if rest:
        yield rest.decode("utf-8")
