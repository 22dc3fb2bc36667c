"""What the values of one column show, taken one distinct value at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cxdata.intake.values.dates import Dated, dated
from cxdata.intake.values.named import hints
from cxdata.intake.values.numbers import Number, labelled, number
from cxdata.intake.values.words import ALWAYS_MISSING, ERROR_PATTERN, NO, PERHAPS_MISSING, YES

_ERROR = re.compile(ERROR_PATTERN)
_MISSING = frozenset((*ALWAYS_MISSING, *PERHAPS_MISSING))
_LONGEST = 60
_YES_NO = frozenset((*YES, *NO))


@dataclass
class Facts:
    """Distinct values of one column by what they may be, each with how often it stands.

    A value that may be a number and a date (``20240131``) is in both. ``texts`` holds those that
    are neither.
    """

    name: str
    hints: frozenset[str] = frozenset()
    numbers: dict[str, tuple[Number, float]] = field(default_factory=dict)
    dates: dict[str, tuple[Dated, float]] = field(default_factory=dict)
    labels: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)
    texts: dict[str, float] = field(default_factory=dict)
    missing: dict[str, float] = field(default_factory=dict)
    errors: dict[str, float] = field(default_factory=dict)

    @property
    def real(self) -> float:
        """Return how many values are neither missing nor errors."""
        both = sum(n for text, (_, n) in self.dates.items() if text in self.numbers)
        return self.number_count + self.date_count + sum(self.texts.values()) - both

    @property
    def number_count(self) -> float:
        """Return how many values may be numbers."""
        return sum(n for _, n in self.numbers.values())

    @property
    def date_count(self) -> float:
        """Return how many values may be dates."""
        return sum(n for _, n in self.dates.values())

    @property
    def real_values(self) -> list[str]:
        """Return the distinct values that are neither missing nor errors."""
        return list(dict.fromkeys([*self.numbers, *self.dates, *self.texts]))


def facts(name: str, values: Mapping[str, float], missing: tuple[str, ...] = ()) -> Facts:
    """Return what distinct trimmed values show; ``missing`` are words stated to mean missing."""
    found = Facts(name, hints(name))
    for text, count in values.items():
        if not text or text in missing or text in _MISSING:
            found.missing[text] = count
        elif text[0] in "#E" and _ERROR.fullmatch(text):
            found.errors[text] = count
        else:
            _sort(found, text, count)
    return found


def _sort(found: Facts, text: str, count: float) -> None:
    if text.lower() in _YES_NO:
        found.words[text] = count
    # Digits of other scripts are kept as texts: the engine's patterns do not know them either.
    foreign = not text.isascii() and any(one.isdigit() and one > "9" for one in text)
    shown = number(text) if len(text) <= _LONGEST and not foreign else None
    if shown:
        found.numbers[text] = (shown, count)
    day = None
    if not foreign and (shown is None or (shown.plain and len(text) == 8)):
        day = dated(text)
    if day:
        found.dates[text] = (day, count)
    if shown is None and day is None:
        found.texts[text] = count
        if labelled(text):
            found.labels[text] = count
