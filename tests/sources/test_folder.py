"""A plain folder: single files and folders of files, odd files, versions by what lies there."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cxdata.model.errors import SourceUnavailable
from cxdata.model.tables import CURATED
from cxdata.sources.folder import FolderSource
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY

SALES = CURATED.tables["sales_transaction"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "extract"
    (folder / "sales_transaction").mkdir(parents=True)
    pq.write_table(CUSTOMERS, folder / "customer.parquet")
    pq.write_table(JANUARY, folder / "sales_transaction" / "2026-01.parquet")
    pq.write_table(FEBRUARY, folder / "sales_transaction" / "2026-02.parquet")
    return folder


def total(source: FolderSource) -> Decimal:
    with source.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.sum(SALES.c.net_amount))).scalar_one()


def test_files_and_folders_of_files_are_tables(folder: Path) -> None:
    source = FolderSource(folder)
    assert total(source) == Decimal("56.25")
    assert source.available().keys() == {"customer", "sales_transaction"}
    assert source.version().notices == ()
    source.close()


def test_the_version_follows_what_lies_there(folder: Path, tmp_path: Path) -> None:
    source = FolderSource(folder)
    first = source.version().id
    assert source.version().id == first
    os.utime(folder / "customer.parquet", (0, 1_000_000_000))
    touched = source.version().id
    (folder / "sales_transaction" / "2026-02.parquet").unlink()
    fewer = source.version().id
    assert len({first, touched, fewer}) == 3
    assert total(source) == Decimal("30.50")
    assert source.changed_since(fewer) == {}
    assert source.changed_since(first) is None
    source.close()


def test_what_is_odd_is_said(folder: Path) -> None:
    pq.write_table(CUSTOMERS, folder / "custommer.parquet")
    wide = CUSTOMERS.append_column("shoe_size", pa.array([42, 43, 44]))
    pq.write_table(wide, folder / "customer.parquet")
    (folder / "interaction.parquet").write_bytes(b"")
    (folder / "sales_transaction" / "2026-03.parquet").write_bytes(b"PAR1 cut")
    source = FolderSource(folder)
    assert source.available() == {"customer": {"customer_id"}}
    assert source.version().notices == (
        "customer.parquet has columns that table customer has not: shoe_size.",
        "custommer.parquet is named after no table and is not read. Did you mean customer.parquet?",
        "interaction.parquet is not a readable Parquet file, so table interaction is left out.",
        "sales_transaction/2026-03.parquet is not a readable Parquet file, so table "
        "sales_transaction is left out.",
    )
    source.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="data folder 'nowhere' is not there"):
        FolderSource(tmp_path / "nowhere").pinned()


def test_summaries_go_beside_the_tables_or_where_told(folder: Path, tmp_path: Path) -> None:
    source = FolderSource(folder, marts_folder=tmp_path / "elsewhere")
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE first_sale AS SELECT min(transaction_date) AS d FROM sales_transaction"
        )
    with source.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT d FROM first_sale").scalar_one()
    assert found == date(2026, 1, 5)
    assert [path.parent.name for path in tmp_path.rglob("*.duckdb")] == ["elsewhere"]
    assert FolderSource(folder).version().id == source.version().id
    source.close()
