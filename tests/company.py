"""A company small enough to count by hand: rows in, summaries and figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from cxdata.access.policy import EVERYONE, Policy
from cxdata.marts.build import Built, build
from cxdata.marts.rules import Rules
from cxdata.metrics import metric
from cxdata.model.evidence import Cell
from cxdata.model.metric import Metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.model.summaries import MARTS
from cxdata.model.tables import CURATED
from cxdata.query.evaluate import Figures, evaluate
from cxdata.query.gate import Gate
from cxdata.sources.folder import FolderSource
from cxdata.sources.parquet_io import arrow_schema
from cxdata.sources.source import Source

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]

_PREFIX = {
    "subscription_id": "s",
    "transaction_id": "t",
    "interaction_id": "i",
    "cost_id": "k",
    "journey_instance_id": "j",
    "response_id": "r",
    "invitation_id": "v",
    "load_id": "l",
}
"""Key columns that are numbered where a row leaves them out."""


def complete(tables: Tables, through: date | None) -> dict[str, list[dict[str, Any]]]:
    """Fill in what a count by hand need not spell out.

    Ids are numbered, instants follow from dates, every customer that a fact names is a customer,
    and each fact table is promised complete through the given day.
    """
    found = {
        name: [_spelt(name, at, row) for at, row in enumerate(rows, 1)]
        for name, rows in tables.items()
    }
    named = {
        row["customer_id"]
        for name, rows in found.items()
        for row in rows
        if name != "customer" and row.get("customer_id")
    }
    if named and "customer" not in found:
        found["customer"] = [{"customer_id": name} for name in sorted(named)]
    if through is not None:
        found["data_load"] = [
            {
                "load_id": f"l{at}",
                "table_name": name,
                "loaded_at": datetime.combine(through, time(23), UTC),
                "complete_through": through,
            }
            for at, name in enumerate(sorted(found), 1)
            if CURATED.tables[name].info["event_date"]
        ] + found.get("data_load", [])
    return found


def _spelt(name: str, at: int, row: Mapping[str, Any]) -> dict[str, Any]:
    table = CURATED.tables[name]
    filled: dict[str, Any] = {
        column.name: f"{_PREFIX[column.name]}{at:03d}"
        for column in table.primary_key
        if column.name in _PREFIX
    }
    filled |= dict(row)
    day = filled.get(table.info["event_date"] or "")
    for column in ("started_at", "entered_at"):
        if column in table.c and column not in filled and day:
            filled[column] = datetime.combine(day, time(12), UTC)
    return filled


def write(folder: Path, tables: Tables) -> Path:
    """Write rows as a folder of Parquet; a column that no row names is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = {column for row in rows for column in row}
        unknown = columns - set(CURATED.tables[name].c.keys())
        if unknown:
            raise ValueError(f"{name} has no column {', '.join(sorted(unknown))}")
        schema = arrow_schema(CURATED.tables[name], columns or None)
        exact = [
            {
                k: Decimal(v)
                if isinstance(v, str) and pa.types.is_decimal(schema.field(k).type)
                else v
                for k, v in row.items()
            }
            for row in rows
        ]
        pq.write_table(pa.Table.from_pylist(exact, schema), folder / f"{name}.parquet")
    return folder


