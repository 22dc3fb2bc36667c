"""Files that lie in the drop folder: listed with their state, and taken by one alone."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cxdata.model.errors import IntakeError, UnknownName
from cxdata.publish.drop_folder import Lying, State, claimed, drop_folder, lying, take
from cxdata.publish.dropped import Watch
from cxdata.publish.room import Room
from cxdata.publish.staged import Status, staged
from cxdata.sources.config import Place, Settings
from cxdata.sources.store import Store
from tests.publish.kit import JANUARY, NOON

SOON, LATER = NOON + timedelta(seconds=2), NOON + timedelta(minutes=5)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    drop_folder(store).mkdir(parents=True)
    return store


def put(store: Store, name: str = "sales.csv", text: str = JANUARY) -> Path:
    path = drop_folder(store) / name
    path.write_text(text)
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return path


def only(store: Store, now: datetime = LATER) -> Lying:
    (found,) = lying(store, now=now)
    return found


def test_a_file_is_whole_once_it_stood_still_or_its_sender_says_so(store: Store) -> None:
    path = put(store)
    assert only(store, SOON).state is State.ARRIVING
    assert only(store, LATER).state is State.WHOLE
    path.with_name("sales.csv.done").touch()
    assert only(store, SOON).state is State.WHOLE


def test_only_plain_files_that_anybody_may_see_are_listed(store: Store) -> None:
    outside = store.path / "secret"
    outside.write_text("x")
    put(store, ".hidden")
    put(store, "sales.csv.done")
    (drop_folder(store) / "link.csv").symlink_to(outside)
    (drop_folder(store) / "reports").mkdir()
    assert lying(store, now=LATER) == ()
    assert lying(Store(store.path / "nowhere"), now=LATER) == ()


def test_a_file_is_taken_with_its_marker_and_waits_under_its_name(store: Store) -> None:
    path = put(store, "grosse=Datei -- 1.csv")
    path.with_name(f"{path.name}.done").touch()
    item = take(store, only(store), user="ann", now=NOON)
    assert (item.name, item.user, item.status) == (path.name, "ann", Status.RECEIVED)
    assert item.original(store).read_text() == JANUARY
    assert os.listdir(drop_folder(store)) == []


def test_a_file_that_changed_since_the_look_stays_where_it_is(store: Store) -> None:
    path = put(store)
    stood = only(store)
    path.write_text(JANUARY * 2)
    with pytest.raises(IntakeError, match="still being written"):
        take(store, stood, user="ann", now=NOON)
    assert path.exists()
    assert staged(store) == ()
    path.unlink()
    with pytest.raises(UnknownName, match="no file in the drop folder"):
        take(store, stood, user="ann", now=NOON)


def test_nobody_takes_what_another_is_taking(store: Store) -> None:
    path = put(store)
    path.with_name("sales.csv.done").touch()
    stood = only(store)
    watcher = Watch(store, Settings(place=Place(kind="store", data=store.path)))
    with claimed(path) as is_ours:
        assert is_ours
        assert only(store).state is State.TAKEN
        with pytest.raises(IntakeError, match="taken by somebody else"):
            take(store, stood, user="ann", now=NOON)
        assert watcher.look(now=NOON) == ()
    assert path.exists()
    assert take(store, stood, user="ann", now=NOON).bytes == len(JANUARY)


def test_an_empty_file_stays_and_says_so(store: Store) -> None:
    path = put(store, text="")
    with pytest.raises(IntakeError, match="is empty"):
        take(store, only(store), user="ann", now=NOON)
    assert path.exists()
    assert staged(store) == ()


def test_what_was_said_of_an_earlier_file_is_not_said_of_a_new_one(store: Store) -> None:
    path = put(store, text="")
    path.with_name("sales.csv.done").touch()
    room = Room(Settings(place=Place(kind="store", data=store.path)))
    assert room.left_lying(only(store)) == ""
    Watch(room.store, room.settings).look(now=NOON)
    assert "is empty" in room.left_lying(only(store))
    path.write_text(JANUARY)
    os.utime(path, (LATER.timestamp(), LATER.timestamp()))
    assert room.left_lying(only(store)) == ""
