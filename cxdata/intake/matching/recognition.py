"""Recognising an extract by its header: the recipe that accounts for every column of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cxdata.intake.fitting import fitted, fold, matches
from cxdata.intake.recipe import Recipe
from cxdata.model.errors import IntakeError

_TELLING = 3


def recognised(header: Sequence[str], recipes: Iterable[Recipe]) -> Recipe | None:
    """Return the recipe that knows an extract with this header, or None.

    It has every column the recipe needs, and the recipe uses or ignores every column it has. A
    recipe that nobody saved must read three columns at least, as fewer are no sign of anything. Of
    several, one that was saved for exactly this header comes first, then a saved one, then the
    one that reads most columns, then the first by name.
    """
    found = [one for one in recipes if accounts_for(one, header) and _is_telling(one, header)]
    return min(found, key=lambda one: _rank(one, header), default=None)


def accounts_for(recipe: Recipe, header: Sequence[str]) -> bool:
    """Whether the recipe finds what it needs in a header and leaves no column unaccounted for."""
    return not lacking(recipe, header) and not unaccounted(recipe, header)


def lacking(recipe: Recipe, header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns the recipe needs and the header lacks, as the recipe calls them."""
    try:
        fit = fitted(recipe, tuple(header))
    except IntakeError:
        return tuple(name for name in recipe.reads if name not in header) or (recipe.name,)
    return tuple(name for name in fit.reads if name not in header)


def unaccounted(recipe: Recipe, header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the header that the recipe neither uses nor ignores."""
    try:
        used = fitted(recipe, tuple(header)).reads
    except IntakeError:
        used = recipe.reads
    return tuple(
        name for name in header if name not in used and not matches(name, recipe.layout.ignore)
    )


def same_header(recipe: Recipe, header: Sequence[str]) -> bool:
    """Whether a recipe was saved for these columns, in whatever order."""
    known = () if recipe.saved is None else recipe.saved.header
    return sorted(map(fold, known)) == sorted(map(fold, header))


def _is_telling(recipe: Recipe, header: Sequence[str]) -> bool:
    return recipe.saved is not None or len(fitted(recipe, tuple(header)).reads) >= _TELLING


def _rank(recipe: Recipe, header: Sequence[str]) -> tuple[bool, bool, int, str]:
    read = len(fitted(recipe, tuple(header)).reads)
    return (not same_header(recipe, header), recipe.saved is None, -read, recipe.name)
