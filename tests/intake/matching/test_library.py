"""Saved recipes: versions, names, recognition, and writers that do not lose one another's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxdata.intake.matching.library import Library
from cxdata.intake.recipe import Recipe
from cxdata.intake.recipe_file import find_recipe, parse_recipe, shipped
from cxdata.model.errors import IntakeError, UnknownName

NOW = datetime(2026, 10, 3, 9, tzinfo=UTC)
TEXT = '[[table]]\nname = "customer"\n[table.columns]\ncustomer_id = { from = "id" }'


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "recipes")


def recipe(name: str = "crm") -> Recipe:
    return parse_recipe(TEXT, name)


def test_a_recipe_is_saved_with_who_when_why_and_header(library: Library) -> None:
    saved = library.save(recipe(), by="ana", at=NOW, why="first month", header=("id",))
    assert library.find("crm") == saved
    assert saved.saved is not None
    assert (saved.saved.version, saved.saved.by, saved.saved.at) == (1, "ana", NOW)
    assert (saved.saved.why, saved.saved.header) == ("first month", ("id",))
    assert [path.name for path in (library.folder / "crm").iterdir()] == ["1.toml"]


def test_the_newest_version_counts_and_older_ones_stay(library: Library) -> None:
    for number in range(1, 12):
        again = replace(recipe(), label=f"CRM {number}")
        library.save(again, by="ana", at=NOW, why="", header=("id",))
    assert library.versions("crm") == tuple(range(1, 12))
    assert library.find("crm").label == "CRM 11"
    assert library.find("crm", 2).label == "CRM 2"
    with pytest.raises(IntakeError, match="no version 12"):
        library.find("crm", 12)


def test_shipped_recipes_and_files_are_found_too(library: Library, tmp_path: Path) -> None:
    assert library.find("cdnow") == find_recipe("cdnow")
    path = tmp_path / "mine.toml"
    path.write_text(TEXT)
    assert library.find(str(path)).name == "mine"
    library.save(recipe("cdnow"), by="ana", at=NOW, why="", header=("id",))
    assert library.find("cdnow").reads == ("id",)
    with pytest.raises(UnknownName, match="Did you mean cdnow"):
        library.find("cdnov")


def test_next_months_extract_is_recognised(library: Library) -> None:
    assert library.recognise(("id",)) is None
    saved = library.save(recipe(), by="ana", at=NOW, why="", header=("id",))
    assert library.recognise(("id",)) == saved
    assert library.recognise(("ID ",)) == saved
    assert library.recognise(("id", "new")) is None


def test_shipped_recipes_recognise_their_extracts(library: Library) -> None:
    header = ("customer_id", "date", "number_of_cds", "dollar_value")
    assert library.recognise(header) == find_recipe("cdnow")
    assert len(library.known()) == len(shipped())


def test_the_last_saved_comes_first(library: Library) -> None:
    library.save(recipe("old"), by="ana", at=NOW, why="", header=("id",))
    library.save(recipe("new"), by="ana", at=NOW + timedelta(days=1), why="", header=("id",))
    assert [one.name for one in library.saved()] == ["new", "old"]


def test_writers_at_once_lose_nothing(library: Library) -> None:
    def save(number: int) -> int:
        again = replace(recipe(), label=f"by {number}")
        saved = library.save(again, by=f"w{number}", at=NOW, why="", header=("id",)).saved
        assert saved is not None
        return saved.version

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(save, range(40)))
    assert sorted(versions) == list(range(1, 41))
    assert {library.find("crm", one).label for one in versions} == {f"by {n}" for n in range(40)}
    assert len(list((library.folder / "crm").iterdir())) == 40


def test_what_was_left_behind_by_a_killed_writer_is_no_version(library: Library) -> None:
    library.save(recipe(), by="ana", at=NOW, why="", header=("id",))
    (library.folder / "crm" / ".2.toml.ab12").write_text("half")
    assert library.versions("crm") == (1,)
    again = library.save(recipe(), by="ben", at=NOW, why="", header=("id",)).saved
    assert again is not None
    assert again.version == 2


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "CON", "con", "x" * 65, "naïve", "a b"])
def test_names_are_safe(library: Library, name: str) -> None:
    with pytest.raises(IntakeError, match="cannot be saved under the name"):
        library.save(replace(recipe(), name=name), by="", at=NOW, why="", header=())
    assert library.versions(name) == ()
