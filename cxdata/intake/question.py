"""What only the person who brings an extract can decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Question:
    """One choice, with the answer that is taken until another is given.

    ``key`` is the name of the choice that answers it; for a column ``column:NAME:what``.
    ``options`` are the possible answers with what each means; ``evidence`` is what was seen.
    """

    key: str
    asks: str
    default: Any
    options: tuple[tuple[Any, str], ...]
    evidence: str
