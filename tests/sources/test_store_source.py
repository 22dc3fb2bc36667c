"""The store as a source: views, absent columns, versions that move on, summaries that are built."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxdata.model.tables import CURATED
from cxdata.sources.source import Source, Span
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY, JOURNEYS, MARCH

SALES = CURATED.tables["sales_transaction"]
CUSTOMER = CURATED.tables["customer"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with a name that needs quoting, and one version."""
    store = Store(tmp_path / "it's 100% data")
    with store.begin("ann", "first load") as publish:
        publish.append("customer", CUSTOMERS)
        publish.append("sales_transaction", JANUARY)
        publish.commit()
    return store


def total(source: Source) -> Decimal:
    with source.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.sum(SALES.c.net_amount))).scalar_one()


def test_every_declared_column_can_be_named(store: Store) -> None:
    source = StoreSource(store)
    with source.engine.connect() as connection:
        row = connection.execute(sa.select(CUSTOMER).where(CUSTOMER.c.customer_id == "c1")).one()
    assert row._mapping.keys() == CUSTOMER.columns.keys()
    assert (row.is_test, row.acquisition_source, row.country) == (False, "unknown", None)
    assert source.available()["customer"] == {"customer_id"}
    assert "interaction" not in source.available()


def test_money_stays_decimal(store: Store) -> None:
    assert total(StoreSource(store)) == Decimal("30.50")


def test_files_of_one_table_may_have_different_columns(store: Store) -> None:
    with store.begin("ann", "now with kinds") as publish:
        more = FEBRUARY.append_column("kind", [["sale", "refund"]])
        publish.append("sales_transaction", more.select(list(reversed(more.column_names))))
        publish.commit()
    source = StoreSource(store)
    with source.engine.connect() as connection:
        kinds = connection.execute(
            sa.select(SALES.c.transaction_id, SALES.c.kind).order_by(SALES.c.transaction_id)
        ).all()
    assert kinds == [("t1", "sale"), ("t2", "sale"), ("t3", "sale"), ("t4", "refund")]
    assert "kind" in source.available()["sales_transaction"]


def test_a_pinned_source_stays_and_the_source_moves_on(store: Store) -> None:
    source = StoreSource(store)
    pinned = source.pinned()
    with store.begin("bob", "february") as publish:
        publish.append("sales_transaction", FEBRUARY)
        publish.commit()
    assert (pinned.version().number, total(pinned)) == (1, Decimal("30.50"))
    assert (source.version().number, total(source)) == (2, Decimal("56.25"))
    assert pinned.version().id != source.version().id
    assert source.at(1).version().id == pinned.version().id
    assert total(source.at(1)) == Decimal("30.50")


def test_a_pinned_source_outlives_many_publishes(store: Store) -> None:
    source = StoreSource(store)
    pinned = source.pinned()
    for n in range(2, 8):
        append_february(store)
        assert source.pinned().version().number == n
    assert total(pinned) == Decimal("30.50")
    source.close()


def test_summaries_are_seen_once_built_and_belong_to_their_version(store: Store) -> None:
    source = StoreSource(store)
    assert [source.marts.exists] == [False]
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT count(*) AS n FROM customer")
    assert [source.marts.exists] == [True]
    with source.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM sums").scalar_one() == 3
        with pytest.raises(sa.exc.DBAPIError, match="read-only"):
            connection.exec_driver_sql("CREATE TABLE marts.other AS SELECT 1 AS one")


def test_until_new_summaries_are_built_the_last_ones_serve_with_a_notice(store: Store) -> None:
    source = StoreSource(store)
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 1 AS n")
    assert source.version().notices == ()
    append_february(store)
    pinned = source.pinned()
    assert pinned.version().number == 2
    (notice,) = pinned.version().notices
    assert "summaries of version 2 are not built yet" in notice
    assert source.version() == pinned.version()
    assert sums(pinned) == [1]
    assert [source.at(2).marts.exists] == [False]
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sums VALUES (2)")
    assert (source.version().notices, sums(source), sums(pinned)) == ((), [1, 2], [1])
    assert sums(source.at(1)) == [1]


def test_a_closed_source_holds_no_earlier_version_open(store: Store) -> None:
    source = StoreSource(store)
    held = source.at(1)
    assert source.at(1) is held
    source.close()
    assert source.at(1) is not held


