"""What the values of a column say for or against it being a curated column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cxdata.intake.values import ColumnProfile
from cxdata.intake.values.writing import NUMBERS

_LOOKS = {
    "date": "dates",
    "timestamp": "dates with times",
    "boolean": "yes and no",
    "integer": "whole numbers",
    "decimal": "numbers",
    "money": "amounts of money",
    "percent": "percentages",
    "score": "scores",
    "id": "ids",
    "text": "text",
}
_TIMES = ("date", "timestamp")
# For each logical type: the kinds of values that speak for it, and those that speak against it.
_FOR_AND_AGAINST: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ID": (("id",), (*_TIMES, "boolean", "money", "percent", "decimal")),
    "CODE": ((), (*_TIMES, "money", "percent", "decimal")),
    "TEXT": (("text",), (*_TIMES, "money")),
    "CCY": ((), (*_TIMES, *NUMBERS, "boolean")),
    "DATE": (_TIMES, ("text", "id", "boolean", "decimal", "money", "percent", "score")),
    "TS": (("timestamp",), ("text", "id", "boolean", "decimal", "money", "percent", "score")),
    "MONEY": (("money", "decimal", "integer"), (*_TIMES, "text", "id", "boolean")),
    "UCOST": (("money", "decimal", "integer"), (*_TIMES, "text", "id", "boolean")),
    "NUM": (NUMBERS, (*_TIMES, "text", "id", "boolean")),
    "INT": (("integer", "score"), (*_TIMES, "text", "id", "boolean", "money")),
    "BOOL": (("boolean",), (*_TIMES, "money", "decimal", "percent")),
}


@dataclass(frozen=True)
class Verdict:
    """Whether the values speak for (1), against (-1) or neither way (0), in words."""

    sign: int
    words: str = ""


def verdict(profile: ColumnProfile | None, column: sa.Column[Any]) -> Verdict:
    """Return what the values of a column say about its being a curated column."""
    if profile is None or not profile.filled or profile.writing.kind == "empty":
        return Verdict(0)
    kind = profile.writing.kind
    looks = f"looks like {_LOOKS.get(kind, kind)}"
    speaks_for, against = _FOR_AND_AGAINST[column.info["logical"]]
    # A code of a date's or a number's shape is still asked for as what it is.
    if kind in against:
        return Verdict(-1, looks)
    if column.name == "period_month" and any(_names_a_day(one) for one in profile.examples):
        return Verdict(-1, "names days, not months")
    own = _own(profile, column)
    if own is not None:
        return own
    return Verdict(1, looks) if kind in speaks_for else Verdict(0)


def _own(profile: ColumnProfile, column: sa.Column[Any]) -> Verdict | None:
    """Return what follows from the codes or the range that the column itself declares."""
    examples = [one.strip() for one in profile.examples if one.strip()]
    allowed = {str(one).casefold() for one in column.info["allowed"]}
    if not examples:
        return None
    if allowed:
        known = sum(_code(one) in allowed for one in examples)
        return Verdict(1, "holds its codes") if known == len(examples) else Verdict(0)
    low, high = column.info["low"], column.info["high"]
    if low is not None and high is not None:
        numbers = [float(one) for one in examples if re.fullmatch(r"-?\d+(\.\d+)?", one)]
        if any(not low <= one <= high for one in numbers):
            return Verdict(-1, f"has values that are not {low} to {high}")
        return Verdict(1, f"holds {low} to {high}") if len(numbers) == len(examples) else None
    if column.info["logical"] == "CCY":
        fits = all(re.fullmatch(r"[A-Za-z]{3}", one) for one in examples)
        return Verdict(1, "holds currency codes") if fits else Verdict(-1, "holds no codes")
    return None


def _names_a_day(text: str) -> bool:
    """Whether a date in figures is another day than the first of a month.

    >>> _names_a_day("02.01.2026"), _names_a_day("2026-03-17"), _names_a_day("2026-03-01")
    (False, True, False)
    """
    parts = re.findall(r"\d+", text)[:3]
    short = [int(one) for one in parts if len(one) <= 2]
    return len(parts) == 3 and len(short) == 2 and 1 not in short


def _code(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())
