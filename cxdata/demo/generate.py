"""The demo company, chunk of customers by chunk, as Arrow batches of the curated tables."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pyarrow as pa

from cxdata.demo import columns as c
from cxdata.demo.cases import case_batches
from cxdata.demo.contact_rows import contact_batches, draw_handling
from cxdata.demo.contacts import draw_contacts
from cxdata.demo.contracts import contract_batches
from cxdata.demo.costs import cost_batches, month_sums, shared_cost_batches
from cxdata.demo.customers import customer_batches, draw_customers
from cxdata.demo.initiatives import draw_arms, initiative_batches, unit_batches
from cxdata.demo.journeys import draw_walks, journey_batches
from cxdata.demo.lives import draw_contracts
from cxdata.demo.orders import draw_orders, order_batches
from cxdata.demo.reference import reference_batches
from cxdata.demo.revenue import revenue_batches
from cxdata.demo.segments import segment_batches
from cxdata.demo.survey_rows import survey_batches
from cxdata.demo.surveys import draw_surveys
from cxdata.demo.timeline import Array, Timeline, number
from cxdata.demo.truths import planted
from cxdata.demo.world import CHUNK, Batches, Blocks, World
from cxdata.model.errors import BadScope
from cxdata.model.progress import Progress, silent

MOST = 10_000_000


def generate(
    customers: int, months: int, seed: int, end: date, progress: Progress = silent
) -> Batches:
    """Yield ``(table, batch)`` for ``customers`` customers ever, in the declared types.

    The data are complete through ``end``; ``months`` calendar months end with the month of that
    day. Each chunk of customers has random streams of its own, so the same seed gives the same
    rows, and more customers add to them without changing those that were there.
    """
    if not 1 <= customers <= MOST:
        raise BadScope(f"The demo has 1 to {MOST:,} customers, not {customers:,}.")
    time = Timeline(months, end)
    base = World(time, planted(time), seed, 0)
    rows: Counter[str] = Counter()
    sums = np.zeros((2, months), np.int64)
    for chunk in range(-(-customers // CHUNK)):
        progress("making customers", chunk * CHUNK / customers)
        keep = min(CHUNK, customers - chunk * CHUNK)
        yield from _counted(
            rows, _of_first(keep, _chunk(World(time, base.truths, seed, chunk), keep, sums))
        )
    for batches in (
        shared_cost_batches(base, sums),
        initiative_batches(base),
        reference_batches(base),
    ):
        yield from _counted(rows, batches)
    yield "data_load", _loads(base, rows)


def _of_first(customers: int, blocks: Blocks) -> Batches:
    for block in blocks:
        yield block.table, block.of_first(customers)


def _chunk(world: World, keep: int, sums: Array) -> Blocks:
    """Yield everything about one chunk; add monthly volumes of its first ``keep`` to ``sums``."""
    who = draw_customers(world)
    contracts = draw_contracts(world, who)
    arms = draw_arms(world, contracts)
    orders = draw_orders(world, who, contracts)
    contacts = draw_contacts(world, who, contracts, arms)
    how = draw_handling(world, contacts)
    walks = draw_walks(world, who, contracts, orders, contacts, how)
    asked = draw_surveys(world, who, contracts, contacts, how, walks)
    sums += month_sums(world, keep, contracts, orders)
    yield from customer_batches(world, who)
    yield from segment_batches(world, who, contracts)
    yield from contract_batches(world, who, contracts)
    yield from revenue_batches(world, who, contracts)
    yield from order_batches(world, who, orders)
    yield from contact_batches(world, who, contacts, how)
    yield from journey_batches(world, who, walks)
    yield from survey_batches(world, who, asked)
    yield from case_batches(world, who, asked)
    yield from cost_batches(world, who, contracts, orders, contacts, how)
    yield from unit_batches(world, who, arms)


def _counted(rows: Counter[str], batches: Batches) -> Batches:
    for table, batch in batches:
        rows[table] += batch.num_rows
        if batch.num_rows:
            yield table, batch


def _loads(world: World, rows: Counter[str]) -> pa.RecordBatch:
    """Return one line a table: loaded this morning, complete through yesterday."""
    tables = sorted(rows)
    count = len(tables)
    return c.batch(
        "data_load",
        load_id=pa.array([f"{world.time.end:%Y%m%d}-{table}" for table in tables]),
        table_name=pa.array(tables),
        source_system=c.constant("demo", count),
        loaded_at=c.instants(np.full(count, world.time.now)),
        complete_through=c.days(np.full(count, number(world.time.end))),
        row_count=c.ints(np.array([rows[table] for table in tables])),
        history=c.constant("dated", count),
    )
