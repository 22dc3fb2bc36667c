"""Writing a recipe as TOML, so that reading the text gives an equal recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxdata.intake.recipe import (
    AcrossMap,
    ColumnMap,
    Condition,
    Factor,
    Layout,
    Recipe,
    Saved,
    TableMap,
)
from cxdata.intake.toml import setting

_PLAIN = (
    *("encoding", "delimiter", "quote", "escape", "comment", "header", "skip", "sheet", "member"),
    *("decimal", "thousands", "dates", "timestamps", "zone", "as_of", "missing", "ignore"),
)
_UNSTATED = ("", None, (), False)


def write_recipe(recipe: Recipe) -> str:
    """Return the recipe as TOML; ``parse_recipe`` of the text, under its name, is equal to it."""
    parts = [
        [
            setting("label", recipe.label),
            setting("about", recipe.about),
            setting("source_system", recipe.source_system),
        ],
        *([] if recipe.saved is None else [["[saved]", *_lines(_saved(recipe.saved))]]),
        *_extract(recipe.layout),
        _headed("[load]", _load(recipe)),
        *(
            ["[[remark]]", *_lines({"where": _condition(one.where), "says": one.says})]
            for one in recipe.remarks
        ),
        *(
            ["[[adapt]]", *_lines({"columns": one.columns, "says": one.says})]
            for one in recipe.adapts
        ),
        *(_table(one) for one in recipe.tables),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _lines(settings: Mapping[str, Any]) -> list[str]:
    return [setting(name, value) for name, value in settings.items() if value not in _UNSTATED]


def _headed(title: str, settings: Mapping[str, Any]) -> list[str]:
    lines = _lines(settings)
    return [title, *lines] if lines else []


def _saved(saved: Saved) -> dict[str, Any]:
    return {
        "version": saved.version,
        "by": saved.by,
        "at": saved.at,
        "why": saved.why,
        "header": saved.header,
    }


def _load(recipe: Recipe) -> dict[str, Any]:
    return {
        "complete_through": recipe.complete_through,
        "history": "" if recipe.history == "dated" else recipe.history,
        "stop_above": recipe.stop_above,
        "mode": recipe.mode,
        "auto": recipe.auto,
    }


def _extract(layout: Layout) -> list[list[str]]:
    """Return ``[extract]`` and its sub-sections; 0 is stated, so it is written."""
    stated = {name: getattr(layout, name) for name in _PLAIN}
    lines = [setting(name, value) for name, value in stated.items() if value not in ("", None, ())]
    return [
        ["[extract]", *lines] if lines else [],
        _by_column("missing_in", dict(layout.missing_in)),
        _by_column("names", dict(layout.names)),
        _by_column("personal", dict(layout.personal)),
        _by_column("writing", {name: dict(answers) for name, answers in layout.writing}),
    ]


def _by_column(name: str, said: Mapping[str, Any]) -> list[str]:
    if not said:
        return []
    return [f"[extract.{name}]", *(setting(column, value) for column, value in said.items())]


def _table(mapped: TableMap) -> list[str]:
    lines = ["[[table]]", setting("name", mapped.table)]
    lines += _lines(
        {
            "optional": mapped.optional,
            "distinct": mapped.distinct,
            "where": [_condition(one) for one in mapped.where] or "",
            "latest_by": "" if mapped.latest_by is None else _order(mapped.latest_by),
            "rows": [dict(row) for row in mapped.rows] or "",
            "long": [_columns(group) for group in mapped.long] or "",
            "across": [_across(one) for one in mapped.across] or "",
        }
    )
    if mapped.columns:
        columns = _columns(mapped.columns).items()
        lines += ["[table.columns]", *(setting(name, value) for name, value in columns)]
    return lines


def _columns(maps: tuple[ColumnMap, ...]) -> dict[str, Any]:
    return {one.column: _column(one) for one in maps}


def _column(one: ColumnMap) -> Any:
    said = _way(one) | _read_as(one)
    if one.reduce is not None:
        said["reduce"] = one.reduce
    if one.when:
        said["when"] = [_condition(condition) for condition in one.when]
    if one.optional:
        said["optional"] = True
    return said["value"] if list(said) == ["value"] else said


def _way(one: ColumnMap) -> dict[str, Any]:
    """Return from what a column is filled."""
    if one.source is not None:
        return {"from": [one.source, *one.otherwise] if one.otherwise else one.source}
    if one.constant is not None:
        return {"value": one.constant}
    if one.template is not None:
        return {"template": one.template}
    if one.record_number is not None:
        return {"record_number": one.record_number}
    if one.months_before is not None:
        return {"months_before_as_of": one.months_before}
    return {"occurrence_of": list(one.occurrence_of), "by": one.by}


def _read_as(one: ColumnMap) -> dict[str, Any]:
    """Return how its text becomes a value."""
    said: dict[str, Any] = {
        "type": one.kind,
        "format": list(one.formats) or None,
        "missing": list(one.missing) or None,
        "snake": one.snake or None,
        "map": None if one.mapping is None else dict(one.mapping),
        "other": one.other,
        "times": _factor(one.times),
        "divided_by": _factor(one.divided_by),
    }
    return {name: value for name, value in said.items() if value is not None}


def _factor(one: Factor | None) -> Any:
    if one is None or one.constant is not None:
        return None if one is None else one.constant
    return {"from": one.source, "map": dict(one.mapping)} if one.mapping else one.source


def _order(one: ColumnMap) -> dict[str, Any]:
    return {"from": one.source} | _read_as(one)


def _across(one: AcrossMap) -> dict[str, Any]:
    said: dict[str, Any] = {"columns": list(one.columns)}
    if one.apart:
        said["except"] = list(one.apart)
    read_as = _read_as(one.value)
    value = {"column": one.value.column} | read_as if read_as else one.value.column
    said |= {"name": one.name, "value": value}
    if one.codes:
        said["codes"] = dict(one.codes)
    if one.constants:
        said["with"] = dict(one.constants)
    return said


def _condition(one: Condition) -> dict[str, Any]:
    said: dict[str, Any] = {"column": one.source}
    if one.values:
        said["is_not" if one.negated else "is"] = list(one.values)
    else:
        said["missing"] = not one.negated
    if one.optional:
        said["optional"] = True
    return said
