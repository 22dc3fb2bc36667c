"""What a page said when it was first shown, and what it says when late data have come."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from cxdata.journal import shown as keeping
from cxdata.journal.shown import ShownFigure, shown
from cxdata.marts.build import build
from cxdata.marts.rules import Rules
from cxdata.model.errors import JournalError
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource
from cxdata.ui import data
from tests.ui.conftest import NOW, customers, sales
from tests.ui.reader import Reader

Reading = Callable[[Path], None]
LATE = [
    {**row, "transaction_id": f"late-{at}"}
    for at, row in enumerate(sales(60, amount=900.0))
    if row["transaction_date"] == date(2026, 9, 5)
]


@pytest.fixture
def store(tmp_path: Path, reading: Reading) -> Store:
    """A store with two years of sales, promised to be complete, and a page that reads it."""
    found = Store(tmp_path / "store", clock=lambda: NOW - timedelta(days=3))
    promise = {
        "load_id": "sales",
        "table_name": "sales_transaction",
        "complete_through": date(2026, 9, 30),
        "loaded_at": NOW,
    }
    with found.begin("ann", "first") as publication:
        publication.replace("customer", pa.Table.from_pylist(customers(60)))
        publication.replace("sales_transaction", pa.Table.from_pylist(sales(60, months=24)))
        publication.replace("data_load", pa.Table.from_pylist([promise]))
        publication.commit()
    _shown_again(found, reading)
    return found


def _shown_again(store: Store, reading: Reading) -> None:
    build(StoreSource(store), Rules(), now=NOW)
    reading(store.path)


def _publish_late(store: Store, reading: Reading) -> None:
    with store.begin("ann", "late sales of September") as publication:
        publication.append("sales_transaction", pa.Table.from_pylist(LATE))
        publication.commit()
    _shown_again(store, reading)


def test_late_data_are_told_with_what_they_changed(store: Store, reading: Reading) -> None:
    reader = Reader().open("spend")
    before = reader.tiles["Revenue per customer"]
    assert "when first shown" not in reader.words
    _publish_late(store, reading)
    reader = Reader().open("spend")
    now = reader.tiles["Revenue per customer"]
    assert before != now
    (said,) = (line for line in reader.words.splitlines() if "when first shown" in line)
    assert f"Revenue per customer for Sep 2026 was {before} when first shown on" in said
    assert f"and is {now} now: late data +" in said
    assert reader.faults == []


def test_a_showing_is_kept_once(
    store: Store, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    real = keeping.remember

    def counted(journal: object, figures: list[ShownFigure]) -> int:
        written.append(len(figures))
        return real(journal, figures)  # type: ignore[arg-type]

    monkeypatch.setattr("cxdata.panels.restated.remember", counted)
    Reader().open("spend")
    once = list(written)
    assert once
    Reader().open("spend")
    data.forget()
    Reader().open("spend")  # another process knows it from the journal
    assert written == once
    (kept,) = shown(data.journal(), "revenue_per_customer", "2026-09", "")
    assert kept.shown_at is not None
    assert kept.shown_at.astimezone(UTC) > datetime(2026, 1, 1, tzinfo=UTC)


def test_a_journal_that_does_not_answer_costs_no_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise JournalError("The journal cannot be opened.")

    monkeypatch.setattr(data, "journal", gone)
    reader = Reader().open("spend")
    assert reader.faults == []
    assert reader.tiles["Revenue per customer"].startswith("€")
    assert "journal" not in reader.words


def test_a_journal_file_that_is_broken_costs_no_page(store: Store, reading: Reading) -> None:
    folder = store.path / ".cxdata"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "journal.db").write_bytes(b"no database" * 100)
    _shown_again(store, reading)
    reader = Reader().open("spend")
    assert reader.faults == []
    assert reader.tiles["Revenue per customer"].startswith("€")
