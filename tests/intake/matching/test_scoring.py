"""A table whose key repeats in an extract is not what a record of it is."""

from __future__ import annotations

from cxdata.intake.matching import suggest
from cxdata.intake.values import ColumnProfile, Writing

SALES = ("Kunde", "Datum", "Betrag", "Filiale")


def profile(name: str, kind: str, distinct: int, *examples: str) -> ColumnProfile:
    return ColumnProfile(name, 0, Writing(kind), filled=2_400, distinct=distinct, examples=examples)


def profiles(customers: int) -> list[ColumnProfile]:
    return [
        profile("Kunde", "id", customers, "K1", "K2"),
        profile("Datum", "date", 300, "02.01.2026", "17.03.2026"),
        profile("Betrag", "decimal", 900, "12,50"),
        profile("Filiale", "text", 3, "Köln"),
    ]


def test_an_extract_that_names_customers_again_and_again_is_one_of_sales() -> None:
    found = suggest(SALES, profiles(customers=120))
    assert found.best is not None
    assert found.best.table == "sales_transaction"
    customer = found.table("customer")
    assert customer is None or "'Kunde' repeats, and a customer has one record" in customer.reason


def test_a_few_customers_that_stand_twice_do_not_speak_against_a_list_of_customers() -> None:
    header = ("Kundennummer", "Kunde seit", "Land")
    seen = [
        profile("Kundennummer", "id", 2_350, "K1", "K2"),
        profile("Kunde seit", "date", 900, "02.01.2020"),
        profile("Land", "text", 3, "AT"),
    ]
    found = suggest(header, seen)
    assert found.best is not None
    assert found.best.table == "customer"
    assert "repeats" not in found.best.reason
