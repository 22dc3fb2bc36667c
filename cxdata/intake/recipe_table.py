"""The ``[[table]]`` sections of a recipe: parsed, and held to the declared tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cxdata.intake.recipe import (
    AS_OF,
    DURATION,
    AcrossMap,
    ColumnMap,
    Condition,
    Factor,
    Scalar,
    TableMap,
)
from cxdata.intake.toml import known, one_of, section, sections, text, texts, yes
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.tables import curated, required
from cxdata.model.tables.checks import KINDS_OF_VALUE

_WAYS = ("from", "value", "template", "record_number", "months_before_as_of", "occurrence_of")
_READING = ("type", "format", "missing", "snake", "map", "other", "times", "divided_by")
_WORDS = (*_WAYS, *_READING, "by", "reduce", "when", "optional")
_TABLE = (
    *("name", "columns", "long", "across", "where", "latest_by", "distinct", "rows"),
    "optional",
)
_KINDS = (*KINDS_OF_VALUE, DURATION)


def parse_table(said: Mapping[str, Any]) -> TableMap:
    """Return what one ``[[table]]`` section says."""
    known("[[table]]", said, _TABLE)
    declared = curated(text(said, "name"))
    latest = said.get("latest_by")
    mapped = TableMap(
        table=declared.name,
        columns=_columns(declared, section(said, "columns")),
        long=tuple(_columns(declared, one) for one in sections(said, "long")),
        across=tuple(_across(declared, one) for one in sections(said, "across")),
        where=tuple(parse_condition(one) for one in sections(said, "where")),
        latest_by=None if latest is None else _order(latest),
        distinct=yes(said, "distinct"),
        rows=tuple(_constants(declared, one) for one in sections(said, "rows")),
        optional=yes(said, "optional"),
    )
    _fills(declared, mapped)
    return mapped


def parse_condition(said: Mapping[str, Any]) -> Condition:
    """Return what one condition on records says."""
    known("where", said, ("column", "is", "is_not", "missing", "optional"))
    tests = [word for word in ("is", "is_not", "missing") if word in said]
    if not text(said, "column") or len(tests) != 1:
        raise IntakeError("where needs a column and one of is, is_not, missing.")
    column, optional = text(said, "column"), yes(said, "optional")
    if tests == ["missing"]:
        return Condition(column, negated=not yes(said, "missing"), optional=optional)
    values = texts(said, tests[0])
    return Condition(column, values, negated=tests == ["is_not"], optional=optional)


def _fills(declared: sa.Table, mapped: TableMap) -> None:
    name = declared.name
    if bool(mapped.rows) == bool(mapped.columns or mapped.long or mapped.across):
        raise IntakeError(f"table {name} needs either columns (or long, or across) or rows.")
    for names in _filled(mapped):
        for needed in required(declared):
            if needed not in names:
                raise IntakeError(f"table {name} cannot do without the column {needed}.")
        if len(set(names)) < len(names):
            raise IntakeError(f"table {name} fills a column both in columns and in long.")
    maps = [one for group in mapped.groups for one in group]
    if any(one.reduce for one in maps) and not mapped.distinct:
        raise IntakeError(f"table {name} uses reduce, so it must say distinct = true.")
    for one in maps:
        if one.optional and one.column in required(declared) and not mapped.optional:
            raise IntakeError(
                f"table {name} cannot do without the column {one.column}, so it is not optional; "
                "make the table optional."
            )


def _filled(mapped: TableMap) -> list[list[str]]:
    """Return the names of the columns of each kind of row that the table gets."""
    if mapped.rows:
        return [[name for name, _ in row] for row in mapped.rows]
    common = [one.column for one in mapped.columns]
    wide = [
        [*common, one.name, one.value.column, *(name for name, _ in one.constants)]
        for one in mapped.across
    ]
    if wide and not mapped.long:
        return wide
    return [[one.column for one in group] for group in mapped.groups] + wide


def _columns(declared: sa.Table, said: Mapping[str, Any]) -> tuple[ColumnMap, ...]:
    return tuple(_column(declared, name, one) for name, one in said.items())


def _column(declared: sa.Table, name: str, said: Any) -> ColumnMap:
    column = _declared_column(declared, name)
    where = f"{declared.name}.{name}"
    if not isinstance(said, Mapping):
        return ColumnMap(name, constant=_constant(column, said, where))
    known(where, said, _WORDS)
    ways = [way for way in _WAYS if way in said]
    if len(ways) != 1:
        raise IntakeError(f"{where} needs exactly one of {', '.join(_WAYS)}.")
    source, *otherwise = texts(said, "from") or (None,)
    if "occurrence_of" in said and not text(said, "by"):
        raise IntakeError(f"{where} numbers records, so it must say by which instant.")
    return ColumnMap(
        column=name,
        source=source,
        otherwise=tuple(one for one in otherwise if one),
        constant=_constant(column, said["value"], where) if "value" in said else None,
        template=_stated(said, "template"),
        record_number=_stated(said, "record_number"),
        months_before=_stated(said, "months_before_as_of"),
        occurrence_of=texts(said, "occurrence_of"),
        by=_stated(said, "by"),
        reduce=one_of(said, "reduce", ("min", "max")) if "reduce" in said else None,
        when=tuple(parse_condition(one) for one in _conditions(said)),
        optional=yes(said, "optional"),
        **_read_as(column, said, where),
    )


def _read_as(column: sa.Column[Any], said: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return how the text of a cell becomes a value."""
    mapping = said.get("map")
    if mapping is not None and not isinstance(mapping, Mapping):
        raise IntakeError(f"map of {where} is a section with a line for each value.")
    factors = {name: _factor(said[name], where) for name in ("times", "divided_by") if name in said}
    if factors and (mapping is not None or ("from" not in said and "column" not in said)):
        raise IntakeError(f"{where} can multiply and divide only what it takes from a column.")
    return {
        "mapping": None
        if mapping is None
        else tuple((key, _constant(column, value, where)) for key, value in mapping.items()),
        "other": _constant(column, said["other"], where) if "other" in said else None,
        "kind": _kind(said, where),
        "formats": texts(said, "format"),
        "missing": texts(said, "missing"),
        "snake": yes(said, "snake"),
        **factors,
    }


