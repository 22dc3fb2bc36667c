"""Carrying out recipes: each way of filling a column, each reason to set a record aside."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.tables import curated
from cxdata.sources.parquet_io import arrow_schema
from tests.intake.kit import NOON, assert_closes, faults, load, rows

SALES = """
    source_system = "shop"
    [extract]
    decimal = ","
    thousands = "."
    delimiter = ";"
    dates = ["%d.%m.%Y"]
    missing = ["-"]
    ignore = ["note*"]
    [[table]]
    name = "sales_transaction"
    [table.columns]
    transaction_id = { template = "{shop}-{receipt}" }
    customer_id = { from = "customer" }
    transaction_date = { from = "day" }
    net_amount = { from = "sum" }
    currency = "EUR"
"""


def test_templates_notation_constants_defaults_and_missing_words(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        """\
        shop;receipt;customer;day;sum;note 1
        A;1;c1;31.01.2026;1.234,50;x
        A;2; - ;01.02.2026;7;
        """,
        SALES,
    )
    table = loaded.tables["sales_transaction"]
    assert table.schema == arrow_schema(curated("sales_transaction"))
    assert rows(
        loaded, "sales_transaction", "transaction_id", "customer_id", "transaction_date", "kind"
    ) == [("A-1", "c1", date(2026, 1, 31), "sale"), ("A-2", None, date(2026, 2, 1), "sale")]
    assert rows(loaded, "sales_transaction", "net_amount", "currency", "source_system") == [
        (Decimal("1234.50"), "EUR", "shop"),
        (Decimal("7.00"), "EUR", "shop"),
    ]
    assert rows(loaded, "sales_transaction", "loaded_at")[0] == (NOON,)
    assert_closes(loaded)


def test_each_failing_record_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        """\
        shop;receipt;customer;day;sum;note
        A;1;c1;31.01.2026;1,00;
        A;2;c1;31.02.2026;1,00;
        A;3;c1;31.01.2026;1,005;
        ;4;c1;31.01.2026;1,00;
        A;5;c1;31.01.2027;1,00;
        A;6;c1;31.01.2026;-1,00;
        A;7;c1;31.01.2026
        A;8;c1;;x;
        """,
        SALES,
    )
    assert faults(loaded) == [
        (2, "day", "31.02.2026", "type"),
        (3, "sum", "1,005", "type"),
        (4, "shop + receipt", None, "required"),
        (5, "day", "31.01.2027", "not_future"),
        (7, "(record)", "A;7;c1;31.01.2026", "width"),
        (8, "day", None, "required"),
        (8, "sum", "x", "type"),
    ]
    assert loaded.counts.set_aside == 6
    assert loaded.counts.loaded == 2
    assert_closes(loaded)
    expected = {one.expected for one in loaded.reasons() if one.column == "day"}
    assert "a date written as %d.%m.%Y" in expected
    assert str(loaded.reasons()[0]) == (
        "2 records: sum expects an amount with at most 2 decimals, and has for example '1,005'"
    )


def test_without_a_column_for_it_the_sign_tells_a_refund_from_a_sale_and_that_is_said(
    tmp_path: Path,
) -> None:
    lines = "shop;receipt;customer;day;sum;note\nA;1;c;31.01.2026;5;\nA;2;c;31.01.2026;-2,50;\n"
    loaded = load(tmp_path, lines, SALES)
    assert rows(loaded, "sales_transaction", "kind", "net_amount") == [
        ("sale", Decimal("5.00")),
        ("refund", Decimal("-2.50")),
    ]
    assert any("1 rows of sales_transaction have a net_amount below 0" in n for n in loaded.notes)
    stated = load(tmp_path, lines, SALES + 'kind = "sale"\n')
    assert faults(stated) == [(2, "sum", "-2,50", "sign")]
    assert_closes(loaded)


def test_a_default_never_stands_in_for_a_missing_value(tmp_path: Path) -> None:
    recipe = SALES + 'kind = { from = "note" }\n'
    loaded = load(
        tmp_path,
        "shop;receipt;customer;day;sum;note\nA;1;c;31.01.2026;1;sale\nA;2;c;31.01.2026;1;\n",
        recipe.replace('ignore = ["note*"]', ""),
    )
    assert faults(loaded) == [(2, "note", None, "required")]


PEOPLE = """
    [extract]
    as_of = 2026-01-15
    [[table]]
    name = "subscription_period"
    [table.columns]
    subscription_id = { from = "id" }
    customer_id = { from = "id" }
    start_date = { months_before_as_of = "tenure" }
    end_date = { from = "left", map = { yes = "@as_of", no = "" } }
