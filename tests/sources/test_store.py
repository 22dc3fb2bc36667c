"""The store's promises: versions, conflicts, undo, damage, moving, collecting."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cxdata.model.errors import Conflict, SourceError, StoreError, UnknownName
from cxdata.model.tables import CURATED
from cxdata.sources import integrity
from cxdata.sources.manifest import SourceFile, Version
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from tests.sources.rows import CUSTOMERS, FEBRUARY, JANUARY, MARCH, sales

SALES = CURATED.tables["sales_transaction"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two versions: customers and January; then February."""
    store = Store(tmp_path / "data folder")
    with store.begin("ann", "first load") as publish:
        publish.append("customer", CUSTOMERS)
        publish.append("sales_transaction", JANUARY)
        publish.commit()
    append(store, FEBRUARY)
    return store


def append(store: Store, rows: object, user: str = "ann") -> Version:
    with store.begin(user, "more sales") as publish:
        publish.append("sales_transaction", rows)
        return publish.commit()


def ids(store: Store, version: Version | None = None) -> list[str]:
    """The sales ids of a version, read from its files by Arrow."""
    version = version or store.reading().version
    assert version is not None
    tables = [pq.read_table(path) for path in store.paths(version, "sales_transaction")]
    return sorted(value for table in tables for value in table["transaction_id"].to_pylist())


def newest_file(store: Store) -> Path:
    """The file that only version 2 has."""
    return store.paths(store.read_version(2), "sales_transaction")[-1]


# -- versions --------------------------------------------------------------------------------------


def test_a_version_says_who_why_when_and_how_many(store: Store) -> None:
    first, second = store.read_version(1), store.read_version(2)
    assert [version.number for version in store.versions()] == [2, 1]
    assert (second.user, second.reason, second.parent) == ("ann", "more sales", 1)
    assert second.row_counts == {"customer": 3, "sales_transaction": 4}
    assert first.row_counts == {"customer": 3, "sales_transaction": 2}
    (january,) = first.files_of("sales_transaction")
    assert (january.low, january.high) == (date(2026, 1, 5), date(2026, 1, 31))
    assert january.bytes == (store.path / january.path).stat().st_size
    with pytest.raises(UnknownName, match="no version named '9'"):
        store.read_version(9)


def test_files_are_zstd_with_declared_types_and_page_checksums(store: Store) -> None:
    metadata = pq.read_metadata(newest_file(store))
    column = metadata.row_group(0).column(3)
    assert (column.path_in_schema, column.compression) == ("net_amount", "ZSTD")
    assert str(metadata.schema.to_arrow_schema().field("net_amount").type) == "decimal128(18, 2)"


def test_nothing_is_seen_before_the_commit_nor_after_an_abandoned_publish(store: Store) -> None:
    with store.begin("bob", "never mind") as publish:
        publish.append("sales_transaction", MARCH)
        assert ids(store) == ["t1", "t2", "t3", "t4"]
    assert store.numbers() == [1, 2]
    assert len(list(store.data.iterdir())) == 3


def test_rows_that_do_not_fit_are_refused(store: Store) -> None:
    with store.begin("bob", "wrong") as publish:
        with pytest.raises(SourceError, match="has no column colour"):
            publish.append("customer", CUSTOMERS.rename_columns(["colour"]))
        with pytest.raises(SourceError, match="declared types"):
            publish.append("sales_transaction", sales(("t9", date(2026, 1, 1), "ten")))
        with pytest.raises(UnknownName, match="customer"):
            publish.append("custommer", CUSTOMERS)
    assert len(list(store.data.iterdir())) == 3


def test_a_parquet_file_can_be_published(store: Store, tmp_path: Path) -> None:
    extract = tmp_path / "march.parquet"
    pq.write_table(MARCH, extract)
    append(store, extract)
    assert ids(store) == ["t1", "t2", "t3", "t4", "t5"]
    extract.write_bytes(b"PAR1 not really")
    with pytest.raises(SourceError, match=r"march\.parquet is not a readable Parquet file"):
        append(store, extract)


def test_replacing_a_table_leaves_the_others(store: Store) -> None:
    with store.begin("bob", "only march") as publish:
        publish.replace("sales_transaction", MARCH)
        version = publish.commit()
    assert ids(store) == ["t5"]
    assert version.row_counts["customer"] == 3


