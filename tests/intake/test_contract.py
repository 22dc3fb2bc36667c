"""Each rule of the declaration, broken and kept."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from cxdata.intake.contract import breaches
from cxdata.model.tables import curated
from cxdata.model.tables.dictionary import everything

TODAY = date(2026, 3, 1)


def broken(table: str, **values: str) -> set[tuple[str, str]]:
    """Return (column, rule) of what a row breaks; columns not given are NULL and not required."""
    columns = ", ".join(
        f"CAST({values.get(column.name, 'NULL')} AS {kind(str(column.info['logical']))}) "
        f"AS {column.name}"
        for column in curated(table).columns
    )
    found = set()
    for check, predicate in breaches(curated(table), TODAY):
        row = duckdb.execute(
            f"SELECT count(*) FROM (SELECT {columns}) WHERE {predicate}"
        ).fetchone()
        if row == (1,) and (check.rule != "required" or check.column in values):
            found.add((check.column, check.rule))
    return found


def kind(logical: str) -> str:
    return {"NUM": "DOUBLE", "INT": "INT", "DATE": "DATE", "TS": "TIMESTAMP"}.get(
        logical, "DECIMAL(18, 4)" if logical in ("MONEY", "UCOST") else "VARCHAR"
    )


@pytest.mark.parametrize(
    ("table", "values", "rules"),
    [
        ("survey_response", {"nps_score": "10"}, set()),
        ("survey_response", {"nps_score": "11"}, {("nps_score", "range")}),
        ("survey_response", {"nps_score": "-1"}, {("nps_score", "range")}),
        ("survey_response", {"weight": "0"}, {("weight", "range")}),
        ("survey_response", {"weight": "'inf'"}, {("weight", "type")}),
        ("survey_response", {"mode": "'fax'"}, {("mode", "allowed")}),
        ("survey_response", {"mode": "'web'"}, set()),
        ("survey_response", {"responded_date": "'2026-03-01'"}, set()),
        ("survey_response", {"responded_date": "'2026-03-02'"}, {("responded_date", "not_future")}),
        ("customer", {"customer_id": "NULL"}, {("customer_id", "required")}),
        ("customer", {"customer_id": "repeat('x', 65)"}, {("customer_id", "type")}),
        ("sales_transaction", {"currency": "'eur'"}, {("currency", "type")}),
        ("sales_transaction", {"kind": "'sale'", "net_amount": "-1"}, {("net_amount", "sign")}),
        ("sales_transaction", {"kind": "'refund'", "net_amount": "1"}, {("net_amount", "sign")}),
        ("sales_transaction", {"kind": "'refund'", "net_amount": "-1"}, set()),
        (
            "subscription_period",
            {"start_date": "'2026-01-01'", "end_date": "'2026-01-01'"},
            {("end_date", "order")},
        ),
        (
            "interaction",
            {"started_at": "'2026-01-01 10:00'", "ended_at": "'2026-01-01 10:00'"},
            set(),
        ),
        (
            "interaction",
            {"started_at": "'2026-01-01 10:00'", "ended_at": "'2026-01-01 09:59'"},
            {("ended_at", "order")},
        ),
        ("initiative", {"start_date": "'2027-01-01'"}, set()),
    ],
)
def test_a_row_and_the_rules_it_breaks(
    table: str, values: dict[str, str], rules: set[tuple[str, str]]
) -> None:
    assert broken(table, **values) == rules


@pytest.mark.parametrize("table", [table.name for table in everything()])
def test_every_predicate_runs_and_required_columns_are_asked_for(table: str) -> None:
    rules = breaches(curated(table), TODAY)
    asked = {check.column for check, _ in rules if check.rule == "required"}
    assert asked == {one.name for one in curated(table).columns if not one.nullable}
    broken(table)
