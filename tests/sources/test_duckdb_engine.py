"""The embedded engine: closed off, safe for threads, quick to open."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from cxdata.model.errors import SourceError
from cxdata.model.tables import CURATED
from cxdata.sources.duckdb_engine import Limits, Parquet, open_engine, view_sql
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.sources.rows import CUSTOMERS, sales

CUSTOMER = CURATED.tables["customer"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "rows"
    folder.mkdir()
    pq.write_table(CUSTOMERS, folder / "c.parquet")
    return folder


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    view = view_sql(CUSTOMER, [Parquet(("customer_id",), (str(folder / "c.parquet"),))])
    engine = open_engine({"customer": view}, [folder], limits=Limits(pool_size=8))
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_parquet('{folder}/../other.parquet')",
        "SELECT * FROM glob('/etc/*')",
        "ATTACH '{folder}/../x.duckdb' AS x",
        "COPY (SELECT 1) TO '{folder}/../out.parquet'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_parquet('https://example.com/x.parquet')",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET lock_configuration = false",
        "RESET lock_configuration",
    ],
)
def test_the_sandbox_holds(engine: Engine, folder: Path, statement: str) -> None:
    pq.write_table(CUSTOMERS, folder.parent / "other.parquet")
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql(statement.format(folder=folder)).fetchall()
    assert not (folder.parent / "out.parquet").exists()


def test_threads_read_at_once(engine: Engine) -> None:
    """Eight threads, many statements each, all answers right."""
    wrong: list[object] = []

    def work(seed: int) -> None:
        for n in range(20):
            with engine.connect() as connection:
                value = seed * 1000 + n
                row = connection.execute(
                    sa.select(sa.func.count(), sa.literal(value)).select_from(CUSTOMER)
                ).one()
                if tuple(row) != (3, value):
                    wrong.append(row)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_instants_are_utc_and_need_no_setting(engine: Engine) -> None:
    with engine.connect() as connection:
        zone = connection.exec_driver_sql("SELECT current_setting('TimeZone')").scalar_one()
        at = connection.exec_driver_sql(
            "SELECT TIMESTAMPTZ '2026-03-01 02:30:00-05:00' AS at"
        ).scalar_one()
    assert zone == "UTC"
    assert at == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)


def test_text_where_dates_are_declared_is_read_as_dates(tmp_path: Path) -> None:
    table = CURATED.tables["sales_transaction"]
    pq.write_table(
        pa.table({"transaction_id": ["1"], "transaction_date": ["2026-02-03"]}),
        tmp_path / "s.parquet",
    )
    files = [Parquet(("transaction_id", "transaction_date"), (str(tmp_path / "s.parquet"),))]
    engine = open_engine({table.name: view_sql(table, files)}, [tmp_path])
    with engine.connect() as connection:
        assert connection.execute(sa.select(table.c.transaction_date)).scalar() == date(2026, 2, 3)
    engine.dispose()


def test_a_damaged_file_is_a_sentence(folder: Path) -> None:
    (folder / "bad.parquet").write_bytes(b"PAR1")
    view = view_sql(CUSTOMER, [Parquet(("customer_id",), (str(folder / "bad.parquet"),))])
    with pytest.raises(SourceError, match="missing or damaged"):
        open_engine({"customer": view}, [folder])


def test_three_hundred_files_open_in_milliseconds_once_verified(tmp_path: Path) -> None:
    """Opening must not read what it already knows; the bound is loose for a busy machine."""
    store = Store(tmp_path / "store")
    with store.begin("ann", "three hundred files") as publish:
        publish.append("customer", CUSTOMERS)
        for n in range(300):
            publish.append("sales_transaction", sales((f"t{n}", date(2026, 1, 1), "1.00")))
        publish.commit()
    source = StoreSource(store)
    source.pinned()
    started = time.perf_counter()
    for _ in range(10):
        source.pinned()
    again = (time.perf_counter() - started) / 10
    started = time.perf_counter()
    fresh = StoreSource(store)
    with fresh.engine.connect() as connection:
        connection.execute(sa.select(sa.func.count()).select_from(CUSTOMER)).scalar()
    opened = time.perf_counter() - started
    assert again < 0.05
    assert opened < 1.0
    source.close()
    fresh.close()
