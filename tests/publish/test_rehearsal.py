"""What publishing would do: rows that change, figures before and after, what stands in the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cxdata.model.errors import StoreError
from cxdata.publish.difference import ChangedColumn, Example
from cxdata.publish.mode import Days, Mode
from cxdata.publish.rehearsal import rehearsal_of, rehearse
from cxdata.publish.staged import Status, find
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.publish.kit import FEBRUARY, JANUARY, NOON, PEOPLE, SALES, bring, put, ready, rehearsed


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_the_first_extract_is_all_new(summed: None, store: Store) -> None:
    found = rehearsed(store)
    assert [(one.table, one.words) for one in found.differences] == [
        ("customer", "3 new"),
        ("sales_transaction", "3 new"),
    ]
    assert found.is_ready
    assert {move.metric for move in found.headlines} >= {"customers_new", "revenue"}
    assert all(move.before.estimate is None for move in found.headlines)


def test_nobody_sees_a_rehearsal(summed: None, store: Store) -> None:
    put(store)
    source = StoreSource(store)
    before, files = source.version(), sorted(store.data.iterdir())
    rehearsed(store, FEBRUARY)
    assert (source.version(), sorted(store.data.iterdir()), store.numbers()) == (before, files, [1])
    assert len(list((store.path / "marts").iterdir())) == 1
    source.close()


def test_headlines_before_and_after(summed: None, store: Store) -> None:
    put(store, JANUARY)
    found = rehearsed(store, FEBRUARY)
    revenue = {
        move.period: (move.before.estimate, move.after.estimate)
        for move in found.moves
        if move.metric == "revenue" and move.is_overall
    }
    assert revenue["2026-02"][1] == 47.5
    assert "2026-01" not in revenue
    (shown,) = [move for move in found.headlines if move.metric == "revenue"]
    assert (shown.period, shown.after.estimate) == ("2026-02", 47.5)


def test_a_correction_moves_the_months_that_it_touches(summed: None, store: Store) -> None:
    put(store, JANUARY + FEBRUARY.split("\n", 1)[1])
    found = rehearsed(store, "id,who,day,sum\n4,a,2026-02-03,400.00\n", mode=Mode.UPSERT)
    sales = found.of("sales_transaction")
    assert sales.words == "0 new, 1 changed"
    assert sales.columns == (ChangedColumn("net_amount", 1, (Example("4", "40.00", "400.00"),)),)
    assert (sales.low, sales.high) == (date(2026, 2, 3), date(2026, 2, 3))
    first = found.moves[0]
    assert (first.metric, first.before.estimate, first.after.estimate) == ("revenue", 47.5, 407.5)
    assert {move.period for move in found.moves} == {"2026-02"}


def test_what_an_extract_is_silent_on_stays(store: Store) -> None:
    put(store, "who,country\na,CH\nb,DE\n", how=PEOPLE)
    found = rehearsed(store, JANUARY)
    assert found.of("customer").words == "1 new, 2 unchanged"
    assert found.is_ready


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (Mode.APPEND, "1 new, 1 changed, 1 unchanged"),
        (Mode.UPSERT, "1 new, 1 changed, 1 unchanged"),
        (Mode.REPLACE_PERIOD, "1 new, 1 changed, 1 unchanged, 1 removed"),
        (Mode.REPLACE_TABLE, "1 new, 1 changed, 1 unchanged, 3 removed"),
    ],
)
def test_each_mode_counts_what_it_would_do(store: Store, mode: Mode, words: str) -> None:
    put(store, JANUARY + FEBRUARY.split("\n", 1)[1])
    text = "id,who,day,sum\n1,a,2026-01-05,10.00\n3,c,2026-01-31,6.00\n9,e,2026-01-06,1.00\n"
    found = rehearsed(store, text, mode=mode)
    assert found.of("sales_transaction").words == words
    after = {Mode.REPLACE_PERIOD: 5, Mode.REPLACE_TABLE: 3}.get(mode, 6)
    assert found.of("sales_transaction").after == after
    assert found.is_ready is (mode is not Mode.APPEND)
    if mode is Mode.REPLACE_PERIOD:
        days = found.of("sales_transaction").days
        assert days == Days(date(2026, 1, 5), date(2026, 2, 1))
        assert str(days) == "05 January 2026 to 31 January 2026"


def test_a_period_may_be_stated(store: Store) -> None:
    put(store, JANUARY + FEBRUARY.split("\n", 1)[1])
    days = Days(date(2026, 1, 1), date(2026, 3, 1))
    found = rehearsed(store, JANUARY, mode=Mode.REPLACE_PERIOD, days=days)
    assert found.of("sales_transaction").words == "0 new, 3 unchanged, 2 removed"


def test_a_period_of_one_source_leaves_the_other_alone(store: Store) -> None:
    put(store, JANUARY)
    other = SALES.replace('"till"', '"web"')
    put(store, "id,who,day,sum\nw1,a,2026-01-10,3.00\n", how=other)
    found = rehearsed(
        store,
        "id,who,day,sum\n1,a,2026-01-05,10.00\n7,a,2026-01-30,1.00\n",
        mode=Mode.REPLACE_PERIOD,
    )
    assert found.of("sales_transaction").words == "1 new, 1 unchanged, 1 removed"


def test_a_rehearsal_survives_a_restart(store: Store) -> None:
    put(store)
    found = rehearsed(store, FEBRUARY)
    item = find(Store(store.path), found.staged[:8])
    assert item.status is Status.REHEARSED
    assert rehearsal_of(Store(store.path), item) == found


def test_the_same_bytes_are_recognised_until_they_are_undone(store: Store) -> None:
    put(store, name="january.csv")
    found = rehearsed(store, name="copy.csv")
    assert [(one.key, one.may_insist) for one in found.obstacles] == [("same_bytes", True)]
    assert "on 02 March 2026" not in found.obstacles[0].sentence  # the store's own clock says when
    assert "by ann, as 'january.csv' in version 1." in found.obstacles[0].sentence
    assert not found.is_news


def test_the_same_keys_are_recognised_whatever_their_order_and_name(store: Store) -> None:
    put(store)
    head, *lines = JANUARY.splitlines()
    found = rehearsed(store, "\n".join([head, *reversed(lines)]) + "\n", name="other.csv")
    assert found.obstacles == ()
    assert "100 % of the keys of sales_transaction are already published." in found.notes
    assert not found.is_news


def test_much_set_aside_asks_for_a_yes(store: Store) -> None:
    found = rehearsed(store, "id,who,day,sum\n1,a,2026-01-05,10.00\n2,b,?,20.00\n")
    assert [(one.key, one.may_insist) for one in found.obstacles] == [("set_aside", True)]
    assert found.of("sales_transaction").words == "1 new, 1 aside"
    assert found.may_publish


def test_what_is_not_prepared_cannot_be_rehearsed(store: Store) -> None:
    with pytest.raises(StoreError, match="has not been prepared"):
        rehearse(store, bring(store), now=NOON)


def test_data_without_dates_are_rehearsed_without_figures(summed: None, store: Store) -> None:
    found = rehearsed(store, "who,country\na,CH\n", how=PEOPLE)
    assert "no dated event" in found.unsummed
    assert found.moves == ()


def test_a_second_rehearsal_leaves_nothing_of_the_first(store: Store) -> None:
    item = ready(store)
    rehearse(store, item, mode=Mode.APPEND, now=NOON)
    found = rehearse(store, item, mode=Mode.UPSERT, now=NOON)
    folders = sorted(path.name for path in item.folder(store).iterdir() if path.is_dir())
    assert item.prepared is not None
    assert folders == sorted([Path(found.candidate.folder).name, item.prepared.folder])