def test_replacing_a_period_rewrites_what_reaches_beyond_it(store: Store) -> None:
    middle = sales(("new", date(2026, 2, 10), "1.00"))
    with store.begin("bob", "second half of January, February") as publish:
        publish.replace_period("sales_transaction", date(2026, 1, 31), date(2026, 3, 1), middle)
        version = publish.commit()
    assert ids(store) == ["new", "t1"]
    assert store.read_version(1).files_of("customer") == version.files_of("customer")
    with store.begin("bob", "outside") as publish, pytest.raises(StoreError, match="outside"):
        publish.replace_period("sales_transaction", date(2026, 2, 1), date(2026, 3, 1), MARCH)
    with store.begin("bob", "undated") as publish, pytest.raises(StoreError, match="no event date"):
        publish.replace_period("customer", date(2026, 2, 1), date(2026, 3, 1), CUSTOMERS)


def test_a_source_file_is_known_again(store: Store) -> None:
    assert store.published_source("a" * 64) is None
    with store.begin("bob", "march", source_file=SourceFile("march.csv", "a" * 64)) as publish:
        publish.append("sales_transaction", MARCH)
        publish.commit()
    found = store.published_source("a" * 64)
    assert found is not None
    assert (found.number, found.source_file) == (3, SourceFile("march.csv", "a" * 64))


# -- several people --------------------------------------------------------------------------------


def test_appends_go_on_top_of_each_other(store: Store) -> None:
    with store.begin("bob", "march") as slow:
        slow.append("sales_transaction", MARCH)
        append(store, sales(("t6", date(2026, 4, 1), "6.00")), user="eve")
        assert slow.commit().number == 4
    assert ids(store) == ["t1", "t2", "t3", "t4", "t5", "t6"]


def test_the_second_to_replace_the_same_table_is_told_who_was_first(store: Store) -> None:
    with store.begin("bob", "fix") as slow:
        slow.replace_period("sales_transaction", date(2026, 3, 1), date(2026, 4, 1), MARCH)
        append(store, sales(("t6", date(2026, 3, 9), "6.00")), user="eve")
        with store.begin("zoe", "segments") as other:
            other.replace("customer", CUSTOMERS)
            other.commit()
        with pytest.raises(Conflict, match=r"eve published table sales_transaction as version 3"):
            slow.commit()
    assert ids(store) == ["t1", "t2", "t3", "t4", "t6"]


def test_replacing_another_table_is_no_conflict(store: Store) -> None:
    with store.begin("bob", "customers") as slow:
        slow.replace("customer", CUSTOMERS.slice(1))
        append(store, MARCH, user="eve")
        version = slow.commit()
    assert version.row_counts == {"customer": 2, "sales_transaction": 5}


# -- undo ------------------------------------------------------------------------------------------


def test_undo_redo_and_undo_after_another_publish(store: Store) -> None:
    shas = {number: _shas(store.read_version(number)) for number in (1, 2)}
    undone = store.undo_to(1, "ann", "February was wrong")
    assert (undone.number, _shas(undone)) == (3, shas[1])
    redone = store.undo_to(2, "ann", "it was right")
    assert (redone.number, _shas(redone)) == (4, shas[2])
    append(store, MARCH)
    again = store.undo_to(1, "zoe", "start over")
    assert (again.number, _shas(again)) == (6, shas[1])
    assert (again.user, again.reason, again.checks) == (
        "zoe",
        "start over",
        {"restored_version": 1},
    )
    assert [version.number for version in store.versions()] == [6, 5, 4, 3, 2, 1]


def test_a_damaged_version_cannot_be_restored(store: Store) -> None:
    newest_file(store).unlink()
    with pytest.raises(StoreError, match="Version 2 cannot be restored"):
        store.undo_to(2, "ann", "again")


def test_a_number_taken_while_the_head_is_read_is_never_skipped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody publishes between a writer's look at the numbers and its look at the head."""
    late = Store(store.path)
    real = late.numbers
    late_comers = iter([MARCH])

    def numbers() -> list[int]:
        seen = real()
        for rows in late_comers:
            append(store, rows, user="eve")
        return seen

    with late.begin("bob", "april") as publish:
        publish.append("sales_transaction", sales(("t6", date(2026, 4, 1), "6.00")))
        monkeypatch.setattr(late, "numbers", numbers)
        assert publish.commit().parent == 3
    assert ids(store) == ["t1", "t2", "t3", "t4", "t5", "t6"]


