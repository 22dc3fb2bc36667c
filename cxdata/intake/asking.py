"""What is left to ask before a recipe is carried out on an extract.

Reading finds many questions; a recipe answers most by what it states, and others do not matter to
it. What is left is the user's, and nothing is loaded on a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from cxdata.intake.question import Question
from cxdata.intake.recipe import ColumnMap, Layout, Recipe
from cxdata.intake.values import ColumnProfile
from cxdata.intake.values.noticing import WORDS
from cxdata.model.errors import IntakeError
from cxdata.model.tables import curated

Readings: TypeAlias = dict[str, list[tuple[ColumnMap, str]]]

PERSONAL = "personal"
"""Begins the key of the question what becomes of personal data: ``personal:email``."""

_DATES = ("DATE", "TS")
_NUMBERS = ("INT", "NUM", "MONEY", "UCOST")
_TEXTS = ("ID", "CODE", "TEXT", "CCY")
_LOOKED_AT_AS = {"DATE": "date", "TS": "timestamp", "BOOL": "boolean"}
_MATTERS = {
    "date_order": _DATES,
    "serial": _DATES,
    "epoch": _DATES,
    "zone": ("TS",),
    "decimal": _NUMBERS,
    "percent": _NUMBERS,
    "currency": _NUMBERS,
    "ruined": _TEXTS,
}
"""For which types it matters how a column's values are written in one respect."""


class Unanswered(IntakeError):
    """Questions that only the user can answer stand between an extract and its tables."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__(
            " ".join(f"{one.asks} {_stop(one.evidence)}".strip() for one in self.questions),
            hint=how_to_answer(self.questions),
        )


def choices_of(recipe: Recipe) -> dict[str, Any]:
    """Return what a recipe states, as the choices that reading and its questions understand.

    A column that becomes a date or yes and no is looked at as such, however few its values are.
    """
    layout = recipe.layout
    stated = {"decimal": layout.decimal, "zone": layout.zone, "missing": layout.missing}
    found: dict[str, Any] = {name: value for name, value in stated.items() if value}
    others = dict(layout.names)
    for column, readings in _readings(recipe).items():
        kinds = {_LOOKED_AT_AS.get(kind) for _, kind in readings}
        if len(kinds) == 1 and None not in kinds:
            names = (column, *others.get(column, ()))
            found |= {f"column:{name}:kind": min(filter(None, kinds)) for name in names}
    return found | layout.choices


def refuse_unanswered(
    recipe: Recipe,
    questions: Iterable[Question],
    profile: Iterable[ColumnProfile],
    answers: Mapping[str, Any],
) -> None:
    """Refuse to go on while a question that matters to the recipe has no answer.

    Raises:
        Unanswered: holds the questions; its message says how each is answered.
    """
    readings = _readings(recipe)
    left = [one for one in questions if one.key not in answers and _matters(recipe, readings, one)]
    left += personal_questions(recipe, profile, answers)
    if left:
        raise Unanswered(left)


def matters(recipe: Recipe, question: Question) -> bool:
    """Whether a recipe depends on the answer: it reads the column so, and does not state how."""
    return _matters(recipe, _readings(recipe), question)


def _matters(recipe: Recipe, readings: Readings, question: Question) -> bool:
    if not question.key.startswith("column:"):
        return True
    column, aspect = question.key.removeprefix("column:").rsplit(":", 1)
    if aspect not in _MATTERS:
        return column in readings
    return any(
        kind in _MATTERS[aspect] and not _stated(recipe.layout, one, kind, aspect)
        for one, kind in readings.get(column, ())
    )


def personal_questions(
    recipe: Recipe, profile: Iterable[ColumnProfile], answers: Mapping[str, Any]
) -> list[Question]:
    """Return what to ask about columns with personal data that the recipe loads."""
    reads = frozenset(recipe.reads)
    return [
        _personal(one)
        for one in profile
        if one.personal
        and one.name in reads
        and f"{PERSONAL}:{one.name}" not in answers
        and not treatment_of(recipe.layout, one.name, {})
    ]


def treatment_of(layout: Layout, column: str, answers: Mapping[str, Any]) -> str:
    """Return what becomes of a column: as answered, or as the recipe states; "" if neither."""
    answered = answers.get(f"{PERSONAL}:{column}")
    if answered:
        return str(answered)
    stated = [way for pattern, way in layout.personal if fnmatchcase(column, pattern)]
    return stated[-1] if stated else ""


def _personal(column: ColumnProfile) -> Question:
    held = " and ".join(WORDS.get(kind, kind) for kind in column.personal_kinds) or column.personal
    within = " within free text" if column.personal == "text" else ""
    return Question(
        key=f"{PERSONAL}:{column.name}",
        asks=f"The column {column.name!r} holds {held}{within}, which are personal data. What "
        "becomes of them?",
        default="mask" if within else "hash",
        options=(
            ("keep", "load them as they are"),
            ("hash", "replace each by a code that only this data folder gives"),
            ("mask", "replace them within the text, as [e-mail]"),
            ("drop", "load nothing from the column"),
        ),
        evidence=f"{column.filled:,} values",
    )


def _readings(recipe: Recipe) -> Readings:
    """Return the maps that read each column, each with the logical type it reads it as.

    A map of values reads words, whatever they become.
    """
    found: Readings = {name: [] for name in recipe.reads}
    for table in recipe.tables:
        declared = curated(table.table)
        for one in (one for group in table.groups for one in group if one.mapping is None):
            kind = one.kind or str(declared.c[one.column].info["logical"])
            for name in one.reads:
                found[name].append((one, kind if one.template is None else "TEXT"))
        if table.latest_by is not None:
            for name in table.latest_by.reads:
                found[name].append((table.latest_by, table.latest_by.kind or "INT"))
    return found


def _stated(layout: Layout, mapped: ColumnMap, kind: str, aspect: str) -> bool:
    if aspect == "zone":
        return bool(layout.zone)
    if kind in _DATES:
        return bool(mapped.formats or (layout.dates if kind == "DATE" else layout.timestamps))
    return aspect == "decimal" and bool(layout.decimal)


def how_to_answer(questions: Iterable[Question]) -> str:
    """Return how questions are answered at the command line."""
    return " ".join(_how(one) for one in questions)


def _how(question: Question) -> str:
    if question.key.startswith(f"{PERSONAL}:"):
        column = question.key.removeprefix(f"{PERSONAL}:")
        ways = "|".join(str(way) for way, _ in question.options)
        return f"Answer with --personal {column}={ways}, or under [extract.personal] in the recipe."
    options = ", ".join(f"{answer!r} ({meaning})" for answer, meaning in question.options)
    return (
        f"Answer with --answer {question.key}=..., one of {options}; probably {question.default!r}."
    )


def _stop(evidence: str) -> str:
    return evidence if not evidence or evidence.endswith((".", "!", "?")) else f"{evidence}."
