"""Evidence that travels with every number: estimate, n, interval, flag, verdict (METRICS.md C6)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """How far a figure can be trusted."""

    OK = "ok"
    INDICATIVE = "indicative"
    TOO_FEW = "too_few"
    SUPPRESSED = "suppressed"
    PROVISIONAL = "provisional"
    PARTIAL = "partial"
    NO_DATA = "no_data"

    @property
    def words(self) -> str:
        """The flag for a reader."""
        return _FLAG_WORDS[self]

    @property
    def shows(self) -> bool:
        """Whether the estimate itself may be shown."""
        return self not in (Flag.TOO_FEW, Flag.SUPPRESSED, Flag.NO_DATA)


_FLAG_WORDS = {
    Flag.OK: "solid",
    Flag.INDICATIVE: "indicative: wide margin",
    Flag.TOO_FEW: "too few to say",
    Flag.SUPPRESSED: "hidden: too few people",
    Flag.PROVISIONAL: "provisional: late data still expected",
    Flag.PARTIAL: "unfinished period",
    Flag.NO_DATA: "no data",
}


class Verdict(StrEnum):
    """What a comparison found."""

    MOVED = "moved"
    USUAL = "usual"
    TOO_FEW = "too_few"
    INCOMPLETE = "incomplete"
    NONE = "none"


@dataclass(frozen=True)
class Cell:
    """One figure of one slice and period.

    ``estimate``, ``lo`` and ``hi`` are in the metric's unit; ``None`` is "no data" or "no
    interval". ``n`` counts independent units: people, accounts, contacts.
    """

    estimate: float | None
    n: int | None
    lo: float | None
    hi: float | None
    method: str
    flag: Flag

    @property
    def margin(self) -> float | None:
        """Half the width of the interval."""
        if self.lo is None or self.hi is None:
            return None
        return (self.hi - self.lo) / 2


@dataclass(frozen=True)
class Comparison:
    """A figure against an earlier one; the test is on the difference (METRICS.md C10).

    ``basis`` says in words how the verdict was reached, such as "difference of two shares" or
    "outside its usual range of 24 months". ``per_day``: periods of unequal length were judged by
    what happened on an average day of each; ``difference`` is that of the figures themselves.
    """

    difference: float | None
    lo: float | None
    hi: float | None
    p: float | None
    verdict: Verdict
    basis: str
    per_day: bool = False


def number(value: object) -> float | None:
    """Return a float, or None for anything that is no finite number."""
    if value is None:
        return None
    result = float(value)  # type: ignore[arg-type]
    return result if math.isfinite(result) else None
