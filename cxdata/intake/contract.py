"""The checks of the declaration as SQL predicates that are true where a row breaks them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from cxdata.intake.values.sql import any_of
from cxdata.model.tables.checks import EXCLUSIVE_ENDS, SIGNED, STARTS_AND_ENDS, Check, checks
from cxdata.model.tables.currencies import CURRENCIES

_LONGEST = {"ID": 64, "CODE": 64}


def breaches(table: sa.Table, loaded_on: date) -> tuple[tuple[Check, str], ...]:
    """Return each check that a row can break by itself, with the predicate of its breach.

    Keys, overlaps and references need other rows and are not here. ``loaded_on`` is the business
    day of loading.
    """
    found = []
    for check in checks(table):
        predicate = _predicate(table, check, loaded_on)
        if predicate:
            found.append((check, predicate))
    return tuple(found)


def _predicate(table: sa.Table, check: Check, loaded_on: date) -> str:
    name = check.column
    if check.rule == "required":
        return f"{name} IS NULL"
    if check.rule == "type":
        return _of_type(table.c[name])
    if check.rule == "allowed":
        return f"{name} NOT IN ({any_of(table.c[name].info['allowed'])})"
    if check.rule == "range":
        return " OR ".join(_bounds(table.c[name]))
    if check.rule == "order":
        start, end = STARTS_AND_ENDS[table.name]
        return f"{end} {'<=' if table.name in EXCLUSIVE_ENDS else '<'} {start}"
    if check.rule == "sign":
        rule = SIGNED[table.name]
        others = [one for one in table.c[rule.kind].info["allowed"] if one != rule.positive]
        return (
            f"CASE WHEN {rule.kind} = '{rule.positive}' THEN {rule.amount} < 0 "
            f"WHEN {rule.kind} IN ({any_of(others)}) THEN {rule.amount} > 0 END"
        )
    if check.rule == "not_future":
        return f"{name} > DATE '{loaded_on}'"
    return ""


def _of_type(column: sa.Column) -> str:
    logical, name = column.info["logical"], column.name
    if logical in _LONGEST:
        return f"length({name}) > {_LONGEST[logical]}"
    if logical == "CCY":
        return f"{name} NOT IN ({any_of(sorted(CURRENCIES))})"
    if logical == "NUM":
        return f"NOT isfinite({name})"
    return ""


def _bounds(column: sa.Column) -> list[str]:
    info, name = column.info, column.name
    bounds = [f"{name} <= 0"] if info["positive"] else []
    if info["low"] is not None:
        bounds.append(f"{name} < {info['low']}")
    if info["high"] is not None:
        bounds.append(f"{name} > {info['high']}")
    return bounds
