"""Rows into a database and out again: nothing is changed on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cxdata.model.errors import SourceError
from cxdata.model.tables import CURATED
from cxdata.sources.address import Address
from cxdata.sources.copying import batches, copy_tables
from cxdata.sources.folder import FolderSource
from cxdata.sources.parquet_io import arrow_schema
from cxdata.sources.sql import SqlSource
from tests.postgres import marts_of

HOSTILE = ["", " ", '"', "'", "a,b", "a\nb", "\\N", "NULL", "Zürich 🙂", "a\tb", "=1+1", None]


def hostile(name: str) -> pa.Table:
    """Rows that use every column of a table, with texts that break careless readers."""
    table = CURATED.tables[name]
    rows = len(HOSTILE)
    values: dict[str, list[Any]] = {}
    for column in table.columns:
        values[column.name] = [_value(column, n) for n in range(rows)]
    return pa.table(values, schema=arrow_schema(table))


def _value(column: sa.Column[Any], n: int) -> Any:
    if column.primary_key and isinstance(column.type, sa.String):
        return f"k{n}"
    if n == 11 and not column.primary_key:
        return None
    if isinstance(column.type, sa.Double):
        return [0.1, -1e-300, 1e300, 1 / 3][n % 4]
    if isinstance(column.type, sa.Numeric):
        return Decimal(n * 7919 - 20000).scaleb(-(column.type.scale or 0))
    if isinstance(column.type, sa.DateTime):
        return datetime(2026, 3, 1, 2, 30, n, 123456, tzinfo=UTC)
    if isinstance(column.type, sa.Date):
        return date(1999 + n, 2, 28)
    if isinstance(column.type, sa.Boolean):
        return n % 2 == 0
    if isinstance(column.type, sa.String):
        text = HOSTILE[n]
        return text[: column.type.length] if text and column.type.length else text
    return n - 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("interaction", "survey_response", "sales_transaction", "unit_cost"):
        pq.write_table(hostile(name), tmp_path / f"{name}.parquet")
    return tmp_path


@pytest.mark.postgres
def test_every_value_survives_postgresql(
    folder: Path, postgres_url: str, postgres_schema: str
) -> None:
    source = FolderSource(folder)
    address = Address.parse(postgres_url, "url")
    copied = copy_tables(source, address, postgres_schema, names={"interaction": "Contacts"})
    assert copied == dict.fromkeys(
        ("sales_transaction", "interaction", "unit_cost", "survey_response"), len(HOSTILE)
    )
    back = SqlSource(
        address,
        schema=postgres_schema,
        marts_schema=marts_of(postgres_schema),
        names={"interaction": "Contacts"},
    )
    assert back.available() == source.available()
    for name in copied:
        columns = CURATED.tables[name].columns.keys()
        there = pa.Table.from_batches(batches(back, name, columns))
        key = CURATED.tables[name].primary_key.columns.keys()[0]
        assert there.sort_by(key).equals(hostile(name).sort_by(key)), name
    back.close()
    source.close()


@pytest.mark.postgres
def test_a_table_that_is_there_is_not_overwritten_and_nothing_is_half_done(
    folder: Path, postgres_url: str, postgres_schema: str
) -> None:
    source = FolderSource(folder)
    address = Address.parse(postgres_url, "url")
    copy_tables(source, address, postgres_schema, tables=["interaction"])
    with pytest.raises(SourceError, match=r"refused a statement \(DuplicateTable\)"):
        copy_tables(source, address, postgres_schema)
    long = pa.table({"journey_code": ["x" * 65], "label": ["too long a code"]})
    pq.write_table(long, folder / "journey.parquet")
    with pytest.raises(SourceError, match=r"refused a statement \(StringDataRightTruncation\)"):
        copy_tables(source, address, postgres_schema, tables=["journey"])
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    assert sa.inspect(engine).get_table_names(postgres_schema) == ["interaction"]
    source.close()


def test_another_kind_of_database_gets_the_same_rows(folder: Path, tmp_path: Path) -> None:
    address = Address.parse(f"sqlite:///{tmp_path / 'copy.sqlite'}", "url")
    source = FolderSource(folder)
    assert copy_tables(source, address, tables=["survey_response"]) == {"survey_response": 12}
    engine = sa.create_engine(address.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        texts = connection.execute(
            sa.text("SELECT verbatim FROM survey_response ORDER BY nps_score IS NULL, nps_score")
        ).scalars()
        assert list(texts) == HOSTILE
    source.close()
