"""One demo company for all tests of the gate, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cxdata.demo import write_demo
from cxdata.sources.address import Address
from cxdata.sources.folder import FolderSource
from cxdata.sources.sql import SqlSource
from tests.company import Company, opened
from tests.postgres import load_folder

END = date(2026, 10, 20)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three thousand customers, fifteen months, the last one unfinished."""
    folder = tmp_path_factory.mktemp("demo") / "company"
    write_demo(folder, 3_000, 15, 7, END)
    return folder


@pytest.fixture(scope="session")
def embedded(demo_folder: Path) -> Iterator[Company]:
    """The demo over its files, on DuckDB."""
    source = FolderSource(demo_folder)
    yield opened(source, through=END)
    source.close()


@pytest.fixture(scope="session")
def database(demo_folder: Path, postgres_url: str) -> Iterator[Company]:
    """The same rows in PostgreSQL."""
    load_folder(demo_folder, postgres_url, "demo")
    source = SqlSource(Address.parse(postgres_url, "url"), schema="demo", marts_schema="demo_marts")
    yield opened(source, through=END)
    source.close()
