"""The policy of whoever asks: which rows they may see, and how small a cell may be shown.

Everyone sees everything for now. Every read takes a policy all the same, and its key is part of
every cache key, so that limits can come without touching a page.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Policy:
    """Who asks, and the segments they are limited to: ``(scheme, codes)`` pairs that all hold."""

    name: str = "everyone"
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    k_min: int = 5

    @property
    def key(self) -> str:
        """Hash of the whole policy, for cache keys."""
        return hashlib.sha256(repr((self.name, self.rows, self.k_min)).encode()).hexdigest()[:16]


EVERYONE = Policy()
