"""The curated star schema, declared once (METRICS.md section 1).

``CURATED`` holds one SQLAlchemy ``Table`` per curated table, in the order of the specification.
"""

from __future__ import annotations

import sqlalchemy as sa

from cxdata.model.errors import UnknownName
from cxdata.model.tables import administration, behaviour, dimensions, experience
from cxdata.model.tables.declare import CURATED, PROVENANCE

__all__ = [
    "CURATED",
    "PROVENANCE",
    "administration",
    "behaviour",
    "curated",
    "dimensions",
    "experience",
    "required",
]


def curated(name: str) -> sa.Table:
    """Return the declared table of that name, or say which names are near."""
    try:
        return CURATED.tables[name]
    except KeyError:
        raise UnknownName("table", name, CURATED.tables) from None


def required(table: sa.Table) -> tuple[str, ...]:
    """Return the columns that an extract of the table cannot do without."""
    return tuple(column.name for column in table.columns if column.info["required"])