def _shas(version: Version) -> set[str]:
    return {entry.sha256 for entry in version.files}


# -- damage ----------------------------------------------------------------------------------------


def test_a_missing_file_gives_way_to_the_version_before(store: Store) -> None:
    newest_file(store).unlink()
    reading = store.reading()
    assert reading.version == store.read_version(1)
    assert "Data version 2 is damaged" in reading.notices[0]
    assert "is missing" in reading.notices[0]
    assert "Shown instead: version 1 of" in reading.notices[1]


@pytest.mark.parametrize("left", [0.0, 0.5])
def test_a_truncated_or_empty_file_gives_way(store: Store, left: float) -> None:
    path = newest_file(store)
    os.truncate(path, int(path.stat().st_size * left))
    source = StoreSource(store)
    with source.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(SALES)).scalar() == 2
    assert "bytes in place of" in source.version().notices[0]


def test_every_flipped_bit_is_found(store: Store) -> None:
    path = newest_file(store)
    sound = path.read_bytes()
    choice = random.Random(7)
    for _ in range(120):
        rotten = bytearray(sound)
        rotten[choice.randrange(len(sound))] ^= 1 << choice.randrange(8)
        path.write_bytes(rotten)
        assert store.reading().version == store.read_version(1)
        assert [damage.what for damage in store.verify(2)] == ["does not have its checksum"]
    path.write_bytes(sound)
    assert store.verify(2) == []
    assert store.reading().version == store.read_version(2)


def test_rot_that_keeps_the_time_of_change_is_found_by_verify(store: Store) -> None:
    path = newest_file(store)
    assert store.reading().version == store.read_version(2)
    stat = path.stat()
    rotten = bytearray(path.read_bytes())
    rotten[len(rotten) // 2] ^= 1
    path.write_bytes(rotten)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert [damage.table for damage in store.verify(2)] == ["sales_transaction"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("00000003.json", b""),
        ("00000003.json", b'{"format": 1, "version": 3, "files": ['),
        ("00000003.json", b"\x00" * 4096),
        ("00000003.json", b'{"format": 1}'),
        ("00000003.json", b"[]"),
        ("00000999.json", b"junk"),
        ("00000003.json", "version 2"),
    ],
)
def test_a_junk_manifest_is_ignored_with_a_notice(
    store: Store, name: str, content: bytes | str
) -> None:
    if isinstance(content, str):
        content = (store.manifests / "00000002.json").read_bytes()
    (store.manifests / name).write_bytes(content)
    reading = store.reading()
    assert reading.version == store.read_version(2)
    assert "its manifest cannot be read" in reading.notices[0]
    version = append(store, MARCH)
    assert version.number == int(name.removesuffix(".json")) + 1
    assert version.parent == 2
    assert store.reading().notices == ()


def test_a_manifest_that_was_edited_is_ignored(store: Store) -> None:
    path = store.manifests / "00000002.json"
    content = json.loads(path.read_text())
    content["files"] = content["files"][:1]
    path.write_text(json.dumps(content))
    assert store.reading().version == store.read_version(1)


