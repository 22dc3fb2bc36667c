"""Rows that do not fit beside what is published: overlapping terms, customers who are not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.intake.terms import ASIDE, UNKNOWN
from cxdata.publish.mode import Mode
from cxdata.publish.preparing import prepare
from cxdata.publish.publishing import publish
from cxdata.sources.store import Store
from tests.publish.kit import NOON, SALES, bring, put, recipe, rehearsed


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


TERMS = """
source_system = "billing"
[[table]]
name = "subscription_period"
[table.columns]
subscription_id = { from = "id" }
customer_id = { from = "who" }
start_date = { from = "start" }
end_date = { from = "end" }
recurring_amount = { from = "sum" }
currency = "EUR"
status = "active"
"""
FIRST_TERM = "id,who,start,end,sum\ns1,a,2026-01-01,,5.00\n"


@pytest.mark.parametrize(
    ("mode", "terms", "overlaps"),
    [
        (Mode.APPEND, "s1,a,2026-02-01,,6.00", 1),
        (Mode.UPSERT, "s1,a,2026-02-01,,6.00", 1),
        (Mode.UPSERT, "s1,a,2026-01-01,2026-02-01,5.00\ns1,a,2026-02-01,,6.00", 0),
        (Mode.REPLACE_TABLE, "s1,a,2026-02-01,,6.00", 0),
        (Mode.APPEND, "s1,a,2025-01-01,2026-01-01,6.00\ns2,a,2026-02-01,,6.00", 0),
        (Mode.APPEND, "s1,a,2025-01-01,2026-01-02,6.00", 1),
    ],
)
def test_a_term_beside_a_published_one_that_has_not_ended(
    mode: Mode, terms: str, overlaps: int, store: Store
) -> None:
    put(store, FIRST_TERM, how=TERMS)
    found = rehearsed(store, f"id,who,start,end,sum\n{terms}\n", how=TERMS, mode=mode)
    assert found.of("subscription_period").overlapping == overlaps
    keys = [one.key for one in found.obstacles]
    assert ("overlap" in keys) == bool(overlaps)
    if overlaps:
        assert not found.may_publish
        said = next(one.sentence for one in found.obstacles if one.key == "overlap")
        assert "(for example s1 from 202" in said


STRANGERS = "id,who,day,sum\n" + "".join(
    f"{number},{'a' if number % 4 else f'new{number}'},2026-02-03,1.00\n" for number in range(100)
)
ONLY_SALES = SALES.replace(
    SALES[SALES.index("[[table]]") : SALES.rindex("[[table]]")],
    "",
)


def test_many_rows_of_customers_who_are_not_known_need_somebody_who_knows(store: Store) -> None:
    put(store)
    found = rehearsed(store, STRANGERS.replace("\n0,", "\n900,"), how=ONLY_SALES, mode=Mode.UPSERT)
    said = next(one for one in found.obstacles if one.key == "unknown")
    assert said.sentence.startswith(
        "25 % of the references do not resolve: 25 of 100 rows of sales_transaction have a "
        "customer_id that customer does not have (for example 'new"
    )
    assert said.may_insist
    done = publish(store, found, user="ann", reason="they come later", accept=["unknown"], now=NOON)
    assert done.is_new


def test_records_of_customers_who_are_not_known_are_set_aside_on_request(store: Store) -> None:
    put(store)
    item = bring(store, STRANGERS.replace("\n0,", "\n900,"))
    done = prepare(store, item, recipe(ONLY_SALES), {UNKNOWN: ASIDE}, now=NOON)
    assert done.prepared is not None
    assert done.prepared.set_aside == 25
    assert done.prepared.unresolved == ()
    assert [one.rule for one in done.prepared.reasons] == ["refers"]
