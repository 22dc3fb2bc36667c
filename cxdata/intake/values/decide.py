"""What kind of values a column holds, by what most of them show and what its name hints at."""

from __future__ import annotations

from dataclasses import replace

from cxdata.intake.values.decide_dates import counted, decide_dates
from cxdata.intake.values.decide_numbers import (
    decide_numbers,
    decide_ruined,
    looks_like_ids,
    ruined,
)
from cxdata.intake.values.decision import Decision
from cxdata.intake.values.facts import Facts
from cxdata.intake.values.house import House
from cxdata.intake.values.missing import missing_words
from cxdata.intake.values.words import NO, YES
from cxdata.intake.values.writing import NUMBERS, TEXTS, Writing

_BAR = 0.9
"""Share of values that decide a column's kind where its name hints at nothing."""

_HINTED_BAR = 0.5
_ENOUGH = 20
"""Different values from which a form is no accident."""


def decide(column: Facts, house: House) -> Decision:
    """Return how the values of a column are written."""
    decision = _decided(column, house)
    words, notes = missing_words(column, decision.writing, house)
    decision.notes += notes
    kind = decision.writing.kind
    if kind == "empty" and any(word not in words for word in column.missing):
        kind = "text"
    decision.writing = replace(decision.writing, kind=kind, missing=words)
    return decision


def _decided(column: Facts, house: House) -> Decision:
    stated = house.choice(column.name, "kind")
    if stated is not None:
        return _stated(str(stated), column, house)
    real = column.real
    if not real:
        return Decision(Writing("empty"))
    if _is_boolean(column, real):
        return _boolean(column)
    if _is_date(column, real, house):
        return decide_dates(column, house)
    numbers = column.number_count + sum(column.labels.values())
    if numbers and numbers > _HINTED_BAR * real and _is_number(column, numbers, real):
        cut = ruined(column)
        if cut:
            return decide_ruined(column, cut, house)
        if looks_like_ids(column):
            return Decision(Writing("id"))
        return decide_numbers(column, house)
    return Decision(Writing("id" if "id" in column.hints else "text"))


def _stated(kind: str, column: Facts, house: House) -> Decision:
    if kind in ("date", "timestamp"):
        return decide_dates(column, house)
    if kind == "boolean":
        return _boolean(column)
    if kind in NUMBERS:
        decision = decide_numbers(column, house)
        decision.writing = replace(decision.writing, kind=kind)
        return decision
    return Decision(Writing(kind if kind in TEXTS else "text"))


def _is_boolean(column: Facts, real: float) -> bool:
    said = sum(column.words.values())
    if said < real and (said < _BAR * real or real < _ENOUGH):
        return False
    if column.hints & {"country", "language"}:
        return False
    lower = {word.lower() for word in column.words}
    if lower <= {"0", "1"}:
        return False
    both = bool(lower & set(YES)) and bool(lower & set(NO))
    return both or "flag" in column.hints or any(len(word) > 1 for word in lower)


def _boolean(column: Facts) -> Decision:
    lower = dict.fromkeys(word.lower() for word in column.words)
    yes = tuple(word for word in lower if word in YES)
    no = tuple(word for word in lower if word in NO)
    return Decision(Writing("boolean", yes=yes, no=no))


def _is_date(column: Facts, real: float, house: House) -> bool:
    hinted = "date" in column.hints or "birth" in column.hints
    numbers = counted(column)
    weights = {text: count for text, (_, count) in column.numbers.items()}
    as_numbers = sum(weights[text] for text in numbers.texts)
    for kind, texts in (("serial", numbers.serials), ("epoch", numbers.seconds)):
        if texts and house.choice(column.name, kind) == "number":
            return False
    # A date of eight digits is in both.
    written = sum(n for text, (_, n) in column.dates.items() if text not in weights)
    if not written:
        return _is_counted(column, numbers.compact, as_numbers, real, hinted)
    if not hinted and not _trusted(column):
        return False
    near = written + as_numbers
    return near >= (_HINTED_BAR if hinted else _BAR) * real


def _is_counted(
    column: Facts, compact: tuple[str, ...], as_numbers: float, real: float, hinted: bool
) -> bool:
    """Numbers alone are dates where the name says so, or all of many are days of a calendar."""
    if hinted and not column.hints & {"number", "rate"}:
        return as_numbers >= _BAR * real
    every = len(compact) == len(column.numbers) and not column.texts
    return every and len(compact) >= _ENOUGH and "id" not in column.hints


def _trusted(column: Facts) -> bool:
    """Return whether forms that versions and codes share (``1.2.34``) are all real days."""
    short = [one for one, _ in column.dates.values() if "%y" in one.formats[0]]
    return all(one.real for one in short) and (
        len(short) < len(column.dates) or any(not one.unclear for one in short)
    )


def _is_number(column: Facts, numbers: float, real: float) -> bool:
    if "number" in column.hints or "score" in column.hints or "rate" in column.hints:
        return True
    return numbers >= _BAR * real
