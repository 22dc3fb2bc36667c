"""Saved recipes: a folder a name, a file a version, and nothing ever overwritten.

``<folder>/<name>/<version>.toml``. A version is written whole beside its place and linked to it,
which only one writer can do; the other takes the next number, so that no recipe is lost.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cxdata.intake.matching.recognition import recognised
from cxdata.intake.recipe import Recipe, Saved
from cxdata.intake.recipe_file import find_recipe, recipe_at, shipped
from cxdata.intake.recipe_writer import write_recipe
from cxdata.model.errors import IntakeError, UnknownName

FOLDER = "recipes"
"""Where recipes are saved in a data folder."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_TRIES = 1000


class Library:
    """The recipes known in one data folder: those saved there, then those that ship."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> tuple[str, ...]:
        """Return the names of saved recipes."""
        if not self.folder.is_dir():
            return ()
        found = (one.name for one in self.folder.iterdir() if _NAME.fullmatch(one.name))
        return tuple(sorted(name for name in found if self.versions(name)))

    def versions(self, name: str) -> tuple[int, ...]:
        """Return the saved versions of a recipe, the oldest first."""
        if not _NAME.fullmatch(name) or not (self.folder / name).is_dir():
            return ()
        stems = (path.stem for path in (self.folder / name).glob("*.toml"))
        return tuple(sorted(int(stem) for stem in stems if stem.isdecimal()))

    def find(self, name: str, version: int | None = None) -> Recipe:
        """Return a recipe by name (the newest version, unless one is named) or by file path.

        A saved recipe comes before one that ships under the same name.
        """
        saved = self.versions(name)
        if version is not None and version not in saved:
            raise IntakeError(
                f"The recipe {name} has no version {version}; it has "
                f"{', '.join(map(str, saved)) or 'none'}."
            )
        if saved:
            number = saved[-1] if version is None else version
            return recipe_at(self.folder / name / f"{number}.toml", name)
        if name.endswith(".toml") or name in shipped():
            return find_recipe(name)
        raise UnknownName("recipe", name, (*self.names(), *shipped()))

    def saved(self) -> tuple[Recipe, ...]:
        """Return the newest version of each saved recipe, the last saved first."""
        found = [self.find(name) for name in self.names()]
        return tuple(sorted(found, key=_age))

    def known(self) -> tuple[Recipe, ...]:
        """Return every recipe by which an extract may be recognised, saved ones first."""
        names = self.names()
        return (*self.saved(), *(find_recipe(name) for name in shipped() if name not in names))

    def recognise(self, header: Sequence[str]) -> Recipe | None:
        """Return the recipe that knows an extract by its header, or None."""
        return recognised(header, self.known())

    def save(
        self, recipe: Recipe, *, by: str, at: datetime, why: str, header: Sequence[str]
    ) -> Recipe:
        """Save a recipe as the next version of its name and return it as it was saved.

        ``header`` are the columns of the extract it was confirmed for; ``at`` carries its zone.
        """
        name = recipe.name
        if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            raise IntakeError(
                f"A recipe cannot be saved under the name {name!r}; take small letters, digits, "
                "- and _, at most 64."
            )
        folder = self.folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for _ in range(_TRIES):
                version = max(self.versions(name), default=0) + 1
                saved = replace(recipe, saved=Saved(version, by, at, why, tuple(header)))
                if _written(folder / f"{version}.toml", write_recipe(saved)):
                    return saved
        except OSError as error:
            raise IntakeError(f"The recipe {name} could not be saved: {error.strerror}.") from error
        raise IntakeError(f"The recipe {name} could not be saved: others save it all the time.")


def _written(path: Path, text: str) -> bool:
    """Write a new file as a whole; return whether nobody else had taken its place."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return False
        _sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return True


def _sync(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _age(recipe: Recipe) -> tuple[float, str]:
    at = 0.0 if recipe.saved is None else recipe.saved.at.timestamp()
    return (-at, recipe.name)
