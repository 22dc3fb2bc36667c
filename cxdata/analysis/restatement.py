"""Why a figure differs from what it said when it was first shown: parts that equal the total.

A figure is known at some states of the data, because somebody was shown it then. What lies between
two of them is one step, and a step has the causes that the data and the definition give it. Steps
with the same causes are one part; since they telescope, the parts sum to the whole difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise


class Cause(StrEnum):
    """What can change a figure of a period that is over."""

    LATE = "late data"
    CORRECTION = "corrections"
    SEGMENTS = "segment moves"
    DEFINITION = "a changed definition"
    RESTORED = "an earlier version restored"
    UNKNOWN = "changes in the data"


@dataclass(frozen=True)
class Showing:
    """What a figure said at one state of the data, and how it was counted."""

    data_version: str
    method: str
    value: float
    shown_at: datetime


@dataclass(frozen=True)
class Part:
    """How much of the difference has one set of causes."""

    causes: tuple[Cause, ...]
    amount: float


@dataclass(frozen=True)
class Restatement:
    """What a figure said first and says now, and the parts of the difference."""

    first: Showing
    now: Showing
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """The whole difference."""
        return self.now.value - self.first.value


def restatement(
    showings: Sequence[Showing], causes: Sequence[frozenset[Cause]]
) -> Restatement | None:
    """Return the parts of the difference between the first showing and the last.

    Args:
        showings: in the order of time, the last one as it stands now.
        causes: of each step from one showing to the next; an empty set means unknown.

    None where the figure was shown at one state only.
    """
    if len(showings) < 2:
        return None
    steps: dict[tuple[Cause, ...], list[float]] = {}
    for (before, after), found in zip(pairwise(showings), causes, strict=True):
        named = set(found)
        if before.method != after.method:
            named.add(Cause.DEFINITION)
        key = tuple(cause for cause in Cause if cause in named) or (Cause.UNKNOWN,)
        steps.setdefault(key, []).extend((after.value, -before.value))
    parts = [Part(key, math.fsum(amounts)) for key, amounts in steps.items()]
    ranked = sorted(parts, key=lambda part: (-abs(part.amount), part.causes))
    return Restatement(showings[0], showings[-1], tuple(part for part in ranked if part.amount))
