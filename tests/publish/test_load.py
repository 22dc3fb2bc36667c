"""Loaded tables become one version of the store, or plain files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.intake.loaded import Loaded
from cxdata.model.errors import IntakeError
from cxdata.publish.load import data_load_rows, publish, write_folder
from cxdata.publish.publishing import Published
from cxdata.sources.folder import contents_of
from cxdata.sources.manifest import SourceFile, Version
from cxdata.sources.store import Store
from tests.intake.kit import NOON, load

RECIPE = """
    source_system = "crm"
    [load]
    complete_through = 2026-02-01
    [[table]]
    name = "customer"
    [table.columns]
    customer_id = { from = "id" }
    country = { from = "country" }
    [[table]]
    name = "sales_transaction"
    [table.columns]
    transaction_id = { from = "id" }
    transaction_date = 2026-01-31
    net_amount = { from = "sum" }
"""
LATER = datetime(2026, 3, 2, tzinfo=UTC)
HEADER = "id,country,sum\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def two(folder: Path, text: str = "a,CH,1\nb,DE,2\n", recipe: str = RECIPE) -> Loaded:
    return load(folder, HEADER + text, recipe)


def put(loaded: Loaded, store: Store, *, replace: bool = False, at: datetime = NOON) -> Published:
    return publish(loaded, store, loaded_at=at, user="ann", reason="test", replace=replace)


def read(store: Store, version: Version, table: str) -> pa.Table:
    return pa.concat_tables(pq.read_table(path) for path in store.paths(version, table))


def test_all_tables_become_one_version(tmp_path: Path, store: Store) -> None:
    published = publish(
        two(tmp_path, "a,CH,1\nb,DE,x\n"),
        store,
        loaded_at=NOON,
        user="ann",
        reason="first",
        source_file=SourceFile("extract.csv", "00"),
    )
    version = published.version
    assert store.head() == version
    assert (version.number, version.user, version.reason) == (1, "ann", "first")
    assert version.source_file == SourceFile("extract.csv", "00")
    assert {name: version.checks[name] for name in ("records", "loaded", "set_aside")} == {
        "records": 2,
        "loaded": 1,
        "set_aside": 1,
    }
    assert version.row_counts == {"customer": 1, "sales_transaction": 1, "data_load": 2}
    (event,) = version.files_of("sales_transaction")
    assert (event.low, event.high) == (date(2026, 1, 31), date(2026, 1, 31))


def test_the_promise_is_written_for_each_table(tmp_path: Path, store: Store) -> None:
    loaded = two(tmp_path)
    version = put(loaded, store).version
    assert read(store, version, "data_load").to_pylist() == [
        {
            "load_id": f"20260301T120000000000-{name}",
            "table_name": name,
            "source_system": "crm",
            "loaded_at": NOON,
            "complete_through": date(2026, 2, 1),
            "row_count": 2,
            "history": "dated",
        }
        for name in ("customer", "sales_transaction")
    ]


def test_without_a_promise_nothing_is_claimed(tmp_path: Path, store: Store) -> None:
    loaded = two(tmp_path, recipe=RECIPE.replace("complete_through = 2026-02-01", ""))
    assert data_load_rows(loaded, NOON).num_rows == 0
    assert "data_load" not in put(loaded, store).version.row_counts


def test_new_rows_are_added_and_known_ones_count_once(tmp_path: Path, store: Store) -> None:
    put(two(tmp_path), store)
    published = put(two(tmp_path, "b,DE,2\nc,FR,3\n"), store, at=LATER)
    assert published.notes == (
        "Rows of customer that were published before, unchanged: 1.",
        "Rows of sales_transaction that were published before, unchanged: 1.",
    )
    assert read(store, published.version, "customer").column("customer_id").to_pylist() == [
        *("a", "b", "c")
    ]
    assert published.version.row_counts["data_load"] == 4


def test_a_key_with_other_values_refuses_the_load(tmp_path: Path, store: Store) -> None:
    put(two(tmp_path), store)
    with pytest.raises(IntakeError) as caught:
        put(two(tmp_path, "b,FR,2\nc,FR,3\n"), store)
    assert str(caught.value) == (
        "Nothing was published, because customer already has 1 row of the same key with other "
        "values (for example 'b': country is 'DE' and would be 'FR'). Update the changed rows"
        ", or if this extract holds the whole history, put it in place of all that the tables hold."
    )
    assert "--replace puts the extract in place" in caught.value.hint
    head = store.head()
    assert head is not None
    assert head.number == 1


def test_the_same_extract_twice_makes_one_version(tmp_path: Path, store: Store) -> None:
    first = put(two(tmp_path), store)
    again = put(two(tmp_path), store, at=LATER)
    assert first.is_new
    assert not again.is_new
    assert again.version == first.version == store.head()


NUMBERED = """
    source_system = "till"
    [[table]]
    name = "customer"
    distinct = true
    [table.columns]
    customer_id = { from = "id" }
    country = { from = "country" }
    [[table]]
    name = "sales_transaction"
    [table.columns]
    transaction_id = { record_number = "t-" }
    customer_id = { from = "id" }
    transaction_date = 2026-01-31
    net_amount = { from = "sum" }
