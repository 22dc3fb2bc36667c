"""The store under kill -9, two writers, a full disk, and the order in which it writes."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cxdata.model.errors import StoreError
from cxdata.model.tables import CURATED
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY, sales

ROOT = Path(__file__).resolve().parents[2]


def publish_lines(folder: Path, name: str, times: int, acknowledged: Connection) -> None:
    """Publish line after line and acknowledge each, in a process of its own."""
    store = Store(folder)
    for n in range(times):
        with store.begin(name, f"line {n}") as publish:
            publish.append("sales_transaction", sales((f"{name}-{n}", date(2026, 1, 1), "1.00")))
            publish.commit()
        acknowledged.send(f"{name}-{n}")


def publisher(folder: Path, name: str, times: int) -> tuple[BaseProcess, Connection]:
    """Start a process that publishes; forked from one that has done the imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    hear, say = context.Pipe(duplex=False)
    process = context.Process(target=publish_lines, args=(folder, name, times, say))
    process.start()
    say.close()
    return process, hear


def heard(hear: Connection) -> set[str]:
    """All that was acknowledged until the process was gone."""
    lines: set[str] = set()
    with suppress(EOFError, OSError):
        while True:
            lines.add(hear.recv())
    hear.close()
    return lines


def published(store: Store) -> list[str]:
    version = store.reading().version
    if version is None:
        return []
    tables = [pq.read_table(path) for path in store.paths(version, "sales_transaction")]
    return [line for table in tables for line in table["transaction_id"].to_pylist()]


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    acknowledged: set[str] = set()
    for round_ in range(15):
        process, hear = publisher(store.path, f"p{round_}", 1000)
        acknowledged.add(hear.recv())
        time.sleep(0.003 * round_)
        process.kill()
        acknowledged |= heard(hear)
        process.join()
        there = published(store)
        assert acknowledged <= set(there)
        assert len(there) == len(set(there))
        assert store.reading().notices == ()
    head = store.head()
    assert head is not None
    assert store.verify(head.number) == []
    assert len(acknowledged) >= 15
    tomorrow = Store(store.path, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    tomorrow.collect()
    assert {path.name for path in store.data.iterdir()} == {
        Path(entry.path).name for entry in head.files
    }
    assert all(path.suffix == ".json" for path in store.manifests.iterdir())


@pytest.mark.slow
def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    both = [publisher(store.path, name, 15) for name in ("ann", "bob")]
    for process, hear in both:
        assert len(heard(hear)) == 15
        process.join()
    assert store.numbers() == list(range(1, 31))
    assert sorted(published(store)) == sorted(f"{n}-{i}" for n in ("ann", "bob") for i in range(15))
    parents = [version.parent for version in reversed(store.versions())]
    assert parents == [None, *range(1, 30)]


def test_a_reader_never_sees_half_a_publish(tmp_path: Path) -> None:
    """Each version has as many sales as customers; readers look while thirty are published."""
    store = Store(tmp_path / "store")

    def publish(n: int) -> None:
        with store.begin("ann", f"{n} of each") as under_way:
            ids = [f"c{i}" for i in range(n)]
            under_way.replace("customer", pa.table({"customer_id": ids}))
            under_way.replace("sales_transaction", pa.table({"transaction_id": ids}))
            under_way.commit()

    def publish_all() -> None:
        for n in range(2, 31):
            publish(n)

    publish(1)
    source = StoreSource(store)
    writer = threading.Thread(target=publish_all)
    writer.start()
    seen: list[tuple[int | None, int, int]] = []
    while writer.is_alive() or seen[-1][0] != 30:
        pinned = source.pinned()
        with pinned.engine.connect() as connection:
            customers, lines = (
                connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (CURATED.tables["customer"], CURATED.tables["sales_transaction"])
            )
        seen.append((pinned.version().number, customers, lines))
    writer.join()
    assert all(number == customers == lines for number, customers, lines in seen)
    assert len(set(seen)) > 2
    source.close()


# -- a full disk -----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB; skipped where mounting is not allowed."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(where)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("A small disk needs the right to mount.")
    yield where
    subprocess.run(["umount", where], check=True)


def test_a_full_disk_changes_nothing_and_leaves_nothing(small_disk: Path) -> None:
    store = Store(small_disk / "store")
    with store.begin("ann", "fits") as publish:
        publish.append("customer", CUSTOMERS)
        publish.commit()
    before = sorted(path.name for path in store.data.iterdir())
    (small_disk / "ballast").write_bytes(os.urandom(3 * 2**20 - 64 * 2**10))
    with pytest.raises(StoreError, match="disk of the data folder is full"):
        _publish_noise(store)
    assert sorted(path.name for path in store.data.iterdir()) == before
    assert store.numbers() == [1]
    assert store.verify(1) == []


LIMITED = """
import resource, sys
from cxdata.sources.store import Store
from tests.sources.test_durability import _publish_noise
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    _publish_noise(Store(sys.argv[1]))
except Exception as error:
    print(type(error).__name__, error)
"""


def test_a_file_too_large_for_the_disk_changes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with store.begin("ann", "fits") as publish:
        publish.append("customer", CUSTOMERS)
        publish.commit()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(store.path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("StoreError The disk of the data folder is full")
    assert (len(list(store.data.iterdir())), store.numbers()) == (1, [1])


def _publish_noise(store: Store) -> None:
    """Publish what does not compress: some hundred kilobytes."""
    noise = pa.table({"customer_id": [os.urandom(16).hex() for _ in range(20_000)]})
    with store.begin("ann", "too much") as publish:
        publish.append("customer", noise)
        publish.commit()


# -- the order of writing --------------------------------------------------------------------------


def test_content_is_durable_before_its_name_and_the_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store")
    with store.begin("ann", "first") as publish:
        publish.append("sales_transaction", JANUARY)
        publish.commit()
    steps: list[str] = []
    for name in ("fsync", "rename", "link"):
        monkeypatch.setattr(os, name, _recorded(steps, name, getattr(os, name)))
    with store.begin("ann", "second") as publish:
        publish.append("sales_transaction", FEBRUARY)
        publish.commit()
    assert steps == [
        "fsync tmp",
        "rename tmp to file.parquet",
        "fsync data",
        "fsync tmp",
        "link tmp to 00000002.json",
        "fsync versions",
    ]


def _recorded(steps: list[str], name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        if name == "fsync":
            steps.append(f"fsync {_short(Path(os.readlink(f'/proc/self/fd/{arguments[0]}')))}")
        else:
            steps.append(f"{name} {_short(Path(arguments[0]))} to {_short(Path(arguments[1]))}")
        return real(*arguments)

    return call


def _short(path: Path) -> str:
    if path.name.startswith(".tmp-"):
        return "tmp"
    return "file.parquet" if path.suffix == ".parquet" else path.name
