"""A suggestion and its answers become a recipe that loads, and that is written and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxdata.intake.loaded import Loaded
from cxdata.intake.matching import as_recipe, suggest
from cxdata.intake.recipe import Recipe
from cxdata.intake.values import ColumnProfile, Writing
from cxdata.model.errors import IntakeError, UnknownName
from tests.intake.kit import assert_closes, load_extract, rows

ORDERS = """\
Receipt no,Client No.,Order date,Net sales,Region,Note
r1,c1,2026-01-05,10.00,North West,x
r2,c1,2026-01-07,5.50,North West,x
r3,c2,2026-02-01,7.25,South,x
"""
ANSWERS = {"customers": True, "column:Region:is": "segment"}


def drafted(text: str, answers: dict[str, Any] | None = None, **more: Any) -> Recipe:
    header = tuple(text.splitlines()[0].split(","))
    return as_recipe(suggest(header, **more), answers or {}, name="ours")


def load(folder: Path, text: str, recipe: Recipe) -> Loaded:
    path = folder / "extract.csv"
    path.write_text(text)
    loaded = load_extract(path, recipe)
    assert_closes(loaded)
    return loaded


def test_what_was_suggested_loads(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS, drafted(ORDERS, ANSWERS))
    found = rows(loaded, "sales_transaction", "transaction_id", "customer_id", "net_amount")
    assert [(one, who, float(amount)) for one, who, amount in found] == [
        ("r1", "c1", 10.0),
        ("r2", "c1", 5.5),
        ("r3", "c2", 7.25),
    ]
    customers = rows(loaded, "customer", "customer_id", "first_active_date")
    assert [(who, str(since)) for who, since in customers] == [
        ("c1", "None"),
        ("c2", "None"),
    ]
    assert rows(loaded, "customer_segment", "customer_id", "scheme", "segment_code") == [
        ("c1", "region", "north_west"),
        ("c2", "region", "south"),
    ]
    assert rows(loaded, "segment", "segment_code", "label") == [
        ("north_west", "North West"),
        ("south", "South"),
    ]


def test_what_nobody_answers_takes_its_default() -> None:
    recipe = drafted(ORDERS)
    assert [one.table for one in recipe.tables] == ["customer", "sales_transaction"]
    assert recipe.layout.ignore == ("Region", "Note")


def test_answers_about_reading_and_writing_are_remembered() -> None:
    answers = {
        "delimiter": ";",
        "column:Order date:date_order": "day first",
        "personal:Client No.": "hash",
    }
    recipe = drafted(ORDERS, answers)
    assert recipe.layout.choices == {
        "delimiter": ";",
        "column:Order date:date_order": "day first",
    }
    assert recipe.layout.personal == (("Client No.", "hash"),)


def test_an_answer_takes_a_column_from_the_one_that_had_it(tmp_path: Path) -> None:
    text = "Receipt no,Order date,Net sales,Gross\nr1,2026-01-05,10,12\n"
    recipe = drafted(text, {"column:Gross:is": "net_amount"})
    loaded = load(tmp_path, text, recipe)
    assert [float(one) for (one,) in rows(loaded, "sales_transaction", "net_amount")] == [12.0]
    assert recipe.layout.ignore == ("Net sales",)


def test_what_is_lacking_is_one_sentence() -> None:
    with pytest.raises(IntakeError) as caught:
        drafted("Client,Order date,Net sales\n")
    assert str(caught.value) == (
        "Table sales_transaction cannot do without transaction_id (line), and no column is it. Say "
        "which column it is, or what holds for all records."
    )
    assert "--answer constant:transaction_id=VALUE" in caught.value.hint
    with pytest.raises(UnknownName, match="Did you mean net_amount"):
        drafted(ORDERS, {"column:Note:is": "net_amout"})
    with pytest.raises(IntakeError, match="No table fits"):
        drafted("foo,bar\n")


def test_records_without_a_key_are_numbered_on_request(tmp_path: Path) -> None:
    text = "Client,Order date,Net sales\nc1,2026-01-05,1\nc1,2026-01-05,1\n"
    loaded = load(tmp_path, text, drafted(text, {"constant:transaction_id": "@record"}))
    found = rows(loaded, "sales_transaction", "transaction_id")
    assert found == [("ours-1",), ("ours-2",)]


def test_an_instant_gives_the_business_date_too(tmp_path: Path) -> None:
    text = "Ticket,Opened,Channel\nt1,2026-01-05 23:30:00,Live Chat\n"
    loaded = load(tmp_path, text, drafted(text))
    found = rows(loaded, "interaction", "interaction_id", "interaction_date", "channel_code")
    assert [(one, str(day), code) for one, day, code in found] == [
        ("t1", "2026-01-05", "live_chat")
    ]


def test_a_column_of_instants_gives_a_date(tmp_path: Path) -> None:
    text = "Receipt no,Order date,Net sales\nr1,2026-01-05 23:30:00,1\n"
    seen = [ColumnProfile("Order date", 1, Writing("timestamp"), filled=1, distinct=1)]
    loaded = load(tmp_path, text, drafted(text, profiles=seen))
    assert [str(day) for (day,) in rows(loaded, "sales_transaction", "transaction_date")] == [
        "2026-01-05"
    ]


def test_ratings_become_attributes(tmp_path: Path) -> None:
    text = "Response ID,Completed on,NPS,Speed [1-10],Price\na,2026-01-05,9,8,7\n"
    answers = {"column:Speed [1-10]:is": "attribute", "column:Price:is": "attribute"}
    loaded = load(tmp_path, text, drafted(text, answers))
    assert rows(loaded, "response_attribute", "attribute_code", "score", "scale_max") == [
        ("price", 7.0, 10.0),
        ("speed_1_10", 8.0, 10.0),
    ]


def test_where_records_name_a_customer_again_the_latest_says_what_the_customer_is(
    tmp_path: Path,
) -> None:
    text = (
        "Receipt no,Client No.,Order date,Net sales,Branch\n"
        "r1,c1,2026-01-05,10.00,North\n"
        "r2,c1,2026-02-07,5.50,South\n"
        "r3,c1,2026-01-20,7.25,West\n"
        "r4,,2026-02-09,3.00,West\n"
    )
    loaded = load(tmp_path, text, drafted(text, ANSWERS | {"column:Branch:is": "segment"}))
    assert loaded.counts.set_aside == 0
    assert loaded.counts.loaded == 4
    assert rows(loaded, "customer_segment", "customer_id", "segment_code") == [("c1", "south")]
    assert not any("unknown day" in note for note in loaded.notes)
