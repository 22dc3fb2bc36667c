"""How columns are written: numbers, dates, words, and what is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.intake.values.kit import see, text

NBSP, NARROW = "\u00a0", "\u202f"


def case(
    id_: str,
    columns: dict[str, list[str | None]],
    outcome: str,
    typed: dict[str, list[Any]] | None = None,
    says: str = "",
) -> Any:
    return pytest.param(columns, outcome, typed or {}, says, id=id_)


CASES = [
    case(
        "thousands by NBSP, narrow NBSP and apostrophe",
        {"amount": [f"1{NBSP}234.5", f"1{NARROW}234.5", "1'234.5"]},
        "accept",
        {"amount": ["1234.5", "1234.5", "1234.5"]},
    ),
    case(
        "the same with a decimal comma",
        {"amount": [f"1{NBSP}234,5", "1 234,5", "1’234,5", "1.234,5"]},
        "accept",
        {"amount": ["1234.5"] * 4},
    ),
    case(
        "Indian groups",
        {"amount": ["12,34,567.89", "1,00,000.00"]},
        "accept",
        {"amount": ["1234567.89", "100000.00"]},
    ),
    case(
        "negatives by brackets, trailing minus and U+2212",
        {"amount": ["(1,234.50)", "12.00-", "−7.5"]},
        "accept",
        {"amount": ["-1234.50", "-12.00", "-7.5"]},
    ),
    case(
        "negatives with a decimal comma and a currency",
        {"amount": ["(1.234,50 €)", "12,00- €", "−7,5 €", "-€ 3,25"]},
        "accept",
        {"amount": ["-1234.50", "-12.00", "-7.5", "-3.25"]},
    ),
    case(
        "one currency by signs and codes",
        {"amount": ["€12.00", "EUR 1,000.00", "12.00 €"]},
        "accept",
        {"amount": ["12.00", "1000.00", "12.00"]},
    ),
    case(
        "kroner beside their code",
        {"amount": ["kr 12,50", "SEK 1 000,00"]},
        "accept",
        {"amount": ["12.50", "1000.00"]},
    ),
    case(
        "two currencies are never added up",
        {"amount": ["€12.00", "$12.00"]},
        "ask",
        {"amount": ["12.00"]},
        "currency",
    ),
    case("percent", {"rate": ["12.5%", "7 %"]}, "accept", {"rate": ["0.125", "0.07"]}),
    case(
        "a bare number beside percentages is asked",
        {"rate": ["12.5%", "12.5"]},
        "ask",
        {"rate": ["0.125", "0.125"]},
        "12.5",
    ),
    case(
        "leading zeros and 19 digits stay text",
        {"id": ["00123", "1234567890123456789"], "zip": ["01067", "80331"]},
        "accept",
        {"id": ["00123", "1234567890123456789"], "zip": ["01067", "80331"]},
    ),
    case(
        "ids that a spreadsheet has cut",
        {"id": ["1.23457E+15", "1.23457E+15"]},
        "ask",
        {"id": ["1.23457E+15"] * 2},
        "E+",
    ),
    case(
        "null words against real values",
        {"id": ["1", "2", "3"], "name": ["Null", "", "None"], "country": ["NA", "", "N/A"]},
        "accept",
        {"name": ["Null", None, "None"], "country": ["NA", None, None]},
    ),
    case(
        "other null words",
        {"surname": ["Null", "N/A", "None"], "country": ["NA", "null", "None"]},
        "accept",
        {"surname": ["Null", None, "None"], "country": ["NA", None, None]},
    ),
    case(
        "a region NA among short codes",
        {"region": ["EMEA", "APAC", "NA", ""]},
        "accept",
        {"region": ["EMEA", "APAC", "NA", None]},
    ),
    case(
        "missing words among numbers",
        {"amount": ["1.5", "NA", "-", "None", "n/a", "."]},
        "accept",
        {"amount": ["1.5", None, None, None, None, None]},
    ),
    case(
        "errors of spreadsheets",
        {"score": ["9", "#DIV/0!", "#N/A"]},
        "reject",
        {"score": ["9"]},
        "#DIV/0!",
    ),
    case(
        "errors among texts",
        {"comment": ["good", "#¡VALOR!", "#promo"]},
        "reject",
        {"comment": ["good", "#promo"]},
        "#¡VALOR!",
    ),
    case(
        "yes and no by language",
        {"resolved": ["ja", "nein", "oui", "non"]},
        "accept",
        {"resolved": [True, False, True, False]},
    ),
    case(
        "yes and no in Spanish and Italian",
        {"resolved": ["Sí", "NO", "Vero", "Falso", ""]},
        "accept",
        {"resolved": [True, False, True, False, None]},
    ),
    case(
        "scores with labels",
        {"nps": ["10.0", "9 - Very satisfied", "11"]},
        "reject",
        {"nps": ["10.0", "9"]},
        "0 to 10",
    ),
    case(
        "labels on a scale of five",
        {"q1": ["5 = agree", "1 (disagree)", "3"]},
        "accept",
        {"q1": ["5", "1", "3"]},
    ),
    case("a thousand or a fraction", {"amount": ["1.234", "5.678"]}, "ask", None, "1.234"),
    case("a thousand or a fraction by comma", {"amount": ["1,234", "12"]}, "ask", None, "1,234"),
    case(
        "another column shows the decimal comma",
        {"amount": ["1.234", "5.678"], "tax": ["1,5", "2,25"]},
        "accept",
        {"amount": ["1234", "5678"]},
    ),
    case(
        "another column shows the decimal point",
        {"amount": ["1.234", "5.678"], "tax": ["1.5", "2.25"]},
        "accept",
        {"amount": ["1.234", "5.678"]},
    ),
    case(
        "a fraction below one proves the sign",
        {"amount": ["1.234", "0.500"]},
        "accept",
        {"amount": ["1.234", "0.500"]},
    ),
    case(
        "the fewer values with the other sign go aside",
        {"amount": ["1.5", "2.5", "3,5"]},
        "reject",
        {"amount": ["1.5", "2.5"]},
        "3,5",
    ),
    case(
        "day first, proved",
        {"date": ["05/02/2024", "31/01/2024"]},
        "accept",
        {"date": ["2024-02-05", "2024-01-31"]},
    ),
    case(
        "month first, proved",
        {"date": ["02/05/2024", "01/31/2024"]},
        "accept",
        {"date": ["2024-02-05", "2024-01-31"]},
    ),
    case(
        "every day is 12 or less",
        {"date": ["05/02/2024", "03/04/2024"]},
        "ask",
        {"date": ["2024-02-05", "2024-04-03"]},
        "day first",
    ),
    case(
        "another column proves the order",
        {"start": ["05/02/2024"], "end": ["25/02/2024"]},
        "accept",
        {"start": ["2024-02-05"], "end": ["2024-02-25"]},
    ),
    case(
        "dots put the day first",
        {"date": ["05.02.2024", "3.4.24"]},
        "accept",
        {"date": ["2024-02-05", "2024-04-03"]},
    ),
    case(
        "both orders: the fewer go aside",
        {"date": ["31/01/2024", "28/01/2024", "01/30/2024"]},
        "reject",
        {"date": ["2024-01-31", "2024-01-28"]},
        "01/30/2024",
    ),
    case("both orders, equally often", {"date": ["31/01/2024", "01/30/2024"]}, "ask"),
    case(
        "serials of a spreadsheet",
        {"date": ["45321", "45322.5"]},
        "ask",
        {"date": ["2024-01-30", "2024-01-31T12:00:00"]},
        "serial",
    ),
    case(
        "serials among dates",
        {"date": ["2024-01-30", "45322"]},
        "ask",
        {"date": ["2024-01-30", "2024-01-31"]},
        "serial",
    ),
    case(
        "offsets, Z and a time without a zone",
        {"at": ["2024-03-31T03:30:00+02:00", "2024-03-31T01:30:00Z", "2024-03-31 02:30:00"]},
        "reject",
        {"at": ["2024-03-31T01:30:00Z"] * 2},
        "zone",
    ),
    case(
        "days that are none and years of two digits",
        {"date": ["31/02/2024", "0000-00-00", "9999-12-31", "31/01/24"]},
        "reject",
        {"date": ["2024-01-31"]},
        "9999",
    ),
    case(
        "names of months",
        {"date": ["12 févr. 2024", "12. März 2024", "Feb 12, 2024"]},
        "accept",
        {"date": ["2024-02-12", "2024-03-12", "2024-02-12"]},
    ),
    case(
        "names of months in other languages",
        {
            "date": [
                "12 de febrero de 2024",
                "3 maggio 2024",
                "4 fevereiro 2024",
                "5 mei 2024",
                "31-JAN-24",
                "1er août 2024",
                "Mon, 12 Feb 2024",
            ]
        },
        "accept",
        {
            "date": [
                "2024-02-12",
                "2024-05-03",
                "2024-02-04",
                "2024-05-05",
                "2024-01-31",
                "2024-08-01",
                "2024-02-12",
            ]
        },
    ),
    case(
        "epochs and a clock of 12 hours",
        {"at": ["1706745600", "1706745600000", "01/31/2024 1:30 PM"]},
        "ask",
        {"at": ["2024-02-01T00:00:00Z", "2024-02-01T00:00:00Z", "2024-01-31T13:30:00Z"]},
        "epoch",
    ),
    case(
        "dates of eight digits",
        {"order_date": ["20240131", "20240229"]},
        "accept",
        {"order_date": ["2024-01-31", "2024-02-29"]},
    ),
    case(
        "weeks",
        {"week_date": ["2024-W05", "2024-W06"]},
        "accept",
        {"week_date": ["2024-01-29", "2024-02-05"]},
    ),
    case(
        "a language is no boolean",
        {"language": ["no", "da", "ja"]},
        "accept",
        {"language": ["no", "da", "ja"]},
    ),
    case("years are numbers", {"year": ["2023", "2024"]}, "accept", {"year": ["2023", "2024"]}),
    case(
        "versions are texts",
        {"version": ["1.2.34", "10.0.1"]},
        "accept",
        {"version": ["1.2.34", "10.0.1"]},
    ),
    case(
        "infinite and beyond doubles",
        {"value": ["1.5", "1e3", "inf"]},
        "reject",
        {"value": ["1.5", "1e3"]},
    ),
    case(
        "digits of other scripts stay text",
        {"amount": ["٣", "٤"]},
        "accept",
        {"amount": ["٣", "٤"]},
    ),
    case(
        "what is no day is not asked about",
        {"date": ["44/13/2024", "13/01/2024"]},
        "reject",
        {"date": ["2024-01-13"]},
        "not a day",
    ),
    case(
        "months by name are their first day",
        {"month": ["Jan 2024", "févr. 2024"]},
        "accept",
        {"month": ["2024-01-01", "2024-02-01"]},
        "first day",
    ),
    case(
        "spaces around values",
        {"amount": [" 1.5", "2.5\u00a0", "3"], "date": [" 2024-01-31", "2024-02-01 ", None]},
        "accept",
        {"amount": ["1.5", "2.5", "3"], "date": ["2024-01-31", "2024-02-01", None]},
    ),
]


@pytest.mark.parametrize("sample", [None, 1])
@pytest.mark.parametrize(("columns", "outcome", "typed", "says"), CASES)
def test_case(
    columns: dict[str, list[str | None]],
    outcome: str,
    typed: dict[str, list[Any]],
    says: str,
    sample: int | None,
) -> None:
    seen = see(columns, sample=sample)
    assert seen.outcome == outcome, seen.report
    for name, expected in typed.items():
        found = [str(one) if isinstance(one, Decimal) else text(one) for one in seen.typed[name]]
        assert [_plain(one) for one in found] == [_plain(one) for one in expected], seen.report
    assert says in seen.report


def _plain(value: Any) -> Any:
    try:
        return Decimal(value) if isinstance(value, str) and not value.startswith("0") else value
    except ArithmeticError:
        return value
