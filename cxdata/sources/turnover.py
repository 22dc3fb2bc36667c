"""What came and what went between two versions of a source that keeps its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cxdata.model.tables import CURATED
from cxdata.sources.duckdb_engine import Parquet, rows_of
from cxdata.sources.source import Rows, Turnover

Files = Mapping[str, Sequence[Parquet]]
"""The files of each table, grouped by the columns they have."""


def turnover(before: Files, now: Files) -> dict[str, Turnover] | None:
    """Return the rows in files that only one of two versions has; None where a file is gone.

    A table that has the same files in both is not in it.
    """
    found = {}
    for name in sorted(before.keys() | now.keys()):
        old, new = (_paths(files.get(name, ())) for files in (before, now))
        if old != new:
            found[name] = Turnover(_rows(name, now, new - old), _rows(name, before, old - new))
    lost = (path for name in found for path in _paths(before.get(name, ())))
    return found if all(Path(path).exists() for path in lost) else None


def _paths(groups: Sequence[Parquet]) -> frozenset[str]:
    return frozenset(path for group in groups for path in group.paths)


def _rows(name: str, files: Files, wanted: frozenset[str]) -> Rows | None:
    """Rows of the wanted ones of a table's files, in the declared shape."""
    if not wanted:
        return None
    kept = (
        Parquet(group.columns, tuple(path for path in group.paths if path in wanted))
        for group in files[name]
    )
    return rows_of(CURATED.tables[name], [group for group in kept if group.paths])
