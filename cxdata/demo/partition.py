"""Rows on their way to files: heaped by table and quarter, sorted, one file a heap.

Whoever reads one period opens few files. Small tables are one file. Memory stays flat however
many rows come: beyond a budget the heaps go to a scratch folder (Arrow streams) until the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from cxdata.demo.timeline import Array
from cxdata.model.tables import curated
from cxdata.sources.parquet_io import event_date

BUDGET = 256 * 1024**2
"""Bytes of rows kept in memory before all heaps go to the scratch folder."""
SMALL = 250_000
"""Rows up to which a dated table is one file."""
LARGE = 1_500_000
"""Rows of the largest file."""

Write = Callable[[str, pa.Table], None]
_Place = tuple[str, str]


class Heaps:
    """Heaps of rows by table and quarter; ``write`` gets the rows of each finished file."""

    def __init__(self, write: Write, scratch: Path, budget: int = BUDGET) -> None:
        self._write, self._scratch, self._budget = write, scratch, budget
        self._heaps: defaultdict[_Place, list[pa.RecordBatch]] = defaultdict(list)
        self._streams: dict[_Place, pa.RecordBatchStreamWriter] = {}
        self._rows: defaultdict[_Place, int] = defaultdict(int)
        self._held = 0

    def add(self, table: str, batch: pa.RecordBatch) -> None:
        """Put a batch on its heaps."""
        for quarter, part in _by_quarter(table, batch):
            self._heaps[table, quarter].append(part)
            self._rows[table, quarter] += part.num_rows
            self._held += part.nbytes
        if self._held > self._budget:
            self._spill()

    def finish(self) -> None:
        """Write every heap, table by table and quarter by quarter."""
        for stream in self._streams.values():
            stream.close()
        for table in sorted({table for table, _ in self._rows}):
            places = sorted(place for place in self._rows if place[0] == table)
            small = sum(self._rows[place] for place in places) <= SMALL
            for group in [places] if small else [[place] for place in places]:
                self._file(table, [batch for place in group for batch in self._read(place)])

    def _spill(self) -> None:
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        for place, batches in self._heaps.items():
            if place not in self._streams:
                self._streams[place] = pa.ipc.new_stream(
                    str(self._path(place)), batches[0].schema, options=options
                )
            for batch in batches:
                self._streams[place].write_batch(batch)
        self._heaps.clear()
        self._held = 0

    def _path(self, place: _Place) -> Path:
        return self._scratch / "-".join(place)

    def _read(self, place: _Place) -> Iterator[pa.RecordBatch]:
        if place in self._streams:
            with pa.ipc.open_stream(str(self._path(place))) as stream:
                yield from stream
            self._path(place).unlink()
        yield from self._heaps.pop(place, [])

    def _file(self, table: str, batches: list[pa.RecordBatch]) -> None:
        rows = pa.Table.from_batches(batches)
        for start in range(0, rows.num_rows, LARGE):
            self._write(table, _sorted(table, rows.slice(start, LARGE)))


def _sorted(table: str, rows: pa.Table) -> pa.Table:
    """Return the rows in order of event date, those of one day as they came."""
    dated = event_date(curated(table))
    if dated is not None:
        order = np.argsort(_days(rows.column(dated).combine_chunks()), kind="stable")
        rows = rows.take(pa.array(order))
    return rows.combine_chunks()


def _days(dates: pa.Array) -> Array:
    return dates.view(pa.int32()).to_numpy(zero_copy_only=False)


def _by_quarter(table: str, batch: pa.RecordBatch) -> list[tuple[str, pa.RecordBatch]]:
    """Split a batch by calendar quarter of its event date."""
    dated = event_date(curated(table))
    if dated is None:
        return [("", batch)]
    months = _days(batch.column(dated)).astype("datetime64[D]").astype("datetime64[M]")
    quarters = months.astype(np.int64) // 3
    order = np.argsort(quarters, kind="stable")
    kinds, first = np.unique(quarters[order], return_index=True)
    stops = np.append(first[1:], len(order)).tolist()
    ordered = batch.take(pa.array(order))
    return [
        (f"{1970 + kind // 4}-Q{kind % 4 + 1}", ordered.slice(start, stop - start))
        for kind, start, stop in zip(kinds.tolist(), first.tolist(), stops, strict=True)
    ]
