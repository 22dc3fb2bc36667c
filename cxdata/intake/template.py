"""An extract that has a table's own columns needs no recipe: each column is what it is called."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from cxdata.intake.recipe import ColumnMap, Layout, Recipe, TableMap
from cxdata.model.tables import CURATED
from cxdata.model.tables.dictionary import csv_template


def template_recipe(header: Sequence[str]) -> Recipe | None:
    """Return the recipe of an extract whose columns are those of a table's CSV template, or None.

    The order of the columns makes no difference; none may lack and none be more, so that no name
    that two tables share decides by itself.
    """
    for table in CURATED.tables.values():
        if set(header) == set(_template(table)) and len(set(header)) == len(header):
            return Recipe(
                name=str(table.name),
                label=f"Template of {table.name}",
                about="An extract with the table's own columns.",
                source_system="",
                layout=Layout(),
                tables=(
                    TableMap(table.name, tuple(ColumnMap(name, source=name) for name in header)),
                ),
            )
    return None


def _template(table: sa.Table) -> list[str]:
    return csv_template(table).strip().split(",")
