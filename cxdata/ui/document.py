"""The HTML document in which every page runs, told where its server is.

Opened at the address of a page, Streamlit's script cannot know whether its server answers below
that address or beside it. It asks below first and is told twice that nothing is there, which costs
a round trip and two errors in the console. Every page lies directly in the folder of the server,
whatever a proxy puts before it, so the document can say it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

_SERVED: Final = Path(st.__file__).parent / "static" / "index.html"
_INLINE: Final = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HEAD: Final = "<head>"
_WHERE: Final = 'window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href}'


@cache
def document() -> bytes:
    """Return Streamlit's own document with one line at its head: where the server is."""
    page = _SERVED.read_text("utf-8")
    return page.replace(_HEAD, f"{_HEAD}<script>{_WHERE}</script>", 1).encode("utf-8")


@cache
def script_hashes() -> tuple[str, ...]:
    """Return the hash of each script that stands in the document, read from it."""
    return tuple(_hash(found) for found in _INLINE.findall(document().decode("utf-8")))


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
