"""Progress of long work, told to whoever watches: a terminal, a page, nobody."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with what is being done, in words, and the share done from 0 to 1."""


def silent(_what: str, _share: float) -> None:
    """Watch nothing."""
