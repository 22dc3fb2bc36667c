"""Which recipe reads an extract: the one that is named, else the one that knows its columns."""

from __future__ import annotations

from cxdata.intake import Reading
from cxdata.intake.matching.library import FOLDER, Library
from cxdata.intake.recipe import Recipe
from cxdata.intake.template import template_recipe
from cxdata.model.errors import IntakeError
from cxdata.publish.mended import made_of
from cxdata.sources.store import Store


def library(store: Store) -> Library:
    """Return the recipes that are saved beside the data."""
    return Library(store.path / FOLDER)


def recipe_that_knows(store: Store, reading: Reading) -> Recipe:
    """Return the recipe that knows an extract by its columns, or that of a table's template.

    Raises:
        IntakeError: the extract cannot be read, or no recipe knows its columns.
    """
    if reading.refused is not None:
        raise IntakeError(reading.refused)
    found = template_recipe(reading.header) or library(store).recognise(reading.header)
    if found is None:
        some = ", ".join(reading.header[:8]) + (" ..." if len(reading.header) > 8 else "")
        raise IntakeError(
            f"No recipe knows the columns of {reading.path.name} ({some}). Name one, or match the "
            "columns once; the next extract of this kind is then recognised."
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