@dataclass
class Company:
    """A built company and what may be asked of it."""

    source: Source
    gate: Gate
    built: Built | None

    def figures(
        self,
        name: str | Metric,
        period: str,
        by: tuple[str, ...] = (),
        where: tuple[tuple[str, tuple[str, ...]], ...] = (),
        journeys: tuple[str, ...] = (),
    ) -> Figures:
        """Evaluate a metric in one period."""
        one = metric(name) if isinstance(name, str) else name
        scope = Scope(Period.parse(period, self.gate.fiscal_start), where=where, journeys=journeys)
        self.gate.require(one)
        return evaluate(self.gate, [one], scope, by=by, at=[scope.period])[one.name]

    def cell(self, name: str, period: str, **how: Any) -> Cell:
        """The one cell of a metric."""
        found = self.figures(name, period, **how)
        assert len(found.frame) == 1
        return found.cell(0)

    def value(self, name: str, period: str, **how: Any) -> float | None:
        """The estimate itself, whether or not it may be shown."""
        found = self.figures(name, period, **how)
        value = found.frame["estimate"].iloc[0]
        return None if pd.isna(value) else float(value)

    def exact(self, name: str, stat: str, period: str, **how: Any) -> Any:
        """One sufficient statistic as the database gave it."""
        return self.figures(name, period, **how).exact[stat][0]

    def slices(self, name: str, period: str, *by: str, **how: Any) -> dict[Any, float | None]:
        """Estimates by slice; one dimension gives plain codes."""
        found = self.figures(name, period, by=by, **how).frame
        codes = [tuple(row) if len(by) > 1 else row[0] for row in found[list(by)].to_numpy()]
        values = [None if pd.isna(v) else float(v) for v in found["estimate"]]
        return dict(zip(codes, values, strict=True))

    def mart(self, name: str, *columns: str, where: Any = None) -> list[tuple[Any, ...]]:
        """Rows of a summary, sorted."""
        table = MARTS.tables[name]
        query = sa.select(*(table.c[column] for column in columns or table.c.keys()))
        if where is not None:
            query = query.where(where)
        with self.source.pinned().engine.connect() as connection:
            return sorted((tuple(row) for row in connection.execute(query)), key=repr)


def company(
    folder: Path,
    tables: Tables,
    *,
    through: date | None = date(2026, 3, 31),
    rules: Rules | None = None,
    policy: Policy = EVERYONE,
) -> Company:
    """Write a company's rows to a folder, build its summaries and open its gate."""
    source = FolderSource(write(folder, complete(tables, through)))
    return opened(source, rules, policy, through)


def opened(
    source: Source,
    rules: Rules | None = None,
    policy: Policy = EVERYONE,
    through: date | None = None,
) -> Company:
    """Build the summaries of any source, on the day after the last complete one; open its gate."""
    rules = rules or Rules()
    today = (through or date(2026, 12, 31)) + timedelta(days=1)
    done = build(source, rules, now=datetime.combine(today, time(6), UTC))
    return Company(source, Gate(source, policy, fiscal_start=rules.fiscal_start), done)


# ---- rows, short enough to read ------------------------------------------------------------------


def term(
    who: str, start: date, end: date | None = None, amount: str = "10.00", **more: Any
) -> dict[str, Any]:
    """A contract."""
    return {
        "customer_id": who,
        "start_date": start,
        "end_date": end,
        "recurring_amount": amount,
        **more,
    }


def paid(who: str, month: date, amount: str | Decimal, **more: Any) -> dict[str, Any]:
    """A month's recurring revenue."""
    return {"customer_id": who, "period_month": month, "recurring_amount": amount, **more}


def sale(who: str | None, day: date, amount: str = "10.00", **more: Any) -> dict[str, Any]:
    """A sale, or with a kind of its own a refund."""
    return {"customer_id": who, "transaction_date": day, "net_amount": amount, **more}


def contact(who: str | None, day: date, channel: str = "phone", **more: Any) -> dict[str, Any]:
    """A contact."""
    return {"customer_id": who, "interaction_date": day, "channel_code": channel, **more}


def walk(who: str, journey: str, day: date, **more: Any) -> dict[str, Any]:
    """A journey begun."""
    return {"customer_id": who, "journey_code": journey, "started_date": day, **more}


def answer(who: str | None, day: date, score: int | None, **more: Any) -> dict[str, Any]:
    """An answer to a survey."""
    return {"customer_id": who, "responded_date": day, "nps_score": score, **more}


def member(
    who: str, code: str, since: date, until: date | None = None, scheme: str = "segment"
) -> dict[str, Any]:
    """A time in a segment."""
    return {
        "customer_id": who,
        "scheme": scheme,
        "segment_code": code,
        "valid_from": since,
        "valid_to": until,
    }


def journeys(*codes: str) -> list[dict[str, Any]]:
    """The journey dimension."""
    return [
        {"journey_code": code, "label": code.title(), "sort": at} for at, code in enumerate(codes)
    ]
