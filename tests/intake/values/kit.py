"""Columns of text as a relation, profiled and typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from cxdata.intake.values.column import values
from cxdata.intake.values.profile import profile
from cxdata.intake.values.writing import ColumnProfile


@contextmanager
def relation(columns: Mapping[str, Sequence[str | None]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection where ``raw`` holds the columns; the header is line 1."""
    length = len(next(iter(columns.values())))
    table = pa.table(
        {
            "_record": pa.array(range(1, length + 1), pa.int64()),
            "_line": pa.array(range(2, length + 2), pa.int64()),
            **{
                f"c{place}": pa.array(texts, pa.string())
                for place, texts in enumerate(columns.values())
            },
        }
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("raw", table)
        yield connection


@dataclass(frozen=True)
class Seen:
    """What profiling says of all columns, and the typed values of each."""

    columns: dict[str, ColumnProfile]
    typed: dict[str, list[Any]]

    @property
    def outcome(self) -> str:
        """Return ask, reject or accept, in this order."""
        if any(one.questions for one in self.columns.values()):
            return "ask"
        return "reject" if any(one.fault_count for one in self.columns.values()) else "accept"

    @property
    def report(self) -> str:
        """Return everything that is said."""
        said = []
        for one in self.columns.values():
            said += [*one.notes, *(f"{q.asks} {q.evidence}" for q in one.questions)]
        return "\n".join(said)


def see(
    columns: Mapping[str, Sequence[str | None]],
    choices: dict[str, Any] | None = None,
    sample: int | None = None,
) -> Seen:
    """Profile columns of text and type their values."""
    with relation(columns) as connection:
        length = len(next(iter(columns.values())))
        found = profile(
            connection, "raw", tuple(columns), choices=choices, records=length, sample=sample
        )
        return Seen(
            {one.name: one for one in found},
            {one.name: values(connection, "raw", one) for one in found},
        )


def text(value: Any) -> Any:
    """Return a typed value as the text that says it plainly."""
    if value is None or isinstance(value, bool | str):
        return value
    if hasattr(value, "tzinfo") and value.tzinfo is not None:
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
