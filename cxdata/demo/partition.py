"""Rows on their way to files: kept by table and quarter, largest heap written first.

A file holds one table and one quarter (small tables are one file), sorted by event date, so that
whoever reads one period opens few files. Memory stays within a budget however many rows come.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from cxdata.demo.timeline import Array
from cxdata.model.tables import curated
from cxdata.sources.parquet_io import event_date

BUDGET = 256 * 1024**2
"""Bytes of rows kept in memory before the largest heap is written."""
SMALL = 250_000
"""Rows up to which a table is one file."""

_ALL = ""

Write = Callable[[str, pa.Table], None]


class Heaps:
    """Heaps of rows by table and quarter; ``write`` gets each finished file's rows."""

    def __init__(self, write: Write, budget: int = BUDGET) -> None:
        self._write, self._budget = write, budget
        self._heaps: dict[tuple[str, str], list[pa.RecordBatch]] = {}
        self._bytes: dict[tuple[str, str], int] = {}
        self._split: set[str] = set()

    def add(self, table: str, batch: pa.RecordBatch) -> None:
        """Put a batch on its heaps."""
        for quarter, part in _by_quarter(table, batch):
            place = (table, quarter)
            self._heaps.setdefault(place, []).append(part)
            self._bytes[place] = self._bytes.get(place, 0) + part.nbytes
        while sum(self._bytes.values()) > self._budget:
            place = max(self._bytes, key=lambda key: (self._bytes[key], key))
            self._split.add(place[0])
            self._flush([place])

    def finish(self) -> None:
        """Write what is left, table by table and quarter by quarter."""
        for table in sorted({table for table, _ in self._heaps}):
            places = sorted(place for place in self._heaps if place[0] == table)
            rows = sum(batch.num_rows for place in places for batch in self._heaps[place])
            whole = rows <= SMALL and table not in self._split
            for group in [places] if whole else [[place] for place in places]:
                self._flush(group)

    def _flush(self, places: list[tuple[str, str]]) -> None:
        table = places[0][0]
        batches = [batch for place in places for batch in self._heaps.pop(place)]
        for place in places:
            del self._bytes[place]
        rows = pa.Table.from_batches(batches)
        dated = event_date(curated(table))
        if dated is not None:
            order = np.argsort(_dates(rows.column(dated)), kind="stable")
            rows = rows.take(pa.array(order))
        self._write(table, rows.combine_chunks())


def _dates(column: pa.ChunkedArray) -> Array:
    return column.combine_chunks().view(pa.int32()).to_numpy(zero_copy_only=False)


def _by_quarter(table: str, batch: pa.RecordBatch) -> list[tuple[str, pa.RecordBatch]]:
    """Split a batch by calendar quarter of its event date."""
    dated = event_date(curated(table))
    if dated is None:
        return [(_ALL, batch)]
    days = batch.column(dated).view(pa.int32()).to_numpy(zero_copy_only=False)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    quarters = months // 3
    order = np.argsort(quarters, kind="stable")
    kinds, first = np.unique(quarters[order], return_index=True)
    ordered = batch.take(pa.array(order))
    stops = np.append(first[1:], len(order))
    return [
        (f"{1970 + kind // 4}-Q{kind % 4 + 1}", ordered.slice(start, stop - start))
        for kind, start, stop in zip(kinds.tolist(), first.tolist(), stops.tolist(), strict=True)
    ]
