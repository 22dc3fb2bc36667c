"""The records that were set aside: the first in memory, all of them in a file when many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cxdata.intake.reading.result import SetAside

IN_MEMORY = 1_000
"""Records that stay in memory; the full table of more is on disk."""

_SCHEMA = pa.schema(
    [
        ("record", pa.int64()),
        ("line", pa.int64()),
        ("raw", pa.string()),
        ("reason", pa.string()),
        ("rule", pa.string()),
    ]
)
_FLUSH = 20_000
_FLUSH_TEXT = 16 << 20


@dataclass
class Aside:
    """A ledger of what was set aside, by rule. Memory does not grow with its length."""

    path: Path | None = None
    count: int = 0
    first: list[SetAside] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _waiting: list[SetAside] = field(default_factory=list)
    _text: int = 0
    _writer: pq.ParquetWriter | None = None

    def add(self, one: SetAside) -> None:
        """Set one record aside."""
        self.count += 1
        self.counts[one.rule] += 1
        if len(self.first) < IN_MEMORY:
            self.first.append(one)
        self._waiting.append(one)
        self._text += len(one.raw)
        if self.path is not None and (len(self._waiting) >= _FLUSH or self._text > _FLUSH_TEXT):
            self._flush()

    def finish(self) -> None:
        """Write what waits, if there is a file at all; few records stay in memory alone."""
        if self._writer is not None:
            self._flush()
            self._writer.close()
            self._writer = None
        elif self.count <= IN_MEMORY:
            self._waiting.clear()

    def table(self) -> pa.Table:
        """Return every record that was set aside."""
        if self.path is not None and self.path.exists():
            return pq.read_table(self.path)
        return _table(self._waiting or self.first)

    def _flush(self) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, _SCHEMA)
        self._writer.write_table(_table(self._waiting))
        self._waiting.clear()
        self._text = 0


def _table(records: list[SetAside]) -> pa.Table:
    return pa.table(
        [[getattr(one, name) for one in records] for name in _SCHEMA.names], schema=_SCHEMA
    )
