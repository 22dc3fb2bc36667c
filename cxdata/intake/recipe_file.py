"""Reading a recipe from TOML: what ships with the product by name, your own by path."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa

from cxdata.intake.recipe import (
    AS_OF,
    ColumnMap,
    Condition,
    Layout,
    Recipe,
    Remark,
    Scalar,
    TableMap,
)
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.tables import curated, required
from cxdata.model.tables.checks import KINDS_OF_VALUE

_SHIPPED = files("cxdata.intake") / "recipes"
_WAYS = ("from", "value", "template", "record_number", "months_before_as_of")
_WORDS = (*_WAYS, "map", "other", "type", "format", "missing", "snake", "reduce")


def shipped() -> tuple[str, ...]:
    """Return the names of the recipes that ship with the product."""
    found = (Path(entry.name) for entry in _SHIPPED.iterdir())
    return tuple(sorted(path.stem for path in found if path.suffix == ".toml"))


def find_recipe(name: str) -> Recipe:
    """Return a recipe by its shipped name, or by the path of a TOML file."""
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return parse_recipe(path.read_text("utf-8"), path.stem)
        except OSError as error:
            raise IntakeError(
                f"The recipe {path.name} cannot be read: {error.strerror}."
            ) from error
    if name not in shipped():
        raise UnknownName("recipe", name, shipped())
    return parse_recipe((_SHIPPED / f"{name}.toml").read_text("utf-8"), name)


def parse_recipe(text: str, name: str) -> Recipe:
    """Return the recipe that a TOML text describes; its first fault is one sentence."""
    try:
        top = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise IntakeError(f"The recipe {name} is not TOML: {error}.") from error
    try:
        return _recipe(top, name)
    except (IntakeError, UnknownName) as error:
        raise IntakeError(f"The recipe {name} does not hold: {error}") from error


def _recipe(top: Mapping[str, Any], name: str) -> Recipe:
    known = ("label", "about", "source_system", "extract", "load", "table", "remark")
    _known("the recipe", top, known)
    load = _section(top, "load")
    _known("[load]", load, ("complete_through", "history"))
    layout = _layout(_section(top, "extract"))
    recipe = Recipe(
        name=name,
        label=_text(top, "label", name),
        about=_text(top, "about", ""),
        source_system=_text(top, "source_system", name.replace("-", "_")),
        layout=layout,
        tables=tuple(_table(one) for one in _list(top, "table")),
        complete_through=_day(load, "complete_through"),
        history=_one_of(load, "history", ("dated", "snapshot")),
        remarks=tuple(_remark(one) for one in _list(top, "remark")),
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


def _layout(section: Mapping[str, Any]) -> Layout:
    _known("[extract]", section, tuple(field.name for field in fields(Layout)))
    plain: dict[str, Any] = {
        name: _text(section, name, "")
        for name in ("encoding", "delimiter", "quote", "decimal", "thousands", "zone")
        if name in section
    }
    lists: dict[str, Any] = {
        name: _texts(section, name)
        for name in ("dates", "timestamps", "missing", "ignore")
        if name in section
    }
    by_column = _section(section, "missing_in")
    layout = Layout(
        **plain,
        **lists,
        as_of=_day(section, "as_of"),
        missing_in=tuple((pattern, _texts(by_column, pattern)) for pattern in by_column),
    )
    _fits(layout)
    return layout


def _fits(layout: Layout) -> None:
    if len(layout.delimiter) != 1 or len(layout.quote) != 1:
        raise IntakeError("delimiter and quote in [extract] are one character each.")
    if layout.zone not in available_timezones():
        raise UnknownName("time zone", layout.zone, available_timezones())
    ZoneInfo(layout.zone)
    if layout.as_of is not None and layout.as_of.day > 28:
        raise IntakeError(
            f"as_of is {layout.as_of}; choose a day up to the 28th, so that a tenure in months "
            "counted back from it leads to it again in every month."
        )


def _table(section: Mapping[str, Any]) -> TableMap:
    _known(
        "[[table]]",
        section,
        ("name", "columns", "long", "where", "latest_by", "distinct", "rows"),
    )
    name = _text(section, "name", "")
    declared = curated(name)
    latest = section.get("latest_by")
    mapped = TableMap(
        table=name,
        columns=_columns(declared, _section(section, "columns")),
        long=tuple(_columns(declared, one) for one in _list(section, "long")),
        where=tuple(_condition(one) for one in _list(section, "where")),
        latest_by=None if latest is None else _order(latest),
        distinct=bool(section.get("distinct", False)),
        rows=tuple(_constants(declared, one) for one in _list(section, "rows")),
    )
    _fills(declared, mapped)
    return mapped


def _fills(declared: sa.Table, mapped: TableMap) -> None:
    if bool(mapped.rows) == bool(mapped.columns or mapped.long):
        raise IntakeError(f"table {declared.name} needs either columns (or long) or rows.")
    filled = [[name for name, _ in row] for row in mapped.rows] or [
        [one.column for one in group] for group in mapped.groups
    ]
    for names in filled:
        for needed in required(declared):
            if needed not in names:
                raise IntakeError(f"table {declared.name} cannot do without the column {needed}.")
        if len(set(names)) < len(list(names)):
            raise IntakeError(f"table {declared.name} fills a column both in columns and in long.")
    if any(one.reduce for group in mapped.groups for one in group) and not mapped.distinct:
        raise IntakeError(f"table {declared.name} uses reduce, so it must say distinct = true.")


def _columns(declared: sa.Table, section: Mapping[str, Any]) -> tuple[ColumnMap, ...]:
    return tuple(_column(declared, name, said) for name, said in section.items())


def _column(declared: sa.Table, name: str, said: Any) -> ColumnMap:
    column = _declared_column(declared, name)
    where = f"{declared.name}.{name}"
    if not isinstance(said, Mapping):
        return ColumnMap(name, constant=_constant(column, said, where))
    _known(where, said, _WORDS)
    ways = [way for way in _WAYS if way in said]
    if len(ways) != 1:
        raise IntakeError(f"{where} needs exactly one of {', '.join(_WAYS)}.")
    mapping = said.get("map")
    return ColumnMap(
        column=name,
        source=said.get("from"),
        constant=_constant(column, said["value"], where) if "value" in said else None,
        template=said.get("template"),
        record_number=said.get("record_number"),
        months_before=said.get("months_before_as_of"),
        mapping=None
        if mapping is None
        else tuple((key, _constant(column, value, where)) for key, value in mapping.items()),
        other=_constant(column, said["other"], where) if "other" in said else None,
        kind=_kind(said, where),
        formats=_texts(said, "format"),
        missing=_texts(said, "missing"),
        snake=bool(said.get("snake", False)),
        reduce=_one_of(said, "reduce", ("min", "max")) if "reduce" in said else None,
    )


def _order(said: Mapping[str, Any]) -> ColumnMap:
    _known("latest_by", said, ("from", "type", "format", "missing"))
    if "from" not in said or "type" not in said:
        raise IntakeError("latest_by needs from (a column) and type (INT, DATE, TS, NUM).")
    return ColumnMap(
        column="latest_by",
        source=said["from"],
        kind=_kind(said, "latest_by"),
        formats=_texts(said, "format"),
        missing=_texts(said, "missing"),
    )


def _constants(declared: sa.Table, row: Mapping[str, Any]) -> tuple[tuple[str, Scalar], ...]:
    return tuple(
        (name, _constant(_declared_column(declared, name), value, f"{declared.name}.{name}"))
        for name, value in row.items()
    )


def _declared_column(declared: sa.Table, name: str) -> sa.Column[Any]:
    if name not in declared.c:
        raise UnknownName(f"column of table {declared.name}", name, declared.c.keys())
    return declared.c[name]


_PYTHON: dict[str, Callable[[Any], bool]] = {
    "DATE": lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "TS": lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    "BOOL": lambda value: isinstance(value, bool),
    "INT": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "NUM": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "MONEY": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "UCOST": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


def _constant(column: sa.Column[Any], value: Any, where: str) -> Scalar:
    """Return a stated value if it has the column's type; ``""`` is missing in every type."""
    logical, allowed = column.info["logical"], column.info["allowed"]
    if value == "" or (value == AS_OF and logical == "DATE"):
        return str(value)
    fits = _PYTHON.get(logical, lambda value: isinstance(value, str))
    if not fits(value):
        raise IntakeError(f"{where} is {KINDS_OF_VALUE[logical]}, which {value!r} is not.")
    if allowed and value not in allowed:
        raise UnknownName(f"code for {where}", str(value), allowed)
    stated: Scalar = value
    return stated


