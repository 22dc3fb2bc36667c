"""What was answered about an extract, kept in its recipe: the next one of its kind asks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cxdata.intake.asking import PERSONAL
from cxdata.intake.matching.library import Library
from cxdata.intake.recipe import READING, Recipe

_OF_ONE_FILE = ("member",)
"""Choices that hold for one file alone: the next one is called something else."""


@dataclass(frozen=True)
class Answered:
    """Answers by the key of the question, who gave them, when, and for which file."""

    answers: Mapping[str, Any]
    by: str
    at: datetime
    file: str


def remembering(recipe: Recipe, answers: Mapping[str, Any]) -> Recipe:
    """Return the recipe with what was answered about reading, values and personal data in it."""
    layout = recipe.layout
    plain: dict[str, Any] = {}
    writing = {column: dict(said) for column, said in layout.writing}
    personal = dict(layout.personal)
    for key, answer in answers.items():
        place, _, rest = key.partition(":")
        column, _, aspect = rest.rpartition(":")
        if key in READING and key not in _OF_ONE_FILE:
            plain[key] = answer
        elif place == PERSONAL and rest in recipe.reads:
            personal[only(rest)] = str(answer)
        elif place == "column" and aspect != "is" and column in recipe.reads:
            writing.setdefault(column, {})[aspect] = answer
    return replace(
        recipe,
        layout=replace(
            layout,
            **plain,
            writing=tuple((column, tuple(said.items())) for column, said in writing.items()),
            personal=tuple(personal.items()),
        ),
    )


def remember(
    library: Library, recipe: Recipe, header: Sequence[str], said: Answered
) -> Recipe | None:
    """Save a recipe with what was answered for an extract of it; None where that is nothing new.

    Only a recipe that is saved or ships is known by its columns next time. One that is read from
    a file is its owner's to write, and a table's template needs none.
    """
    if recipe.name not in {one.name for one in library.known()}:
        return None
    own = library.find(recipe.name)
    kept = remembering(own, said.answers)
    if kept == own:
        return None
    known = own.saved.header if own.saved is not None else tuple(header)
    return library.save(kept, by=said.by, at=said.at, why=f"Answered for {said.file}", header=known)


def only(name: str) -> str:
    """Return a name as a pattern that only it fits.

    >>> only("rate [%]")
    'rate [[]%]'
    """
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)
