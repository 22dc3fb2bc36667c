"""Extracts in waiting: received whole or not at all, named by us, found again, swept when old."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cxdata.model.errors import IntakeError, StoreError, UnknownName
from cxdata.publish.preparing import prepare
from cxdata.publish.publishing import waiting
from cxdata.publish.staged import (
    KEEP_DAYS,
    Status,
    discard,
    find,
    fresh,
    save,
    stage,
    staged,
    staging,
    sweep,
    working,
)
from cxdata.sources.store import Store
from tests.publish.kit import JANUARY, NOON, bring, ready, recipe

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_the_bytes_are_kept_as_they_came(store: Store, tmp_path: Path) -> None:
    raw = os.urandom(3_000_000)
    (tmp_path / "raw").write_bytes(raw)
    shares: list[float] = []
    item = stage(
        store,
        tmp_path / "raw",
        name="raw",
        user="ann",
        now=NOON,
        progress=lambda _, share: shares.append(share),
    )
    assert item.original(store).read_bytes() == raw
    assert (item.bytes, item.status) == (len(raw), Status.RECEIVED)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_it_is_found_again_by_another_process(store: Store) -> None:
    first = bring(store, now=NOON)
    second = ready(store, JANUARY, name="second.csv", now=NOON + timedelta(hours=1))
    again = Store(store.path)
    assert [item.id for item in staged(again)] == [second.id, first.id]
    assert find(again, second.id[:10]) == second
    with pytest.raises(UnknownName):
        find(again, "0" * 32)
    with pytest.raises(UnknownName):
        find(again, "")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("..\\..\\x.csv", "..\\..\\x.csv"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("x" * 300 + ".csv", "x" * 199 + "…"),
        ("Kündigungen 🙂.csv", "Kündigungen 🙂.csv"),
        ("CON.csv", "CON.csv"),
        ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
        ("a\x00b\nc\u202egpj.exe", "a\ufffdb\ufffdc\ufffdgpj.exe"),
        ("half \udcff of a letter", "half ? of a letter"),
        ("", "unnamed"),
    ],
)
def test_a_given_name_is_data_and_never_a_path(store: Store, name: str, kept: str) -> None:
    item = ready(store, JANUARY, name=name)
    assert find(store, item.id).name == kept
    inside = {path.relative_to(store.path).parts[0] for path in store.path.rglob("*")}
    assert inside == {"staging"}
    assert all(path.name.isascii() for path in store.path.rglob("*"))


def test_nothing_to_receive(store: Store, tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"There is no file gone\.csv"):
        stage(store, tmp_path / "gone.csv", name="gone.csv", user="ann", now=NOON)
    with pytest.raises(IntakeError, match="is empty"):
        bring(store, b"")
    assert list(staging(store).iterdir()) == []


class CutOff(io.BytesIO):
    """A connection that is lost after some bytes."""

    def read(self, size: int | None = -1) -> bytes:
        got = super().read(10)
        if not got:
            raise ConnectionResetError("lost")
        return got


def test_an_upload_that_is_cut_off_leaves_nothing(store: Store) -> None:
    with pytest.raises(StoreError):
        stage(store, CutOff(JANUARY.encode()), name="a.csv", user="ann", now=NOON)
    assert list(staging(store).iterdir()) == []
    assert bring(store).status is Status.RECEIVED


def test_one_that_a_dead_process_left_is_cut_and_can_be_discarded(store: Store) -> None:
    item = fresh(store, "half.csv", "ann", NOON)
    assert [one.status for one in staged(store)] == [Status.CUT]
    with working(store, item):
        assert [one.status for one in staged(store)] == [Status.RECEIVING]
    with pytest.raises(StoreError, match="did not arrive whole"):
        prepare(store, item, recipe(), now=NOON)
    discard(store, item)
    assert staged(store) == ()


def test_only_one_works_on_it(store: Store) -> None:
    item = bring(store)
    with working(store, item):
        with pytest.raises(StoreError, match="being worked on"):
            discard(store, item)
        with pytest.raises(StoreError, match="being worked on"):
            prepare(store, item, recipe(), now=NOON)
    discard(store, item)
    with pytest.raises(StoreError, match="or is gone"):
        discard(store, item)


def test_what_is_forgotten_is_swept_and_what_is_worked_on_is_not(store: Store) -> None:
    old, busy = bring(store, name="old.csv"), bring(store, name="busy.csv")
    new = bring(store, name="new.csv")
    late = NOON + timedelta(days=KEEP_DAYS, seconds=1)
    save(store, replace(new, touched=late))
    with working(store, busy):
        assert sweep(store, now=late) == ("old.csv",)
    assert {one.name for one in waiting(store, now=NOON)} == {"new.csv", "busy.csv"}
    assert not old.folder(store).exists()


def test_a_clock_that_jumps_back_sweeps_nothing(store: Store) -> None:
    item = bring(store)
    long_ago = NOON - timedelta(days=4000)
    assert item.age(long_ago) == timedelta()
    assert sweep(store, now=long_ago) == ()


def test_a_refusal_is_kept_with_the_extract(store: Store) -> None:
    with pytest.raises(IntakeError):
        ready(store, "other,columns\n1,2\n", name="Konto.csv")
    (item,) = staged(store)
    assert (item.status, item.prepared) == (Status.RECEIVED, None)
    assert "column" in item.refused


# -- a full disk -----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB; skipped where mounting is not allowed."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(where)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("A small disk needs the right to mount.")
    yield where
    subprocess.run(["umount", where], check=True)


def test_a_file_larger_than_the_disk_is_refused_before_it_is_copied(small_disk: Path) -> None:
    store = Store(small_disk / "store")
    big = small_disk.parent / "big"
    with big.open("wb") as file:
        file.truncate(7 << 20)
    with pytest.raises(StoreError, match="bytes left and the file needs 7,340,032"):
        stage(store, big, name="big", user="ann", now=NOON)


def test_a_stream_that_fills_the_disk_leaves_nothing(small_disk: Path) -> None:
    store = Store(small_disk / "store")
    with pytest.raises(StoreError, match="disk of the data folder is full"):
        stage(store, io.BytesIO(os.urandom(8 << 20)), name="big", user="ann", now=NOON)
    assert list(staging(store).iterdir()) == []


FULL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from cxdata.sources.store import Store
from tests.publish.kit import put, JANUARY
store = Store(sys.argv[1])
put(store, JANUARY)
rows = "".join(f"n{n},c{n},2026-02-01,{n}.00\\n" for n in range(60_000))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    put(store, "id,who,day,sum\\n" + rows)
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.slow
@pytest.mark.parametrize("limit", [100_000, 1_400_000])
def test_a_disk_that_fills_up_on_the_way_changes_nothing(tmp_path: Path, limit: int) -> None:
    """The first limit stops the original, the second what is made of it."""
    store = Store(tmp_path / "store")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FULL, str(store.path), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(("StoreError", "IntakeError")), done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert store.numbers() == [1]
    assert store.verify(1) == []
    assert all(one.status is not Status.REHEARSED for one in staged(store))
