"""The rows of ``data_load``: up to when each table is complete, as its source promised."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from cxdata.model.tables import curated
from cxdata.publish.prepared import Prepared
from cxdata.sources.manifest import Version
from cxdata.sources.parquet_io import arrow_schema, read_batches
from cxdata.sources.store import Store

TABLE = "data_load"


def promises(prepared: Prepared) -> pa.Table:
    """Return what a prepared load promises about its tables."""
    return promised(
        {one.table: one.rows for one in prepared.tables},
        prepared.at,
        prepared.source_system,
        prepared.complete_through,
        prepared.history,
    )


def promised(
    rows: Mapping[str, int],
    loaded_at: datetime,
    source_system: str,
    complete_through: date | None,
    history: str,
) -> pa.Table:
    """Return the promises on tables with so many rows.

    Without a promise there is no row, and readers see completeness as assumed; a load that brings
    promises of its own as a table makes no others.
    """
    found = [
        {
            "load_id": f"{loaded_at:%Y%m%dT%H%M%S%f}-{table}",
            "table_name": table,
            "source_system": source_system or None,
            "loaded_at": loaded_at,
            "complete_through": complete_through,
            "row_count": count,
            "history": history,
        }
        for table, count in rows.items()
        if complete_through is not None and TABLE not in rows
    ]
    return pa.Table.from_pylist(found, schema=arrow_schema(curated(TABLE)))


def published(store: Store, version: Version | None) -> pa.Table:
    """Return the promises of a version."""
    schema = arrow_schema(curated(TABLE))
    paths = [] if version is None else store.paths(version, TABLE)
    read = [_whole(read_batches(path).read_all(), schema) for path in paths]
    return pa.concat_tables(read) if read else schema.empty_table()


def kept(store: Store, version: Version | None, replaced: Collection[str]) -> pa.Table:
    """Return the promises of a version on tables other than those replaced."""
    rows = published(store, version)
    others = pc.invert(pc.is_in(rows.column("table_name"), pa.array(list(replaced), pa.string())))
    return rows.filter(others)


def is_news(store: Store, version: Version | None, prepared: Prepared) -> bool:
    """Whether a load promises more than is published: a day without events is news as well."""
    known: dict[tuple[str, str | None], date] = {}
    for row in published(store, version).to_pylist():
        key = row["table_name"], row["source_system"]
        known[key] = max(known.get(key, date.min), row["complete_through"] or date.min)
    return any(
        row["complete_through"] > known.get((row["table_name"], row["source_system"]), date.min)
        for row in promises(prepared).to_pylist()
    )


def _whole(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return rows with every column of a schema; those a file lacks are empty."""
    for field in schema:
        if field.name not in rows.schema.names:
            rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
    return rows.select(schema.names).cast(schema)
