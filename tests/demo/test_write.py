"""The demo in a plain folder and in the store: same bytes, one version, nothing left over."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cxdata.demo import planted, write_demo
from cxdata.demo.timeline import Timeline
from cxdata.model.errors import StoreError
from cxdata.sources.store import Store
from tests.demo.conftest import END

SMALL = (200, 6, 7, END)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    write_demo(tmp_path / "one", *SMALL)
    write_demo(tmp_path / "two", *SMALL)
    one = digests(tmp_path / "one")
    assert one == digests(tmp_path / "two")
    assert {"truth.json", "customer/part-00000.parquet"} <= set(one)
    assert not any(name.startswith(".") for name in one)


def test_another_seed_other_bytes(tmp_path: Path) -> None:
    write_demo(tmp_path / "one", *SMALL)
    write_demo(tmp_path / "two", 200, 6, 8, END)
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one["interaction/part-00000.parquet"] != two["interaction/part-00000.parquet"]


def test_a_folder_with_other_data_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="is not empty"):
        write_demo(tmp_path, *SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_store_gets_one_version(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    version = write_demo(store, *SMALL)
    assert version is not None
    assert (version.number, version.user) == (1, "demo")
    assert store.verify(1) == []
    write_demo(tmp_path / "plain", *SMALL)
    plain = {digest for name, digest in digests(tmp_path / "plain").items() if "/" in name}
    assert {entry.sha256 for entry in version.files} == plain
    assert (store.path / "truth.json").read_text(encoding="utf-8") == planted(
        Timeline(SMALL[1], END)
    ).as_json(customers=200, months=6, seed=7, end=END)


def test_a_second_demo_takes_the_place_of_the_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    write_demo(store, *SMALL)
    second = write_demo(store, 100, 6, 7, END)
    assert second is not None
    assert second.number == 2
    customers = sum(entry.rows for entry in second.files_of("customer"))
    assert 100 <= customers <= 110
    assert sum(entry.rows for entry in store.read_version(1).files_of("customer")) >= 200


def test_a_failure_leaves_no_version_and_no_scratch(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")

    def stop(_what: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo(store, *SMALL, progress=stop)
    assert store.head() is None
    assert list(store.data.iterdir()) == []
    assert not list(store.path.glob(".demo-*"))
