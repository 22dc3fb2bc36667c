"""A manifest round-trips, and what is not one is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cxdata.sources.manifest import FileEntry, SourceFile, Version, changed_tables, dump, parse

ENTRY = FileEntry(
    table="sales_transaction",
    path="data/a.parquet",
    sha256="a" * 64,
    bytes=10,
    rows=2,
    columns=("transaction_id", "net_amount"),
    low=date(2026, 1, 1),
    high=date(2026, 1, 31),
)
VERSION = Version(
    number=2,
    parent=1,
    parent_sha256="b" * 64,
    files=(ENTRY, replace(ENTRY, table="customer", path="data/b.parquet", low=None, high=None)),
    user="Zoë <zoe@example.com>",
    reason='the "March" extract',
    created_at=datetime(2026, 4, 1, 12, 30, tzinfo=UTC),
    schema_fingerprint="0123",
    source_file=SourceFile("März.csv", "c" * 64),
    checks={"duplicates": 3},
)


def test_it_round_trips() -> None:
    assert parse(dump(VERSION)) == VERSION
    bare = replace(VERSION, parent=None, parent_sha256=None, source_file=None, checks={}, files=())
    assert parse(dump(bare)) == bare


@pytest.mark.parametrize("path", ["/etc/passwd", "../other/data/a.parquet", "data/../../x"])
def test_a_file_outside_the_store_is_refused(path: str) -> None:
    hostile = replace(VERSION, files=(replace(ENTRY, path=path),))
    with pytest.raises(ValueError, match="outside the store"):
        parse(dump(hostile))


@pytest.mark.parametrize(
    ("field", "value"),
    [("user", "mallory"), ("version", 3), ("files", []), ("sha256", "0" * 64), ("format", 2)],
)
def test_any_edit_is_noticed(field: str, value: object) -> None:
    content = json.loads(dump(VERSION))
    content[field] = value
    with pytest.raises(ValueError, match=r"checksum it claims|this format"):
        parse(json.dumps(content).encode())


@pytest.mark.parametrize("field", ["files", "created_at", "user", "schema_fingerprint"])
def test_a_missing_field_is_noticed(field: str) -> None:
    content = json.loads(dump(VERSION))
    del content[field]
    with pytest.raises(ValueError, match="missing or malformed"):
        parse(json.dumps(content).encode())


def test_overlap_of_a_file_and_a_period() -> None:
    assert ENTRY.overlaps(date(2026, 1, 31), date(2026, 2, 1))
    assert not ENTRY.overlaps(date(2026, 2, 1), date(2026, 3, 1))
    assert not ENTRY.overlaps(date(2025, 12, 1), date(2026, 1, 1))
    assert replace(ENTRY, low=None, high=None).overlaps(date(2020, 1, 1), date(2020, 2, 1))


def test_tables_whose_files_differ() -> None:
    added = replace(ENTRY, path="data/c.parquet", sha256="d" * 64)
    newer = replace(VERSION, files=(*VERSION.files, added))
    assert changed_tables(VERSION, newer) == {"sales_transaction": (added,)}
    assert changed_tables(newer, VERSION) == {"sales_transaction": (added,)}
    assert changed_tables(VERSION, VERSION) == {}
