"""The currency that an extract writes beside its amounts, against the one its recipe states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cxdata.intake.recipe import ColumnMap, Recipe, TableMap
from cxdata.intake.values import ColumnProfile
from cxdata.model.errors import IntakeError
from cxdata.model.tables import curated

_AMOUNTS = ("MONEY", "UCOST")


def in_currency(recipe: Recipe, profile: Iterable[ColumnProfile]) -> tuple[Recipe, list[str]]:
    """Return the recipe with the currency that is written beside the amounts, and what that says.

    Where the recipe states none, the written one is taken; amounts are never loaded as if they
    were in another.

    Raises:
        IntakeError: the recipe states another one, or the amounts of a row are in several.
    """
    written = {one.name: one.writing.currency for one in profile if one.writing.currency}
    tables, notes = [], []
    for table in recipe.tables:
        found = _written(table, written)
        if found and "currency" in curated(table.table).c:
            table, said = _settled(recipe, table, found)
            notes += said
        tables.append(table)
    return replace(recipe, tables=tuple(tables)), notes


def _written(table: TableMap, written: dict[str, str]) -> dict[str, str]:
    """Return the columns with amounts of a table whose currency is written beside them."""
    columns = curated(table.table).c
    return {
        one.source: written[one.source]
        for group in table.groups
        for one in group
        if one.source in written and columns[one.column].info["logical"] in _AMOUNTS
    }


def _settled(recipe: Recipe, table: TableMap, found: dict[str, str]) -> tuple[TableMap, list[str]]:
    column, currency = next(iter(found.items()))
    for other, another in found.items():
        if another != currency:
            raise IntakeError(
                f"The amounts in {column!r} are in {currency} and those in {other!r} in {another}; "
                f"a row of {table.table} has one currency."
            )
    stated = [one for group in table.groups for one in group if one.column == "currency"]
    for one in stated:
        if one.constant is not None and one.constant != currency:
            raise IntakeError(
                f"The amounts in {column!r} are written in {currency}, and the recipe "
                f"{recipe.name} states {one.constant}; amounts are not taken for another currency."
            )
    if stated:
        return table, []
    added = replace(table, columns=(*table.columns, ColumnMap("currency", constant=currency)))
    return added, [f"The amounts in {column} are in {currency}, as is written beside them."]
