"""Rehearsed extracts become versions: one at a time, whole, with their summaries."""

from __future__ import annotations

import hashlib
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxdata.model.errors import IntakeError, StoreError
from cxdata.model.progress import silent
from cxdata.model.summaries import CUSTOMER_TOTAL
from cxdata.publish import archive
from cxdata.publish.committing import Overtaken
from cxdata.publish.mode import Mode
from cxdata.publish.publishing import Published, bring_up_to_date, publish, waiting
from cxdata.publish.rehearsal import Rehearsal, rehearse
from cxdata.publish.staged import find, staged
from cxdata.sources.config import Place, Settings
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.publish.kit import FEBRUARY, JANUARY, NOON, PEOPLE, put, ready, rehearsed, rows

MARCH = "id,who,day,sum\n6,a,2026-03-01,1.00\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def go(
    store: Store, found: Rehearsal, user: str = "ann", accept: tuple[str, ...] = ()
) -> Published:
    return publish(store, found, user=user, reason="test", accept=accept, now=NOON)


def test_one_version_with_its_summaries(summed: None, store: Store) -> None:
    version = put(store, name="january.csv", reason="January's sales").version
    assert (version.number, version.user, version.reason) == (1, "ann", "January's sales")
    assert version.row_counts == {"customer": 3, "sales_transaction": 3, "data_load": 2}
    assert version.source_file is not None
    assert version.source_file.name == "january.csv"
    source = StoreSource(store)
    assert source.version().notices == ()
    assert source.marts.exists
    assert source.pinned().marts.file == source.marts_file(source.version())
    source.close()
    assert staged(store) == ()


