"""The companies that are measured: made once by the demo, kept in a folder, built once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from benchmarks.process import Cost, run
from cxdata.model.tables import CURATED
from cxdata.sources.copying import streamed
from cxdata.sources.folder import FolderSource
from cxdata.sources.store import Store

MONTHS = 36
BEFORE = date(2026, 9, 1)
AFTER = date(2026, 10, 1)
"""The month that the increment adds; the demo's later days are left out there."""


class Company:
    """A demo company of so many customers: a plain folder, and a store that grows by a month."""

    def __init__(self, home: Path, customers: int) -> None:
        self.customers = customers
        self.folder = home / f"company-{customers}"
        self.store = home / f"store-{customers}"
        self._cost = home / f"company-{customers}.json"

    def make(self) -> Cost:
        """Make the data where they are not there yet, and return what that cost."""
        if not self._cost.exists():
            cost = run(
                *("cxdata", "demo", "--quiet", "--out", str(self.folder)),
                *("--customers", str(self.customers), "--months", str(MONTHS)),
            )
            self._cost.write_text(json.dumps(asdict(cost)))
        return Cost(**json.loads(self._cost.read_text()))

    def build(self) -> None:
        """Build the summaries that the pages read, where they are not there yet."""
        run("cxdata", "build", "--quiet", CXDATA_DATA=str(self.folder))

    def publish(self) -> None:
        """Put the company into a store as two versions: all but a month, then that month."""
        store = Store(self.store)
        if len(store.versions()) == 2:
            return
        for is_month in (False, True):
            with store.begin("bench", "September" if is_month else "up to August") as version:
                for name, rows in self._rows(is_month):
                    version.append(name, rows)
                version.commit()

    def _rows(self, is_month: bool) -> Iterator[tuple[str, Iterator[pa.RecordBatch]]]:
        """Rows of each table before the month, or of it; undated tables are there at once."""
        source = FolderSource(self.folder)
        for name, columns in source.available().items():
            query = _part(name, columns, is_month)
            if query is None:
                continue
            rows = streamed(source.engine, CURATED.tables[name], query)
            first = next(rows, None)
            if first is not None:
                yield name, chain([first], rows)
        source.close()


def _part(name: str, columns: frozenset[str], is_month: bool) -> sa.Select | None:
    table = CURATED.tables[name]
    wanted: list[sa.ColumnElement] = [column for column in table.c if column.name in columns]
    end = AFTER if is_month else BEFORE
    if name == "data_load":
        through = sa.cast(sa.literal(end - timedelta(days=1)), sa.Date())
        return sa.select(
            *(through.label(c.name) if c.name == "complete_through" else c for c in wanted)
        )
    dated = table.info["event_date"]
    if dated is None:
        return None if is_month else sa.select(*wanted)
    day = table.c[dated]
    query = sa.select(*wanted).where(day < sa.literal(end))
    return query.where(day >= sa.literal(BEFORE)) if is_month else query
