"""Which recipe reads an extract: the one that is named, else the one that knows its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxdata.intake import Reading
from cxdata.intake.asking import how_to_answer
from cxdata.intake.execute import read_as_stated, read_by
from cxdata.intake.matching.library import FOLDER, Library
from cxdata.intake.recipe import Recipe
from cxdata.intake.template import template_recipe
from cxdata.model.errors import IntakeError
from cxdata.publish.mended import made_of
from cxdata.sources.store import Store


def library(store: Store) -> Library:
    """Return the recipes that are saved beside the data."""
    return Library(store.path / FOLDER)


@dataclass(frozen=True)
class Way:
    """By what an extract is read: a recipe, else the one that knows its columns; and answers.

    ``zone`` is the configured zone of business dates, where the recipe states none.
    """

    library: Library
    answers: Mapping[str, Any]
    recipe: Recipe | None = None
    zone: str = "UTC"

    def read(self, path: Path) -> Reading:
        """Read an extract, by the recipe where one is named."""
        return read_by(path, self.named, self.answers)

    @property
    def named(self) -> Recipe | None:
        """The recipe that is named, with its zone."""
        return None if self.recipe is None else self.recipe.in_zone(self.zone)

    @contextmanager
    def known(self, reading: Reading) -> Iterator[tuple[Reading, Recipe]]:
        """Give what was read as its recipe states, with the recipe.

        Raises:
            IntakeError: the extract cannot be read, or no recipe knows its columns.
        """
        if self.named is not None:
            yield reading, self.named
            return
        used = recipe_that_knows(self.library, reading).in_zone(self.zone)
        with read_as_stated(reading, used, self.answers) as stated:
            yield stated, used


def recipe_that_knows(recipes: Library, reading: Reading) -> Recipe:
    """Return the recipe that knows an extract by its columns, or that of a table's template.

    Raises:
        IntakeError: the extract cannot be read, or no recipe knows its columns.
    """
    if reading.refused is not None:
        raise IntakeError(reading.refused, hint=how_to_answer(reading.questions))
    found = template_recipe(reading.header) or recipes.recognise(reading.header)
    if found is None:
        some = ", ".join(reading.header[:8]) + (" ..." if len(reading.header) > 8 else "")
        raise IntakeError(
            f"No recipe knows the columns of {reading.path.name} ({some}). Name one, or match the "
            "columns once; the next extract of this kind is then recognised.",
            hint=f"Name one with --recipe, or make one with: cxdata match {reading.path.name}",
        )
    return found


def recipe_of_batch(store: Store, batch: str) -> Recipe:
    """Return the recipe of the extract that mended records belong to.

    Raises:
        IntakeError: that extract was not published, or by a recipe that is not saved.
    """
    made = made_of(store, batch)
    name = str(made.checks.get("recipe") or "") if made is not None else ""
    if not name:
        raise IntakeError(
            "The extract that these records were set aside from is not published, or by no recipe "
            "with a name. Name the recipe."
        )
    return library(store).find(name)
