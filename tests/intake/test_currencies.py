"""Amounts are loaded in the currency that is written beside them, or not at all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cxdata.model.errors import IntakeError
from tests.intake.kit import load, rows

SALES = """
    [[table]]
    name = "sales_transaction"
    [table.columns]
    transaction_id = { from = "id" }
    transaction_date = { from = "day" }
    net_amount = { from = "sum" }
"""
EUROS = "id;day;sum\n1;2026-01-31;€ 12,50\n2;2026-01-31;€ 7,00\n"


def test_a_currency_beside_the_amounts_is_taken_and_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, EUROS, SALES)
    assert rows(loaded, "sales_transaction", "net_amount", "currency") == [
        (Decimal("12.50"), "EUR"),
        (Decimal("7.00"), "EUR"),
    ]
    assert "The amounts in sum are in EUR, as is written beside them." in loaded.notes


def test_a_stated_currency_that_agrees_says_nothing(tmp_path: Path) -> None:
    loaded = load(tmp_path, EUROS, SALES + 'currency = "EUR"\n')
    assert rows(loaded, "sales_transaction", "currency")[0] == ("EUR",)
    assert loaded.notes == ()


def test_another_currency_than_stated_refuses(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"written in EUR, and the recipe tiny states USD"):
        load(tmp_path, EUROS, SALES + 'currency = "USD"\n')


def test_two_currencies_in_one_row_refuse(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"'sum' are in EUR and those in 'cost' in GBP"):
        load(
            tmp_path,
            "id;day;sum;cost\n1;2026-01-31;€ 12,50;£ 1,00\n2;2026-01-31;€ 7,00;£ 2,00\n",
            SALES + 'cost_of_goods = { from = "cost" }\n',
        )


def test_a_column_of_currencies_is_taken_as_it_is(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "id,day,sum,money\n1,2026-01-31,5,CHF\n2,2026-01-31,6,EUR\n",
        SALES + 'currency = { from = "money" }\n',
    )
    assert rows(loaded, "sales_transaction", "currency") == [("CHF",), ("EUR",)]
