"""A file as it was read: its header, its records as text, and everything there is to say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cxdata.intake.reading.aside import Aside
from cxdata.intake.reading.result import Dialect, Question, SetAside
from cxdata.intake.reading.staged import LINE, RECORD, Staged

BATCH = 50_000
"""Records of a batch."""

_HARMLESS = frozenset({"question_text"})
"""Rules of records that were never meant as data, so that setting them aside rejects nothing."""


@dataclass(frozen=True)
class Reading:
    """One extract: ``records`` = accepted + set aside, or ``refused`` with one sentence.

    ``header`` are the names of the columns as in the file, blank ones filled and repeated ones
    numbered; ``original_header`` are the texts that stand there. ``sha256`` and ``bytes`` are
    those of the file as it was given. ``profile`` says how the values of each column are written.
    ``of_values`` are those of the notes that speak of values and keys, and ``doubts`` counts what
    the values make doubtful: faults by type, identical records, keys that repeat.
    """

    path: Path
    dialect: Dialect = field(default_factory=Dialect)
    header: tuple[str, ...] = ()
    original_header: tuple[str, ...] = ()
    sha256: str = ""
    bytes: int = 0
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str | None = None
    of_values: tuple[str, ...] = ()
    doubts: int = 0
    profile: tuple[Any, ...] = ()
    ledger: Aside = field(default_factory=Aside, repr=False)
    staged: Staged | None = field(default=None, repr=False)
    raw_text: Callable[[Sequence[int]], dict[int, str]] | None = field(default=None, repr=False)
    workspace: Any = field(default=None, repr=False)

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what reading put on disk, if it chose the place itself."""
        if self.workspace is not None:
            self.workspace.close()

    @property
    def accepted(self) -> int:
        """Return the number of records that were accepted."""
        return self.staged.count if self.staged is not None else 0

    @property
    def aside_count(self) -> int:
        """Return the number of records that were set aside."""
        return self.ledger.count

    @property
    def records(self) -> int:
        """Return the number of records of the file: accepted and set aside."""
        return self.accepted + self.aside_count

    @property
    def set_aside(self) -> Sequence[SetAside]:
        """Return the first records that were set aside; ``aside_table`` has them all."""
        return self.ledger.first

    @property
    def outcome(self) -> str:
        """Return what becomes of the file: ``refuse``, ``ask``, ``reject`` (some) or ``accept``."""
        if self.refused is not None:
            return "refuse"
        if self.questions:
            return "ask"
        aside = any(rule not in _HARMLESS for rule in self.ledger.counts)
        return "reject" if aside or self.doubts else "accept"

    def aside_table(self) -> pa.Table:
        """Return every record that was set aside: record, line, raw, reason, rule."""
        return self.ledger.table()

    def place(self, column: str) -> int:
        """Return the position of a column; spaces around a name and its case make no difference.

        Raises:
            ValueError: there is no such column.
        """
        if column in self.header:
            return self.header.index(column)
        return [plain(name) for name in self.header].index(plain(column))

    def batches(self, size: int = BATCH) -> Iterator[pa.RecordBatch]:
        """Yield the accepted records in order: ``_record``, ``_line``, ``c0``, ``c1`` ..."""
        if self.staged is not None:
            yield from self.staged.batches(size)

    def rows(self) -> Iterator[list[str]]:
        """Yield the accepted records in order, each a list of texts as in the file."""
        for batch in self.batches(max(1, min(BATCH, 1_000_000 // max(1, len(self.header))))):
            columns = [column.to_pylist() for column in batch.columns[2:]]
            yield from map(list, zip(*columns, strict=True))

    def write(self, path: Path) -> None:
        """Write the accepted records as Parquet: ``_record``, ``_line`` and the named columns."""
        names = [RECORD, LINE, *self.header]
        schema = pa.schema(
            [(name, pa.int64()) for name in names[:2]] + [(name, pa.string()) for name in names[2:]]
        )
        with pq.ParquetWriter(path, schema) as writer:
            for batch in self.batches():
                writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))

    def relation(self, connection: duckdb.DuckDBPyConnection, name: str = "raw") -> None:
        """Make the accepted records a view of a DuckDB connection, all text."""
        if self.staged is not None:
            self.staged.relation(connection, name)

    def raw(self, records: Iterable[int]) -> dict[int, str]:
        """Return the text of accepted records as it stands in the file, by record number."""
        return self.raw_text(sorted(set(records))) if self.raw_text is not None else {}

    def but(self, **changes: Any) -> Reading:
        """Return the same reading with some fields changed."""
        return replace(self, **changes)


def plain(name: str) -> str:
    """Return a column name as names are compared: one space between words, no case.

    >>> plain(" Customer\\n ID ")
    'customer id'
    """
    return " ".join(name.split()).casefold()