"""


def test_an_extract_of_numbered_records_cannot_be_added_to(tmp_path: Path, store: Store) -> None:
    put(two(tmp_path, recipe=NUMBERED), store)
    with pytest.raises(IntakeError) as caught:
        put(two(tmp_path, "a,FR,5\nc,DE,6\n", recipe=NUMBERED), store, at=LATER)
    assert str(caught.value) == (
        "Nothing was published: rows of sales_transaction are known only by their record number, "
        "so a further extract cannot be added to them. Give the recipe a key of the source, or "
        "load the whole history at once."
    )
    assert caught.value.hint.startswith("--replace puts it in place")
    version = put(two(tmp_path, "a,FR,5\n", recipe=NUMBERED), store, replace=True, at=LATER).version
    assert version.row_counts == {"customer": 1, "sales_transaction": 1}


def test_replacing_keeps_the_other_tables_and_their_promises(tmp_path: Path, store: Store) -> None:
    put(two(tmp_path), store)
    only = load(tmp_path, HEADER + "z,IT,9\n", RECIPE, only=["customer"])
    version = put(only, store, replace=True, at=LATER).version
    assert version.row_counts == {"customer": 1, "sales_transaction": 2, "data_load": 2}
    promises = {row["table_name"]: row for row in read(store, version, "data_load").to_pylist()}
    assert promises["customer"]["loaded_at"] == LATER
    assert promises["sales_transaction"]["loaded_at"] == NOON


def test_replacing_works_on_an_empty_store(tmp_path: Path, store: Store) -> None:
    version = put(two(tmp_path), store, replace=True).version
    assert version.row_counts == {"customer": 2, "sales_transaction": 2, "data_load": 2}


def test_rows_published_with_fewer_columns_can_be_compared(tmp_path: Path, store: Store) -> None:
    with store.begin("ann", "old") as old:
        old.append("customer", pa.table({"customer_id": ["a"]}))
        old.commit()
    with pytest.raises(IntakeError, match="customer already has 1 row of the same key"):
        put(two(tmp_path), store)


def test_plain_files_that_can_be_taken_in_again(tmp_path: Path) -> None:
    loaded = two(tmp_path)
    out = tmp_path / "out"
    paths = write_folder(loaded, out, loaded_at=NOON)
    assert [path.name for path in paths] == [
        "customer.parquet",
        "sales_transaction.parquet",
        "data_load.parquet",
    ]
    assert set(contents_of(out).tables) == {"customer", "sales_transaction", "data_load"}
    assert pq.read_table(out / "customer.parquet").equals(loaded.tables["customer"].read())
    with pytest.raises(IntakeError, match=r"already has customer\.parquet"):
        write_folder(loaded, out, loaded_at=NOON)
    write_folder(two(tmp_path, "z,IT,9\n"), out, loaded_at=NOON, replace=True)
    assert pq.read_table(out / "customer.parquet").num_rows == 1


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IntakeError, match="The folder 'out' cannot be written"):
        write_folder(two(tmp_path), tmp_path / "file" / "out", loaded_at=NOON)
