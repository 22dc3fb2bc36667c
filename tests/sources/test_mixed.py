"""Tables in different places: a database's rows are copied once a state, then joined with files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cxdata.model.errors import ConfigError, SourceError, SourceUnavailable
from cxdata.model.tables import CURATED
from cxdata.sources import database as database_module
from cxdata.sources.config import settings_of
from cxdata.sources.folder import FolderSource
from cxdata.sources.mixed import MixedSource
from cxdata.sources.opening import open_source
from cxdata.sources.source import Source
from cxdata.sources.sql import SqlSource
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY

SALES = CURATED.tables["sales_transaction"]
RESPONSE = CURATED.tables["survey_response"]
ANSWERS = pa.table(
    {
        "response_id": ["r1", "r2"],
        "customer_id": ["c1", "c2"],
        "responded_date": [date(2026, 2, 3), date(2026, 2, 4)],
        "nps_score": [9, 3],
    }
)


@pytest.fixture(autouse=True)
def always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "FRESH_SECONDS", 0.0)


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """A database of another kind, with names and types of its own."""
    file = tmp_path / "crm.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(
            """
            CREATE TABLE lines (transaction_id TEXT, customer_id TEXT, transaction_date DATE,
                                net_amount REAL, colour TEXT);
            INSERT INTO lines VALUES ('t1', 'c1', '2026-01-05', 10.0, 'red'),
                                     ('t2', 'c1', '2026-02-01', 20.55, NULL);
            """
        )
    connection.close()
    return file


@pytest.fixture
def mixed(tmp_path: Path, crm: Path) -> Iterator[MixedSource]:
    """Sales in the database, everything else in a store."""
    store = Store(tmp_path / "store")
    with store.begin("ann", "answers") as publish:
        publish.append("survey_response", ANSWERS)
        publish.append("customer", CUSTOMERS)
        publish.append("sales_transaction", JANUARY)
        publish.commit()
    settings = settings_of(
        {
            "data": "store",
            "sources": {
                "crm": {
                    "sql_url": f"sqlite:///{crm}",
                    "names": {"sales_transaction": "lines"},
                }
            },
            "tables": {"sales_transaction": "crm"},
        },
        {},
        tmp_path,
    )
    source = open_source(settings)
    assert isinstance(source, MixedSource)
    yield source
    source.close()


def spend_of_detractors(source: Source) -> Decimal:
    select = (
        sa.select(sa.func.sum(SALES.c.net_amount))
        .join(RESPONSE, RESPONSE.c.customer_id == SALES.c.customer_id)
        .where(RESPONSE.c.nps_score == 9)
    )
    with source.engine.connect() as connection:
        return connection.execute(select).scalar_one()


def test_rows_of_both_places_are_joined(mixed: MixedSource) -> None:
    assert isinstance(mixed, Source)
    assert spend_of_detractors(mixed) == Decimal("30.55")
    assert mixed.available()["sales_transaction"] == {
        "transaction_id",
        "customer_id",
        "transaction_date",
        "net_amount",
    }
    assert mixed.available()["customer"] == {"customer_id"}


def test_nothing_is_fetched_again_while_nothing_changed(
    mixed: MixedSource, crm: Path, tmp_path: Path
) -> None:
    def copies() -> dict[str, int]:
        cache = tmp_path / "store" / ".cxdata" / "cache" / "crm"
        return {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}

    first = mixed.pinned()
    fetched = copies()
    assert len(fetched) == 1
    assert mixed.version().id == first.version().id
    assert copies() == fetched
    with sqlite3.connect(crm) as connection:
        connection.execute(
            "INSERT INTO lines VALUES ('t3', 'c1', '2026-02-02', 1, NULL), "
            "('t4', NULL, '2026-02-02', 1, '')"
        )
    connection.close()
    assert mixed.version().id != first.version().id
    assert spend_of_detractors(mixed) == Decimal("31.55")
    assert spend_of_detractors(first) == Decimal("30.55")
    assert len(copies()) == 2


def test_a_publish_in_the_store_moves_the_version(mixed: MixedSource, tmp_path: Path) -> None:
    before = mixed.version().id
    with Store(tmp_path / "store").begin("bob", "fewer") as publish:
        publish.replace("customer", CUSTOMERS.slice(1))
        publish.commit()
    assert mixed.version().id != before


def test_without_the_database_the_last_copy_serves(mixed: MixedSource, crm: Path) -> None:
    assert spend_of_detractors(mixed) == Decimal("30.55")
    crm.rename(crm.with_suffix(".gone"))
    crm.mkdir()
    (notice,) = mixed.version().notices
    assert "does not answer" in notice
    assert "shown as they were last fetched" in notice
    assert spend_of_detractors(mixed) == Decimal("30.55")
    crm.rmdir()
    crm.with_suffix(".gone").rename(crm)
    assert mixed.version().notices == ()


def test_a_database_that_never_answered_is_unavailable(mixed: MixedSource, crm: Path) -> None:
    crm.unlink()
    crm.mkdir()
    with pytest.raises(SourceUnavailable, match="does not answer"):
        mixed.pinned()


def test_values_of_a_wrong_type_are_named(mixed: MixedSource, crm: Path) -> None:
    with sqlite3.connect(crm) as connection:
        connection.execute("UPDATE lines SET net_amount = 'ten' WHERE transaction_id = 't1'")
    connection.close()
    with pytest.raises(SourceError, match="Table sales_transaction holds values that do not have"):
        mixed.pinned()


def test_summaries_are_built_over_the_mix(mixed: MixedSource) -> None:
    with mixed.building() as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE sums AS SELECT count(*) AS n "
            "FROM sales_transaction JOIN survey_response USING (customer_id)"
        )
    with mixed.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM sums").scalar_one() == 2


@pytest.mark.postgres
def test_revenue_in_postgresql_and_surveys_in_the_store(
    tmp_path: Path, postgres_url: str, postgres_load: Callable[[Path], str]
) -> None:
    extract = tmp_path / "extract"
    extract.mkdir()
    pq.write_table(pa.concat_tables([JANUARY, FEBRUARY]), extract / "sales_transaction.parquet")
    schema = postgres_load(extract)
    store = Store(tmp_path / "store")
    with store.begin("ann", "answers") as publish:
        publish.append("survey_response", ANSWERS)
        publish.commit()
    source = open_source(
        settings_of(
            {
                "data": "store",
                "sources": {"crm": {"schema": schema}},
                "tables": {"sales_transaction": "crm"},
            },
            {"CXDATA_SOURCES_CRM_SQL_URL": postgres_url},
            tmp_path,
        )
    )
    assert isinstance(source, MixedSource)
    assert spend_of_detractors(source) == Decimal("56.25")
    select = sa.select(SALES).order_by(SALES.c.transaction_id)
    with source.engine.connect() as here, FolderSource(extract).engine.connect() as there:
        assert here.execute(select).all() == there.execute(select).all()
    source.close()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"data": "store"}, StoreSource),
        ({"data": "extract"}, FolderSource),
        ({"data": "extract", "source": "store"}, StoreSource),
        ({"data": "nothing yet"}, StoreSource),
        ({"sql_url": "postgresql://cx@db/crm"}, SqlSource),
        ({"sql_url": "sqlite:///crm.sqlite"}, MixedSource),
    ],
)
def test_settings_choose_the_source(tmp_path: Path, content: dict[str, str], kind: type) -> None:
    (tmp_path / "store" / "versions").mkdir(parents=True)
    (tmp_path / "extract").mkdir()
    pq.write_table(CUSTOMERS, tmp_path / "extract" / "customer.parquet")
    assert type(open_source(settings_of(content, {}, tmp_path))) is kind


def test_a_name_for_a_table_that_is_elsewhere_is_refused(tmp_path: Path) -> None:
    content = {
        "sources": {"crm": {"sql_url": "sqlite://", "names": {"customer": "clients"}}},
        "tables": {"sales_transaction": "crm"},
    }
    with pytest.raises(ConfigError, match="source crm renames customer"):
        open_source(settings_of(content, {}, tmp_path))
