"""The same seed gives the same rows; more customers leave the others as they were."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import islice

import pyarrow as pa
import pytest

from cxdata.demo import generate
from cxdata.demo.columns import schema
from cxdata.demo.company import JOURNEYS
from cxdata.demo.generate import MOST
from cxdata.demo.world import CHUNK, ROOM, WALKS
from cxdata.model.errors import BadScope
from tests.demo.conftest import END


def tables(customers: int, seed: int = 7, months: int = 5, end: date = END) -> dict[str, pa.Table]:
    found: defaultdict[str, list[pa.RecordBatch]] = defaultdict(list)
    for table, batch in generate(customers, months, seed, end):
        found[table].append(batch)
    return {table: pa.Table.from_batches(batches) for table, batches in found.items()}


def test_batches_have_the_declared_types() -> None:
    for table, batch in generate(50, 4, 1, END):
        assert batch.schema == schema(table)
        batch.validate(full=True)


def test_same_seed_same_rows() -> None:
    assert tables(300) == tables(300)


def test_another_seed_other_rows() -> None:
    assert tables(300)["customer"] != tables(300, seed=8)["customer"]


def test_chunks_differ() -> None:
    customer = tables(2 * CHUNK, months=3)["customer_segment"]
    codes = customer.column("segment_code").to_pylist()
    assert codes[:500] != codes[len(codes) // 2 :][:500]


def test_more_customers_leave_the_others_as_they_were() -> None:
    few, more = tables(CHUNK // 5), tables(CHUNK + 40)
    shared = {"service_cost", "data_load"}  # hold sums over all customers
    for table, rows in few.items():
        if table in shared:
            continue
        known = set(map(str, more[table].to_pylist()))
        assert {str(row) for row in rows.to_pylist()} <= known, table


def test_no_fact_belongs_to_a_customer_who_is_not_there() -> None:
    made = tables(CHUNK + 40)
    known = set(made["customer"].column("customer_id").to_pylist())
    for table, rows in made.items():
        if "customer_id" in rows.column_names:
            assert set(rows.column("customer_id").to_pylist()) - {None} <= known, table
    assert len(known) == pytest.approx(CHUNK + 40, rel=0.01)


@pytest.mark.parametrize("customers", [1, 2, 37])
@pytest.mark.parametrize("end", [date(2024, 2, 29), date(2026, 10, 1), date(2025, 12, 31)])
def test_small_companies_and_any_end(customers: int, end: date) -> None:
    made = tables(customers, months=3, end=end)
    loads = made["data_load"].column("complete_through").to_pylist()
    assert set(loads) == {end}
    revenue = made.get("revenue_period")
    if revenue is not None:
        assert max(revenue.column("period_month").to_pylist()) <= end


@pytest.mark.parametrize(("customers", "months"), [(0, 36), (-5, 36), (10**8, 36), (100, 2)])
def test_what_cannot_be_made_is_said(customers: int, months: int) -> None:
    with pytest.raises(BadScope, match=r"The demo (has|needs)"):
        next(islice(generate(customers, months, 7, END), 1))


def test_progress_rises_to_one_chunk_before_the_end() -> None:
    shares: list[float] = []
    for _ in generate(2 * CHUNK, 3, 7, END, lambda _what, share: shares.append(share)):
        pass
    assert shares == [0.0, 0.5]


def test_ids_of_the_largest_company_have_room() -> None:
    chunks = MOST // CHUNK
    assert chunks * ROOM < 10**10  # ten digits
    assert len(JOURNEYS) * WALKS < ROOM
    assert MOST * 100 < 10**10  # terms of a customer
