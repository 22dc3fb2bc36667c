"""A recipe fitted to a header: other names, columns across, what may be absent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from cxdata.intake.fitting import fitted
from cxdata.intake.recipe import ColumnMap, Recipe
from cxdata.intake.recipe_file import parse_recipe
from cxdata.model.errors import IntakeError
from tests.intake.kit import assert_closes, faults, load, rows


def recipe(text: str) -> Recipe:
    return parse_recipe(dedent(text), "tiny")


SURVEY = """
    [[table]]
    name = "survey_response"
    [table.columns]
    response_id = { from = "id" }
    responded_date = { from = "day" }
    language = { from = "lang", optional = true }

    [[table]]
    name = "response_attribute"
    optional = true
    [[table.across]]
    columns = ["Q*"]
    except = ["*_TEXT"]
    name = "attribute_code"
    value = "score"
    with = { scale_max = 5 }
    codes = { Q2 = "speed" }
    [table.columns]
    response_id = { from = "id" }
"""


def test_questions_across_become_rows(tmp_path: Path) -> None:
    text = """\
        id,day,Q1 Ease of use,Q2,Q2_TEXT,lang
        a,2026-01-05,4,5,fine,en
        b,2026-01-06,,2,,de
        """
    loaded = load(tmp_path, text, '[extract]\nignore = ["*_TEXT"]\n' + dedent(SURVEY))
    assert rows(loaded, "response_attribute", "response_id", "attribute_code", "score") == [
        ("a", "q1_ease_of_use", 4.0),
        ("a", "speed", 5.0),
        ("b", "speed", 2.0),
    ]
    assert rows(loaded, "survey_response", "response_id", "language") == [("a", "en"), ("b", "de")]
    assert loaded.counts.of("response_attribute").blank == 1
    assert_closes(loaded)


def test_what_is_optional_and_lacking_is_left_out(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,day\na,2026-01-05\n", SURVEY)
    assert list(loaded.tables) == ["survey_response"]
    assert rows(loaded, "survey_response", "response_id", "language") == [("a", None)]


def test_months_across_the_header_become_rows(tmp_path: Path) -> None:
    text = """\
        customer,Jan 2026,2026-02,total
        c1,10.50,0,10.50
        c2,,7,7
        """
    loaded = load(
        tmp_path,
        text,
        """
        [extract]
        ignore = ["total"]
        [[table]]
        name = "revenue_period"
        across = [{ columns = "@months", name = "period_month", value = "recurring_amount" }]
        [table.columns]
        customer_id = { from = "customer" }
        """,
    )
    found = rows(loaded, "revenue_period", "customer_id", "period_month", "recurring_amount")
    assert [(who, month, float(amount)) for who, month, amount in found] == [
        ("c1", date(2026, 1, 1), 10.5),
        ("c1", date(2026, 2, 1), 0.0),
        ("c2", date(2026, 2, 1), 7.0),
    ]
    assert_closes(loaded)


def test_other_names_lead_to_the_columns_of_the_extract(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "Client No.,JOINED ON,note\n7,2026-01-05,?\n8,soon,?\n",
        """
        [extract]
        ignore = ["note"]
        [extract.names]
        id = ["Client No.", "Kundennummer"]
        [[table]]
        name = "customer"
        [table.columns]
        customer_id = { template = "c-{id}" }
        first_active_date = { from = "joined on" }
        """,
    )
    assert rows(loaded, "customer", "customer_id") == [("c-7",)]
    assert faults(loaded) == [(2, "JOINED ON", "soon", "type")]


def test_a_template_keeps_its_braces_when_names_change() -> None:
    told = recipe("""
        [extract.names]
        id = ["No"]
        [[table]]
        name = "customer"
        [table.columns]
        customer_id = { template = "{{x}}-{id}" }
    """)
    (table,) = fitted(told, ("No",)).tables
    assert table.columns == (ColumnMap("customer_id", template="{{x}}-{No}"),)


def test_a_name_that_two_columns_could_be_is_not_guessed() -> None:
    told = recipe('[[table]]\nname = "customer"\n[table.columns]\ncustomer_id = { from = "id" }')
    assert fitted(told, ("ID", "Id")).reads == ("id",)
    assert fitted(told, ("ID",)).reads == ("ID",)


def test_columns_across_that_become_one_code_are_refused() -> None:
    with pytest.raises(IntakeError, match="'Q-1' and 'Q 1' both become q_1"):
        fitted(recipe(SURVEY), ("id", "day", "Q-1", "Q 1"))


def test_columns_across_that_nobody_has_are_said() -> None:
    told = recipe(SURVEY.replace("optional = true\n    [[", "[["))
    with pytest.raises(IntakeError, match=r"fills response_attribute from columns named Q\*"):
        fitted(told, ("id", "day"))


def test_an_extract_with_nothing_for_any_table_is_refused() -> None:
    told = recipe("""
        [[table]]
        name = "customer"
        optional = true
        [table.columns]
        customer_id = { from = "id" }
    """)
    with pytest.raises(IntakeError, match="no column for any table of the recipe tiny"):
        fitted(told, ("a", "b"))


ORDERS = """
    [[table]]
    name = "sales_transaction"
    [table.columns]
    transaction_id = { from = "id" }
    transaction_date = { from = "day" }
    net_amount = %s
