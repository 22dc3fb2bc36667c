"""What the words about recipes say is so."""

from __future__ import annotations

import re
from importlib.resources import files

from cxdata.intake.recipe_file import parse_recipe, shipped

README = (files("cxdata.intake") / "recipes" / "README.md").read_text("utf-8")


def test_the_example_is_a_recipe() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    recipe = parse_recipe(example, "example")
    assert recipe.layout.skip == 3
    assert recipe.mode == "upsert"
    assert [one.name for table in recipe.tables for one in table.across] == ["attribute_code"]


def test_every_recipe_is_in_the_table() -> None:
    listed = {
        name for line in README.splitlines() if line.startswith("| `") for name in _names(line)
    }
    assert set(shipped()) <= listed


def _names(line: str) -> list[str]:
    return re.findall(r"`([a-z0-9-]+)`", line.split("|")[1])
