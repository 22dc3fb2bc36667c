"""What an extract is and which column is what: exact, remembered, by name, by values, by keys."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import duckdb
import pytest

from cxdata.intake.matching import suggest
from cxdata.intake.matching.joins import shares
from cxdata.intake.matching.names import synonyms
from cxdata.intake.matching.suggestion import ColumnSuggestion, Suggestion
from cxdata.intake.recipe import Saved
from cxdata.intake.recipe_file import find_recipe, parse_recipe
from cxdata.intake.values import ColumnProfile, Writing
from cxdata.model.tables import CURATED
from cxdata.model.tables.dictionary import csv_template

TEMPLATED = [name for name in CURATED.tables if name not in ("data_load", "published_figure")]


def targets(suggestion: Suggestion) -> dict[str, str]:
    assert suggestion.best is not None
    return {one.column: one.target for one in suggestion.best.columns}


def profile(name: str, kind: str, *examples: str) -> ColumnProfile:
    return ColumnProfile(name, 0, Writing(kind), filled=100, distinct=50, examples=examples)


@pytest.mark.parametrize("table", TEMPLATED)
def test_a_template_is_its_table_and_each_column_itself(table: str) -> None:
    header = tuple(csv_template(CURATED.tables[table]).strip().split(","))
    found = suggest(header)
    assert found.best is not None
    assert found.best.table == table
    assert found.best.missing == ()
    assert targets(found) == {name: name for name in header}
    assert {one.reason for one in found.best.columns} == {"same name"}


@pytest.mark.parametrize(
    ("table", "header"),
    [
        (
            "sales_transaction",
            "Receipt No=transaction_id, CustID=customer_id, Order date=transaction_date, "
            "Net sales=net_amount, Ccy=currency",
        ),
        (
            "sales_transaction",
            "Belegnummer=transaction_id, Kundennummer=customer_id, Bestelldatum=transaction_date, "
            "Nettobetrag=net_amount, Währung=currency",
        ),
        (
            "sales_transaction",
            "N° facture=transaction_id, Code client=customer_id, Date de commande="
            "transaction_date, Montant HT=net_amount, Devise=currency",
        ),
        (
            "sales_transaction",
            "Número de factura=transaction_id, Cliente=customer_id, Fecha de compra="
            "transaction_date, Importe neto=net_amount, Moneda=currency",
        ),
        (
            "sales_transaction",
            "Número da fatura=transaction_id, Código do cliente=customer_id, Data da compra="
            "transaction_date, Valor líquido=net_amount, Moeda=currency",
        ),
        (
            "survey_response",
            "Response ID=response_id, Client No.=customer_id, Completed at=responded_date, "
            "Likelihood to recommend=nps_score, Comments=verbatim",
        ),
        (
            "survey_response",
            "Antwort-ID=response_id, Kunde=customer_id, Antwortdatum=responded_date, "
            "Weiterempfehlung=nps_score, Kommentar=verbatim",
        ),
        (
            "interaction",
            "Ticket number=interaction_id, Account id=customer_id, Opened at=started_at, "
            "Closed at=ended_at, Channel=channel_code, Contact reason=reason_code",
        ),
        (
            "subscription_period",
            "Vertragsnummer=subscription_id, Kunden-Nr.=customer_id, Vertragsbeginn=start_date, "
            "Vertragsende=end_date, Monatsbetrag=recurring_amount",
        ),
        ("revenue_period", "Customer=customer_id, Month=period_month, MRR=recurring_amount"),
        ("customer", "Client id=customer_id, Customer since=first_active_date, Land=country"),
        (
            "journey_step_event",
            "case=journey_instance_id, activity=step_code, timestamp=entered_at",
        ),
    ],
)
def test_columns_are_known_by_what_people_call_them(table: str, header: str) -> None:
    expected = dict(one.strip().split("=") for one in header.split(","))
    found = suggest(tuple(expected))
    assert found.best is not None
    assert (found.best.table, targets(found)) == (table, expected)


def test_every_synonym_names_a_column_there_is() -> None:
    for table in CURATED.tables.values():
        for them in synonyms(table.name).values():
            for one in them:
                shared = any(one.target in other.c for other in CURATED.tables.values())
                assert shared, one


def test_a_synonym_is_found_whatever_its_case_accents_and_separators() -> None:
    for name in ("KUNDENNUMMER", "kunden nummer", "Kunden_Nummer"):
        assert targets(suggest((name, "nps")))[name] == "customer_id"


def test_what_was_confirmed_before_wins_over_what_a_name_could_mean() -> None:
    recipe = parse_recipe(
        """
        [saved]
        version = 1
        by = "ana"
        at = 2026-10-03T09:00:00Z
        [[table]]
        name = "sales_transaction"
        [table.columns]
        transaction_id = { from = "Beleg" }
        transaction_date = { from = "Tag" }
        net_amount = { from = "Total" }
        """,
        "crm",
    )
    header = ("Beleg", "Tag", "Betrag", "Total")
    best = suggest(header, (), (recipe,)).best
    assert best is not None
    known = {one.column: (one.target, one.reason) for one in best.columns}
    assert known["Total"] == ("net_amount", "remembered from crm, 3 October 2026")
    assert known["Beleg"] == ("transaction_id", "remembered from crm, 3 October 2026")
    assert known["Betrag"][0] == ""


def test_values_speak_against_a_name() -> None:
    header = ("Customer", "Order date", "Amount", "Receipt no")
    good = [profile("Amount", "money", "12.00"), profile("Order date", "date", "2026-01-05")]
    bad = [profile("Amount", "date", "2026-01-05"), profile("Order date", "money", "12.00")]
    assert amount(header, good).confidence > 0.9
    assert amount(header, bad).confidence < 0.5
    assert "but it looks like dates" in amount(header, bad).reason


def amount(header: tuple[str, ...], profiles: list[ColumnProfile]) -> ColumnSuggestion:
    best = suggest(header, profiles).best
    assert best is not None
    return next(one for one in best.columns if one.column == "Amount")


def test_a_score_out_of_range_is_no_recommendation() -> None:
    header = ("response_id", "responded_date", "Recommendation")
    in_range = suggest(header, [profile("Recommendation", "score", "9", "10", "0")]).best
    beyond = suggest(header, [profile("Recommendation", "integer", "92", "47")]).best
    assert in_range is not None
    assert beyond is not None
    assert in_range.columns[2].reason.endswith("holds 0 to 10")
    assert beyond.columns[2].confidence < in_range.columns[2].confidence
    assert "not 0 to 10" in beyond.columns[2].reason


def test_the_only_column_of_dates_is_the_date() -> None:
    header = ("Receipt no", "Net sales", "Zeitraum")
    profiles = [profile("Zeitraum", "date", "2026-01-05"), profile("Net sales", "money", "1.00")]
    best = suggest(header, profiles).best
    assert best is not None
    assert (best.table, best.columns[2].target) == ("sales_transaction", "transaction_date")
    assert best.columns[2].reason == "looks like dates, the only such column left"
    assert best.missing == ()


def test_published_keys_tell_a_column_without_a_name() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE customers AS SELECT 'c' || range AS key FROM range(100)")
    connection.execute(
        "CREATE TABLE raw AS SELECT 'c' || (range + 6) AS c0, 'x' || range AS c1, '' AS c2 "
        "FROM range(100)"
    )
    header = ("fld_17", "Receipt no", "empty")
    found = shares(connection, "raw", header, {"customer.customer_id": "customers"})
    assert found == {"fld_17": {"customer.customer_id": pytest.approx(0.94)}}
    best = suggest(("fld_17", "Receipt no", "Order date", "Net sales"), (), (), found).best
    assert best is not None
    assert (best.table, best.columns[0].target) == ("sales_transaction", "customer_id")
    assert best.columns[0].reason == "94 % of its values are published customer ids"


def test_no_target_gets_two_columns_and_the_loser_is_asked_about() -> None:
    found = suggest(("Customer number", "Client no", "Order date", "Net sales", "Receipt no"))
    taken = [target for target in targets(found).values() if target]
    assert len(taken) == len(set(taken))
    (asked,) = [one for one in found.questions if one.key.startswith("column:")]
    assert asked.key == "column:Client no:is"
    assert asked.asks.startswith("'Customer number' and 'Client no' could both be customer_id")
    assert asked.default == ""


def test_two_tables_that_fit_alike_are_asked_about() -> None:
    found = suggest(("id", "date", "amount"))
    asked = next(one for one in found.questions if one.key == "table")
    assert {code for code, _ in asked.options} >= {"sales_transaction", "service_cost"}


def test_nothing_known_is_nothing_suggested() -> None:
    found = suggest(("foo", "bar", "baz"))
    assert found.best is None
    assert found.questions == ()


def test_the_order_of_columns_does_not_change_what_they_are() -> None:
    header = ["Receipt no", "Customer", "Client", "Date", "Sum total", "Net sales", "SKU", "Curr"]
    first = targets(suggest(tuple(header)))
    for seed in range(10):
        random.Random(seed).shuffle(header)
        found = targets(suggest(tuple(header)))
        same = {name: found[name] for name in header if name not in ("Customer", "Client")}
        assert same == {name: first[name] for name in same}


def test_wide_extracts_take_little_time() -> None:
    header = ("response_id", "responded_date", *(f"Question {n} about things" for n in range(2000)))
    found = suggest(header)
    assert found.best is not None
    assert found.best.table == "survey_response"


def test_an_extract_is_recognised_by_the_recipe_that_accounts_for_it() -> None:
    shipped = find_recipe("cdnow")
    header = ("customer_id", "date", "number_of_cds", "dollar_value")
    assert suggest(header, (), (shipped,)).recipe == shipped
    assert suggest((*header, "new"), (), (shipped,)).recipe is None
    assert suggest(header[1:], (), (shipped,)).recipe is None


def test_the_recipe_saved_for_a_header_is_preferred() -> None:
    text = '[extract]\nignore = ["*"]\n[[table]]\nname = "customer"\n[table.columns]\n'
    general = parse_recipe(text + 'customer_id = { from = "id" }', "general")
    at = datetime(2026, 10, 3, tzinfo=UTC)
    closer = parse_recipe(text + 'customer_id = { from = "id" }', "zebra")
    saved = type(closer)(**{**vars(closer), "saved": Saved(1, "ana", at, "", ("day", "id"))})
    assert suggest(("id", "day"), (), (general, saved)).recipe == saved
