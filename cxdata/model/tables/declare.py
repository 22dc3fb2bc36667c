"""How a curated table is declared: logical types, columns, tables.

The declaration is a plain SQLAlchemy ``Table``; what SQLAlchemy has no word for (the sentence, the
allowed codes, the range, the stated default) travels in ``.info``. DDL, upload checks, CSV
templates and the data dictionary are all read from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

PROVENANCE = ("source_system", "loaded_at")
"""Columns that say where a row came from and when: two rows of one content may differ in them."""

CURATED = sa.MetaData()

Kind = Literal["dimension", "fact", "administration"]


@dataclass(frozen=True)
class Logical:
    """A logical column type: its name in the dictionary and its SQL type."""

    name: str
    sql: sa.types.TypeEngine[Any]


ID = Logical("ID", sa.String(64))
CODE = Logical("CODE", sa.String(64))
TEXT = Logical("TEXT", sa.Text())
DATE = Logical("DATE", sa.Date())
TS = Logical("TS", sa.DateTime(timezone=True))
MONEY = Logical("MONEY", sa.Numeric(18, 2))
UCOST = Logical("UCOST", sa.Numeric(18, 4))
NUM = Logical("NUM", sa.Double())
INT = Logical("INT", sa.Integer())
BOOL = Logical("BOOL", sa.Boolean())
CCY = Logical("CCY", sa.String(3))

_NOTHING = object()


def col(
    name: str,
    logical: Logical,
    doc: str,
    *,
    null: bool = False,
    default: Any = _NOTHING,
    allowed: tuple[str, ...] = (),
    low: float | None = None,
    high: float | None = None,
    positive: bool = False,
    refers: str | None = None,
) -> sa.Column[Any]:
    """Declare one column.

    ``null`` says the value may be absent. ``default`` is the stated value a recipe or a plain
    folder uses where the extract has no such column; a column with neither is required.
    ``refers`` names the ``table.column`` that it points to.
    """
    info: dict[str, Any] = {
        "logical": logical.name,
        "doc": doc,
        "allowed": allowed,
        "low": low,
        "high": high,
        "positive": positive,
        "refers": refers,
        "required": not null and default is _NOTHING,
    }
    if default is not _NOTHING:
        info["default"] = default
    return sa.Column(name, logical.sql, nullable=null, info=info)


def key(name: str, logical: Logical, doc: str, **more: Any) -> sa.Column[Any]:
    """Declare a column of the primary key."""
    column = col(name, logical, doc, **more)
    column.primary_key = True
    column.info["key"] = True
    return column


def _provenance() -> list[sa.Column[Any]]:
    return [
        col("source_system", CODE, "System the row came from.", null=True),
        col("loaded_at", TS, "Instant the row was loaded (UTC).", null=True),
    ]


def table(
    name: str,
    kind: Kind,
    grain: str,
    *columns: sa.Column[Any],
    event_date: str | None = None,
) -> sa.Table:
    """Declare one curated table. Facts also carry where a row came from and when it was loaded."""
    extra = _provenance() if kind == "fact" else []
    return sa.Table(
        name,
        CURATED,
        *columns,
        *extra,
        info={"kind": kind, "grain": grain, "event_date": event_date},
    )
