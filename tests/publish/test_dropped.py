"""Files that are put beside the data: taken when complete, published when they may be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cxdata.model.errors import StoreError
from cxdata.publish.drop_folder import drop_folder
from cxdata.publish.dropped import Watch, _alone
from cxdata.publish.staged import Status, find, stage, staged
from cxdata.sources.config import Place, Settings
from cxdata.sources.store import Store
from tests.publish.kit import FEBRUARY, JANUARY, NOON, SALES, rows

AUTO = SALES.replace("[load]", "[load]\nauto = true")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    drop_folder(store).mkdir(parents=True)
    return store


@pytest.fixture
def watcher(store: Store) -> Watch:
    return Watch(store, Settings(place=Place(kind="store", data=store.path)))


def know(store: Store, text: str) -> None:
    folder = store.path / "recipes" / "shop"
    folder.mkdir(parents=True)
    (folder / "1.toml").write_text(text)


def put_there(
    store: Store, text: str = JANUARY, name: str = "sales.csv", done: bool = True
) -> Path:
    path = drop_folder(store) / name
    path.write_text(text)
    if done:
        path.with_name(f"{name}.done").touch()
    return path


def test_what_may_go_alone_is_published(store: Store, watcher: Watch) -> None:
    know(store, AUTO)
    path = put_there(store)
    (report,) = watcher.look(now=NOON)
    assert (report.outcome, report.version, report.recipe) == ("published", 1, "shop")
    assert report.tables == ("customer: 3 new", "sales_transaction: 3 new")
    assert not path.exists()
    assert not path.with_name("sales.csv.done").exists()
    assert staged(store) == ()
    version = store.read_version(1)
    assert (version.user, version.reason) == ("drop folder", "Dropped sales.csv")
    said = json.loads((drop_folder(store) / "reports" / report.staged / "report.json").read_text())
    assert said["sentence"] == "Published as version 1."


def test_a_recipe_that_does_not_say_so_waits_for_a_person(store: Store, watcher: Watch) -> None:
    know(store, SALES)
    put_there(store)
    (report,) = watcher.look(now=NOON)
    assert report.outcome == "waits"
    assert "its recipe does not say auto = true" in report.sentence
    assert find(store, report.staged).status is Status.REHEARSED
    assert store.head() is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (JANUARY.replace("20.00", "?"), "1 of 3 records would be set aside"),
        (
            JANUARY + "".join(f"x{n},a,2026-01-02,1.00\n" for n in range(20)) + "y,a,?,1\n",
            "1 of 24 records are set aside",
        ),
        (JANUARY.replace("id,who", "id,whom"), "No recipe knows the columns"),
        (
            JANUARY.replace("2026", "1026"),
            "None of the 3 records fits",
        ),
    ],
)
def test_what_needs_a_person_waits(store: Store, watcher: Watch, text: str, said: str) -> None:
    know(store, AUTO)
    put_there(store, text)
    (report,) = watcher.look(now=NOON)
    assert report.outcome == "waits"
    assert said in report.sentence
    assert len(staged(store)) == 1
    assert store.head() is None


def test_a_changed_key_waits(store: Store, watcher: Watch) -> None:
    know(store, AUTO)
    put_there(store)
    watcher.look(now=NOON)
    put_there(store, JANUARY.replace("10.00", "11.00"), "again.csv")
    (report,) = watcher.look(now=NOON)
    assert "same key with other values" in report.sentence


def test_the_same_file_again_is_nothing_new(store: Store, watcher: Watch) -> None:
    know(store, AUTO)
    put_there(store, name="one.csv")
    watcher.look(now=NOON)
    put_there(store, name="two.csv")
    (report,) = watcher.look(now=NOON)
    assert report.outcome == "nothing new"
    assert "already published: on" in report.sentence
    assert (store.numbers(), staged(store)) == ([1], ())


def test_a_file_without_a_marker_must_stand_still(store: Store, watcher: Watch) -> None:
    know(store, AUTO)
    path = put_there(store, "id,who,day,sum\n1,a,2026-01-05,10.00\n", done=False)
    assert watcher.look(now=NOON) == ()
    with path.open("a") as file:
        file.write("2,b,2026-01-20,20.00\n")
    assert watcher.look(now=NOON) == ()
    (report,) = watcher.look(now=NOON)
    assert report.records == 2


def test_only_plain_files_are_taken(store: Store, watcher: Watch, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(JANUARY)
    folder = drop_folder(store)
    os.symlink(secret, folder / "link.csv")
    (folder / "link.csv.done").touch()
    (folder / "folder").mkdir()
    (folder / ".hidden").write_text(JANUARY)
    assert watcher.look(now=NOON) == ()
    assert watcher.look(now=NOON) == ()


def test_an_empty_file_stays_and_is_said_to_be_empty(store: Store, watcher: Watch) -> None:
    path = put_there(store, "")
    (report,) = watcher.look(now=NOON)
    assert (report.outcome, path.exists()) == ("refused", True)
    assert "is empty" in report.sentence


def test_a_file_that_was_staged_before_the_process_died_is_taken_once(
    store: Store, watcher: Watch
) -> None:
    know(store, SALES)
    path = put_there(store)
    stage(store, path, name=path.name, user="drop folder", now=NOON)
    watcher.look(now=NOON)
    assert len(staged(store)) == 1


def test_one_watcher_at_a_time(store: Store, watcher: Watch) -> None:
    with _alone(drop_folder(store)), pytest.raises(StoreError, match="watches the drop folder"):
        watcher.look(now=NOON)


def test_month_after_month(store: Store, watcher: Watch) -> None:
    know(store, AUTO)
    for name, text in (("january.csv", JANUARY), ("february.csv", FEBRUARY)):
        put_there(store, text, name)
        watcher.look(now=NOON)
    assert rows(store, "sales_transaction", "transaction_id") == ["1", "2", "3", "4", "5"]
