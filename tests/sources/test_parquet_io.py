"""Declared types as Arrow, for every table; files written in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cxdata.model.errors import SourceError
from cxdata.model.tables import CURATED
from cxdata.sources.parquet_io import Written, arrow_schema, arrow_type, write_parquet
from tests.sources.rows import FEBRUARY, JANUARY

SALES = CURATED.tables["sales_transaction"]


@pytest.mark.parametrize("name", CURATED.tables)
def test_every_declared_column_has_an_arrow_type(name: str) -> None:
    schema = arrow_schema(CURATED.tables[name])
    assert schema.names == CURATED.tables[name].columns.keys()


@pytest.mark.parametrize(
    ("declared", "arrow"),
    [
        (sa.Numeric(18, 4), pa.decimal128(18, 4)),
        (sa.Double(), pa.float64()),
        (sa.Text(), pa.string()),
        (sa.String(64), pa.string()),
        (sa.Date(), pa.date32()),
        (sa.DateTime(timezone=True), pa.timestamp("us", tz="UTC")),
        (sa.DateTime(), pa.timestamp("us")),
        (sa.Boolean(), pa.bool_()),
        (sa.Integer(), pa.int32()),
        (sa.BigInteger(), pa.int64()),
        (sa.SmallInteger(), pa.int16()),
    ],
)
def test_types(declared: sa.types.TypeEngine[object], arrow: pa.DataType) -> None:
    assert arrow_type(declared) == arrow


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(SourceError, match="No Parquet type"):
        arrow_type(sa.LargeBinary())


def test_batches_are_written_in_declared_order_and_types(tmp_path: Path) -> None:
    file = tmp_path / "sales.parquet"
    batches = [batch for table in (JANUARY, FEBRUARY) for batch in table.to_batches()]
    written = write_parquet(file, SALES, iter(batches))
    columns = ("transaction_id", "customer_id", "transaction_date", "net_amount")
    assert written == Written(columns, 4, date(2026, 1, 5), date(2026, 2, 28))
    assert pq.read_schema(file) == arrow_schema(SALES, columns)


def test_money_that_would_lose_cents_is_refused(tmp_path: Path) -> None:
    exact = JANUARY.set_column(3, "net_amount", pa.array(["1.00", "1.005"]))
    with pytest.raises(SourceError, match="declared types"):
        write_parquet(tmp_path / "sales.parquet", SALES, exact)


def test_no_rows_at_all(tmp_path: Path) -> None:
    written = write_parquet(tmp_path / "a.parquet", SALES, JANUARY.slice(0, 0))
    assert (written.rows, written.low, written.high) == (0, None, None)
    with pytest.raises(SourceError, match="no rows to write"):
        write_parquet(tmp_path / "b.parquet", SALES, iter([]))


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    twice = JANUARY.append_column("net_amount", JANUARY["net_amount"])
    with pytest.raises(SourceError, match="given twice"):
        write_parquet(tmp_path / "a.parquet", SALES, twice)
