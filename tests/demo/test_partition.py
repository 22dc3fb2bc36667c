"""Rows reach files whole and in order, whatever memory there is."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest

from cxdata.demo import generate, partition
from cxdata.demo.partition import Heaps
from cxdata.model.tables import curated
from cxdata.sources.parquet_io import event_date
from tests.demo.conftest import END


def files(scratch: Path, budget: int) -> dict[str, list[pa.Table]]:
    scratch.mkdir()
    found: defaultdict[str, list[pa.Table]] = defaultdict(list)
    heaps = Heaps(lambda table, rows: found[table].append(rows), scratch, budget)
    for table, batch in generate(400, 8, 3, END):
        heaps.add(table, batch)
    heaps.finish()
    assert list(scratch.iterdir()) == []
    return dict(found)


def test_a_tight_budget_changes_nothing(tmp_path: Path) -> None:
    plenty, tight = files(tmp_path / "plenty", 2**40), files(tmp_path / "tight", 10_000)
    assert plenty == tight


def test_large_tables_have_a_file_a_quarter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partition, "SMALL", 100)
    found = files(tmp_path / "scratch", 2**40)
    for table, parts in found.items():
        dated = event_date(curated(table))
        rows = sum(part.num_rows for part in parts)
        if dated is None or rows <= 100:
            assert len(parts) == 1
            continue
        quarters = [{(d.year, (d.month - 1) // 3) for d in p[dated].to_pylist()} for p in parts]
        assert [len(quarter) for quarter in quarters] == [1] * len(parts)
        assert sorted(quarters, key=min) == quarters


def test_rows_of_a_file_are_in_order_of_date(tmp_path: Path) -> None:
    for table, parts in files(tmp_path / "scratch", 2**40).items():
        dated = event_date(curated(table))
        for part in parts if dated else []:
            days = part[dated].to_pylist()
            assert days == sorted(days), table


def test_files_have_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = files(tmp_path / "whole", 2**40)
    monkeypatch.setattr(partition, "LARGE", 500)
    cut = files(tmp_path / "cut", 2**40)
    assert max(part.num_rows for parts in cut.values() for part in parts) == 500
    for table, parts in whole.items():
        assert sum(p.num_rows for p in parts) == sum(p.num_rows for p in cut[table])