"""


@pytest.mark.parametrize(
    ("way", "cells", "amount"),
    [
        ('{ from = "amount", divided_by = 100 }', "12345,x,", 123.45),
        (
            '{ from = "amount", divided_by = { from = "unit", map = { year = 12 } } }',
            "100,year,",
            8.33,
        ),
        ('{ from = "amount", times = "n" }', "0.10,x,3", 0.3),
        ('{ from = "amount", times = "n", divided_by = 8 }', "1,x,1", 0.12),
        ('{ from = ["amount", "n"] }', ",x,3", 3.0),
        (
            '{ from = "amount", missing = ["-"], when = { column = "unit", is = ["x"] } }',
            "5,x,",
            5.0,
        ),
    ],
)
def test_amounts_in_the_unit_of_the_target(
    tmp_path: Path, way: str, cells: str, amount: float
) -> None:
    text = f"id,day,amount,unit,n\n1,2026-01-05,{cells}\n"
    loaded = load(tmp_path, text, '[extract]\nignore = ["*"]\n' + dedent(ORDERS % way))
    assert [float(one[0]) for one in rows(loaded, "sales_transaction", "net_amount")] == [amount]


def test_a_factor_that_a_record_lacks_sets_it_aside(tmp_path: Path) -> None:
    way = '{ from = "amount", divided_by = { from = "unit", map = { month = 1, year = 12 } } }'
    text = "id,day,amount,unit\n1,2026-01-05,10,month\n2,2026-01-05,10,day\n3,2026-01-05,10,\n"
    loaded = load(tmp_path, text, ORDERS % way)
    assert faults(loaded) == [(2, "amount", "10", "type"), (3, "amount", "10", "type")]
    (reason,) = loaded.reasons()
    assert reason.expected == "an amount with at most 2 decimals, and in unit one of month, year"


CONTACTS = """
    [extract]
    zone = "Europe/Zurich"
    [[table]]
    name = "interaction"
    [table.columns]
    interaction_id = { from = "id" }
    started_at = { from = "start", type = "TS", format = "epoch-ms" }
    interaction_date = { from = "start", type = "TS", format = "epoch-ms" }
    channel_code = "phone"
    handle_seconds = { from = "handle", type = "DURATION" }
"""


def test_durations_and_counted_instants(tmp_path: Path) -> None:
    text = """\
        id,start,handle
        1,1772150399000,0:04:10
        2,1772150399000,75:05
        3,1772150399,4:10
        4,1772150399000,4:75
        """
    loaded = load(tmp_path, text, CONTACTS)
    # 1772150399 is 23:59:59 on 26 February 2026 in UTC, an hour later in Zurich.
    assert rows(loaded, "interaction", "interaction_date", "handle_seconds") == [
        (date(2026, 2, 27), 250),
        (date(2026, 2, 27), 4505),
    ]
    # Seconds read as milliseconds lead to January 1970, which nobody means.
    assert sorted(set(faults(loaded))) == [
        (3, "start", "1772150399", "type"),
        (4, "handle", "4:75", "type"),
    ]


def test_attempts_are_numbered_in_the_order_of_time(tmp_path: Path) -> None:
    text = """\
        case,step,at
        j1,pay,2026-01-05 10:00:00
        j1,pay,2026-01-05 09:00:00
        j1,ship,2026-01-05 11:00:00
        j2,pay,2026-01-05 10:00:00
        """
    loaded = load(
        tmp_path,
        text,
        """
        [[table]]
        name = "journey_step_event"
        [table.columns]
        journey_instance_id = { from = "case" }
        step_code = { from = "step", snake = true }
        attempt_no = { occurrence_of = ["case", "step"], by = "at" }
        entered_at = { from = "at" }
        entered_date = { from = "at", type = "TS" }
        """,
    )
    columns = ("journey_instance_id", "step_code", "attempt_no")
    found = {
        (*one[:3], one[3].hour)
        for one in rows(loaded, "journey_step_event", *columns, "entered_at")
    }
    assert found == {
        ("j1", "pay", 1, 9),
        ("j1", "pay", 2, 10),
        ("j1", "ship", 1, 11),
        ("j2", "pay", 1, 10),
    }
