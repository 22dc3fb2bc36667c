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
_BATCH = 200_000
_TOGETHER = 500
"""Columns that are hashed at once; each takes buffers of the engine."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Keeps the order of the parts of a wide record in its hash."""

Hashes = NDArray[np.uint64]


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
    rows, keys = _hashes(connection, relation, len(header), records)
    shared = 0
    if _KEY.fullmatch(name):
        filled = keys != 0
        among = len(np.unique(keys)) - (not filled.all())
        enough = _HALF if name.casefold() in ("id", "key") else _NEARLY
        if enough * filled.sum() <= among < filled.sum():
            shared = _sharing(rows[filled], keys[filled])
    rows.sort()
    identical = int((rows[1:] == rows[:-1]).sum())
    return Repeats(identical, shared, header[0] if shared else "", _notes(identical, shared, name))


def _hashes(
    connection: duckdb.DuckDBPyConnection, relation: str, width: int, records: int
) -> tuple[Hashes, Hashes]:
    """Return a hash of each record and of its first cell, 0 where that is blank."""
    rows, keys = np.zeros(records, np.uint64), np.zeros(records, np.uint64)
    for start in range(0, width, _TOGETHER):
        stop = min(width, start + _TOGETHER)
        part = ", ".join(f"c{place}" for place in range(start, stop))
        key = "if(trim(c0) = '', 0, hash(trim(c0)))" if not start else "NULL"
        query = f"SELECT hash({part}), {key} FROM {relation}"
        done = 0
        for batch in connection.execute(query).to_arrow_reader(_BATCH):
            place = slice(done, done + len(batch))
            rows[place] = rows[place] * _ODD + np.asarray(batch.column(0), np.uint64)
            if not start:
                keys[place] = np.asarray(batch.column(1), np.uint64)
            done += len(batch)
    return rows, keys


def _sharing(rows: Hashes, keys: Hashes) -> int:
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
