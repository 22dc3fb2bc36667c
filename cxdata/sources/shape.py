"""The declared shape of a table laid over whatever columns are there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.selectable import FromClause


def shaped(
    table: sa.Table,
    origin: FromClause,
    present: Collection[str],
    renamed: Mapping[str, str] | None = None,
) -> sa.Select[Any]:
    """Select every declared column of a table from rows that have only some of them.

    An absent column holds its stated default (a customer is no test account unless the data say
    so), else a typed NULL. ``renamed`` maps a curated column to its name in the origin.
    """
    names = renamed or {}
    return sa.select(
        *(
            sa.cast(origin.c[names.get(column.name, column.name)], column.type).label(column.name)
            if column.name in present
            else absent(column)
            for column in table.columns
        )
    )


def absent(column: sa.Column[Any]) -> sa.Label[Any]:
    """Return what stands in for a column that the data do not have."""
    default = column.info.get("default")
    value = sa.null() if default is None else sa.literal(default, column.type)
    return sa.cast(value, column.type).label(column.name)


def rendered(select: sa.SelectBase, dialect: Dialect) -> str:
    """Return the SQL text of a SELECT with its constants written out, for a view's definition."""
    compiled = select.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    text = str(compiled)
    return text.replace("%%", "%") if dialect.paramstyle in ("format", "pyformat") else text