"""


def test_tenure_counts_back_from_the_as_of_date(tmp_path: Path) -> None:
    text = "id,tenure,left\na,0,no\nb,1,yes\nc,14,no\nd,-1,no\ne,1.5,no\n"
    loaded = load(tmp_path, text, PEOPLE)
    assert rows(loaded, "subscription_period", "subscription_id", "start_date", "end_date") == [
        ("a", date(2026, 1, 14), None),
        ("b", date(2025, 12, 15), date(2026, 1, 15)),
        ("c", date(2024, 11, 15), None),
    ]
    assert faults(loaded) == [(4, "tenure", "-1", "type"), (5, "tenure", "1.5", "type")]


def test_another_as_of_date_moves_everything(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,tenure,left\nb,1,yes\n", PEOPLE, as_of=date(2025, 6, 1))
    assert rows(loaded, "subscription_period", "start_date", "end_date") == [
        (date(2025, 5, 1), date(2025, 6, 1))
    ]
    with pytest.raises(IntakeError, match="after the 28th"):
        load(tmp_path, "id,tenure,left\nb,1,yes\n", PEOPLE, as_of=date(2025, 5, 31))
    with pytest.raises(IntakeError, match="has dates of its own"):
        load(tmp_path, "id\n1\n", CUSTOMER, as_of=date(2025, 5, 1))


def test_a_map_is_exhaustive_and_names_what_it_does_not_list(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,tenure,left\na,1,no\nb,1,Yess\nc,1,Yess\nd,1,later\n", PEOPLE)
    assert faults(loaded) == [
        (2, "left", "Yess", "map"),
        (3, "left", "Yess", "map"),
        (4, "left", "later", "map"),
    ]
    assert loaded.notes == (
        "2 records have 'Yess' in left, which the recipe does not list; did you mean 'yes'?",
        "1 record has 'later' in left, which the recipe does not list.",
    )
    assert_closes(loaded)


def test_a_map_with_other_takes_the_rest_but_not_what_is_missing(tmp_path: Path) -> None:
    recipe = PEOPLE.replace(
        'map = { yes = "@as_of", no = "" }', 'map = { no = "" }, other = "@as_of"'
    )
    loaded = load(tmp_path, "id,tenure,left\na,1,no\nb,1,gone\nc,1,\n", recipe)
    assert [end for (end,) in rows(loaded, "subscription_period", "end_date")] == [
        None,
        date(2026, 1, 15),
        None,
    ]
    assert loaded.set_aside.records == 0
    assert loaded.notes == (
        "Records whose left the recipe does not list (for example 'gone') and takes as '@as_of': "
        "1.",
    )


CUSTOMER = """
    [[table]]
    name = "customer"
    [table.columns]
    customer_id = { from = "id" }