def test_pages_switch_with_the_version(
    summed: None, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summaries are the rehearsal's: nothing is built after the version appeared."""
    put(store)
    found = rehearsed(store, FEBRUARY)
    monkeypatch.setattr("cxdata.publish.publishing.build_summaries", lambda *_, **__: 1 / 0)
    assert go(store, found).unsummed == ""
    source = StoreSource(store)
    assert source.version().notices == ()
    source.close()


def test_carried_summaries_equal_those_built_anew(
    summed: None, store: Store, tmp_path: Path
) -> None:
    put(store)
    put(store, FEBRUARY)
    put(store, "id,who,day,sum\n4,a,2026-02-03,41.00\n", mode=Mode.UPSERT)
    assert figures(store) == figures_built_anew(store, tmp_path)


def figures(store: Store) -> list[tuple[object, ...]]:
    """The totals of all customers; sums in another order differ in the last digits."""
    source = StoreSource(store)
    try:
        with source.engine.connect() as connection:
            found = connection.execute(sa.select(CUSTOMER_TOTAL)).all()
    finally:
        source.close()
    return sorted(
        tuple(round(one, 9) if isinstance(one, float) else one for one in row) for row in found
    )


def figures_built_anew(store: Store, tmp_path: Path) -> list[tuple[object, ...]]:
    copy = tmp_path / "copy"
    shutil.copytree(store.path, copy, ignore=shutil.ignore_patterns("marts"))
    settings = Settings(place=Place(kind="store", data=copy))
    assert bring_up_to_date(Store(copy), settings, silent, NOON) == ""
    return figures(Store(copy))


def test_an_update_takes_the_new_values_and_keeps_the_rest(store: Store) -> None:
    put(store, "who,country\na,CH\nb,DE\n", how=PEOPLE)
    put(store, JANUARY)
    put(store, "who,country\na,FR\nz,IT\n", how=PEOPLE, mode=Mode.UPSERT)
    assert rows(store, "customer", "customer_id", "country") == [
        *(("a", "FR"), ("b", "DE"), ("c", None), ("z", "IT"))
    ]
    assert rows(store, "customer", "customer_id", "country", number=1) == [
        *(("a", "CH"), ("b", "DE"))
    ]


def test_a_period_is_replaced(store: Store) -> None:
    put(store, JANUARY + FEBRUARY.split("\n", 1)[1])
    put(
        store,
        "id,who,day,sum\n1,a,2026-01-05,11.00\n8,c,2026-01-31,5.00\n",
        mode=Mode.REPLACE_PERIOD,
    )
    assert rows(store, "sales_transaction", "transaction_id") == ["1", "4", "5", "8"]
    assert rows(store, "customer", "customer_id") == ["a", "b", "c", "d"]


def test_files_without_a_changed_row_stay(store: Store) -> None:
    first = put(store, JANUARY).version
    put(store, FEBRUARY)
    third = put(store, "id,who,day,sum\n4,a,2026-02-03,41.00\n", mode=Mode.UPSERT).version
    assert first.files_of("sales_transaction")[0] in third.files_of("sales_transaction")


def test_a_table_is_replaced_whole(store: Store) -> None:
    put(store, JANUARY)
    put(store, FEBRUARY, mode=Mode.REPLACE_TABLE)
    assert rows(store, "sales_transaction", "transaction_id") == ["4", "5"]
    assert rows(store, "data_load", "table_name") == ["customer", "sales_transaction"]


def test_what_stands_in_the_way_is_refused_unless_accepted(store: Store) -> None:
    found = rehearsed(store, "id,who,day,sum\n1,a,2026-01-05,10.00\n2,b,?,20.00\n")
    with pytest.raises(IntakeError, match="1 of 2 records would be set aside"):
        go(store, found)
    assert store.head() is None
    assert go(store, found, accept=("set_aside",)).version.number == 1


def test_changed_keys_are_never_added(store: Store) -> None:
    put(store, JANUARY)
    found = rehearsed(store, "id,who,day,sum\n1,a,2026-01-05,99.00\n")
    with pytest.raises(IntakeError, match="same key with other values"):
        go(store, found, accept=("changed",))
    assert [one.id for one in staged(store)] == [found.staged]


def test_the_same_extract_twice_makes_one_version(store: Store) -> None:
    put(store)
    again = put(store, name="copy.csv", accept=("same_bytes",))
    assert not again.is_new
    assert store.numbers() == [1]


def test_the_original_is_archived_before_its_version(store: Store, tmp_path: Path) -> None:
    version = put(store, JANUARY).version
    assert version.source_file is not None
    sha = version.source_file.sha256
    assert sha == hashlib.sha256(JANUARY.encode()).hexdigest()
    archive.restore(store, sha, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text() == JANUARY


def test_a_staged_original_that_changed_is_not_published(store: Store) -> None:
    found = rehearsed(store)
    find(store, found.staged).original(store).write_text("id,who\n")
    with pytest.raises(StoreError, match="no longer those that were read"):
        go(store, found)
    assert store.head() is None


def test_a_staged_table_that_changed_is_not_published(store: Store) -> None:
    found = rehearsed(store)
    path = store.path / found.candidate.changes[0].added[0].path
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(StoreError, match="no longer what was rehearsed"):
        go(store, found)
    assert store.head() is None
    assert list(store.data.iterdir()) == []


def test_an_older_rehearsal_is_not_published(store: Store) -> None:
    item = ready(store)
    old = rehearse(store, item, now=NOON)
    rehearse(store, item, mode=Mode.UPSERT, now=NOON)
    with pytest.raises(StoreError, match="rehearsed again since"):
        go(store, old)


# -- two at once -----------------------------------------------------------------------------------


def test_rows_that_are_only_added_go_on_top_of_each_other(summed: None, store: Store) -> None:
    put(store)
    mine, theirs = rehearsed(store, FEBRUARY), rehearsed(store, MARCH, name="march.csv")
    go(store, theirs, "bob")
    assert go(store, mine).version.number == 3
    assert rows(store, "sales_transaction", "transaction_id") == ["1", "2", "3", "4", "5", "6"]
    assert len(rows(store, "data_load", "load_id")) == 6
    source = StoreSource(store)
    assert source.version().notices == ()
    source.close()


def test_rows_that_others_added_meanwhile_are_not_added_twice(store: Store) -> None:
    put(store)
    mine, theirs = rehearsed(store, FEBRUARY), rehearsed(store, FEBRUARY, name="same.csv")
    go(store, theirs, "bob")
    with pytest.raises(Overtaken) as caught:
        go(store, mine)
    assert caught.value.version.user == "bob"
    assert [(one.table, one.words) for one in caught.value.differences] == [
        ("customer", "1 new, 3 unchanged"),
        ("sales_transaction", "2 new, 3 unchanged"),
    ]


def test_the_second_who_replaces_is_told_and_keeps_the_file(store: Store) -> None:
    put(store, JANUARY)
    one = rehearsed(store, JANUARY.replace("10.00", "11.00"), mode=Mode.REPLACE_PERIOD)
    two = rehearsed(store, JANUARY.replace("20.00", "22.00"), mode=Mode.REPLACE_PERIOD)
    go(store, two, "bob")
    files = sorted(store.data.iterdir())
    with pytest.raises(Overtaken) as caught:
        go(store, one)
    assert str(caught.value).startswith("bob published version 2 ('test', ")
    assert "It changed sales_transaction: 0 new, 1 changed, 2 unchanged." in str(caught.value)
    (difference,) = caught.value.differences
    assert difference.columns[0].examples[0].after == "22.00"
    assert [item.id for item in staged(store)] == [one.staged]
    assert sorted(store.data.iterdir()) == files
    again = rehearse(store, find(store, one.staged), mode=Mode.REPLACE_PERIOD, now=NOON)
    assert go(store, again).version.number == 3


def test_others_who_change_other_tables_are_no_conflict(store: Store) -> None:
    put(store, JANUARY)
    put(store, "who,country\na,CH\n", how=PEOPLE, mode=Mode.UPSERT)
    mine = rehearsed(store, "id,who,day,sum\n1,a,2026-01-05,99.00\n", mode=Mode.UPSERT)
    put(store, "who,country\nb,DE\n", how=PEOPLE, mode=Mode.UPSERT, user="bob")
    assert go(store, mine).version.number == 4
    assert rows(store, "customer", "customer_id", "country") == [
        *(("a", "CH"), ("b", "DE"), ("c", None))
    ]


def test_two_at_the_same_moment_make_two_versions(store: Store) -> None:
    put(store)
    found = [rehearsed(store, FEBRUARY), rehearsed(store, MARCH, name="march.csv")]
    workers = [threading.Thread(target=go, args=(store, one)) for one in found]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert store.numbers() == [1, 2, 3]
    assert rows(store, "sales_transaction", "transaction_id") == ["1", "2", "3", "4", "5", "6"]


# -- what is left --------------------------------------------------------------------------------


def test_a_clock_that_jumped_back_changes_no_order(tmp_path: Path) -> None:
    back = iter(datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=30 * n) for n in range(1000))
    store = Store(tmp_path / "store", clock=lambda: next(back))
    put(store, JANUARY)
    put(store, FEBRUARY, now=NOON - timedelta(days=10))
    head = store.head()
    assert head is not None
    assert head.number == 2
    assert rows(store, "sales_transaction", "transaction_id") == ["1", "2", "3", "4", "5"]
    assert waiting(store, now=NOON - timedelta(days=900)) == ()
