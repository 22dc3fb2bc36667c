"""PostgreSQL as a source: mapping, absent columns, versions, rights, building."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cxdata.model.errors import SourceError
from cxdata.model.tables import CURATED
from cxdata.sources.address import Address
from cxdata.sources.faults import statement_limit
from cxdata.sources.folder import FolderSource
from cxdata.sources.source import Source
from cxdata.sources.sql import SqlSource
from tests.postgres import marts_of
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY

pytestmark = pytest.mark.postgres

SALES = CURATED.tables["sales_transaction"]
CUSTOMER = CURATED.tables["customer"]
Load = Callable[[Path], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "extract"
    folder.mkdir()
    pq.write_table(CUSTOMERS, folder / "customer.parquet")
    pq.write_table(pa.concat_tables([JANUARY, FEBRUARY]), folder / "sales_transaction.parquet")
    return folder


@pytest.fixture
def source(folder: Path, postgres_url: str, postgres_load: Load) -> Iterator[SqlSource]:
    schema = postgres_load(folder)
    source = SqlSource(
        Address.parse(postgres_url, "url"), schema=schema, marts_schema=marts_of(schema)
    )
    yield source
    source.close()


def write(source: SqlSource, statement: str) -> None:
    with source.writing_engine().begin() as connection:
        connection.exec_driver_sql(statement.format(schema=f'"{source.schema}"'))
    source.refresh()


def test_every_declared_column_can_be_named(source: SqlSource) -> None:
    assert isinstance(source, Source)
    assert isinstance(source.pinned(), Source)
    with source.engine.connect() as connection:
        row = connection.execute(sa.select(CUSTOMER).where(CUSTOMER.c.customer_id == "c1")).one()
    assert row._mapping.keys() == CUSTOMER.columns.keys()
    assert (row.is_test, row.acquisition_source, row.country) == (False, "unknown", None)
    assert source.available()["customer"] == {"customer_id"}
    assert "interaction" not in source.available()


def test_rows_are_those_of_the_folder(source: SqlSource, folder: Path) -> None:
    select = sa.select(SALES).order_by(SALES.c.transaction_id)
    with source.engine.connect() as here, FolderSource(folder).engine.connect() as there:
        assert here.execute(select).all() == there.execute(select).all()


def test_a_table_may_have_another_name(source: SqlSource) -> None:
    write(source, 'ALTER TABLE {schema}.customer RENAME TO "CRM customers"')
    renamed = SqlSource(
        source.address,
        schema=source.schema,
        marts_schema=source.marts_schema,
        names={"customer": "CRM customers"},
    )
    with renamed.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(CUSTOMER)).scalar() == 3
    renamed.close()


def test_tables_that_fit_need_no_view_and_no_right_to_write(source: SqlSource) -> None:
    write(source, "DROP TABLE {schema}.customer, {schema}.sales_transaction")
    with source.writing_engine().begin() as connection:
        connection.exec_driver_sql(f'SET search_path = "{source.schema}"')
        CURATED.tables["journey"].create(connection)
    source.refresh()
    assert source.available().keys() == {"journey"}
    with source.engine.connect() as connection:
        assert connection.execute(sa.select(CURATED.tables["journey"])).all() == []
        schemas = sa.inspect(connection).get_schema_names()
    assert not {name for name in schemas if name.startswith(source.marts_schema)}


def test_a_column_that_appears_is_seen(source: SqlSource) -> None:
    before = source.version().id
    with source.engine.connect() as connection:
        connection.execute(sa.select(CUSTOMER.c.country)).all()
    write(source, "ALTER TABLE {schema}.customer ADD COLUMN country text DEFAULT 'CH'")
    with source.engine.connect() as connection:
        assert connection.execute(sa.select(CUSTOMER.c.country)).scalars().all() == ["CH"] * 3
    assert source.version().id != before


def test_the_version_follows_the_rows_when_nothing_else_tells(source: SqlSource) -> None:
    before = source.version().id
    source.refresh()
    assert source.version().id == before
    write(source, "DELETE FROM {schema}.sales_transaction WHERE transaction_id = 't1'")
    assert source.version().id != before
    assert source.changed_since(before) is None
    assert source.changed_since(source.version().id) == {}


def test_the_version_follows_the_load_records_where_there_are_some(source: SqlSource) -> None:
    write(
        source,
        "CREATE TABLE {schema}.data_load AS SELECT 'l1' AS load_id, 'customer' AS table_name, "
        "timestamptz '2026-03-01 04:00:00+00' AS loaded_at, date '2026-02-28' AS complete_through",
    )
    first = source.version()
    assert first.created_at is not None
    assert first.created_at.isoformat() == "2026-03-01T04:00:00+00:00"
    write(source, "INSERT INTO {schema}.data_load VALUES ('l2', 'customer', now(), '2026-03-31')")
    assert source.version().id != first.id


def test_the_engine_that_reads_cannot_write(source: SqlSource) -> None:
    with (
        source.engine.connect() as connection,
        pytest.raises(sa.exc.DBAPIError, match="read-only transaction"),
    ):
        connection.execute(sa.delete(SALES))


def test_building_writes_beside_and_reads_by_bare_names(source: SqlSource) -> None:
    assert [source.marts.exists] == [False]
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE sums AS SELECT sum(net_amount) AS total FROM sales_transaction"
        )
    assert (source.marts.exists, source.marts.schema) == (True, source.marts_schema)
    with source.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT total FROM sums").scalar() == Decimal("56.25")
        names = sa.inspect(connection).get_table_names(schema=source.marts_schema)
    assert names == ["sums"]
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sums VALUES (1)")
    with source.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sums").scalar() == 2


def test_a_fresh_build_is_unseen_until_it_is_done_and_readers_never_wait(
    source: SqlSource,
) -> None:
    def seen() -> list[int]:
        with source.engine.connect() as connection, statement_limit(connection, 2):
            return list(connection.exec_driver_sql("SELECT n FROM sums").scalars())

    with source.building(fresh=True) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 1 AS n")
        connection.exec_driver_sql("CREATE TABLE gone AS SELECT 1 AS n")
    with source.building(fresh=True) as engine:
        with engine.begin() as connection:
            assert sa.inspect(connection).get_table_names(source.staging_schema) == []
            assert not sa.inspect(connection).has_table("sums")
            connection.exec_driver_sql("CREATE TABLE sums AS SELECT 2 AS n")
            assert seen() == [1]
        assert seen() == [1]
    assert seen() == [2]
    with source.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names(source.marts_schema) == ["sums"]


def test_a_failed_fresh_build_leaves_the_summaries_as_they_were(source: SqlSource) -> None:
    with source.building(fresh=True) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 1 AS n")

    def fail() -> None:
        with source.building(fresh=True) as engine:
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE sums AS SELECT 2 AS n")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    with source.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM sums").scalar() == 1
    with source.building(fresh=True) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 3 AS n")
    with source.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM sums").scalar() == 3


def test_a_second_builder_waits_for_the_first(source: SqlSource) -> None:
    steps: list[str] = []

    def second() -> None:
        with source.building():
            steps.append("second")

    thread = threading.Thread(target=second)
    with source.building():
        thread.start()
        thread.join(0.3)
        steps.append("first")
    thread.join()
    assert steps == ["first", "second"]


def test_a_role_without_rights_is_told_so(source: SqlSource) -> None:
    write(
        source,
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cx_reader') THEN "
        "CREATE ROLE cx_reader LOGIN; END IF; END $$",
    )
    write(source, "GRANT USAGE ON SCHEMA {schema} TO cx_reader")
    write(source, "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO cx_reader")
    limited = SqlSource(
        Address(source.address.url.set(username="cx_reader")),
        schema=source.schema,
        marts_schema=source.marts_schema,
    )
    with pytest.raises(SourceError, match="has no right"):
        limited.pinned()
    limited.close()


def test_instants_come_back_in_utc(source: SqlSource) -> None:
    with source.engine.connect() as connection:
        zone = connection.exec_driver_sql("SHOW TimeZone").scalar_one()
        month = connection.execute(sa.select(sa.func.max(SALES.c.transaction_date))).scalar_one()
    assert (zone, month) == ("UTC", date(2026, 2, 28))
