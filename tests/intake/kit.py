"""Small extracts and recipes, written in the test that needs them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

from cxdata.intake.execute import execute, read_by
from cxdata.intake.loaded import Loaded
from cxdata.intake.recipe import Recipe
from cxdata.intake.recipe_file import parse_recipe
from cxdata.intake.terms import Terms

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def load(
    folder: Path, text: str | bytes, recipe: str, *, as_of: date | None = None, only: Any = ()
) -> Loaded:
    """Load an extract given as text by a recipe given as TOML."""
    path = folder / "extract.csv"
    path.write_bytes(dedent(text).encode() if isinstance(text, str) else text)
    return load_extract(path, parse_recipe(dedent(recipe), "tiny"), as_of=as_of, only=only)


def load_extract(path: Path, recipe: Recipe, **terms: Any) -> Loaded:
    """Read an extract and turn it into curated tables, on the terms that are named."""
    at = terms.pop("loaded_at", NOON)
    with read_by(path, recipe, terms.get("answers", {})) as reading:
        return execute(reading, recipe, Terms(at, **terms))


def rows(loaded: Loaded, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table, of the columns named."""
    found = loaded.tables[table].read().select(list(columns)).to_pylist()
    return [tuple(row[name] for name in columns) for row in found]


def faults(loaded: Loaded) -> list[tuple[int, str, str | None, str]]:
    """Return record, column, value and rule of what was set aside."""
    return [
        (one["record"], one["column"], one["value"], one["rule"])
        for batch in loaded.set_aside.to_batches()
        for one in batch.to_pylist()
    ]


def assert_closes(loaded: Loaded) -> None:
    """The ledger closes, for the extract and for every table."""
    assert loaded.counts.loaded + loaded.counts.set_aside == loaded.counts.records
    for one in loaded.counts.tables:
        assert one.closes, one
        assert one.rows == loaded.tables[one.table].num_rows
