"""Months in headers: many ways to write one, and names that only look like one."""

from __future__ import annotations

from datetime import date

import pytest

from cxdata.intake.months import month_named


@pytest.mark.parametrize(
    "name",
    [
        *("2026-03", "2026/3", "2026.03", "2026-03-01", "202603", "2026M03", "2026 M3"),
        *("03/2026", "3-2026", "Mar 2026", "march 2026", "MAR-2026", "2026 Mar", "Mar. 26"),
        *("März 2026", "mars 2026", "Marzo 2026", "março 2026", "maart 2026", "Mrt 26", "Mar'26"),
    ],
)
def test_a_month_is_its_first_day(name: str) -> None:
    assert month_named(name) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "name",
    [
        *("2026", "Q1 2026", "2026-13", "2026-00", "13/2026", "Market 2026", "Decimal 2026"),
        *("2026-03-15", "May", "total", "Order 12", "customer_2026", "99", ""),
    ],
)
def test_other_names_are_no_months(name: str) -> None:
    assert month_named(name) is None


def test_every_month_in_every_language() -> None:
    for names in (
        "January February March April May June July August September October November December",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
        "dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
    ):
        found = [month_named(f"{name} 2026") for name in names.split()]
        assert found == [date(2026, month, 1) for month in range(1, 13)], names
