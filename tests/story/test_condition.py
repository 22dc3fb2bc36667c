"""What is said about the data: hand-made tables with known faults, and without any."""

from __future__ import annotations

from datetime import date, timedelta

from cxdata.model.period import add_months
from cxdata.query.condition import MonthRows, matches
from cxdata.query.gate import TableFacts
from cxdata.statistics.completeness import lag_distribution
from cxdata.story.condition import findings

TODAY = date(2026, 11, 6)


def facts(through: date, rows: int = 900, future: int = 0) -> TableFacts:
    return TableFacts(rows, date(2026, 1, 1), through, through, False, False, future)


def months(*rows: int, named: int | None = None, known: int | None = None) -> list[MonthRows]:
    """So many rows a month from January 2026."""
    return [
        MonthRows(add_months(date(2026, 1, 1), at), count, count, count)
        if named is None
        else MonthRows(add_months(date(2026, 1, 1), at), count, named, known or 0)
        for at, count in enumerate(rows)
        if count
    ]


def said(**given: object) -> list[tuple[str, bool]]:
    asked = {"tables": {}, "months": {}, "lateness": {}, "matches": {}, **given}
    return [(one.text, one.is_bad) for one in findings(**asked, today=TODAY)]  # type: ignore[arg-type]


def test_a_table_that_stops_before_the_others_comes_first() -> None:
    tables = {
        "sales_transaction": facts(date(2026, 11, 3)),
        "interaction": facts(date(2026, 10, 31)),
    }
    assert said(tables=tables) == [
        ("Contacts stop on 31 October 2026, 3 days before the others.", True),
        ("The data reach to 3 November 2026, 3 days ago.", False),
    ]


def test_data_that_nobody_renewed_are_old() -> None:
    tables = {"interaction": facts(TODAY - timedelta(days=41))}
    assert said(tables=tables) == [("The data reach to 26 September 2026, 41 days ago.", True)]


def test_months_without_a_row_and_thin_months_are_named() -> None:
    tables = {"interaction": facts(date(2026, 9, 30))}
    found = said(tables=tables, months={"interaction": months(90, 95, 0, 90, 92, 20, 91, 90, 88)})
    assert ("Contacts lack March 2026: no row at all.", True) in found
    thin = "Contacts are thin in June 2026: less than half of the months around."
    assert (thin, True) in found


def test_an_unfinished_month_is_not_thin() -> None:
    tables = {"interaction": facts(date(2026, 9, 4))}
    found = said(tables=tables, months={"interaction": months(90, 95, 93, 90, 92, 90, 91, 90, 9)})
    assert [text for text, is_bad in found if is_bad and "thin" in text] == []


def test_customers_who_are_not_in_the_data_are_counted() -> None:
    matched = matches({"interaction": months(100, 100, named=90, known=85)})
    found = said(matches=matched)
    assert found == [
        ("10 of 200 contacts name a customer who is not in the data.", True),
        ("A customer is named by 90.0 % of contacts; the others count in totals only.", False),
    ]
    assert matched["interaction"].share == 0.85


def test_what_arrives_later_than_the_rest_is_named_with_its_days() -> None:
    quick, slow = lag_distribution([0, 1], [95, 5]), lag_distribution([0, 14], [50, 50])
    lateness = {"interaction": quick, "sales_transaction": quick, "service_cost": slow}
    assert said(lateness=lateness) == [
        ("95 % of most events are here within 1 day; service costs take 14 days.", False)
    ]
