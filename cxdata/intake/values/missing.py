"""Which words of a column mean that the value is missing, and which are real values."""

from __future__ import annotations

from cxdata.intake.values.decision import quoted
from cxdata.intake.values.facts import Facts
from cxdata.intake.values.house import House
from cxdata.intake.values.words import ALWAYS_MISSING
from cxdata.intake.values.writing import TEXTS, Writing

_LONGEST_CODE = 5


def missing_words(
    column: Facts, writing: Writing, house: House
) -> tuple[tuple[str, ...], list[str]]:
    """Return the words that mean missing in a column, and what to say about those that do not.

    Among numbers, dates and yes or no every such word is missing. Among texts a word may be real:
    the country NA, the surname Null, the answer None.
    """
    stated = house.choice(column.name, "missing")
    if stated is not None:
        words = [stated] if isinstance(stated, str) else list(stated)
        return tuple(dict.fromkeys(["", *words])), []
    if writing.kind not in TEXTS:
        return tuple(dict.fromkeys(["", *column.missing])), []
    kept = [word for word in column.missing if not _means_missing(word, column, house)]
    words = [word for word in column.missing if word not in kept]
    return tuple(dict.fromkeys(["", *words])), _said(column, kept)


def _said(column: Facts, kept: list[str]) -> list[str]:
    if not kept:
        return []
    return [
        f"{column.name}: {quoted(kept)} is kept as a text; if it means missing, state it with "
        f"column:{column.name}:missing."
    ]


def _means_missing(word: str, column: Facts, house: House) -> bool:
    if word in ALWAYS_MISSING:
        return True
    if column.hints & {"country"} or _are_codes(column, 2):
        return word.upper() != "NA" or not word.isupper()
    if column.hints & {"person", "name"}:
        return word != word.title()
    if word.isupper() and len(word) <= _LONGEST_CODE and _are_codes(column, _LONGEST_CODE):
        return False
    if not column.real:
        return True
    return word in house.missing


def _are_codes(column: Facts, longest: int) -> bool:
    values = column.real_values
    return len(values) > 1 and all(
        len(one) <= longest and one.isalpha() and one.isupper() for one in values
    )