def test_a_version_whose_parent_was_exchanged_is_not_used(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    with other.begin("mallory", "other data") as publish:
        publish.append("customer", CUSTOMERS)
        publish.commit()
    shutil.copy(other.manifests / "00000001.json", store.manifests / "00000001.json")
    for file in other.data.iterdir():
        shutil.copy(file, store.data)
    reading = store.reading()
    assert reading.version is not None
    assert (reading.version.number, reading.version.user) == (1, "mallory")
    assert "was not built on the version 1 that is there" in reading.notices[0]


def test_when_no_version_is_sound_it_says_so(store: Store) -> None:
    for path in store.manifests.iterdir():
        path.write_bytes(b"")
    with pytest.raises(StoreError, match="No version of the data can be read"):
        store.reading()
    with pytest.raises(StoreError, match="No version of the data can be read"):
        append(store, MARCH)


def test_a_file_is_hashed_once_a_process(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    integrity.SEALS.forget()
    hashed: list[str] = []
    real = integrity.sha256_of

    def counted(path: Path) -> str:
        hashed.append(path.name)
        return real(path)

    monkeypatch.setattr(integrity, "sha256_of", counted)
    for _ in range(5):
        Store(store.path).reading()
    assert len(hashed) == len(set(hashed))
    assert sum(name.endswith(".parquet") for name in hashed) == 3


# -- the folder ------------------------------------------------------------------------------------


def test_the_folder_may_be_moved_and_copied(store: Store, tmp_path: Path) -> None:
    copied = Store(shutil.copytree(store.path, tmp_path / "copied"))
    assert ids(copied) == ["t1", "t2", "t3", "t4"]
    moved = Store(shutil.move(store.path, tmp_path / "moved"))
    assert ids(moved) == ["t1", "t2", "t3", "t4"]
    append(moved, MARCH)
    assert (len(ids(moved)), len(ids(copied))) == (5, 4)


@pytest.fixture
def read_only(store: Store) -> Iterator[Store]:
    """The store on a read-only mount; skipped where mounting is not allowed."""
    where = store.path.parent / "read only"
    where.mkdir()
    for arguments in (["--bind", str(store.path), str(where)], ["-o", "remount,ro,bind", where]):
        done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
        if done.returncode != 0:
            subprocess.run(["umount", where], capture_output=True, check=False)
            pytest.skip("A read-only mount needs the right to mount.")
    yield Store(where)
    subprocess.run(["umount", where], check=True)


def test_a_read_only_folder_is_read_and_says_why_it_is_not_written(read_only: Store) -> None:
    source = StoreSource(read_only)
    with source.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(SALES)).scalar() == 4
    with pytest.raises(StoreError, match="read-only"):
        append(read_only, MARCH)
    with pytest.raises(SourceError, match="marts_folder"), source.building():
        pass
    source.close()


def test_a_refusal_to_write_is_a_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StoreError, match="read-only"):
        append(store, MARCH)
    assert len(list(store.data.iterdir())) == 3
    assert store.head() == store.read_version(2)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (lambda first, name: (_ for _ in ()).throw(OSError(95, "Not supported")), "hard links"),
        (lambda first, name: shutil.copy(first, name), "both win the same name"),
    ],
)
def test_an_unsafe_file_system_is_refused(tmp_path: Path, link: object, why: str) -> None:
    with pytest.raises(StoreError, match=why):
        integrity.self_test(tmp_path, link)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


# -- collecting ------------------------------------------------------------------------------------


def test_only_old_orphans_are_collected(store: Store) -> None:
    orphan = store.data / "0123.parquet"
    orphan.write_bytes(b"left by a crash")
    torn = store.manifests / ".tmp-0123"
    torn.write_bytes(b"{")
    assert store.collect() == []
    later = Store(store.path, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    assert later.collect() == ["0123.parquet", ".tmp-0123"]
    assert ids(store) == ["t1", "t2", "t3", "t4"]
    assert store.verify(1) == store.verify(2) == []


def test_an_unreadable_manifest_protects_all_files(store: Store) -> None:
    """Its files are not known, so no file can be called an orphan."""
    (store.manifests / "00000002.json").write_bytes(b"rotten")
    later = Store(store.path, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    assert later.collect() == []
    assert len(list(store.data.iterdir())) == 3


def test_at_least_thirty_versions_are_kept(store: Store) -> None:
    for n in range(32):
        with store.begin("ann", "again") as publish:
            publish.replace("sales_transaction", sales((f"r{n}", date(2026, 1, 1), "1.00")))
            publish.commit()
    later = Store(store.path, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    swept = later.collect(keep=1)
    assert [version.number for version in store.versions()] == list(range(34, 4, -1))
    assert len(swept) == 4
    assert all(store.verify(version.number) == [] for version in store.versions())
    assert store.reading().notices == ()


def test_versions_go_by_number_when_the_clock_jumps_back(tmp_path: Path) -> None:
    times = iter(datetime(2026, month, 1, tzinfo=UTC) for month in (6, 6, 2, 2))
    store = Store(tmp_path / "s", clock=lambda: next(times))
    append(store, JANUARY)
    append(store, FEBRUARY)
    head = store.head()
    assert head is not None
    assert (head.number, head.created_at.month) == (2, 2)
