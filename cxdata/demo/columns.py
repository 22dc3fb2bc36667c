"""Numpy columns to Arrow columns, without a Python object per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from cxdata.demo.timeline import Array
from cxdata.model.tables import curated
from cxdata.sources.parquet_io import arrow_schema


@cache
def schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a curated table."""
    return arrow_schema(curated(table))


def _validity(missing: Array | None) -> pa.Buffer | None:
    if missing is None or not missing.any():
        return None
    return pa.py_buffer(np.packbits(~missing, bitorder="little").tobytes())


def ids(prefix: str, numbers: Array, missing: Array | None = None, width: int = 10) -> pa.Array:
    """Return text keys: the prefix and the number in ``width`` digits."""
    size = len(prefix) + width
    letters = np.empty((len(numbers), size), dtype=np.uint8)
    letters[:, : len(prefix)] = np.frombuffer(prefix.encode("ascii"), dtype=np.uint8)
    rest = numbers.astype(np.int64)
    for place in range(size - 1, len(prefix) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        letters[:, place] = digit + 48
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(size)
    buffers = [_validity(missing), pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), len(numbers), buffers)


def codes(index: Array, labels: Sequence[str] | pa.Array) -> pa.Array:
    """Return the label at each index; a negative index is missing."""
    words = labels if isinstance(labels, pa.Array) else pa.array(labels, pa.string())
    return words.take(pa.array(index.astype(np.int32), mask=index < 0))


def constant(label: str, count: int) -> pa.Array:
    """Return one word in every row."""
    return pa.repeat(pa.scalar(label, pa.string()), count)


def decimals(units: Array, places: int = 2, missing: Array | None = None) -> pa.Array:
    """Return exact decimals from whole units of the last place (cents for two places)."""
    wide = np.empty((len(units), 2), dtype=np.int64)
    wide[:, 0] = units
    wide[:, 1] = wide[:, 0] >> 63
    buffers = [_validity(missing), pa.py_buffer(wide)]
    return pa.Array.from_buffers(pa.decimal128(18, places), len(units), buffers)


def days(numbers: Array, missing: Array | None = None) -> pa.Array:
    """Return dates from days since 1970-01-01."""
    return pa.array(numbers.astype(np.int32), mask=missing).view(pa.date32())


def instants(microseconds: Array, missing: Array | None = None) -> pa.Array:
    """Return instants (UTC) from microseconds since 1970-01-01."""
    values = pa.array(microseconds.astype(np.int64), mask=missing)
    return values.view(pa.timestamp("us", tz="UTC"))


def ints(values: Array, missing: Array | None = None) -> pa.Array:
    """Return whole numbers."""
    return pa.array(values.astype(np.int32), mask=missing)


def nums(values: Array, missing: Array | None = None) -> pa.Array:
    """Return doubles."""
    return pa.array(values.astype(np.float64), mask=missing)


def flags(values: Array, missing: Array | None = None) -> pa.Array:
    """Return yes or no."""
    return pa.array(values.astype(bool), mask=missing)


def batch(table: str, /, **columns: pa.Array) -> pa.RecordBatch:
    """Return the columns as a batch of the curated table; columns not given are missing."""
    count = len(next(iter(columns.values())))
    declared = schema(table)
    unknown = set(columns) - set(declared.names)
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    arrays = [columns.get(field.name, pa.nulls(count, field.type)) for field in declared]
    return pa.RecordBatch.from_arrays(arrays, schema=declared)


@dataclass(frozen=True)
class Block:
    """Rows of one table, and the position in the chunk of the customer behind each row."""

    table: str
    owner: Array
    rows: pa.RecordBatch

    def of_first(self, customers: int) -> pa.RecordBatch:
        """Return the rows of the first so many customers of the chunk."""
        mine = self.owner < customers
        return self.rows if mine.all() else self.rows.filter(pa.array(mine))


def block(table: str, owner: Array, /, **columns: pa.Array) -> Block:
    """Return the columns as rows of the curated table with their owners."""
    return Block(table, owner, batch(table, **columns))
