"""Matching what was read of an extract: with its values, saved recipes and published keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cxdata.intake import Reading
from cxdata.intake.fitting import fold
from cxdata.intake.matching.drift import Drift, drift
from cxdata.intake.matching.joins import Shares, shares
from cxdata.intake.matching.library import Library
from cxdata.intake.matching.suggest import suggest
from cxdata.intake.matching.suggestion import Suggestion
from cxdata.intake.recipe import Recipe
from cxdata.intake.values.sql import literal
from cxdata.model.errors import IntakeError

KEYS = {
    "customer": "customer_id",
    "person": "person_id",
    "journey_instance": "journey_instance_id",
    "survey_invitation": "invitation_id",
    "survey_response": "response_id",
}
"""Tables whose keys other tables point to, with the key."""

_KINDS_OF_KEYS = ("id", "text", "integer")
_ALIKE = 0.6


@dataclass(frozen=True)
class Matched:
    """What an extract is taken to be: a suggestion, or a known recipe from which it drifted."""

    suggestion: Suggestion
    drift: Drift | None = None


def match(
    reading: Reading, library: Library, published: Mapping[str, Iterable[Path]] | None = None
) -> Matched:
    """Match an extract to tables by everything that is known.

    ``published`` are the Parquet files of published tables, by whose keys columns are told. Where
    no recipe knows the extract but one was saved for nearly the same columns, its drift from that
    one is told too.
    """
    if reading.refused is not None:
        raise IntakeError(reading.refused)
    found = known_keys(reading, published or {})
    suggestion = suggest(reading.header, reading.profile, library.known(), found)
    near = None if suggestion.recipe is not None else nearest(reading.header, library.saved())
    if near is None:
        return Matched(suggestion)
    return Matched(suggestion, drift(near, reading.header, reading.profile, found))


def known_keys(reading: Reading, published: Mapping[str, Iterable[Path]]) -> Shares:
    """Return how much of each column's values are keys of published tables."""
    files = {name: [str(path) for path in published.get(name, ())] for name in KEYS}
    relations = {
        f"{name}.{KEYS[name]}": f"(SELECT {KEYS[name]} AS key FROM read_parquet("
        f"[{', '.join(literal(path) for path in paths)}]))"
        for name, paths in files.items()
        if paths
    }
    columns = [one.name for one in reading.profile if one.writing.kind in _KINDS_OF_KEYS]
    if not relations or not columns:
        return {}
    with duckdb.connect() as connection:
        reading.relation(connection, "raw")
        return shares(connection, "raw", reading.header, relations, columns=columns)


def nearest(header: Iterable[str], recipes: Iterable[Recipe]) -> Recipe | None:
    """Return the saved recipe whose header is most like this one, if it is much like it."""
    now = {fold(name) for name in header}
    best: tuple[float, Recipe] | None = None
    for recipe in recipes:
        known = {fold(name) for name in (recipe.saved.header if recipe.saved else ())}
        alike = len(now & known) / len(now | known) if known else 0.0
        if alike >= _ALIKE and (best is None or alike > best[0]):
            best = (alike, recipe)
    return None if best is None else best[1]
