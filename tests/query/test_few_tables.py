"""Useful with what is there: three columns, one table, one customer, odd rows (1.6, 9.17)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdata.analysis.bridge import bridges
from cxdata.analysis.figure import figure, figures
from cxdata.marts.build import build
from cxdata.marts.rules import Rules
from cxdata.metrics import registry
from cxdata.model.errors import BadScope, MissingTables, NotBuilt, SourceError
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Scope
from cxdata.model.tables import CURATED, required
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import default_scope, options, periods
from cxdata.sources.folder import FolderSource
from tests.company import answer, company, member, opened, sale, term, write

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)

ORDERS = [sale(f"c{at}", date(2026, 1 + at % 3, 1 + at % 27), f"{at}.00") for at in range(1, 60)]
TERMS = [term(f"c{at}", date(2025, 12, 1 + at % 27)) for at in range(40)]
ANSWERS = [
    {"response_id": f"r{at}", "responded_date": date(2026, 1, 1 + at % 28), "nps_score": at % 11}
    for at in range(60)
]

ONLY: dict[str, dict[str, list[dict[str, Any]]]] = {
    "orders": {"sales_transaction": ORDERS},
    "contracts": {"subscription_period": TERMS},
    "answers": {"survey_response": ANSWERS},
}

ANSWERED = {
    "orders": {
        *("customers_start", "customers_new", "customers_lost", "customers_end", "logo_retention"),
        *("revenue", "revenue_per_customer", "average_order_value", "arpu", "recurring_revenue"),
    },
    "contracts": {
        *("customers_start", "customers_new", "customers_lost", "customers_end", "logo_retention"),
        *("revenue", "revenue_per_customer", "arpu", "recurring_revenue", "churn_rate"),
    },
    "answers": {"nps", "answers"},
}


@pytest.mark.parametrize("only", ONLY)
def test_each_metric_answers_or_names_what_it_needs(tmp_path: Path, only: str) -> None:
    found = company(tmp_path, ONLY[only], through=None, rules=Rules(lapse_days=28))
    scope = default_scope(found.gate)
    answered = set()
    for name, metric in registry().items():
        if not found.gate.missing(metric):
            answered.add(name)
            assert len(figure(found.gate, name, scope).trend) >= 1
            continue
        with pytest.raises(MissingTables) as refused:
            figure(found.gate, name, scope)
        assert any(table in str(refused.value) for choice in metric.needs for table in choice)
        for part in refused.value.missing:
            table = CURATED.tables[part.split(" ")[0]]
            assert "(column " in part or all(column in part for column in required(table))
    assert answered >= ANSWERED[only]
    assert set(figures(found.gate, list(registry()), scope)) == answered


def test_three_columns_are_enough_for_orders(tmp_path: Path) -> None:
    """Ids, kinds and currencies have stated defaults."""
    rows = [{"customer_id": "a", "transaction_date": JAN, "net_amount": "5.00"}]
    rows.append({"customer_id": "a", "transaction_date": MAR, "net_amount": "7.00"})
    write(tmp_path, {"sales_transaction": rows, "customer": [{"customer_id": "a"}]})
    found = opened(FolderSource(tmp_path), Rules(lapse_days=90))
    assert found.exact("revenue", "revenue", "2026-01") == 5


def test_no_tables_say_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="at least one of subscription_period"):
        opened(FolderSource(write(tmp_path, {})))
    with pytest.raises(NotBuilt, match="have not been built"):
        _ = Gate(FolderSource(write(tmp_path / "empty", {}))).built


def test_tables_without_rows_are_as_good_as_none(tmp_path: Path) -> None:
    tables = {"subscription_period": TERMS[:1], "interaction": [], "survey_response": []}
    found = company(tmp_path, tables)
    with pytest.raises(MissingTables, match="interaction"):
        found.value("contacts", "2026-01")
    with pytest.raises(
        MissingTables, match=r"survey_response \(columns responded_date|survey_response"
    ):
        found.value("nps", "2026-01")


def test_one_customer(tmp_path: Path) -> None:
    found = company(tmp_path, {"subscription_period": [term("only", JAN, None, "9.99")]})
    scope = Scope(Period.parse("2026-02"))
    for name, one in figures(found.gate, list(registry()), scope).items():
        assert one.cell.flag in ("too_few", "no_data", "ok", "partial"), name
    heads, money = bridges(found.gate, scope)
    assert [heads.check, money.check] == [0, 0]
    assert found.value("revenue_per_customer", "2026-02") == pytest.approx(9.99)


def test_a_filter_that_leaves_nobody_has_no_data_and_no_error(tmp_path: Path) -> None:
    tables = {
        "subscription_period": TERMS,
        "customer_segment": [
            member("c1", "a", JAN),
            member("c2", "b", JAN),
            member("c1", "n", JAN, scheme="region"),
            member("c2", "s", JAN, scheme="region"),
        ],
    }
    found = company(tmp_path, tables)
    where = (("segment", ("a",)), ("region", ("s",)))
    scope = Scope(Period.parse("2026-02"), where=where)
    for name, one in figures(found.gate, list(registry()), scope).items():
        assert one.cell.estimate in (None, 0), name
    heads, money = bridges(found.gate, scope)
    assert heads.amount("end") == money.amount("end") == 0
    by = evaluate(
        found.gate, [registry()["logo_retention"]], scope, by=("region",), at=[scope.period]
    )
    assert by["logo_retention"].frame.empty or by["logo_retention"].frame["estimate"].isna().all()


def test_a_single_month(tmp_path: Path) -> None:
    found = company(tmp_path, {"sales_transaction": ORDERS[:1]}, through=date(2026, 2, 28))
    assert [period.key for period in periods(found.gate, Grain.MONTH)] == ["2026-02"]
    assert [period.key for period in periods(found.gate, Grain.YEAR)] == ["2026"]
    figures(found.gate, list(registry()), default_scope(found.gate))
    with pytest.raises(BadScope, match="lies outside the data"):
        figures(found.gate, ["revenue"], Scope(Period.parse("2024-01")))


def test_far_dates(tmp_path: Path) -> None:
    """Contracts from 1900 that end in 9999, and a segment of always."""
    found = company(
        tmp_path,
        {
            "subscription_period": [
                term("a", date(1900, 1, 1), date(9999, 12, 31)),
                term("b", date(2026, 2, 1), date(9999, 1, 1)),
            ],
            "customer_segment": [member("a", "old", date(1900, 1, 1), date(9999, 12, 31))],
            "sales_transaction": [sale("a", JAN)],
        },
    )
    assert found.slices("customers_end", "2026-03", "segment") == {"old": 1, "(unknown)": 1}
    assert found.gate.built.first_month == JAN


def test_a_business_from_1900_keeps_ten_years(tmp_path: Path) -> None:
    rows = [sale("a", date(1900, 1, 1), "5.00"), sale("b", date(2026, 3, 1), "5.00")]
    found = company(tmp_path, {"sales_transaction": rows}, rules=Rules(lapse_days=30))
    assert found.gate.built.first_month == date(2016, 4, 1)
    assert found.exact("revenue", "revenue", "2026-03") == 5


def test_negative_spend_stays_negative(tmp_path: Path) -> None:
    rows = [
        sale("a", date(2026, 1, 5), "10.00"),
        sale("a", date(2026, 2, 5), "-25.00", kind="refund"),
        sale("b", date(2026, 2, 5), "5.00"),
    ]
    found = company(tmp_path, {"sales_transaction": rows}, rules=Rules(lapse_days=90))
    assert found.exact("revenue", "revenue", "2026-02") == -20
    assert (found.value("revenue_per_customer", "2026-02") or 0) < 0
    bins = dict(found.mart("spend_histogram", "bin", "customers"))
    assert min(bins) < 0 < max(bins)
    assert bridges(found.gate, Scope(Period.parse("2026-02")))[1].check == 0


def test_a_column_without_any_value_is_as_if_absent(tmp_path: Path) -> None:
    rows = [
        {**answer("a", date(2026, 1, 5), None), "csat_score": None, "weight": None}
        for _ in range(8)
    ]
    found = company(tmp_path, {"survey_response": rows})
    assert found.cell("nps", "2026-01").flag == "no_data"
    assert found.cell("csat", "2026-01").flag == "no_data"
    assert found.value("answers", "2026-01") == 0


def test_a_series_that_never_changes_is_usual(tmp_path: Path) -> None:
    months = [date(2025 + at // 12, at % 12 + 1, 1) for at in range(15)]
    rows = [{"customer_id": "a", "period_month": m, "recurring_amount": "10.00"} for m in months]
    found = company(tmp_path, {"revenue_period": rows})
    one = figure(found.gate, "revenue", Scope(Period.parse("2026-03")))
    assert one.comparison.difference == 0
    assert one.comparison.verdict in ("usual", "none")


def test_a_name_is_only_a_name(tmp_path: Path) -> None:
    """Codes of segments may hold anything a reader could type."""
    odd = "🦄 *bold* 'quoted' \\ $1 %s :x"
    found = company(
        tmp_path,
        {"subscription_period": TERMS, "customer_segment": [member("c1", odd, JAN, scheme=odd)]},
    )
    assert options(found.gate).schemes == {odd: (odd,)}
    assert found.value("customers_start", "2026-02", where=((odd, (odd,)),)) == 1
    assert found.slices("customers_start", "2026-02", odd) == {odd: 1, "(unknown)": 39}
    assert found.value("customers_start", "2026-02", where=((odd, ("(unknown)",)),)) == 39


def test_a_customer_who_stands_twice_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    twice = pa.table({"customer_id": ["a", "a", "b"]})
    pq.write_table(twice, folder / "customer.parquet")
    sales = {
        "customer_id": ["a", "b"],
        "transaction_date": [date(2026, 1, 5), date(2026, 1, 6)],
        "net_amount": [10.0, 10.0],
    }
    pq.write_table(pa.table(sales), folder / "sales_transaction.parquet")
    with pytest.raises(SourceError, match="1 ids more than once, such as 'a'"):
        build(FolderSource(folder), Rules(), now=datetime(2026, 2, 1, tzinfo=UTC))
