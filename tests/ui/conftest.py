"""Data folders for the pages: a small demo company, and folders written row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.cli import main
from cxdata.marts.build import build
from cxdata.marts.rules import Rules
from cxdata.model.period import add_months
from cxdata.sources.folder import FolderSource
from cxdata.ui import data

NOW = datetime(2026, 10, 21, tzinfo=UTC)
Rows = Mapping[str, list[dict[str, Any]]]


def built(folder: Path) -> Path:
    """Build the summaries of a folder."""
    build(FolderSource(folder), Rules(), now=NOW)
    return folder


def written(folder: Path, tables: Rows) -> Path:
    """Write tables as Parquet files, as a team that has nothing else would."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    return built(folder)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo company of 400 customers and 16 months."""
    folder = tmp_path_factory.mktemp("company") / "data"
    command = ["demo", "--customers", "400", "--months", "16", "--out", str(folder), "--quiet"]
    assert main(command) == 0
    return built(folder)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Point the app at a data folder for one test."""

    def point(folder: Path) -> None:
        monkeypatch.setenv("CXDATA_DATA", str(folder))
        data.forget()

    yield point
    data.forget()


def customers(count: int, **columns: Any) -> list[dict[str, Any]]:
    """So many customers."""
    return [{"customer_id": f"C{at}", **columns} for at in range(count)]


def sales(count: int, months: int = 15, amount: float = 20.0) -> list[dict[str, Any]]:
    """One sale a customer and month, the last in September 2026; a negative amount is a refund."""
    last = date(2026, 9, 5)
    return [
        {
            "transaction_id": f"T{at}-{back}",
            "customer_id": f"C{at}",
            "transaction_date": add_months(last, -back),
            "kind": "sale" if amount >= 0 else "refund",
            "net_amount": amount + at if amount >= 0 else amount,
        }
        for at in range(count)
        for back in range(months)
    ]


def terms(count: int) -> list[dict[str, Any]]:
    """One term a customer since 2025; every tenth ended in September 2026."""
    return [
        {
            "subscription_id": f"S{at}",
            "customer_id": f"C{at}",
            "start_date": date(2025, 1 + at % 12, 1),
            "end_date": date(2026, 9, 15) if at % 10 == 0 else None,
            "recurring_amount": 30.0,
        }
        for at in range(count)
    ]


def answers(count: int) -> list[dict[str, Any]]:
    """So many answers a month of 2026 up to September, without any customer."""
    return [
        {
            "response_id": f"R{month}-{at}",
            "responded_date": date(2026, month, 1 + at % 27),
            "nps_score": at % 11,
        }
        for month in range(1, 10)
        for at in range(count)
    ]


def segments(names: list[str], count: int) -> Rows:
    """Segments of one attribute, the customers dealt out to them in turn."""
    return {
        "segment": [
            {"scheme": "segment", "segment_code": f"s{at}", "label": name, "sort": at}
            for at, name in enumerate(names)
        ],
        "customer_segment": [
            {
                "customer_id": f"C{at}",
                "scheme": "segment",
                "segment_code": f"s{at % len(names)}",
                "valid_from": date(2024, 1, 1),
            }
            for at in range(count)
        ],
    }
