"""One measured step of a build, as a process of its own: ``python -m benchmarks.step NAME ...``.

``pass`` is what the builds are compared with: one statement of the embedded engine that reads the
same files, groups them by customer and month and writes one row each, with as many columns as
customer_month has. Nothing that gives those rows a meaning is in it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from cxdata.marts.build import build
from cxdata.marts.expressions import month_start
from cxdata.marts.rules import Rules
from cxdata.model.tables import CURATED
from cxdata.sources.embedded import EmbeddedSource
from cxdata.sources.shape import rendered
from cxdata.sources.source import Source
from cxdata.sources.store import Reading
from cxdata.sources.store_source import StoreSource, contents_of

NOW = datetime(2026, 10, 2, tzinfo=UTC)

READ = {
    "revenue_period": ("recurring_amount", "one_off_amount"),
    "sales_transaction": ("net_amount", "kind"),
    "interaction": ("handle_seconds", "cost_amount", "journey_code", "channel_code", "reason_code"),
    "service_cost": ("amount", "journey_code"),
    "journey_instance": ("journey_code",),
    "survey_response": ("nps_score", "csat_score", "journey_code"),
    "survey_invitation": ("status", "journey_code"),
    "subscription_period": ("end_date", "recurring_amount"),
    "customer_segment": ("scheme", "segment_code"),
}
"""Columns that a build reads, beside the customer and the date."""


def single_pass(source: Source) -> None:
    """Read, group and write once."""
    with source.building(fresh=True) as engine, engine.begin() as connection:
        sql = rendered(_grouped(), connection.dialect)
        connection.exec_driver_sql(f"CREATE TABLE customer_month AS {sql}")


def _grouped() -> sa.Select:
    """Sum or take the largest of every column read, a customer and month."""
    columns = {
        f"{name}_{column}": CURATED.tables[name].c[column].type
        for name, read in READ.items()
        for column in read
    }
    rows = sa.union_all(*(_strand(name, columns) for name in READ)).cte("strand")
    measures = [
        (sa.func.sum if isinstance(kind, sa.Numeric | sa.Integer) else sa.func.max)(rows.c[name])
        for name, kind in columns.items()
    ]
    named = [value.label(name) for value, name in zip(measures, columns, strict=True)]
    return sa.select(rows.c.customer_id, rows.c.month, *named).group_by(
        rows.c.customer_id, rows.c.month
    )


def _strand(name: str, columns: dict[str, sa.types.TypeEngine]) -> sa.Select:
    table = CURATED.tables[name]
    values = {f"{name}_{column}": table.c[column] for column in READ[name]}
    return sa.select(
        table.c.customer_id,
        month_start(table.c[table.info["event_date"] or "valid_from"]).label("month"),
        *(sa.cast(values.get(c, sa.null()), kind).label(c) for c, kind in columns.items()),
    )


def _first(whole: StoreSource) -> EmbeddedSource:
    """The first version alone, its summaries where the next ones look for them."""
    version = whole.store.kept(1)
    return EmbeddedSource(
        "store", lambda: contents_of(whole.store, Reading(version)), whole.marts_folder
    )


def main(step: str, store: str, marts: str) -> None:
    """Run one step; the summaries go to, and the increment starts from, the folder ``marts``."""
    whole = StoreSource(Path(store), marts_folder=Path(marts))
    if step == "pass":
        single_pass(whole)
    elif step == "base":
        build(_first(whole), Rules(), now=NOW, full=True)
    elif step == "full":
        build(whole, Rules(), now=NOW, full=True)
    elif step == "increment":
        done = build(whole, Rules(), now=NOW)
        if done is None or done.is_full:
            raise SystemExit(f"not an increment: {done and done.why}")


if __name__ == "__main__":
    main(*sys.argv[1:])
