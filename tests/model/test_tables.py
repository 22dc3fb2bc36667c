"""The declaration of the curated tables, and what is read from it."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest
import sqlalchemy as sa

from cxdata.model.errors import UnknownName
from cxdata.model.tables import CURATED, curated, required
from cxdata.model.tables.checks import (
    EXCLUSIVE_ENDS,
    NO_OVERLAP,
    SIGNED,
    STARTS_AND_ENDS,
    Check,
    checks,
)
from cxdata.model.tables.dictionary import csv_template, ddl, described, dictionary, everything

EVERY = pytest.mark.parametrize("table", everything(), ids=lambda table: table.name)


@EVERY
def test_every_table_and_column_is_documented(table: sa.Table) -> None:
    assert table.info["grain"].endswith(".")
    for entry in dictionary(table):
        assert entry.doc.endswith("."), entry
        assert entry.table == table.name


@EVERY
def test_every_table_has_a_key_and_a_declared_event_date(table: sa.Table) -> None:
    assert table.primary_key.columns
    dated = table.info["event_date"]
    assert dated is None or str(table.c[dated].type) == "DATE"


@EVERY
def test_what_a_column_refers_to_exists(table: sa.Table) -> None:
    for column in table.columns:
        if column.info["refers"]:
            target, name = column.info["refers"].split(".")
            assert name in curated(target).c


def test_rules_of_whole_rows_name_declared_columns() -> None:
    for name, columns in {**STARTS_AND_ENDS, **NO_OVERLAP}.items():
        assert set(columns) <= set(curated(name).c.keys())
    for name, rule in SIGNED.items():
        assert rule.amount in curated(name).c
        allowed = curated(name).c[rule.kind].info["allowed"]
        assert {rule.positive, rule.negative} < set(allowed)
    assert set(NO_OVERLAP) <= set(STARTS_AND_ENDS)
    assert set(STARTS_AND_ENDS) >= EXCLUSIVE_ENDS


def test_checks_of_a_table_are_plain_records() -> None:
    found = checks(curated("survey_response"))
    assert Check("nps_score", "range", "0 to 10") in found
    assert Check("nps_score", "type", "a whole number") in found
    assert Check("response_id", "required", "a value") in found
    assert Check("response_id", "key", "no other row with this key") in found
    assert Check("customer_id", "refers", "a value of customer.customer_id") in found
    assert Check("weight", "range", "more than 0") in found
    assert Check("responded_date", "not_future", "not after the day of loading") in found
    assert Check("mode", "allowed", "one of email, sms, app, web, phone, paper") in found
    assert not [check for check in found if check.column == "verbatim" and check.rule != "type"]


def test_checks_of_dated_and_signed_tables() -> None:
    terms = checks(curated("subscription_period"))
    assert Check("end_date", "order", "after start_date") in terms
    assert [check.column for check in terms if check.rule == "overlap"] == ["start_date"]
    contacts = checks(curated("interaction"))
    assert Check("ended_at", "order", "not before started_at") in contacts
    sales = checks(curated("sales_transaction"))
    assert [check.column for check in sales if check.rule == "sign"] == ["net_amount"]


def test_an_initiative_may_be_planned_for_later() -> None:
    assert "not_future" not in {check.rule for check in checks(curated("initiative"))}


def test_the_template_is_a_header_that_names_all_an_extract_may_give() -> None:
    header = next(csv.reader(io.StringIO(csv_template(curated("sales_transaction")))))
    assert header[:2] == ["transaction_id", "customer_id"]
    assert "loaded_at" not in header
    assert set(required(curated("sales_transaction"))) <= set(header)
    assert "loaded_at" in csv_template(curated("data_load"))


def test_everything_lists_each_table_once_dimensions_first() -> None:
    assert {table.name for table in everything()} == set(CURATED.tables)
    assert everything()[0].name == "customer"


def test_described_is_the_dictionary_in_plain_values() -> None:
    record = described(curated("segment"))
    assert record["columns"][3] == {
        "column": "sort",
        "type": "INT",
        "key": False,
        "required": False,
        "default": "0",
        "rules": "",
        "doc": "Order in lists.",
    }


def test_the_ddl_runs_and_holds_the_rules() -> None:
    connection = duckdb.connect()
    connection.execute(ddl(everything(), "duckdb"))
    made = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    assert made == (len(CURATED.tables),)
    insert = "INSERT INTO survey_response (response_id, responded_date, nps_score) VALUES "
    connection.execute(insert + "('a', DATE '2026-01-01', 10)")
    kept = connection.execute("SELECT mode, solicited FROM survey_response").fetchone()
    assert kept == ("email", "random")
    for refused in (
        "('b', DATE '2026-01-01', 11)",
        "('a', DATE '2026-01-02', 1)",
        "('c', NULL, 1)",
    ):
        with pytest.raises(duckdb.ConstraintException):
            connection.execute(insert + refused)
    with pytest.raises(duckdb.ConstraintException):
        connection.execute(
            "INSERT INTO sales_transaction (transaction_id, transaction_date, net_amount, kind) "
            "VALUES ('r', DATE '2026-01-01', 5, 'refund')"
        )


def test_postgresql_gets_its_own_types() -> None:
    sql = ddl([curated("survey_response")], "postgresql")
    assert "responded_at TIMESTAMP WITH TIME ZONE," in sql
    assert "weight DOUBLE PRECISION," in sql
    assert "COMMENT ON COLUMN survey_response.weight IS 'Survey weight.';" in sql


def test_an_unknown_table_offers_near_names() -> None:
    with pytest.raises(UnknownName, match="Did you mean customer"):
        curated("custmer")