"""


def test_an_unknown_column_is_named_with_near_names(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        load(tmp_path, "id,IDD,other\n1,2,3\n", CUSTOMER)
    assert str(caught.value) == (
        "The extract has a column 'IDD' that the recipe tiny neither uses nor ignores; did you "
        "mean 'id'? Map it, or add it to ignore. Also unknown: other."
    )


def test_a_lacking_column_is_named_with_near_names(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        load(tmp_path, "ids \n1\n", CUSTOMER)
    assert str(caught.value) == (
        "The recipe tiny needs the column 'id', which the extract does not have; is it 'ids ' "
        "there?"
    )


def test_missing_codes_must_belong_to_a_column(tmp_path: Path) -> None:
    recipe = '[extract.missing_in]\nidd = ["9"]\n' + CUSTOMER
    with pytest.raises(IntakeError, match=r"missing codes for 'idd'.*did you mean 'id'"):
        load(tmp_path, "id\n1\n", recipe.replace("    ", ""))


WIDE = """
    [extract.missing_in]
    "Q*" = ["0", "6"]
    [[table]]
    name = "response_attribute"
    long = [
      { attribute_code = "food", score = { from = "Q1" } },
      { attribute_code = "shops", score = { from = "Q2", missing = ["9"] } },
    ]
    [table.columns]
    response_id = { from = "id" }
    scale_max = 5
"""


def test_wide_to_long_leaves_blanks_out_and_counts_them(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,Q1,Q2\na,5,6\nb,0,4\nc,1,9\nd,x,2\n", WIDE)
    assert rows(loaded, "response_attribute", "response_id", "attribute_code", "score") == [
        ("a", "food", 5.0),
        ("b", "shops", 4.0),
        ("c", "food", 1.0),
    ]
    assert faults(loaded) == [(4, "Q1", "x", "type")]
    count = loaded.counts.of("response_attribute")
    assert (count.candidates, count.blank, count.set_aside) == (8, 3, 2)
    assert_closes(loaded)


LOG = """
    [extract]
    timestamps = ["%d-%m-%Y %H:%M"]
    zone = "America/New_York"
    missing = ["?"]
    [[table]]
    name = "interaction"
    latest_by = { from = "change", type = "INT" }
    where = [{ column = "type", is_not = ["test"] }]
    [table.columns]
    interaction_id = { from = "number" }
    customer_id = { from = "caller" }
    started_at = { from = "opened" }
    interaction_date = { from = "opened", type = "TS" }
    channel_code = { from = "type", snake = true }
    within_target = { from = "in_time" }
    [[table]]
    name = "customer"
    distinct = true
    where = [{ column = "caller", missing = false }]
    [table.columns]
    customer_id = { from = "caller" }
    first_active_date = { from = "opened", type = "TS", reduce = "min" }
