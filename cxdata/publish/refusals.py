"""What is not published: loads that do not fit, or do not fit beside what is there already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from cxdata.intake.loaded import Loaded, counted
from cxdata.intake.sql import literal
from cxdata.model.errors import IntakeError
from cxdata.sources.manifest import Version
from cxdata.sources.store import Store

MOST_SET_ASIDE = 0.1
"""Share of the records that may be set aside before a load is taken for a misreading."""

_LIVES = ("subscription_period", "revenue_period", "sales_transaction")
"""Tables that say who is a customer when; a snapshot of one makes the dates of the others lie."""

_WORDS = {"dated": "The dated history", "snapshot": "The snapshot"}


@dataclass(frozen=True)
class _Life:
    """One table of one source, dated or a snapshot."""

    table: str
    source: str
    history: str

    def clashes(self, other: _Life) -> bool:
        """Whether the two cannot stand in one store."""
        apart = self.source != other.source or self.table == other.table
        return self.history != other.history and apart

    def __str__(self) -> str:
        return f"{_WORDS[self.history]} of {self.source!r}" if self.source else _WORDS[self.history]


def refuse_empty(loaded: Loaded) -> None:
    """Refuse a load without a row: with ``replace`` it would empty the tables.

    Raises:
        IntakeError: no table has any row.
    """
    if not any(rows.num_rows for rows in loaded.tables.values()):
        raise IntakeError("The load gives no row, so there is nothing to publish.")


def refuse_many_set_aside(loaded: Loaded) -> None:
    """Refuse a load most likely misread: more than a tenth of its records do not fit.

    Raises:
        IntakeError: names the most frequent reason, and how to publish the rest all the same.
    """
    counts = loaded.counts
    if counts.set_aside <= MOST_SET_ASIDE * counts.records:
        return
    raise IntakeError(
        f"{counts.set_aside:,} of {counted(counts.records, 'record')} would be set aside "
        f"({loaded.reasons()[0]}): probably the wrong column or format. Nothing was published; "
        "--accept-set-aside publishes the rest."
    )


def refuse_mixed_histories(
    loaded: Loaded, store: Store, head: Version | None, replaced: Collection[str]
) -> None:
    """Refuse a snapshot beside dated rows of another source, and the reverse.

    ``replaced`` names the published tables that the load takes away.

    Raises:
        IntakeError: names both.
    """
    if head is None:
        return
    stay = [name for name in _LIVES if head.row_counts.get(name) and name not in replaced]
    there = [life for name in stay for life in _published(store, head, name)]
    for mine in _loaded(loaded):
        for held in there:
            if mine.clashes(held):
                raise IntakeError(
                    f"{mine} cannot stand beside {str(held)[:1].lower()}{str(held)[1:]} in "
                    f"{held.table}: a store holds dated rows or a snapshot, not both. Nothing was "
                    "published; load it into another data folder."
                )


def _loaded(loaded: Loaded) -> Iterator[_Life]:
    """Yield what a load brings; a table of promises in it says more than the load itself."""
    stated = _promised(loaded.tables)
    for name in _LIVES:
        rows = loaded.tables.get(name)
        if rows is None or not rows.num_rows:
            continue
        if name in stated:
            yield from stated[name]
        else:
            yield _Life(name, loaded.source_system, loaded.history)


def _promised(tables: Mapping[str, pa.Table]) -> dict[str, list[_Life]]:
    found: dict[str, list[_Life]] = {}
    if "data_load" in tables:
        rows = (one for batch in tables["data_load"].to_batches() for one in batch.to_pylist())
        for row in rows:
            life = _Life(
                row["table_name"], row.get("source_system") or "", row.get("history") or "dated"
            )
            if life not in found.setdefault(life.table, []):
                found[life.table].append(life)
    return found


def _published(store: Store, head: Version, name: str) -> list[_Life]:
    """Return what a published table holds: as promised, else dated rows of the sources in it."""
    if head.files_of("data_load"):
        promised = _promised({"data_load": _read(store, head, "data_load", "*")}).get(name)
        if promised:
            return promised
    if "source_system" not in head.columns()[name]:
        return [_Life(name, "", "dated")]
    rows = _read(store, head, name, "DISTINCT coalesce(source_system, '') AS source")
    return [_Life(name, source, "dated") for source in sorted(rows.column("source").to_pylist())]


def _read(store: Store, head: Version, table: str, columns: str) -> pa.Table:
    paths = ", ".join(literal(str(path)) for path in store.paths(head, table))
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT {columns} FROM read_parquet([{paths}], union_by_name = true)"
        ).to_arrow_table()
