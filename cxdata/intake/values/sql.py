"""Texts and stated values as SQL of the embedded engine."""

from __future__ import annotations

from collections.abc import Sequence

from cxdata.intake.recipe import Scalar

SQL_TYPES: dict[str, str] = {
    "ID": "VARCHAR",
    "CODE": "VARCHAR",
    "TEXT": "VARCHAR",
    "CCY": "VARCHAR",
    "DATE": "DATE",
    "TS": "TIMESTAMPTZ",
    "MONEY": "DECIMAL(18, 2)",
    "UCOST": "DECIMAL(18, 4)",
    "NUM": "DOUBLE",
    "INT": "INTEGER",
    "BOOL": "BOOLEAN",
}


def literal(value: str) -> str:
    """Return a text as a SQL literal.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def constant(value: Scalar, logical: str) -> str:
    """Return a stated value as a typed SQL expression; the empty text is NULL."""
    if value == "":
        return f"CAST(NULL AS {SQL_TYPES[logical]})"
    return f"CAST({literal(str(value))} AS {SQL_TYPES[logical]})"


def any_of(values: Sequence[str]) -> str:
    """Return a list of text literals for ``IN``."""
    return ", ".join(literal(value) for value in values)


def snake_case(text: str) -> str:
    """Return an expression for a name as a code: ``'Fiber optic'`` as ``fiber_optic``."""
    joined = rf"regexp_replace(lower({text}), '[^\p{{L}}\p{{N}}]+', '_', 'g')"
    return f"nullif(trim({joined}, '_'), '')"