def test_the_summaries_of_the_newest_versions_are_kept(store: Store) -> None:
    source = StoreSource(store)
    for n in range(5):
        append_february(store)
        with source.building(fresh=True) as engine, engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE sums AS SELECT {n} AS n")
    assert len(list(source.marts_folder.iterdir())) == 3
    assert sums(source) == [4]
    source.close()


@pytest.mark.parametrize("left", [0.0, 0.5])
def test_damaged_summaries_are_as_good_as_none(store: Store, left: float) -> None:
    source = StoreSource(store)
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 1 AS n")
    file = source.marts.file
    assert file is not None
    source.close()
    content = file.read_bytes()
    file.write_bytes(b"junk" + content[4 : int(len(content) * left)])
    assert not source.marts.exists
    assert total(source) == Decimal("30.50")
    with source.building(fresh=True) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 2 AS n")
    assert sums(source) == [2]


def append_february(store: Store) -> None:
    with store.begin("bob", "february") as publish:
        publish.append("sales_transaction", FEBRUARY)
        publish.commit()


def sums(source: Source) -> list[int]:
    with source.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT n FROM sums ORDER BY n").scalars())


def test_building_starts_from_the_last_summaries_or_afresh(store: Store) -> None:
    source = StoreSource(store)
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 1 AS n")
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO sums VALUES (2)")
    with source.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT sum(n) FROM sums").scalar_one() == 3
    with source.building(fresh=True) as engine:
        assert sa.inspect(engine).get_table_names() == []


def test_a_failed_build_leaves_the_summaries_as_they_were(store: Store) -> None:
    source = StoreSource(store)
    with source.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sums AS SELECT 1 AS n")

    def fail() -> None:
        with source.building() as engine, engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE sums")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    with source.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM sums").scalar_one() == 1
    assert [path.suffix for path in source.marts_folder.iterdir()] == [".duckdb"]


def test_what_changed_since_an_earlier_version(store: Store) -> None:
    source = StoreSource(store)
    first = source.version().id
    assert source.changed_since(first) == {}
    with store.begin("bob", "more") as publish:
        publish.append("sales_transaction", FEBRUARY)
        publish.append("sales_transaction", MARCH)
        publish.replace("customer", CUSTOMERS.slice(1))
        publish.append("journey", JOURNEYS)
        publish.commit()
    assert source.changed_since(first) == {
        "sales_transaction": Span(date(2026, 2, 1), date(2026, 3, 1)),
        "customer": None,
        "journey": None,
    }
    assert source.changed_since("7-nothing") is None


def test_the_rows_that_came_and_went_since_an_earlier_version(store: Store) -> None:
    source = StoreSource(store)
    first = source.version().id
    assert source.turnover_since(first) == {}
    with store.begin("bob", "more") as publish:
        publish.append("sales_transaction", FEBRUARY)
        publish.replace("customer", CUSTOMERS.slice(1))
        publish.commit()
    found = source.turnover_since(first)
    assert found is not None
    assert sorted(found) == ["customer", "sales_transaction"]
    sales, customers = found["sales_transaction"], found["customer"]
    assert sales.gone is None
    sides = (sales.added, customers.added, customers.gone)
    with source.building() as engine, engine.connect() as connection:
        counts = [len(connection.execute(rows).all()) for rows in sides if rows is not None]
    assert counts == [FEBRUARY.num_rows, CUSTOMERS.num_rows - 1, CUSTOMERS.num_rows]


def test_what_came_and_went_is_unknown_where_an_old_file_is_gone(store: Store) -> None:
    source = StoreSource(store)
    first = source.version().id
    old = store.paths(store.read_version(1), "customer")
    with store.begin("bob", "others") as publish:
        publish.replace("customer", CUSTOMERS.slice(1))
        publish.commit()
    old[0].unlink()
    assert source.turnover_since(first) is None
    assert source.turnover_since("7-nothing") is None


def test_the_same_rows_published_again_change_nothing(store: Store) -> None:
    source = StoreSource(store)
    first = source.version().id
    with store.begin("bob", "again") as publish:
        publish.replace("customer", CUSTOMERS)
        publish.commit()
    assert source.version().id != first
    assert source.changed_since(first) == {}


def test_an_empty_store_is_a_source_without_tables(tmp_path: Path) -> None:
    source = StoreSource(tmp_path / "none")
    assert source.available() == {}
    assert source.version().id == "empty"


def test_a_source_of_a_store_is_a_source(store: Store) -> None:
    source = StoreSource(store)
    assert isinstance(source, Source)
    assert isinstance(source.pinned(), Source)
