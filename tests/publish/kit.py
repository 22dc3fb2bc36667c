"""A small shop whose extracts are staged, prepared, rehearsed and published."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cxdata.intake.recipe import Recipe
from cxdata.intake.recipe_file import parse_recipe
from cxdata.publish.mode import Mode
from cxdata.publish.preparing import prepare
from cxdata.publish.publishing import Published, publish
from cxdata.publish.rehearsal import Rehearsal, rehearse
from cxdata.publish.staged import Staged, stage
from cxdata.sources.store import Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

SALES = """
source_system = "till"
[load]
complete_through = 2026-02-28
[[table]]
name = "customer"
distinct = true
[table.columns]
customer_id = { from = "who" }
[[table]]
name = "sales_transaction"
[table.columns]
transaction_id = { from = "id" }
customer_id = { from = "who" }
transaction_date = { from = "day" }
net_amount = { from = "sum" }
currency = "EUR"
"""

PEOPLE = """
source_system = "crm"
[[table]]
name = "customer"
[table.columns]
customer_id = { from = "who" }
country = { from = "country" }
"""

JANUARY = "id,who,day,sum\n1,a,2026-01-05,10.00\n2,b,2026-01-20,20.00\n3,c,2026-01-31,5.00\n"
FEBRUARY = "id,who,day,sum\n4,a,2026-02-03,40.00\n5,d,2026-02-14,7.50\n"


def recipe(text: str = SALES) -> Recipe:
    return parse_recipe(text, "shop")


def bring(
    store: Store,
    text: str | bytes = JANUARY,
    *,
    name: str = "sales.csv",
    user: str = "ann",
    now: datetime = NOON,
) -> Staged:
    """Stage an extract given as text."""
    raw = text.encode() if isinstance(text, str) else text
    return stage(store, io.BytesIO(raw), name=name, user=user, now=now)


def ready(
    store: Store, text: str = JANUARY, *, how: str = SALES, now: datetime = NOON, **named: Any
) -> Staged:
    """Stage and prepare."""
    return prepare(store, bring(store, text, now=now, **named), recipe(how), now=now)


def rehearsed(
    store: Store,
    text: str = JANUARY,
    *,
    mode: Mode = Mode.APPEND,
    how: str = SALES,
    now: datetime = NOON,
    days: Any = None,
    **named: Any,
) -> Rehearsal:
    """Stage, prepare and rehearse."""
    item = ready(store, text, how=how, now=now, **named)
    return rehearse(store, item, mode=mode, days=days, now=now)


def put(
    store: Store,
    text: str = JANUARY,
    *,
    user: str = "ann",
    reason: str = "test",
    accept: tuple[str, ...] = (),
    now: datetime = NOON,
    **how: Any,
) -> Published:
    """All the way."""
    found = rehearsed(store, text, now=now, user=user, **how)
    return publish(store, found, user=user, reason=reason, accept=accept, now=now)


def rows(store: Store, table: str, *columns: str, number: int | None = None) -> list[Any]:
    """Published rows in the order of their first column: tuples, or bare values of one column."""
    version = store.head() if number is None else store.read_version(number)
    assert version is not None
    found = pa.concat_tables(
        [pq.read_table(path).select(list(columns)) for path in store.paths(version, table)]
    ).to_pylist()
    picked = [tuple(row[name] for name in columns) for row in found]
    return sorted(one[0] if len(columns) == 1 else one for one in picked)


def shas(store: Store, number: int) -> set[str]:
    return {entry.sha256 for entry in store.read_version(number).files}


def later(days: int = 0, hours: int = 0) -> datetime:
    return NOON + timedelta(days=days, hours=hours)


def sold(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def folder(store: Store, item: Staged) -> Path:
    return item.folder(store)
