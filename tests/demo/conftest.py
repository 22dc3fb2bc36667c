"""One demo company for all tests here, as DuckDB views over its plain folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cxdata.demo import Truths, planted, write_demo
from cxdata.demo.timeline import Timeline

END = date(2026, 10, 20)
MONTHS = 36


class Company:
    """A written demo and the questions that tests put to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truths: Truths = planted(Timeline(MONTHS, END))
        self.engine = duckdb.connect()
        self.engine.execute("SET TimeZone = 'UTC'")
        for table in self.tables():
            files = folder / table / "*.parquet"
            self.engine.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}')")

    def tables(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir())

    def rows(self, query: str, **given: Any) -> list[tuple[Any, ...]]:
        return self.engine.execute(query, given or None).fetchall()

    def one(self, query: str, **given: Any) -> Any:
        return self.rows(query, **given)[0][0]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """20,000 customers, 36 months, seed 7."""
    folder = tmp_path_factory.mktemp("demo") / "company"
    write_demo(folder, 20_000, MONTHS, 7, END)
    made = Company(folder)
    yield made
    made.engine.close()
