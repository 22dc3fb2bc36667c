"""The bytes of a text, in memory or mapped from a file, with no more of it resident than needed."""

from __future__ import annotations

import mmap
from pathlib import Path

CHUNK = 1 << 20
"""Bytes of one step of a pass over a file."""


class Data:
    """Bytes that are read in passes. A file is mapped; ``forget`` gives its pages back."""

    def __init__(self, content: bytes | Path) -> None:
        self.path = content if isinstance(content, Path) else None
        self.view: bytes | mmap.mmap = b""
        if isinstance(content, bytes):
            self.view = content
        elif content.stat().st_size:
            with content.open("rb") as file:
                self.view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.size = len(self.view)

    def forget(self, start: int, end: int) -> None:
        """Tell the system that these bytes are not needed for now; they stay readable."""
        if isinstance(self.view, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            page = mmap.PAGESIZE
            first = -(-start // page) * page
            end = min(end, self.size)
            if end - first >= page:
                self.view.madvise(mmap.MADV_DONTNEED, first, end - first)

    def text(self, start: int, end: int) -> str:
        """Return bytes as text; broken ones are shown as ``\\xff``."""
        return self.view[start:end].decode("utf-8", "backslashreplace")
