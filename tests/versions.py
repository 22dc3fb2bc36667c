"""A store of two versions whose figures tell them apart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from cxdata.publish.summaries import build_summaries
from cxdata.sources.config import load
from cxdata.sources.opening import open_source
from cxdata.sources.store import Store
from tests.ui.conftest import customers, sales

NOW = datetime(2026, 10, 21, tzinfo=UTC)


def two_versions(folder: Path) -> Path:
    """In the second version everybody buys once more for 1,000 each month.

    The settings name the folder.
    """
    publish(folder, customer=customers(60), sales_transaction=sales(60))
    more = [
        {**one, "transaction_id": f"M{one['transaction_id']}", "net_amount": 1000.0}
        for one in sales(60)
    ]
    publish(folder, sales_transaction=more)
    return folder


def publish(folder: Path, **tables: list[dict[str, object]]) -> None:
    """Publish rows as the next version, and build its summaries."""
    with Store(folder, clock=lambda: NOW).begin("ann", "rows") as version:
        for name, rows in tables.items():
            version.append(name, pa.Table.from_pylist(rows))
        version.commit()
    build_summaries(open_source(load()), load(), now=NOW)
