"""Back to what was, and forth again: new versions that equal old ones, file for file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cxdata.model.errors import Conflict, StoreError, UnknownName
from cxdata.publish.going_back import GoingBack
from cxdata.publish.history import Step, history
from cxdata.publish.mode import Mode
from cxdata.publish.publishing import Published
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.publish.kit import FEBRUARY, JANUARY, NOON, put, rehearsed, shas

MARCH = "id,who,day,sum\n6,a,2026-03-01,1.00\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def three(store: Store) -> Store:
    for text in (JANUARY, FEBRUARY, MARCH):
        put(store, text)
    return store


def step(how: Callable[..., Published], store: Store, *to: int) -> int:
    return how(GoingBack(store, "zoe", "a look back", NOON), *to).version.number


def test_undo_goes_back_step_by_step_and_redo_forth(three: Store) -> None:
    assert [step(GoingBack.undo, three), step(GoingBack.undo, three)] == [4, 5]
    assert (shas(three, 4), shas(three, 5)) == (shas(three, 2), shas(three, 1))
    assert [step(GoingBack.redo, three), step(GoingBack.redo, three)] == [6, 7]
    assert (shas(three, 6), shas(three, 7)) == (shas(three, 2), shas(three, 3))
    with pytest.raises(StoreError, match="nothing to redo"):
        step(GoingBack.redo, three)


def test_the_first_version_cannot_be_undone(three: Store) -> None:
    step(GoingBack.undo, three)
    step(GoingBack.undo, three)
    with pytest.raises(StoreError, match="nothing to undo: what version 5 holds was the first"):
        step(GoingBack.undo, three)


def test_an_undo_can_be_undone_by_going_forth_and_back(three: Store) -> None:
    step(GoingBack.undo, three)
    step(GoingBack.redo, three)
    step(GoingBack.undo, three)
    assert shas(three, 6) == shas(three, 2)


def test_any_version_is_one_step_away_and_one_step_back(three: Store) -> None:
    assert step(GoingBack.go_to, three, 1) == 4
    assert shas(three, 4) == shas(three, 1)
    assert step(GoingBack.undo, three) == 5
    assert shas(three, 5) == shas(three, 3)
    with pytest.raises(StoreError, match="already equal to version 3"):
        step(GoingBack.go_to, three, 3)
    with pytest.raises(UnknownName):
        step(GoingBack.go_to, three, 99)


def test_a_publish_after_an_undo_leaves_nothing_to_redo(three: Store) -> None:
    step(GoingBack.undo, three)
    put(three, "id,who,day,sum\n7,b,2026-02-27,2.00\n")
    with pytest.raises(StoreError, match="nothing to redo"):
        step(GoingBack.redo, three)
    step(GoingBack.undo, three)
    assert shas(three, 6) == shas(three, 2)


def test_what_others_published_meanwhile_is_not_taken_back_unseen(
    three: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = three.head()
    put(three, "id,who,day,sum\n7,b,2026-02-27,2.00\n", user="bob")
    monkeypatch.setattr(GoingBack, "_head", lambda _: seen)
    with pytest.raises(Conflict, match="bob published version 4"):
        step(GoingBack.undo, three)


def test_a_version_that_is_no_longer_kept_is_a_sentence(three: Store) -> None:
    (three.manifests / "00000002.json").unlink()
    with pytest.raises(StoreError, match="Version 2 is no longer kept"):
        step(GoingBack.undo, three)


def test_nothing_published_nothing_to_undo(store: Store) -> None:
    with pytest.raises(StoreError, match="Nothing has been published yet"):
        step(GoingBack.undo, store)
    assert history(store) == ()


def test_the_history_says_who_when_why_and_what(store: Store) -> None:
    put(store, JANUARY, name="january.csv", user="ann", reason="January")
    put(store, "id,who,day,sum\n1,a,2026-01-05,11.00\n", mode=Mode.UPSERT, user="bob", reason="fix")
    step(GoingBack.undo, store)
    undone, fixed, first = history(store)
    assert (first.user, first.reason, first.step, first.restored) == (
        "ann",
        "January",
        Step.PUBLISH,
        None,
    )
    assert first.source_file is not None
    assert (first.source_file.name, first.is_archived) == ("january.csv", True)
    assert first.rows == {"customer": 3, "sales_transaction": 3, "data_load": 2}
    assert (first.records, first.set_aside) == (3, 0)
    assert fixed.changes["sales_transaction"] == {
        "new": 0,
        "changed": 1,
        "unchanged": 0,
        "removed": 0,
    }
    assert (undone.user, undone.step, undone.restored, undone.is_newest) == (
        "zoe",
        Step.UNDO,
        1,
        True,
    )
    assert undone.age(first.at).total_seconds() == 0


def test_pages_switch_back_at_once(
    summed: None, three: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxdata.publish.publishing.build_summaries", lambda *_, **__: 1 / 0)
    step(GoingBack.undo, three)
    source = StoreSource(three)
    assert source.version().notices == ()
    assert source.version().number == 4
    source.close()


def test_bytes_that_were_undone_are_new_again(three: Store) -> None:
    step(GoingBack.undo, three)
    found = rehearsed(three, MARCH)
    assert found.obstacles == ()
    assert found.of("sales_transaction").words == "1 new"
