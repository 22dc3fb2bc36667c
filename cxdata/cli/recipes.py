"""``recipes``: the recipes there are, saved and shipped; one of them as it is written."""

from __future__ import annotations

import argparse

from cxdata.intake.matching import Library
from cxdata.intake.matching.library import FOLDER
from cxdata.intake.recipe import Recipe
from cxdata.intake.recipe_file import shipped, shipped_text
from cxdata.intake.recipe_writer import write_recipe
from cxdata.sources.config import load as read_settings

NAME = "recipes"
HELP = "List the recipes that were saved and those that ship, or show one."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("recipe", nargs="?", metavar="NAME", help="one recipe (default: all)")
    parser.add_argument("--version", type=int, metavar="N", help="this version of a saved one")


def run(args: argparse.Namespace) -> int:
    """Print the list, or one recipe as TOML with what is to be adapted in it."""
    library = Library(read_settings().place.data / FOLDER)
    if args.recipe:
        _show(library, args.recipe, args.version)
    else:
        _list(library)
    return 0


def _show(library: Library, name: str, version: int | None) -> None:
    recipe = library.find(name, version)
    if recipe.saved is None and name in shipped():
        print(shipped_text(name), end="")
    else:
        print(write_recipe(recipe), end="")
    versions = library.versions(name)
    if versions:
        print(f"\n# Versions: {', '.join(map(str, versions))}")


def _list(library: Library) -> None:
    saved = library.saved()
    for recipe in saved:
        print(_line(recipe, _story(recipe)))
    names = {one.name for one in saved}
    for name in shipped():
        if name not in names:
            print(_line(library.find(name), "ships"))


def _line(recipe: Recipe, story: str) -> str:
    tables = ", ".join(one.table for one in recipe.tables)
    return f"{recipe.name}  {recipe.label} ({story}): {tables}"


def _story(recipe: Recipe) -> str:
    saved = recipe.saved
    if saved is None:
        return "saved"
    why = f", {saved.why}" if saved.why else ""
    return f"version {saved.version} by {saved.by}, {saved.at:%Y-%m-%d}{why}"
