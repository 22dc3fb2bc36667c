"""Which columns hold published keys: the share of their values that are known, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from cxdata.intake.values.sql import literal

Shares = Mapping[str, Mapping[str, float]]
"""By column of the extract and by key (``customer.customer_id``): the share of its values known."""

_MOST = 20_000
"""Distinct values of a column that are looked up; more would tell no more."""


def shares(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    header: Sequence[str],
    keys: Mapping[str, str],
    *,
    columns: Sequence[str] = (),
) -> dict[str, dict[str, float]]:
    """Return how much of each column's values are published keys.

    ``relation`` holds the text of the extract as ``c0``, ``c1`` ...; ``keys`` gives, by name such
    as ``customer.customer_id``, the relation with the published keys in its only column ``key``.
    ``columns`` are the columns to look at, all by default. A share of 0 is left out.
    """
    found: dict[str, dict[str, float]] = {}
    for name in columns or header:
        cell = f"trim(c{header.index(name)})"
        known = ", ".join(
            f"count(*) FILTER (value IN (SELECT CAST(key AS VARCHAR) FROM {keys[key]}))"
            for key in keys
        )
        row = connection.execute(
            f"SELECT count(*), {known} FROM (SELECT DISTINCT {cell} AS value FROM {relation} "
            f"WHERE {cell} NOT IN ({literal('')}) LIMIT {_MOST})"
        ).fetchone()
        if row and row[0]:
            counted = zip(keys, row[1:], strict=True)
            found[name] = {key: count / row[0] for key, count in counted if count}
    return {name: them for name, them in found.items() if them}
