"""Every row obeys the declaration of its table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cxdata.model.tables import CURATED
from cxdata.sources.parquet_io import event_date
from tests.demo.conftest import END, Company

ABSENT = {"calendar", "fx_rate", "published_figure"}
TABLES = sorted(set(CURATED.tables) - ABSENT)


def faults(table: sa.Table) -> Iterator[tuple[str, str]]:
    """Yield what may not be, and the query that counts it."""
    keys = ", ".join(column.name for column in table.primary_key)
    yield "repeated key", f"SELECT count(*) - count(DISTINCT ({keys})) FROM {table.name}"
    for column in table.columns:
        name, info = column.name, column.info
        count = f"SELECT count(*) FROM {table.name} WHERE "
        if not column.nullable:
            yield f"{name} missing", f"{count} {name} IS NULL"
        if info["allowed"]:
            allowed = ", ".join(f"'{code}'" for code in info["allowed"])
            yield f"{name} not allowed", f"{count} {name} NOT IN ({allowed})"
        if info["low"] is not None:
            yield f"{name} too low", f"{count} {name} < {info['low']}"
        if info["high"] is not None:
            yield f"{name} too high", f"{count} {name} > {info['high']}"
        if info["positive"]:
            yield f"{name} not positive", f"{count} {name} <= 0"
        if info["refers"]:
            other, other_key = info["refers"].split(".")
            yield (
                f"{name} refers to nothing",
                f"SELECT count(*) FROM {table.name} AS t WHERE {name} IS NOT NULL AND NOT EXISTS"
                f" (SELECT 1 FROM {other} AS o WHERE o.{other_key} = t.{name})",
            )


def test_every_table_is_there(company: Company) -> None:
    assert company.tables() == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_rows_obey_the_declaration(company: Company, name: str) -> None:
    table = CURATED.tables[name]
    found = {what: company.one(query) for what, query in faults(table)}
    assert {what: count for what, count in found.items() if count} == {}
    assert company.one(f"SELECT count(*) FROM {name}") > 0


@pytest.mark.parametrize("name", [n for n in TABLES if event_date(CURATED.tables[n])])
def test_no_event_is_later_than_the_last_day(company: Company, name: str) -> None:
    dated = event_date(CURATED.tables[name])
    assert company.one(f"SELECT max({dated}) FROM {name}") <= END


@pytest.mark.parametrize("name", [n for n in TABLES if "loaded_at" in CURATED.tables[n].columns])
def test_rows_are_loaded_after_the_event_and_before_now(company: Company, name: str) -> None:
    dated = event_date(CURATED.tables[name])
    if dated and name != "revenue_period":
        early = f"SELECT count(*) FROM {name} WHERE loaded_at::DATE <= {dated}"
        assert company.one(early) == 0
    last = f"SELECT max(loaded_at) <= TIMESTAMPTZ '2026-10-21 06:00:00Z' FROM {name}"
    assert company.one(last)


def test_terms_of_a_customer_do_not_overlap(company: Company) -> None:
    overlaps = """
        SELECT count(*) FROM (
            SELECT end_date, lead(start_date) OVER one AS following
            FROM subscription_period WINDOW one AS (PARTITION BY customer_id ORDER BY start_date))
        WHERE following < coalesce(end_date, DATE '9999-12-31')"""
    assert company.one(overlaps) == 0


@pytest.mark.parametrize(
    ("table", "keys"),
    [("customer_segment", "customer_id, scheme"), ("customer_unit", "customer_id, unit_type")],
)
def test_history_has_one_row_a_day(company: Company, table: str, keys: str) -> None:
    overlaps = f"""
        SELECT count(*) FROM (
            SELECT valid_to, lead(valid_from) OVER one AS following
            FROM {table} WINDOW one AS (PARTITION BY {keys} ORDER BY valid_from))
        WHERE following < coalesce(valid_to, DATE '9999-12-31')"""
    assert company.one(overlaps) == 0


def test_amounts_agree_with_their_kind(company: Company) -> None:
    wrong = "SELECT count(*) FROM sales_transaction WHERE (net_amount >= 0) <> (kind = 'sale')"
    assert company.one(wrong) == 0


def test_plan_history_agrees_with_the_contract(company: Company) -> None:
    differ = """
        SELECT count(*) FROM subscription_period AS t JOIN customer_segment AS s
          ON s.customer_id = t.customer_id AND s.scheme = 'plan' AND s.valid_from <= t.start_date
         AND (s.valid_to IS NULL OR t.start_date < s.valid_to)
        WHERE s.segment_code <> t.product_code"""
    assert company.one(differ) == 0


def test_the_loads_count_their_rows(company: Company) -> None:
    loads = dict(company.rows("SELECT table_name, row_count FROM data_load"))
    counted = {name: company.one(f"SELECT count(*) FROM {name}") for name in loads}
    assert loads == counted
    assert set(loads) == set(TABLES) - {"data_load"}
    assert company.rows("SELECT DISTINCT complete_through FROM data_load") == [(END,)]


def test_recognised_revenue_is_the_price_of_the_term(company: Company) -> None:
    """At the close of each complete month, credits apart."""
    differ = """
        SELECT count(*) FROM revenue_period AS r JOIN subscription_period AS t
          ON t.customer_id = r.customer_id AND t.status = 'active'
         AND t.start_date < r.period_month + INTERVAL 1 MONTH
         AND (t.end_date IS NULL OR t.end_date >= r.period_month + INTERVAL 1 MONTH)
        WHERE r.recurring_amount >= 0 AND r.period_month < DATE '2026-10-01'
          AND (t.recurring_amount <> r.recurring_amount OR t.product_code <> r.product_code)"""
    assert company.one(differ) == 0


@pytest.mark.parametrize("table", ["interaction", "journey_instance", "survey_invitation"])
def test_nearly_every_event_has_a_segment(company: Company, table: str) -> None:
    dated = event_date(CURATED.tables[table])
    unknown = f"""
        SELECT avg((NOT EXISTS (
            SELECT 1 FROM customer_segment AS s
            WHERE s.customer_id = t.customer_id AND s.scheme = 'segment'
              AND s.valid_from <= t.{dated}
              AND (s.valid_to IS NULL OR t.{dated} < s.valid_to)))::INT)
        FROM {table} AS t WHERE customer_id IS NOT NULL"""
    assert 0 < company.one(unknown) < 0.01
