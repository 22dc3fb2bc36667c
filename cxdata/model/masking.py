"""Personal data in free words, taken out once more where they are shown (METRICS.md 6)."""

from __future__ import annotations

import re
from typing import Final

_MASKS: Final = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), "[account]"),
    (re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}"), "[number]"),
)


_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}")
"""A date is nobody's number."""


def masked(words: str) -> str:
    """Return words without e-mail addresses, bank accounts, telephone, card and long numbers.

    >>> masked("Call +49 (0) 170 123-4567 or jo.doe@mail.example, order 12345")
    'Call [number] or [e-mail], order 12345'
    >>> masked("DE89 3704 0044 0532 0130 00 was charged on 2026-09-30")
    '[account] was charged on 2026-09-30'
    """
    for pattern, instead in _MASKS:
        for found in sorted(set(pattern.findall(words)), key=len, reverse=True):
            words = words if _DAY.fullmatch(found) else words.replace(found, instead)
    return words
