"""Accepted records as text columns: in memory where few, a Parquet file where many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cxdata.intake.values.sql import literal

RECORD, LINE = "_record", "_line"
"""Number of the record in the file from 1, and the line on which it begins, from 1."""


@dataclass(frozen=True)
class Staged:
    """Records of ``width`` text columns ``c0``, ``c1`` ... of which ``places`` are shown."""

    held: pa.Table | None
    path: Path | None
    places: Sequence[int] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        """Return the number of records."""
        if self.held is not None:
            return int(self.held.num_rows)
        return int(pq.ParquetFile(self.path).metadata.num_rows)

    def columns(self) -> list[str]:
        """Return the names of the columns that are shown, record and line first."""
        return [RECORD, LINE, *(f"c{place}" for place in self.places)]

    def batches(self, size: int) -> Iterator[pa.RecordBatch]:
        """Yield the records in order; the shown columns are named ``c0``, ``c1`` ... anew."""
        names = [RECORD, LINE, *(f"c{place}" for place in range(len(self.places)))]
        if self.held is not None:
            for batch in self.held.select(self.columns()).to_batches(max_chunksize=size):
                yield pa.RecordBatch.from_arrays(batch.columns, names=names)
            return
        with pq.ParquetFile(self.path, memory_map=False) as file:
            for batch in file.iter_batches(batch_size=size, columns=self.columns()):
                yield pa.RecordBatch.from_arrays(
                    [batch.column(name) for name in self.columns()], names=names
                )

    def relation(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Make the records the view ``name`` of a connection."""
        shown = ", ".join(
            [RECORD, LINE, *(f"c{old} AS c{new}" for new, old in enumerate(self.places))]
        )
        for kind in ("VIEW", "TABLE"):
            with suppress(duckdb.CatalogException):
                connection.execute(f'DROP {kind} IF EXISTS "{name}"')
        if self.held is None:
            connection.execute(
                f'CREATE OR REPLACE TEMP VIEW "{name}" AS '
                f"SELECT {shown} FROM read_parquet({literal(str(self.path))})"
            )
            return
        # A table of the engine's own is planned much faster than a view of what Python holds.
        connection.register(f"{name}_held", self.held)
        connection.execute(
            f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {shown} FROM "{name}_held"'
        )
        connection.unregister(f"{name}_held")


def held(records: Sequence[tuple[int, int, Sequence[str]]], width: int) -> pa.Table:
    """Return records (number, line, cells) as a table of text columns."""
    cells = list(zip(*(one[2] for one in records), strict=True)) or [()] * width
    columns = [
        pa.array([one[0] for one in records], pa.int64()),
        pa.array([one[1] for one in records], pa.int64()),
        *(pa.array(column, pa.string()) for column in cells),
    ]
    return pa.Table.from_arrays(columns, names=[RECORD, LINE, *names(width)])


def names(width: int) -> list[str]:
    """Return the names of ``width`` text columns."""
    return [f"c{place}" for place in range(width)]
