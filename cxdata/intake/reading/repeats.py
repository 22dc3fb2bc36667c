"""Records that stand twice, byte for byte, and keys that stand at different records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

_KEY = re.compile(r"(?:.*[\s_\-.])?(?:id|key|nr|no|uuid|guid|number|code)|.*ID|.*Id")
_NEARLY = 0.9
_HALF = 0.5
_COLUMNS = 500


@dataclass(frozen=True)
class Repeats:
    """``identical``: records that repeat another one; ``keys``: those that share only its key."""

    identical: int = 0
    keys: int = 0
    column: str = ""
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Return the number of records in doubt."""
        return self.identical + self.keys


def find(
    connection: duckdb.DuckDBPyConnection, relation: str, header: Sequence[str], records: int
) -> Repeats:
    """Return what repeats, by hashes of all records; a key is looked for in the first column."""
    if records < 2 or not header:
        return Repeats()
    name = " ".join(header[0].split())
    whole = ", ".join(f"c{place}" for place in range(len(header)))
    parts = [f"hash({whole})", "hash(trim(c0))", "trim(c0) <> ''"]
    found = connection.execute(f"SELECT {', '.join(parts)} FROM {relation}").fetchnumpy()
    rows, keys, filled = (np.asarray(found[one]) for one in found)
    identical = records - len(np.unique(rows))
    shared, among = 0, records
    if _KEY.fullmatch(name):
        rows, keys = rows[filled.astype(bool)], keys[filled.astype(bool)]
        among = len(np.unique(keys))
        shared = _sharing(rows, keys)
    enough = _HALF if name.casefold() in ("id", "key") else _NEARLY
    if not shared or among < enough * len(keys):
        shared = 0
    return Repeats(identical, shared, header[0] if shared else "", _notes(identical, shared, name))


def _sharing(rows: NDArray[np.uint64], keys: NDArray[np.uint64]) -> int:
    """Count the keys that stand at records which differ."""
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    differs = (keys[1:] == keys[:-1]) & (rows[1:] != rows[:-1])
    return len(np.unique(keys[1:][differs]))


def _notes(identical: int, shared: int, name: str) -> tuple[str, ...]:
    notes = []
    if identical:
        said = "1 record is" if identical == 1 else f"{identical:,} records are"
        notes.append(
            f"{said} identical to an earlier one, in every cell: one of each is enough, so check "
            "whether the extract holds records twice."
        )
    if shared:
        said = "1 value stands" if shared == 1 else f"{shared:,} values stand"
        notes.append(
            f"There are duplicate keys (a duplicate key is an identifier of two records): {said} "
            f"in {name!r} at records that differ."
        )
    return tuple(notes)
