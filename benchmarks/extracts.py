"""A large extract: read, checked and published, against the engine's own read of the same file.

``python -m benchmarks.extracts STEP EXTRACT STORE`` is one measured step as a process of its own.
``engine`` is what loads are compared with: one statement of the embedded engine that reads the
file as text, casts every cell to its type and writes Parquet. It is told the dialect, finds no
fault, keeps no line numbers, looks for no key twice and publishes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.process import Cost, run
from cxdata.intake.execute import execute, read_by
from cxdata.intake.recipe_file import parse_recipe
from cxdata.intake.terms import Terms
from cxdata.publish.load import publish
from cxdata.sources.manifest import SourceFile
from cxdata.sources.store import Store

NOW = datetime(2026, 10, 2, tzinfo=UTC)

_TEXTS = {
    "transaction_id": "'T' || lpad(CAST(i AS VARCHAR), 9, '0')",
    "customer_id": "'C' || lpad(CAST(hash(i * 7) % 1000000 AS VARCHAR), 7, '0')",
    "order_id": "'O' || CAST(i // 3 AS VARCHAR)",
    "transaction_date": "strftime(moment, '%Y-%m-%d')",
    "transacted_at": "strftime(moment, '%Y-%m-%d %H:%M:%S')",
    "kind": "'sale'",
    "net_amount": "printf('%.2f', (hash(i * 11) % 100000) / 100.0)",
    "cost_of_goods": "printf('%.2f', (hash(i * 13) % 5000) / 100.0)",
    "product_code": "'product_' || CAST(hash(i * 17) % 500 AS VARCHAR)",
    "channel_code": "['web', 'store', 'phone', 'app'][CAST(1 + hash(i * 19) % 4 AS INTEGER)]",
    "journey_code": "['buy', 'renew', 'onboard'][CAST(1 + hash(i * 23) % 3 AS INTEGER)]",
    "currency": "'EUR'",
}
_TYPES = {
    "transaction_date": "DATE",
    "transacted_at": "TIMESTAMP",
    "net_amount": "DECIMAL(18, 2)",
    "cost_of_goods": "DECIMAL(18, 2)",
}
_RECIPE = 'source_system = "shop"\n[extract]\nzone = "UTC"\n[[table]]\n' + (
    'name = "sales_transaction"\n[table.columns]\n'
    + "\n".join(f'{name} = {{ from = "{name}" }}' for name in _TEXTS)
)


@dataclass(frozen=True)
class Extract:
    """An invented sales extract of 12 columns; with ``bad``, a hundredth has no date."""

    home: Path
    rows: int
    bad: bool = False

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.home / f"sales-{self.rows}{'-bad' if self.bad else ''}.csv"

    def make(self) -> None:
        """Write it, once."""
        if self.path.exists():
            return
        texts = dict(_TEXTS)
        if self.bad:
            dated = texts["transaction_date"]
            texts["transaction_date"] = f"CASE WHEN i % 100 = 7 THEN 'soon' ELSE {dated} END"
        columns = ", ".join(f"{sql} AS {name}" for name, sql in texts.items())
        moment = "TIMESTAMP '2024-01-01' + to_seconds(CAST(hash(i * 3) % 60480000 AS BIGINT))"
        draft = self.path.with_suffix(".draft")
        numbers = f"SELECT i, {moment} AS moment FROM range({self.rows}) t(i)"
        duckdb.execute(
            f"COPY (SELECT {columns} FROM ({numbers})) TO '{draft}' (FORMAT csv, HEADER)"
        )
        draft.rename(self.path)


def rounds(extract: Extract, count: int) -> Iterator[dict[str, Cost]]:
    """Yield what each step cost, round by round, one step after the other."""
    for _ in range(count):
        costs = {}
        for step in ("engine", "load"):
            with TemporaryDirectory(dir=extract.home, prefix="store-") as scratch:
                costs[step] = run("benchmarks.extracts", step, str(extract.path), scratch)
        yield costs


def by_engine(extract: Path, folder: Path) -> None:
    """Read, cast and write by one statement of the embedded engine."""
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in _TEXTS)
    casts = ", ".join(
        f"TRY_CAST({name} AS {_TYPES[name]}) AS {name}" if name in _TYPES else name
        for name in _TEXTS
    )
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute(
            f"COPY (SELECT {casts} FROM read_csv('{extract}', auto_detect = false, header = true, "
            f"delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})) "
            f"TO '{folder / 'sales.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )


def by_load(extract: Path, folder: Path) -> None:
    """Read, check and publish, as ``load`` does, without the summaries."""
    recipe = parse_recipe(_RECIPE, "sales")
    with read_by(extract, recipe, {}) as reading:
        loaded = execute(reading, recipe, Terms(NOW))
    counts = loaded.counts
    if counts.records != counts.loaded + counts.set_aside:
        raise SystemExit(f"the ledger does not close: {counts}")
    source = SourceFile(extract.name, loaded.sha256)
    store = Store(folder / "store")
    publish(loaded, store, loaded_at=NOW, user="bench", reason="bench", source_file=source)


if __name__ == "__main__":
    {"engine": by_engine, "load": by_load}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
