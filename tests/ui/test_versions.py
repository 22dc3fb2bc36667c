"""One version a run: publishes in the middle of a page never mix two of them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from cxdata.cli import main
from cxdata.marts.build import build
from cxdata.marts.rules import Rules
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from cxdata.ui import data
from tests.ui.conftest import customers, terms
from tests.ui.reader import Reader

NOW = datetime(2026, 10, 21, tzinfo=UTC)
LOST = {60: 6, 90: 9}
"""Customers a version holds, and how many of them left in its last finished month."""


def published(store: Store, count: int) -> None:
    with store.begin("ann", f"{count} customers") as publish:
        publish.replace("customer", pa.Table.from_pylist(customers(count)))
        publish.replace("subscription_period", pa.Table.from_pylist(terms(count)))
        publish.commit()
    source = StoreSource(store)
    build(source, Rules(), now=NOW)
    source.close()


def test_every_answer_is_of_one_version_while_others_publish(
    tmp_path: Path, reading: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One version goes back and forth while a reader runs the page again and again."""
    store = Store(tmp_path / "d")
    for count in LOST:
        published(store, count)
    reading(tmp_path / "d")
    monkeypatch.setattr(data, "_FRESH_SECONDS", 0.0)
    is_read = threading.Event()
    outcomes: list[int] = []

    def go_back_and_forth() -> None:
        while not is_read.is_set():
            outcomes.extend(main([way, "--reason", "a look"]) for way in ("undo", "redo"))
            is_read.wait(0.2)

    writer = threading.Thread(target=go_back_and_forth)
    writer.start()
    seen = []
    try:
        for _ in range(8):
            reader = Reader(period="Sep 2026")
            assert reader.faults == []
            stamp = re.search(r"Data version (\d+)", reader.words)
            assert stamp, reader.words
            seen.append((int(stamp[1]), reader))
    finally:
        is_read.set()
        writer.join()
    assert outcomes
    assert set(outcomes) == {0}
    assert len({number for number, _ in seen}) > 2, "publishes came between the runs"
    for number, reader in seen:
        # For a moment after a publish the summaries of the version before serve, and that is said.
        shown = (
            number - 1
            if f"summaries of version {number} are not built yet" in reader.words
            else number
        )
        count = 60 if shown % 2 else 90
        assert reader.tiles["Lost customers"] == str(LOST[count]), number
        lost = {str(row.get("text")) for row in reader.drawn if row.get("line") == "Lost"}
        assert {f"−{LOST[count]}", f"−€{30 * LOST[count]}"} <= lost, number