"""
LOG_HEADER = "number,change,caller,opened,type,in_time\n"


def test_the_last_update_of_each_key_counts(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        LOG_HEADER + "i1,2,c1,31-12-2025 23:30,Self service,FALSE\n"
        "i1,10,c1,31-12-2025 23:30,Self service,TRUE\n"
        "i1,9,c1,31-12-2025 23:30,Self service,FALSE\n"
        "i2,0,?,01-01-2026 08:00,Phone,TRUE\n"
        "i3,0,c1,01-12-2025 08:00,test,TRUE\n",
        LOG,
    )
    assert rows(
        loaded, "interaction", "interaction_id", "customer_id", "interaction_date", "within_target"
    ) == [("i1", "c1", date(2025, 12, 31), True), ("i2", None, date(2026, 1, 1), True)]
    assert rows(loaded, "interaction", "started_at", "channel_code")[0] == (
        datetime(2026, 1, 1, 4, 30, tzinfo=UTC),
        "self_service",
    )
    count = loaded.counts.of("interaction")
    assert (count.filtered, count.superseded, count.rows) == (1, 2, 2)
    assert rows(loaded, "customer", "customer_id", "first_active_date") == [
        ("c1", date(2025, 12, 1))
    ]
    assert_closes(loaded)


def test_a_last_update_that_fails_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        LOG_HEADER + "i1,1,c1,31-12-2025 23:30,Phone,TRUE\n"
        "i1,2,c1,31-12-2025 23:30,Phone,perhaps\n"
        "i2,x,c2,31-12-2025 23:30,Phone,TRUE\n"
        "i3,1,c2,31-12-2025 23:30,Phone,TRUE\n"
        ",1,c2,31-12-2025 23:30,Phone,TRUE\n"
        ",2,c2,31-12-2025 23:30,Phone,TRUE\n",
        LOG,
    )
    assert [key for (key,) in rows(loaded, "interaction", "interaction_id")] == ["i3"]
    assert faults(loaded) == [
        (2, "in_time", "perhaps", "type"),
        (3, "change", "x", "type"),
        (5, "number", None, "required"),
        (6, "number", None, "required"),
    ]
    assert_closes(loaded)


def test_a_tie_for_the_last_update_is_said(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        LOG_HEADER + "i1,2,c1,31-12-2025 23:30,Phone,TRUE\n"
        "i1,2,c1,31-12-2025 23:30,Phone,FALSE\n"
        "i2,1,c1,31-12-2025 23:30,Phone,FALSE\n"
        "i2,1,c1,31-12-2025 23:30,Phone,FALSE\n"
        "i2,3,c1,31-12-2025 23:30,Phone,TRUE\n",
        LOG,
    )
    assert rows(loaded, "interaction", "interaction_id", "within_target") == [
        ("i1", False),
        ("i2", True),
    ]
    assert loaded.notes == (
        "Keys of interaction with several records at the latest change, of which the last in the "
        "file counts: 1.",
    )


def test_the_hour_that_the_clock_skips_fails(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        LOG_HEADER + "i1,1,c,09-03-2025 02:30,Phone,TRUE\ni2,1,c,09-03-2025 03:30,Phone,TRUE\n",
        LOG,
    )
    assert {fault[:3] for fault in faults(loaded)} == {(1, "opened", "09-03-2025 02:30")}


def test_names_that_would_become_one_code_refuse_the_extract(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"'E mail' and 'E-mail', which both become .*'e_mail'"):
        load(
            tmp_path,
            LOG_HEADER
            + "i1,1,c,09-03-2025 08:30,E-mail,TRUE\ni2,1,c,09-03-2025 08:30,E mail,TRUE\n",
            LOG,
        )


def test_a_set_aside_record_is_in_no_table(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        LOG_HEADER
        + "i1,1,c1,31-12-2025 23:30,Phone,perhaps\ni2,1,c2,31-12-2025 23:30,Phone,TRUE\n",
        LOG,
    )
    assert [key for (key,) in rows(loaded, "customer", "customer_id")] == ["c2"]
    assert_closes(loaded)


KEYED = """
    [[table]]
    name = "customer"
    [table.columns]
    customer_id = { from = "id" }
    country = { from = "country" }
"""


def test_one_key_with_two_values_sets_both_aside_and_a_repeat_counts_once(tmp_path: Path) -> None:
    loaded = load(tmp_path, "id,country\na,CH\nb,DE\na,FR\nb,DE\nc,IT\n", KEYED)
    assert rows(loaded, "customer", "customer_id", "country") == [("b", "DE"), ("c", "IT")]
    assert faults(loaded) == [(1, "id", "a", "key"), (3, "id", "a", "key")]
    assert loaded.notes == (
        "Rows of customer that repeat another one, key and all, and count once: 1.",
    )
    assert_closes(loaded)


def test_lines_without_a_key_are_kept_counted_and_said(tmp_path: Path) -> None:
    recipe = """
        [[table]]
        name = "sales_transaction"
        [table.columns]
        transaction_id = { record_number = "t-" }
        transaction_date = { from = "day" }
        net_amount = { from = "sum" }
    """
    loaded = load(tmp_path, "day,sum\n2026-01-01,5\n2026-01-01,5\n2026-01-02,5\n", recipe)
    assert rows(loaded, "sales_transaction", "transaction_id") == [("t-1",), ("t-2",), ("t-3",)]
    assert "Records identical to an earlier one: 1." in loaded.notes[0]
    assert_closes(loaded)


TERMS = """
    [[table]]
    name = "customer_segment"
    [table.columns]
    customer_id = { from = "id" }
    scheme = "plan"
    segment_code = { from = "plan" }
    valid_from = { from = "since" }
    valid_to = { from = "until" }