def _kind(said: Mapping[str, Any], where: str) -> str | None:
    kind = said.get("type")
    if kind is not None and kind not in KINDS_OF_VALUE:
        raise UnknownName(f"type for {where}", str(kind), KINDS_OF_VALUE)
    return kind


def _condition(said: Mapping[str, Any]) -> Condition:
    _known("where", said, ("column", "is", "is_not", "missing"))
    tests = [word for word in ("is", "is_not", "missing") if word in said]
    if "column" not in said or len(tests) != 1:
        raise IntakeError("where needs a column and one of is, is_not, missing.")
    if tests == ["missing"]:
        return Condition(said["column"], negated=not said["missing"])
    return Condition(said["column"], _texts(said, tests[0]), negated=tests == ["is_not"])


def _remark(said: Mapping[str, Any]) -> Remark:
    _known("[[remark]]", said, ("where", "says"))
    return Remark(_condition(_section(said, "where")), _text(said, "says", ""))


def _known(where: str, said: Mapping[str, Any], known: Iterable[str]) -> None:
    known = tuple(known)
    for name in said:
        if name not in known:
            raise UnknownName(f"setting of {where}", name, known)


def _section(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name, {})
    if not isinstance(found, Mapping):
        raise IntakeError(f"{name} is a section with settings, not {found!r}.")
    return found


def _list(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = said.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise IntakeError(f"{name} is a list of sections.")
    return found


def _text(said: Mapping[str, Any], name: str, default: str) -> str:
    found = said.get(name, default)
    if not isinstance(found, str):
        raise IntakeError(f"{name} is a text, not {found!r}.")
    return found


def _texts(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = said.get(name, [])
    if isinstance(found, str):
        return (found,)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise IntakeError(f"{name} is a list of texts.")
    return tuple(found)


def _day(said: Mapping[str, Any], name: str) -> date | None:
    found = said.get(name)
    if found is not None and not _PYTHON["DATE"](found):
        raise IntakeError(f"{name} is a date such as 2026-01-31, not {found!r}.")
    return found


def _one_of(said: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    found = _text(said, name, allowed[0])
    if found not in allowed:
        raise UnknownName(name, found, allowed)
    return found
