"""What is asked before a recipe is carried out, what is not, and what answers do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from cxdata.intake.asking import Unanswered, choices_of
from cxdata.intake.loaded import Loaded
from cxdata.intake.recipe_file import parse_recipe
from cxdata.model.errors import IntakeError
from tests.intake.kit import assert_closes, load_extract, rows

SALES = """
[[table]]
name = "sales_transaction"
[table.columns]
transaction_id = { from = "id" }
transaction_date = { from = "day" }
net_amount = { from = "sum" }
"""
UNCLEAR_DAYS = "id;day;sum\n1;01/02/2025;5,50\n2;03/02/2025;7,25\n"


def take(
    folder: Path, text: str, recipe: str, key_folder: Path | None = None, **answers: Any
) -> Loaded:
    path = folder / "extract.csv"
    path.write_text(dedent(text), "utf-8")
    return load_extract(
        path,
        parse_recipe(dedent(recipe), "tiny"),
        answers={key.replace("__", ":"): value for key, value in answers.items()},
        key_folder=key_folder,
    )


def days(loaded: Loaded) -> list[date]:
    return [day for (day,) in rows(loaded, "sales_transaction", "transaction_date")]


def test_an_order_of_day_and_month_that_nothing_proves_is_asked(tmp_path: Path) -> None:
    with pytest.raises(Unanswered) as caught:
        take(tmp_path, UNCLEAR_DAYS, SALES)
    (question,) = caught.value.questions
    assert question.key == "column:day:date_order"
    assert "--answer column:day:date_order=" in caught.value.hint


@pytest.mark.parametrize(
    ("order", "first"), [("day", date(2025, 2, 1)), ("month", date(2025, 1, 2))]
)
def test_the_answer_decides(tmp_path: Path, order: str, first: date) -> None:
    loaded = take(tmp_path, UNCLEAR_DAYS, SALES, column__day__date_order=order)
    assert days(loaded)[0] == first
    assert rows(loaded, "sales_transaction", "net_amount")[0] == (Decimal("5.50"),)
    assert_closes(loaded)


def test_what_the_recipe_states_is_not_asked(tmp_path: Path) -> None:
    loaded = take(tmp_path, UNCLEAR_DAYS, '[extract]\ndates = ["%d/%m/%Y"]\n' + SALES)
    assert days(loaded) == [date(2025, 2, 1), date(2025, 2, 3)]
    loaded = take(tmp_path, UNCLEAR_DAYS, SALES.replace('"day" }', '"day", format = "%m/%d/%Y" }'))
    assert days(loaded) == [date(2025, 1, 2), date(2025, 3, 2)]


def test_a_column_that_the_recipe_ignores_asks_nothing(tmp_path: Path) -> None:
    loaded = take(
        tmp_path,
        "id,day,sum,sent,mail\n1,2026-01-31,5,01/02/2026,ann@example.org\n"
        "2,2026-01-31,5,03/02/2026,bob@example.org\n",
        '[extract]\nignore = ["sent", "mail"]\n' + SALES,
    )
    assert loaded.counts.loaded == 2


def test_a_date_taken_as_text_asks_nothing(tmp_path: Path) -> None:
    recipe = SALES + 'order_id = { from = "sent" }\n'
    loaded = take(
        tmp_path, "id,day,sum,sent\n1,2026-01-31,5,01/02/2026\n2,2026-01-31,5,03/02/2026\n", recipe
    )
    assert rows(loaded, "sales_transaction", "order_id") == [("01/02/2026",), ("03/02/2026",)]


def test_evidence_of_all_records_settles_what_a_recipe_leaves_open(tmp_path: Path) -> None:
    loaded = take(
        tmp_path,
        "id\tday\tsum\n1\t01.02.2026\t1.234,50\n2\t31.01.2026\t(7,25)\n",
        SALES + 'kind = { from = "sum", map = { "1.234,50" = "sale", "(7,25)" = "refund" } }\n',
    )
    assert days(loaded) == [date(2026, 2, 1), date(2026, 1, 31)]
    assert rows(loaded, "sales_transaction", "net_amount") == [
        (Decimal("1234.50"),),
        (Decimal("-7.25"),),
    ]


def test_dates_are_looked_for_where_the_recipe_wants_them() -> None:
    recipe = parse_recipe(
        '[extract]\nzone = "Europe/Paris"\n[extract.names]\nday = ["date"]\n' + SALES, "tiny"
    )
    assert choices_of(recipe) == {
        "zone": "Europe/Paris",
        "column:day:kind": "date",
        "column:date:kind": "date",
    }


# -- personal data


PEOPLE = """
[[table]]
name = "survey_response"
[table.columns]
response_id = { from = "id" }
customer_id = { from = "who" }
survey_code = "s"
survey_type = "relationship"
responded_date = { from = "day" }
mode = "web"
solicited = "random"
verbatim = { from = "said" }
"""
ANSWERS = (
    "id,who,day,said\n"
    "1,ann.lee@example.org,2026-01-31,All fine\n"
    "2,bob@example.org,2026-01-31,Call me: bob@example.org or never\n"
    "3,ann.lee@example.org,2026-01-31,\n"
)


def test_personal_data_are_asked_about_by_column(tmp_path: Path) -> None:
    with pytest.raises(Unanswered) as caught:
        take(tmp_path, ANSWERS, PEOPLE)
    assert [one.key for one in caught.value.questions] == ["personal:who", "personal:said"]
    assert [one.default for one in caught.value.questions] == ["hash", "mask"]
    assert "--personal who=keep|hash|mask|drop" in caught.value.hint


def test_identifiers_are_hashed_with_the_key_of_the_folder(tmp_path: Path) -> None:
    answers = {"personal__who": "hash", "personal__said": "mask"}
    one = take(tmp_path, ANSWERS, PEOPLE, tmp_path / "one", **answers)
    first, second, third = (who for (who,) in rows(one, "survey_response", "customer_id"))
    assert first == third != second
    assert "ann" not in first
    again = take(tmp_path, ANSWERS, PEOPLE, tmp_path / "one", **answers)
    assert rows(again, "survey_response", "customer_id")[0] == (first,)
    other = take(tmp_path, ANSWERS, PEOPLE, tmp_path / "other", **answers)
    assert rows(other, "survey_response", "customer_id")[0] != (first,)
    said = [text for (text,) in rows(one, "survey_response", "verbatim")]
    assert said[0] == "All fine"
    assert said[1].startswith("Call me: [e-mail]")
    assert said[2] is None


def test_a_dropped_column_loads_nothing(tmp_path: Path) -> None:
    loaded = take(tmp_path, ANSWERS, PEOPLE, personal__who="drop", personal__said="keep")
    assert rows(loaded, "survey_response", "customer_id") == [(None,)] * 3
    assert "bob@example.org" in rows(loaded, "survey_response", "verbatim")[1][0]


def test_hashing_needs_a_folder_for_its_key(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="only with the key of a data folder"):
        take(tmp_path, ANSWERS, PEOPLE, personal__who="hash", personal__said="keep")


def test_the_recipe_states_what_becomes_of_personal_data(tmp_path: Path) -> None:
    recipe = '[extract.personal]\nwho = "drop"\n"s*" = "mask"\n' + PEOPLE
    loaded = take(tmp_path, ANSWERS, recipe)
    assert rows(loaded, "survey_response", "customer_id")[0] == (None,)
    assert "[e-mail]" in rows(loaded, "survey_response", "verbatim")[1][0]
