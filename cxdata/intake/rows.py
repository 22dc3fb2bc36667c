"""Rows of a curated table that wait in a Parquet file: counted, typed, read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from cxdata.intake.values.sql import literal
from cxdata.intake.workspace import Folder
from cxdata.sources.parquet_io import ROW_GROUP, arrow_schema, read_batches


@dataclass(frozen=True)
class TableRows:
    """The rows of one curated table in a Parquet file of the declared types.

    They can be read any number of times, and never all at once unless :meth:`read` is asked to.
    ``folder`` is held so that the file stays.
    """

    table: sa.Table
    path: Path
    num_rows: int
    folder: Folder

    @property
    def schema(self) -> pa.Schema:
        """Return the declared types."""
        return arrow_schema(self.table)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self.to_batches()

    def to_batches(self, size: int = ROW_GROUP) -> Iterator[pa.RecordBatch]:
        """Yield the rows in order; a table without rows is one empty batch."""
        schema = self.schema
        if not self.num_rows:
            yield from schema.empty_table().to_batches() or [_empty(schema)]
        for batch in read_batches(self.path, size):
            yield from pa.Table.from_batches([batch]).select(schema.names).cast(schema).to_batches()

    def read(self) -> pa.Table:
        """Return all rows at once."""
        return pa.Table.from_batches(list(self.to_batches()), self.schema)

    def relation(self) -> str:
        """Return what to select the rows from in the embedded engine."""
        return f"read_parquet({literal(str(self.path))})"


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=schema)
