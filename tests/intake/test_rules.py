"""The checks at load, one by one: which record, line, column and value, which rule, what instead.

Each case has two records that keep the rule around one that breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from cxdata.model.tables import curated
from cxdata.model.tables.checks import NO_OVERLAP, STARTS_AND_ENDS
from tests.intake.kit import assert_closes, load

CONTACT = "interaction_id,started_at,ended_at,interaction_date,direction,channel_code"
SALE = "transaction_id,transaction_date,kind,net_amount,currency"
TERM = "subscription_id,start_date,end_date,customer_id,recurring_amount,currency,status"
ANSWER = "response_id,survey_code,survey_type,responded_date,mode,nps_score"
SLICE = "customer_id,scheme,valid_from,valid_to,segment_code"


@dataclass(frozen=True)
class Case:
    """Two records that keep a rule, one between them that does not, and what is said of it."""

    table: str
    header: str
    before: str
    broken: str
    behind: str
    column: str
    value: str | None
    rule: str
    expected: str


CASES = [
    Case(
        "survey_response", ANSWER, "r1,q,relationship,2026-02-01,web,0",
        "r2,q,relationship,2026-02-01,web,11", "r3,q,relationship,2026-02-01,web,10",
        "nps_score", "11", "range", "0 to 10",
    ),
    Case(
        "survey_response", ANSWER, "r1,q,relationship,2026-02-01,web,9",
        "r2,q,relationship,2026-02-01,web,-1", "r3,q,relationship,2026-02-01,web,9",
        "nps_score", "-1", "range", "0 to 10",
    ),
    Case(
        "sales_transaction", SALE, "t1,2026-02-01,sale,5.00,EUR", "t2,2026-02-01,sale,-5.00,EUR",
        "t3,2026-02-01,refund,-5.00,EUR",
        "net_amount", "-5.00", "sign", "0 or more for a sale, 0 or less for any other kind",
    ),
    Case(
        "sales_transaction", SALE, "t1,2026-02-01,sale,5.00,EUR", "t2,2026-02-01,refund,5.00,EUR",
        "t3,2026-02-01,chargeback,-5.00,EUR",
        "net_amount", "5.00", "sign", "0 or more for a sale, 0 or less for any other kind",
    ),
    Case(
        "interaction", CONTACT,
        "i1,2026-02-01 10:00:00,2026-02-01 10:00:00,2026-02-01,inbound,phone",
        "i2,2026-02-01 10:00:00,2026-02-01 09:59:59,2026-02-01,inbound,phone",
        "i3,2026-02-01 10:00:00,,2026-02-01,inbound,phone",
        "ended_at", "2026-02-01 09:59:59", "order", "not before started_at",
    ),
    Case(
        "subscription_period", TERM, "s1,2026-01-01,2026-02-01,c,5.00,EUR,active",
        "s2,2026-01-01,2026-01-01,c,5.00,EUR,active", "s3,2026-01-01,,c,5.00,EUR,active",
        "end_date", "2026-01-01", "order", "after start_date",
    ),
    Case(
        "subscription_period", TERM, "s1,2026-01-01,2026-02-01,c,5.00,EUR,active",
        "s1,2026-01-31,2026-03-01,c,5.00,EUR,active", "s2,2026-01-31,,c,5.00,EUR,active",
        "start_date", "2026-01-31", "overlap", "no two validities at once for one subscription_id",
    ),
    Case(
        "customer_segment", SLICE, "c,region,2026-01-01,2026-02-01,north",
        "c,region,2026-01-31,,south", "c,plan,2026-01-31,,south",
        "valid_from", "2026-01-31", "overlap",
        "no two validities at once for one customer_id and scheme",
    ),
    Case(
        "subscription_period", TERM, "s1,2026-01-01,2026-02-01,c,0.00,EUR,active",
        "s2,2026-01-01,,c,-0.01,EUR,active", "s3,2026-01-01,,c,5.00,EUR,active",
        "recurring_amount", "-0.01", "range", "0 or more",
    ),
    Case(
        "sales_transaction", SALE, "t1,2026-02-01,sale,5.00,EUR", "t2,2026-02-01,sale,5.00,XQZ",
        "t3,2026-02-01,sale,5.00,CHF",
        "currency", "XQZ", "type", "a three-letter currency code (ISO 4217)",
    ),
    Case(
        "sales_transaction", SALE, "t1,2026-03-01,sale,5.00,EUR", "t2,2026-03-02,sale,5.00,EUR",
        "t3,2026-02-01,sale,5.00,EUR",
        "transaction_date", "2026-03-02", "not_future", "not after the day of loading",
    ),
    Case(
        "sales_transaction", SALE, "t1,2026-02-01,sale,5.00,EUR", "t2,2026-02-01,gift,5.00,EUR",
        "t3,2026-02-01,sale,5.00,EUR",
        "kind", "gift", "allowed", "one of sale, refund, credit, chargeback",
    ),
    Case(
        "sales_transaction", SALE, "t1,2026-02-01,sale,5.00,EUR", "t2,,sale,5.00,EUR",
        "t3,2026-02-01,sale,5.00,EUR",
        "transaction_date", None, "required", "a value",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one.column}-{one.rule}-{one.value}")
def test_a_rule_names_record_line_column_value_and_what_it_expects(
    case: Case, tmp_path: Path
) -> None:
    columns = "\n".join(f'{name} = {{ from = "{name}" }}' for name in case.header.split(","))
    recipe = f'[[table]]\nname = "{case.table}"\n[table.columns]\n{columns}\n'
    text = "\n".join([case.header, case.before, case.broken, case.behind, ""])
    loaded = load(tmp_path, text, recipe)
    found = [
        (one.record, one.line, one.column, one.value, one.rule, one.expected)
        for one in loaded.set_aside.first
    ]
    assert found == [(2, 3, case.column, case.value, case.rule, case.expected)]
    assert loaded.set_aside.first[0].raw == case.broken
    assert loaded.counts.set_aside == 1
    assert_closes(loaded)


@pytest.mark.parametrize("value", ["x", "1"])
def test_a_key_that_stands_twice_takes_both_records_out(value: str, tmp_path: Path) -> None:
    columns = "\n".join(f'{name} = {{ from = "{name}" }}' for name in SALE.split(","))
    text = f"{SALE}\n{value},2026-02-01,sale,5.00,EUR\n{value},2026-02-02,sale,5.00,EUR\n"
    loaded = load(
        tmp_path,
        text + "t3,2026-02-03,sale,5.00,EUR\n",
        f'[[table]]\nname = "sales_transaction"\n[table.columns]\n{columns}\n',
    )
    assert [(one.record, one.rule) for one in loaded.set_aside.first] == [(1, "key"), (2, "key")]


def test_every_table_with_a_start_and_an_end_is_checked() -> None:
    for name, (start, end) in STARTS_AND_ENDS.items():
        assert {start, end} <= set(curated(name).c.keys())
    assert set(NO_OVERLAP) <= set(STARTS_AND_ENDS)