"""


def test_validities_of_one_customer_do_not_overlap(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        """\
        id,plan,since,until
        a,x,2025-01-01,2025-03-01
        a,y,2025-03-01,
        b,x,2025-01-01,
        b,y,2025-02-01,2025-03-01
        c,x,2025-05-01,2025-05-01
        """,
        TERMS,
    )
    assert faults(loaded) == [
        (4, "since", "2025-02-01", "overlap"),
        (5, "until", "2025-05-01", "order"),
    ]
    assert_closes(loaded)


def test_remarks_count_and_references_that_lead_nowhere_are_said(tmp_path: Path) -> None:
    recipe = """
        [[remark]]
        where = { column = "channel", is = ["fax"] }
        says = "Contacts by fax"
        [[table]]
        name = "channel"
        rows = [{ channel_code = "phone", label = "Phone" }]
        [[table]]
        name = "interaction"
        [table.columns]
        interaction_id = { from = "id" }
        channel_code = { from = "channel" }
        started_at = { from = "at" }
        interaction_date = { from = "at", type = "TS" }
    """
    loaded = load(
        tmp_path, "id,channel,at\n1,phone,2025-01-01 10:00:00\n2,fax,2025-01-01 10:00:00\n", recipe
    )
    assert loaded.notes == (
        "Contacts by fax: 1.",
        "Rows of interaction whose channel_code is not in channel (for example 'fax'): 1.",
    )
    assert loaded.counts.of("channel").rows == 1


def test_constants_are_under_the_contract_too(tmp_path: Path) -> None:
    recipe = (
        CUSTOMER
        + """
    [[table]]
    name = "unit_cost"
    rows = [{ channel_code = "phone", valid_from = 2025-01-01, cost_per_contact = -2.5 }]
    """
    )
    with pytest.raises(
        IntakeError, match=r"states '-2.5000' for cost_per_contact, which expects 0"
    ):
        load(tmp_path, "id\n1\n", recipe)


def test_only_the_wanted_tables_are_loaded(tmp_path: Path) -> None:
    text = LOG_HEADER + "i1,1,c1,31-12-2025 23:30,Phone,TRUE\n"
    loaded = load(tmp_path, text, LOG, only=["customer"])
    assert set(loaded.tables) == {"customer"}
    with pytest.raises(UnknownName, match="Did you mean interaction"):
        load(tmp_path, text, LOG, only=["interactions"])


def test_an_extract_that_does_not_fit_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"None of the 2 records fits.*left expects one of"):
        load(tmp_path, "id,tenure,left\na,1,x\nb,1,x\n", PEOPLE)


def test_an_extract_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"^extract\.csv has a header and no record: there is"):
        load(tmp_path, "id\n", CUSTOMER)


WORD = st.sampled_from(["", "a", "b", "c", "?", "7", "x y", "31-12-2025 23:30", "TRUE", "Phone"])
RECORD = st.lists(WORD, min_size=5, max_size=7)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECORD, max_size=12))
def test_the_ledger_always_closes(tmp_path: Path, records: list[list[str]]) -> None:
    good = ["good", "1", "c", "31-12-2025 23:30", "Chat", "TRUE"]
    text = LOG_HEADER + "".join(",".join(one) + "\n" for one in [good, *records])
    loaded = load(tmp_path, text, LOG)
    assert loaded.counts.records == len(records) + 1
    assert "good" in [key for (key,) in rows(loaded, "interaction", "interaction_id")]
    aside = {fault[0] for fault in faults(loaded)}
    assert len(aside) == loaded.counts.set_aside
    assert aside <= set(range(1, len(records) + 2))
    assert_closes(loaded)
