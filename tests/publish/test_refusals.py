"""Loads that do not fit, or not beside what is published, change nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxdata.intake.loaded import Loaded
from cxdata.intake.parquet_folder import load_folder
from cxdata.model.errors import IntakeError
from cxdata.publish.load import publish, write_folder
from cxdata.publish.refusals import refuse_many_set_aside
from cxdata.sources.store import Store
from tests.intake.kit import NOON, load

DATED = """
    source_system = "crm"
    [[table]]
    name = "sales_transaction"
    [table.columns]
    transaction_id = { from = "id" }
    transaction_date = 2026-01-31
    net_amount = { from = "number" }
"""
SNAPSHOT = """
    source_system = "telco"
    [extract]
    as_of = 2026-01-01
    [load]
    complete_through = 2026-01-01
    history = "snapshot"
    [[table]]
    name = "subscription_period"
    [table.columns]
    subscription_id = { from = "id" }
    customer_id = { from = "id" }
    start_date = { months_before_as_of = "number" }
"""
ROWS = "id,number\na,1\nb,2\n"
LATER = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def put(loaded: Loaded, store: Store, *, replace: bool = False) -> int:
    found = publish(loaded, store, loaded_at=LATER, user="ann", reason="test", replace=replace)
    return found.version.number


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            DATED,
            SNAPSHOT,
            "The snapshot of 'telco' cannot stand beside the dated history of 'crm' in "
            "sales_transaction: a store holds dated rows or a snapshot, not both. Nothing was "
            "published; load it into another data folder.",
        ),
        (
            SNAPSHOT,
            DATED,
            "The dated history of 'crm' cannot stand beside the snapshot of 'telco' in "
            "subscription_period: a store holds dated rows or a snapshot, not both. Nothing was "
            "published; load it into another data folder.",
        ),
    ],
    ids=["snapshot second", "dated second"],
)
def test_a_store_holds_dated_rows_or_a_snapshot(
    tmp_path: Path, store: Store, first: str, second: str, said: str, replace: bool
) -> None:
    put(load(tmp_path, ROWS, first), store)
    with pytest.raises(IntakeError) as caught:
        put(load(tmp_path, ROWS, second), store, replace=replace)
    assert str(caught.value) == said
    head = store.head()
    assert head is not None
    assert head.number == 1


def test_one_source_may_have_a_snapshot_of_contracts_and_dated_sales(
    tmp_path: Path, store: Store
) -> None:
    put(load(tmp_path, ROWS, SNAPSHOT), store)
    assert put(load(tmp_path, ROWS, DATED.replace("crm", "telco")), store) == 2


def test_a_table_that_is_replaced_is_no_hindrance(tmp_path: Path, store: Store) -> None:
    dated = SNAPSHOT.replace("telco", "crm").replace('history = "snapshot"', "")
    put(load(tmp_path, ROWS, SNAPSHOT), store)
    with pytest.raises(IntakeError, match="cannot stand beside"):
        put(load(tmp_path, "id,number\nc,3\n", dated), store)
    assert put(load(tmp_path, ROWS, dated), store, replace=True) == 2


def test_a_snapshot_written_as_files_stays_a_snapshot(tmp_path: Path, store: Store) -> None:
    write_folder(load(tmp_path, ROWS, SNAPSHOT), tmp_path / "files", loaded_at=NOON)
    put(load(tmp_path, ROWS, DATED), store)
    with pytest.raises(IntakeError, match="The snapshot of 'telco' cannot stand beside"):
        put(load_folder(tmp_path / "files", loaded_at=NOON), store)


@pytest.mark.parametrize("replace", [False, True])
def test_a_load_whose_records_give_no_row_publishes_nothing(
    tmp_path: Path, store: Store, replace: bool
) -> None:
    put(load(tmp_path, ROWS, DATED), store)
    none = DATED.replace(
        'name = "sales_transaction"',
        'name = "sales_transaction"\n    [[table.where]]\n    column = "id"\n    is = ["z"]',
    )
    with pytest.raises(IntakeError, match="The load gives no row"):
        put(load(tmp_path, ROWS, none), store, replace=replace)
    head = store.head()
    assert head is not None
    assert head.row_counts == {"sales_transaction": 2}


@pytest.mark.parametrize(("good", "bad", "is_refused"), [(9, 1, False), (8, 1, True)])
def test_a_tenth_may_be_set_aside_and_no_more(
    tmp_path: Path, good: int, bad: int, is_refused: bool
) -> None:
    text = "id,number\n" + "".join(f"a{n},1\n" for n in range(good)) + "x,?\n" * bad
    loaded = load(tmp_path, text, DATED)
    if not is_refused:
        refuse_many_set_aside(loaded)
        return
    with pytest.raises(IntakeError, match=r"^1 of 9 records would be set aside \(1 record: number"):
        refuse_many_set_aside(loaded)
