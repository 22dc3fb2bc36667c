"""How the values of one column are written, and what was seen of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from cxdata.intake.question import Question

NUMBERS = ("integer", "decimal", "percent", "money", "score")
"""Kinds whose values are numbers."""

TEXTS = ("text", "id", "empty")
"""Kinds whose values stay as they are written."""


@dataclass(frozen=True)
class Writing:
    """How the values of one column are written.

    ``kind`` is one of NUMBERS, TEXTS, ``date``, ``timestamp`` or ``boolean``. ``thousands`` holds
    every group mark in use. ``negative`` names the ways: ``-``, ``−`` (U+2212), ``()``, ``1-``.
    ``currency`` is the ISO code ("" = unknown) and ``signs`` the signs and codes beside amounts.
    ``bare`` says what a number without ``%`` is in a percent column: ``percent`` or ``rate``.

    ``date_formats`` are strptime formats, where ``%B`` is a month's name in any known language,
    or one of ``excel``, ``excel-1904``, ``epoch-s`` and ``epoch-ms``. ``zone`` is the zone of
    times without an offset ("" = they are not taken). ``low`` and ``high`` bound a survey score.
    """

    kind: str = "text"
    decimal: str = "."
    thousands: str = ""
    negative: tuple[str, ...] = ("-",)
    currency: str = ""
    signs: tuple[str, ...] = ()
    bare: str = ""
    date_formats: tuple[str, ...] = ()
    zone: str = "UTC"
    missing: tuple[str, ...] = ("",)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values that JSON and TOML can hold; what is usual is left out."""
        usual = asdict(Writing())
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != usual[name]
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the writing that ``as_json`` stored.

        >>> Writing.from_json(Writing("money", decimal=",").as_json()).decimal
        ','
        """
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if name in known
        }
        return cls(**values)


@dataclass(frozen=True)
class ValueFault:
    """One value that does not fit how its column is written."""

    record: int
    line: int
    value: str
    why: str


@dataclass(frozen=True)
class ColumnProfile:
    """What was seen of one column, from all its records.

    ``filled`` counts values that are not missing. ``distinct`` is approximate and, in long
    extracts, of the first million records. ``faults`` are the first of ``fault_count``.
    ``personal`` is the kind of personal data the column holds, ``text`` where free text carries
    some (``personal_kinds`` says which), and "" where none was noticed.
    """

    name: str
    place: int
    writing: Writing
    filled: int = 0
    distinct: int = 0
    examples: tuple[str, ...] = ()
    faults: tuple[ValueFault, ...] = ()
    fault_count: int = 0
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    personal: str = ""
    personal_kinds: tuple[str, ...] = ()
