"""Kill -9 at every step of the way: the old version is whole, and the staged file is found again.

A step is a call that makes something durable or takes it away. Each phase is run once to count its
steps, then once for each step in a process that dies right before it.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from cxdata.model.errors import SourceError
from cxdata.publish import publishing, rehearsal
from cxdata.publish.going_back import GoingBack
from cxdata.publish.mode import Mode
from cxdata.publish.preparing import prepare
from cxdata.publish.publishing import publish, waiting
from cxdata.publish.rehearsal import rehearsal_of, rehearse
from cxdata.publish.staged import Staged, Status, stage, staged
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.publish.kit import JANUARY, NOON, put, recipe, rows

STEPS = ("fsync", "rename", "replace", "link", "mkdir", "unlink", "rmdir", "utime")
CORRECTION = "id,who,day,sum\n1,a,2026-01-05,11.00\n7,z,2026-01-09,1.00\n"
GO_ON = 5
"""After every fifth death the whole way is gone to its end."""

BEFORE = ["1", "2", "3"]
AFTER = ["1", "2", "3", "7"]


def receiving(store: Store) -> None:
    path = store.path.parent / "correction.csv"
    stage(store, path, name="correction.csv", user="ann", now=NOON)


def whole(store: Store) -> Staged:
    """The extract that arrived; beside it may lie one that did not."""
    return next(one for one in staged(store) if one.status is not Status.CUT)


def preparing(store: Store) -> None:
    prepare(store, whole(store), recipe(), now=NOON)


def rehearsing(store: Store) -> None:
    rehearse(store, whole(store), mode=Mode.UPSERT, now=NOON)


def publishing_(store: Store) -> None:
    found = rehearsal_of(store, whole(store))
    assert found is not None
    publish(store, found, user="ann", reason="correction", now=NOON)


def undoing(store: Store) -> None:
    GoingBack(store, "ann", "wrong", NOON).undo()


PHASES: dict[str, Callable[[Store], None]] = {
    "receiving": receiving,
    "preparing": preparing,
    "rehearsing": rehearsing,
    "publishing": publishing_,
    "undoing": undoing,
}


def refuse(*_: Any, **__: Any) -> None:
    raise SourceError("Nothing is summed here.")


def dying(phase: str, folder: Path, at: int, summed: bool, say: Connection) -> None:
    """Run a phase in a process that dies before a step; say how many steps it took if it lives."""
    taken = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    if not summed:
        rehearsal.build_summaries = publishing.build_summaries = refuse  # type: ignore[attr-defined]
    PHASES[phase](Store(folder))
    say.send(taken)


def run(phase: str, folder: Path, at: int, summed: bool = False) -> int | None:
    """Run a phase in a process of its own; return its number of steps, None if it died."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    hear, say = context.Pipe(duplex=False)
    process = context.Process(target=dying, args=(phase, folder, at, summed, say))
    process.start()
    say.close()
    process.join()
    try:
        return int(hear.recv()) if process.exitcode == 0 else None
    except EOFError:
        return None
    finally:
        assert process.exitcode in (0, -signal.SIGKILL)
        hear.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a store of one version, and a correction beside it."""
    put(Store(tmp_path / "home" / "store"), JANUARY)
    (tmp_path / "home" / "correction.csv").write_text(CORRECTION)
    return tmp_path / "home"


def gone_through(home: Path, *phases: str, summed: bool = False) -> Path:
    for phase in phases:
        assert run(phase, home / "store", 0, summed)
    return home


def each_death(home: Path, phase: str, *, summed: bool = False) -> list[Store]:
    """Copies of a store, each after a death at another step of the phase."""
    counting = shutil.copytree(home, home.parent / "counting")
    steps = run(phase, counting / "store", 0, summed)
    assert steps
    stores = []
    for at in range(1, steps + 1):
        copy = shutil.copytree(home, home.parent / f"{phase}-{at}")
        assert run(phase, copy / "store", at, summed) is None
        stores.append(Store(copy / "store"))
    return stores


def is_whole(store: Store, ids: list[str]) -> None:
    assert store.reading().notices == ()
    head = store.head()
    assert head is not None
    assert store.verify(head.number) == []
    assert rows(store, "sales_transaction", "transaction_id") == ids


def goes_on(store: Store) -> None:
    """Whatever was left behind, the way can be gone to its end, and nothing is left in the end."""
    known = [one for one in waiting(store, now=NOON) if one.status is not Status.CUT]
    if not known:
        receiving(store)
    preparing(store)
    rehearsing(store)
    publishing_(store)
    is_whole(store, AFTER)
    tomorrow = Store(store.path, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    tomorrow.collect()
    waiting(tomorrow, now=datetime.now(UTC) + timedelta(days=60))
    assert not any(path.is_file() for path in (store.path / "staging").rglob("*"))
    kept = {entry.path for one in store.versions() for entry in one.files}
    assert {f"data/{path.name}" for path in store.data.iterdir()} == kept


@pytest.mark.slow
@pytest.mark.parametrize(
    ("phase", "before"),
    [
        ("receiving", ()),
        ("preparing", ("receiving",)),
        ("rehearsing", ("receiving", "preparing")),
    ],
)
def test_until_it_is_published_nobody_sees_anything(
    home: Path, phase: str, before: tuple[str, ...]
) -> None:
    for number, store in enumerate(each_death(gone_through(home, *before), phase)):
        is_whole(store, BEFORE)
        assert store.numbers() == [1]
        found = [one for one in waiting(store, now=NOON) if one.status is not Status.CUT]
        if before:
            assert [one.original(store).read_text() for one in found] == [CORRECTION]
        if number % GO_ON == 0:
            goes_on(store)


@pytest.mark.slow
def test_a_publish_is_there_whole_or_not_at_all(home: Path) -> None:
    home = gone_through(home, "receiving", "preparing", "rehearsing")
    numbers = []
    for number, store in enumerate(each_death(home, "publishing")):
        numbers.append(store.numbers())
        is_whole(store, AFTER if numbers[-1] == [1, 2] else BEFORE)
        found = waiting(store, now=NOON)
        assert len(found) == (0 if numbers[-1] == [1, 2] else 1)
        if found:
            assert found[0].status is Status.REHEARSED
        if found and number % GO_ON == 0:
            goes_on(store)
    assert numbers == sorted(numbers)
    assert numbers[0] == [1]
    assert numbers[-1] == [1, 2]


@pytest.mark.slow
def test_pages_have_the_summaries_of_what_was_published(home: Path, summed: None) -> None:
    home = gone_through(home, "receiving", "preparing", "rehearsing", summed=True)
    for store in each_death(home, "publishing", summed=True):
        waiting(store, now=NOON)
        source = StoreSource(store)
        assert source.version().notices == ()
        source.close()


@pytest.mark.slow
def test_an_undo_is_there_whole_or_not_at_all(home: Path) -> None:
    home = gone_through(home, "receiving", "preparing", "rehearsing", "publishing")
    for store in each_death(home, "undoing"):
        is_whole(store, BEFORE if store.numbers() == [1, 2, 3] else AFTER)
