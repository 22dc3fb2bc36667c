"""Where accepted records wait: in memory where few, as a strict copy on disk where many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cxdata.intake.reading.data import CHUNK, Data
from cxdata.intake.reading.split import Record
from cxdata.intake.reading.staged import held

_BATCH, _CELLS = 50_000, 1_000_000

Places = NDArray[np.int64]
"""For each accepted record: number, line, first byte, number of bytes."""


@dataclass(frozen=True)
class Copied:
    """How the copy is written: one character each, so that the engine reads it strictly."""

    delimiter: str
    quote: str
    line_end: str

    def strict(self, cells: Sequence[str]) -> bytes:
        """Return a record with every cell quoted."""
        mark = self.quote
        inner = f"{mark}{self.delimiter}{mark}".join(
            cell.replace(mark, mark + mark) for cell in cells
        )
        return f"{mark}{inner}{mark}{self.line_end}".encode()


class Index:
    """Where accepted records stand in the text, on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb", buffering=CHUNK)
        self._waiting: list[tuple[int, int, int, int]] = []

    def add(self, number: int, record: Record) -> None:
        """Take the place of one record."""
        self._waiting.append((number, record.line, record.start, record.end - record.start))
        if len(self._waiting) > 10_000:
            self._write()

    def add_all(self, places: Places) -> None:
        """Take the places of many records."""
        self._write()
        self._file.write(places.tobytes())

    def close(self) -> None:
        """Write what waits."""
        self._write()
        self._file.close()

    def places(self) -> Places:
        """Return the places of all records, mapped from disk."""
        if not self._path.stat().st_size:
            return np.empty((0, 4), np.int64)
        return np.memmap(self._path, np.int64, "r").reshape(-1, 4)

    def _write(self) -> None:
        if self._waiting:
            self._file.write(np.array(self._waiting, np.int64).tobytes())
            self._waiting.clear()


class Few:
    """Accepted records of a small text, in memory."""

    def __init__(self) -> None:
        self.records: list[tuple[int, int, Sequence[str]]] = []
        self._places: list[tuple[int, int, int, int]] = []

    def accept(self, number: int, record: Record) -> None:
        """Take one record."""
        self.records.append((number, record.line, record.cells or []))
        size = record.end - record.start
        self._places.append((number, record.line, record.start, size))

    def places(self) -> Places:
        """Return where the records stand."""
        return np.array(self._places, np.int64).reshape(-1, 4)


class Streamed:
    """Accepted records of a large text that only the slow lane reads: to Parquet in batches."""

    def __init__(self, folder: Path, width: int) -> None:
        self.path = folder / "records.parquet"
        self.index = Index(folder / "places.i64")
        self._width = width
        self._batch = max(1_000, min(_BATCH, _CELLS // width))
        self._waiting: list[tuple[int, int, Sequence[str]]] = []
        self._writer = pq.ParquetWriter(self.path, held([], width).schema, use_dictionary=False)

    def accept(self, number: int, record: Record) -> None:
        """Take one record."""
        self.index.add(number, record)
        self._waiting.append((number, record.line, record.cells or []))
        if len(self._waiting) >= self._batch:
            self._write()

    def close(self) -> None:
        """Write what waits."""
        self._write()
        self._writer.close()
        self.index.close()

    def _write(self) -> None:
        if self._waiting:
            self._writer.write_table(held(self._waiting, self._width))
            self._waiting.clear()


class Deviates(Exception):
    """A text cannot be read as it stands."""


class Many:
    """Accepted records of a large text: as they stand, or as a copy without what is set aside.

    As long as every record follows on the one before and is strict as it stands, nothing is
    copied (``is_whole``): the text itself is read. From the first that is not, the records are
    copied: spans of strict ones byte by byte, others written anew, strictly. With ``only_whole``
    no copy is made: ``Deviates`` is raised instead.
    """

    def __init__(
        self, data: Data, folder: Path, start: int, copied: Copied, *, only_whole: bool = False
    ) -> None:
        self.data = data
        self.copied = copied
        self.copy = folder / "copy.csv"
        self.count = 0
        self.longest = 0
        self._line_end = copied.line_end.encode()
        self._from = self._to = start
        self._copying = False
        self._only_whole = only_whole
        self._writer = self.copy.open("wb", buffering=CHUNK)
        self.index = Index(folder / "places.i64")

    @property
    def is_whole(self) -> bool:
        """Return whether the text can be read as it stands from its first record to its end."""
        on_disk = self.data.path is not None
        return on_disk and not self._copying and self._to == len(self.data.view)

    def accept(self, number: int, record: Record) -> None:
        """Take one record."""
        self.index.add(number, record)
        self.count += 1
        self.longest = max(self.longest, record.end - record.start)
        if record.lines > 1:
            self.deviate(only_for_lines=True)
        line_end = self.data.view[record.end : record.after]
        if not record.clean or line_end not in (self._line_end, b""):
            self.patch(self.copied.strict(record.cells or []))
        else:
            self._keep(record.start, record.after)

    def accept_span(
        self, places: Places, start: int, after: int, written: bytes | None = None
    ) -> None:
        """Take records that stand one behind the other and are strict as they stand.

        ``written`` stands in the copy for them, where their line ends are not its own.
        """
        self.index.add_all(places)
        self.count += len(places)
        self.longest = max(self.longest, int(places[:, 3].max(initial=0)))
        if written is None:
            self._keep(start, after)
        else:
            self.patch(written)

    def deviate(self, *, only_for_lines: bool = False) -> None:
        """Begin to copy; lines inside quotes are a reason only where no copy is made."""
        if self._only_whole:
            self._writer.close()
            self.index.close()
            raise Deviates
        self._copying = self._copying or not only_for_lines

    def close(self) -> None:
        """Write what waits; the copy is complete then."""
        if not self.is_whole:
            self.deviate()
            self._flush()
        self.index.close()
        self._writer.close()

    def _keep(self, start: int, after: int) -> None:
        if start != self._to:
            self.deviate()
            self._flush()
            self._from = start
        self._to = after

    def patch(self, raw: bytes) -> None:
        """Write bytes to the copy in place of those of the text."""
        self.deviate()
        self._flush()
        self._writer.write(raw)
        self._from = self._to = -1

    def _flush(self) -> None:
        """Copy the span of records that is open."""
        for place in range(self._from, self._to, CHUNK):
            self._writer.write(self.data.view[place : min(place + CHUNK, self._to)])
            self.data.forget(place, place + CHUNK)
        if self._to > self._from and self._to == self.data.size:
            last = self.data.view[self._to - 1 : self._to]
            if last not in (b"\n", b"\r"):
                self._writer.write(self._line_end)
        self._from = self._to
