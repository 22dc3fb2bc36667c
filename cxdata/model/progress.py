"""Progress of long work, told to whoever watches: a terminal, a page, nobody."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with what is being done, in words, and the share done from 0 to 1."""


def silent(_what: str, _share: float) -> None:
    """Watch nothing."""


def part(progress: Progress, upto: float, start: float = 0.0) -> Progress:
    """Return the progress of a part of the work, from one share of it up to another."""
    return lambda what, share: progress(what, start + (upto - start) * share)