def _conditions(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """One condition, or a list of those that all hold."""
    return [said["when"]] if isinstance(said.get("when"), Mapping) else sections(said, "when")


def _factor(said: Any, where: str) -> Factor:
    if isinstance(said, str):
        return Factor(source=said)
    if isinstance(said, Mapping):
        known(f"the factor of {where}", said, ("from", "map"))
        words = section(said, "map")
        numbers = tuple((word, _positive(value, where)) for word, value in words.items())
        if not text(said, "from") or not numbers:
            raise IntakeError(f"The factor of {where} needs from (a column) and a map to numbers.")
        return Factor(source=text(said, "from"), mapping=numbers)
    return Factor(constant=_positive(said, where))


def _positive(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise IntakeError(f"The factor of {where} is a number above 0, not {value!r}.")
    return value


def _across(declared: sa.Table, said: Mapping[str, Any]) -> AcrossMap:
    known("across", said, ("columns", "except", "name", "value", "codes", "with"))
    name, columns = text(said, "name"), texts(said, "columns")
    if not name or not columns or "value" not in said:
        raise IntakeError("across needs columns (patterns), name and value (curated columns).")
    value = said["value"] if isinstance(said["value"], Mapping) else {"column": said["value"]}
    known("the value of across", value, ("column", *_READING))
    target = _declared_column(declared, text(value, "column"))
    _declared_column(declared, name)
    where = f"{declared.name}.{target.name}"
    codes = section(said, "codes")
    return AcrossMap(
        columns=columns,
        apart=texts(said, "except"),
        name=name,
        value=ColumnMap(target.name, **_read_as(target, value, where)),
        codes=tuple((key, text(codes, key)) for key in codes),
        constants=_constants(declared, section(said, "with")),
    )


def _order(said: Mapping[str, Any]) -> ColumnMap:
    known("latest_by", said, ("from", "type", "format", "missing"))
    if "from" not in said or "type" not in said:
        raise IntakeError("latest_by needs from (a column) and type (INT, DATE, TS, NUM).")
    return ColumnMap(
        column="latest_by",
        source=text(said, "from"),
        kind=_kind(said, "latest_by"),
        formats=texts(said, "format"),
        missing=texts(said, "missing"),
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


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_PYTHON: dict[str, Callable[[Any], bool]] = {
    "DATE": lambda value: isinstance(value, date) and not isinstance(value, datetime),
    "TS": lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    "BOOL": lambda value: isinstance(value, bool),
    "INT": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "NUM": _is_number,
    "MONEY": _is_number,
    "UCOST": _is_number,
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
    if kind is not None and kind not in _KINDS:
        raise UnknownName(f"type for {where}", str(kind), _KINDS)
    return kind


def _stated(said: Mapping[str, Any], name: str) -> str | None:
    return text(said, name) if name in said else None
