"""Which recipe reads an extract in waiting: the one that is named, else the one that knows it."""

from __future__ import annotations

import csv
from pathlib import Path

from cxdata.intake.matching import Library
from cxdata.intake.matching.library import FOLDER
from cxdata.intake.recipe import Recipe
from cxdata.model.errors import IntakeError
from cxdata.publish.mended import header_of, made_of, mended
from cxdata.publish.staged import Staged
from cxdata.sources.store import Store


def recipe_for(store: Store, item: Staged, named: str | None = None) -> Recipe:
    """Return the recipe for an extract.

    Raises:
        IntakeError: no recipe knows its columns.
        UnknownName: no recipe is of that name.
    """
    library = Library(store.path / FOLDER)
    if named:
        return library.find(named)
    if item.prepared is not None and item.prepared.recipe:
        return library.find(item.prepared.recipe)
    original = item.original(store)
    again = mended(original)
    made = made_of(store, again.batch) if again else None
    if made is not None and made.checks.get("recipe"):
        return library.find(str(made.checks["recipe"]))
    found = library.recognise(_header(original))
    if found is None:
        raise IntakeError(
            f"No recipe knows the columns of {item.name!r}. Name one with --recipe, or match its "
            "columns once; the next extract of its kind is then recognised."
        )
    return found


def _header(path: Path) -> tuple[str, ...]:
    try:
        return header_of(path)[0]
    except (UnicodeDecodeError, csv.Error):
        return ()
