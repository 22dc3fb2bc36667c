"""The store under kill -9, two writers, a full disk, and the order in which it writes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.model.errors import StoreError
from cxdata.sources.store import Store
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY

ROOT = Path(__file__).resolve().parents[2]

PUBLISHER = """
import sys
from datetime import date
from cxdata.sources.store import Store
from tests.sources.rows import sales

folder, name, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store(folder)
for n in range(times):
    with store.begin(name, f"line {n}") as publish:
        publish.append("sales_transaction", sales((f"{name}-{n}", date(2026, 1, 1), "1.00")))
        version = publish.commit()
    print(f"{name}-{n}", flush=True)
"""


def publisher(folder: Path, name: str, times: int) -> subprocess.Popen[str]:
    """Start a process that publishes line after line and acknowledges each."""
    return subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(folder), name, str(times)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


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
        process = publisher(store.path, f"p{round_}", 1000)
        assert process.stdout is not None
        acknowledged.add(process.stdout.readline().strip())
        time.sleep(0.005 * round_)
        process.kill()
        acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.stdout.close()
        process.wait()
        there = published(store)
        assert acknowledged <= set(there)
        assert len(there) == len(set(there))
        assert store.reading().notices == ()
    head = store.head()
    assert head is not None
    assert store.verify(head.number) == []
    assert len(acknowledged) >= 15


@pytest.mark.slow
def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    both = [publisher(store.path, name, 15) for name in ("ann", "bob")]
    for process in both:
        process.communicate()
        assert process.returncode == 0
    assert store.numbers() == list(range(1, 31))
    assert sorted(published(store)) == sorted(f"{n}-{i}" for n in ("ann", "bob") for i in range(15))
    parents = [version.parent for version in reversed(store.versions())]
    assert parents == [None, *range(1, 30)]


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
