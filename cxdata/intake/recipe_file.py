"""Reading a recipe from TOML: what ships with the product by name, your own by path."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from cxdata.intake.recipe import (
    AS_OF,
    MODES,
    TREATMENTS,
    Adaptation,
    Answer,
    Layout,
    Recipe,
    Remark,
    Saved,
)
from cxdata.intake.recipe_table import parse_condition, parse_table
from cxdata.intake.toml import day, known, one_of, section, sections, text, texts, whole, yes
from cxdata.model.errors import IntakeError, UnknownName

_SHIPPED = files("cxdata.intake") / "recipes"
_TOP = (
    *("label", "about", "source_system", "extract", "load", "table", "remark", "adapt"),
    "saved",
)


def shipped() -> tuple[str, ...]:
    """Return the names of the recipes that ship with the product."""
    found = (Path(entry.name) for entry in _SHIPPED.iterdir())
    return tuple(sorted(path.stem for path in found if path.suffix == ".toml"))


def find_recipe(name: str) -> Recipe:
    """Return a recipe by its shipped name, or by the path of a TOML file."""
    path = Path(name)
    if path.suffix == ".toml":
        return recipe_at(path)
    if name not in shipped():
        raise UnknownName("recipe", name, shipped())
    return parse_recipe(shipped_text(name), name)


def recipe_at(path: Path, name: str = "") -> Recipe:
    """Return the recipe in a file, named as the file unless ``name`` says otherwise."""
    try:
        return parse_recipe(path.read_text("utf-8"), name or path.stem)
    except OSError as error:
        raise IntakeError(f"The recipe {path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise IntakeError(f"The recipe {path.name} is not UTF-8 text.") from error


def shipped_text(name: str) -> str:
    """Return a shipped recipe as it is written."""
    return (_SHIPPED / f"{name}.toml").read_text("utf-8")


def parse_recipe(said: str, name: str) -> Recipe:
    """Return the recipe that a TOML text describes; its first fault is one sentence."""
    try:
        top = tomllib.loads(said)
    except tomllib.TOMLDecodeError as error:
        raise IntakeError(f"The recipe {name} is not TOML: {error}.") from error
    try:
        return _recipe(top, name)
    except (IntakeError, UnknownName) as error:
        raise IntakeError(f"The recipe {name} does not hold: {error}") from error


def _recipe(top: Mapping[str, Any], name: str) -> Recipe:
    known("the recipe", top, _TOP)
    load = section(top, "load")
    known("[load]", load, ("complete_through", "history", "stop_above", "mode", "auto"))
    recipe = Recipe(
        name=name,
        label=text(top, "label", name),
        about=text(top, "about"),
        source_system=text(top, "source_system", name.replace("-", "_")),
        layout=_layout(section(top, "extract")),
        tables=tuple(parse_table(one) for one in sections(top, "table")),
        complete_through=day(load, "complete_through"),
        history=one_of(load, "history", ("dated", "snapshot")),
        stop_above=_share(load, "stop_above"),
        mode=one_of(load, "mode", MODES) if "mode" in load else "",
        auto=yes(load, "auto"),
        remarks=tuple(_remark(one) for one in sections(top, "remark")),
        adapts=tuple(_adaptation(one) for one in sections(top, "adapt")),
        saved=_saved(section(top, "saved")) if "saved" in top else None,
    )
    _consistent(recipe)
    return recipe


def _consistent(recipe: Recipe) -> None:
    if not recipe.tables:
        raise IntakeError("it fills no table; add [[table]] sections.")
    names = [table.table for table in recipe.tables]
    for name in names:
        if names.count(name) > 1:
            raise IntakeError(f"it fills table {name} twice; put both in one [[table]] section.")
    both = sorted(set(recipe.reads) & set(recipe.layout.ignore))
    if both:
        raise IntakeError(f"it uses and ignores the column {both[0]!r}; remove it from ignore.")
    if recipe.history == "snapshot" and recipe.complete_through is None:
        raise IntakeError("history is snapshot, so [load] must state complete_through.")
    if recipe.layout.as_of is None and _needs_as_of(recipe):
        raise IntakeError("it counts from an as-of date; state as_of in [extract].")


def _needs_as_of(recipe: Recipe) -> bool:
    maps = [one for table in recipe.tables for group in table.groups for one in group]
    return any(
        one.months_before or AS_OF in (one.constant, one.other, *dict(one.mapping or ()).values())
        for one in maps
    )


_LINES = (
    *("encoding", "delimiter", "quote", "escape", "comment", "sheet", "member"),
    *("decimal", "thousands", "zone"),
)
_LISTS = ("dates", "timestamps", "missing", "ignore")


def _layout(said: Mapping[str, Any]) -> Layout:
    known("[extract]", said, tuple(field.name for field in fields(Layout)))
    missing, names = section(said, "missing_in"), section(said, "names")
    personal, writing = section(said, "personal"), section(said, "writing")
    plain: dict[str, Any] = {name: text(said, name) for name in _LINES}
    plain |= {name: texts(said, name) for name in _LISTS}
    layout = Layout(
        **plain,
        header=whole(said, "header"),
        skip=whole(said, "skip"),
        as_of=day(said, "as_of"),
        missing_in=tuple((one, texts(missing, one)) for one in missing),
        names=tuple((one, texts(names, one)) for one in names),
        personal=tuple((one, one_of(personal, one, TREATMENTS)) for one in personal),
        writing=tuple((one, _answers(section(writing, one))) for one in writing),
    )
    _fits(layout)
    return layout


def _answers(said: Mapping[str, Any]) -> tuple[tuple[str, Answer], ...]:
    return tuple(
        (name, texts(said, name) if isinstance(value, list) else value)
        for name, value in said.items()
    )


def _fits(layout: Layout) -> None:
    for name in ("quote", "escape", "decimal", "thousands"):
        if len(getattr(layout, name)) > 1:
            raise IntakeError(f"{name} in [extract] is one character.")
    if layout.decimal and layout.decimal == layout.thousands:
        raise IntakeError("decimal and thousands in [extract] are two different characters.")
    if layout.zone and layout.zone not in available_timezones():
        raise UnknownName("time zone", layout.zone, available_timezones())
    if layout.as_of is not None and layout.as_of.day > 28:
        raise IntakeError(
            f"as_of is {layout.as_of}; choose a day up to the 28th, so that a tenure in months "
            "counted back from it leads to it again in every month."
        )
    _aliases(layout)


def _aliases(layout: Layout) -> None:
    """A name of the extract must lead to one column of the recipe."""
    seen: dict[str, str] = {}
    for name, others in layout.names:
        for other in others:
            if seen.setdefault(other, name) != name:
                raise IntakeError(
                    f"[extract.names] gives {other!r} to both {seen[other]!r} and {name!r}."
                )


def _share(said: Mapping[str, Any], name: str) -> float | None:
    found = said.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= 1:
        raise IntakeError(f"{name} is a share above 0 and at most 1, not {found!r}.")
    return found


def _remark(said: Mapping[str, Any]) -> Remark:
    known("[[remark]]", said, ("where", "says"))
    return Remark(parse_condition(section(said, "where")), text(said, "says"))


def _adaptation(said: Mapping[str, Any]) -> Adaptation:
    known("[[adapt]]", said, ("columns", "says"))
    return Adaptation(texts(said, "columns"), text(said, "says"))


def _saved(said: Mapping[str, Any]) -> Saved:
    known("[saved]", said, ("version", "by", "at", "why", "header"))
    at = said.get("at")
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise IntakeError(f"at in [saved] is an instant such as 2026-01-31T12:00:00Z, not {at!r}.")
    return Saved(
        version=whole(said, "version") or 0,
        by=text(said, "by"),
        at=at,
        why=text(said, "why"),
        header=texts(said, "header"),
    )
