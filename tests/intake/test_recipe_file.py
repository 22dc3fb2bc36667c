"""Recipes from TOML: what they say, and what is wrong with them in one sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cxdata.intake.recipe import ColumnMap, Condition
from cxdata.intake.recipe_file import find_recipe, parse_recipe, shipped
from cxdata.model.errors import IntakeError, UnknownName

GOOD = """
label = "Tiny"
[extract]
delimiter = ";"
as_of = 2026-01-01
missing = ["?"]
ignore = ["note*"]
[extract.missing_in]
score = ["11"]
[load]
complete_through = 2026-01-01
history = "snapshot"
[[remark]]
where = { column = "id", missing = true }
says = "Records without an id"
[[table]]
name = "customer"
distinct = true
where = [{ column = "kind", is_not = ["test"] }]
[table.columns]
customer_id = { template = "x-{id}" }
customer_type = "b2b"
first_active_date = { months_before_as_of = "tenure", reduce = "min" }
is_test = { from = "kind", map = { real = false }, other = true }
"""


def test_everything_a_recipe_can_say() -> None:
    recipe = parse_recipe(GOOD, "tiny")
    assert (recipe.name, recipe.label, recipe.source_system) == ("tiny", "Tiny", "tiny")
    assert recipe.layout.delimiter == ";"
    assert recipe.layout.as_of == recipe.complete_through == date(2026, 1, 1)
    assert recipe.layout.missing_in == (("score", ("11",)),)
    assert recipe.history == "snapshot"
    (table,) = recipe.tables
    assert table.where == (Condition("kind", ("test",), negated=True),)
    assert table.columns == (
        ColumnMap("customer_id", template="x-{id}"),
        ColumnMap("customer_type", constant="b2b"),
        ColumnMap("first_active_date", months_before="tenure", reduce="min"),
        ColumnMap("is_test", source="kind", mapping=(("real", False),), other=True),
    )
    assert recipe.reads == ("id", "tenure", "kind")


def minimal(columns: str, extra: str = "", name: str = "customer") -> str:
    return f'{extra}\n[[table]]\nname = "{name}"\n[table.columns]\n{columns}\n'


ID = 'customer_id = { from = "id" }'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= 1", "not TOML"),
        ('labl = "x"', "no setting of the recipe named 'labl'. Did you mean label or"),
        ('[extract]\ndelimeter = ";"', "Did you mean delimiter or"),
        ('[extract]\nquote = "<>"', "one character"),
        ('[extract]\nzone = "Europe/Zürich"', "no time zone named"),
        ("[extract]\nas_of = 2026-01-31", "up to the 28th"),
        ('[extract]\nas_of = "soon"', "as_of is a date such as"),
        ("[extract]\nignore = 3", "ignore is a list of texts"),
        ("[load]\nhistory = 'frozen'", "no history named 'frozen'"),
        ("extract = 3", "extract is a section"),
        ("table = 3", "table is a list of sections"),
        ("", "fills no table"),
        (minimal(ID, name="custmer"), "Did you mean customer"),
        (minimal(ID) + minimal(ID), "fills table customer twice"),
        (minimal('customer_type = "b2c"'), "cannot do without the column customer_id"),
        (minimal(ID + '\ncuntry = "CH"'), "Did you mean country"),
        (minimal(ID + '\ncustomer_type = "b2x"'), "no code for customer.customer_type named"),
        (minimal(ID + '\nis_test = "no"'), "customer.is_test is yes or no, which 'no' is not"),
        (minimal("customer_id = 7"), "an id of at most 64 characters, which 7 is not"),
        (minimal('customer_id = { form = "id" }'), "Did you mean format or from?"),
        (minimal('customer_id = { missing = ["x"] }'), "exactly one of from, value"),
        (minimal('customer_id = { from = "a", value = "b" }'), "exactly one of from, value"),
        (minimal('customer_id = { from = "a", type = "IDD" }'), "no type for customer.customer_id"),
        (minimal(ID + '\nfirst_active_date = { from = "d", reduce = "avg" }'), "no reduce named"),
        (
            minimal(ID + '\nfirst_active_date = { from = "d", reduce = "min" }'),
            "must say distinct = true",
        ),
        (minimal(ID, '[extract]\nignore = ["id"]'), "uses and ignores the column 'id'"),
        (minimal(ID + '\nfirst_active_date = "@as_of"'), "state as_of in [extract]"),
        (minimal(ID, '[load]\nhistory = "snapshot"'), "must state complete_through"),
        ('[[table]]\nname = "customer"', "needs either columns (or long, or across) or rows"),
        (minimal(ID) + 'long = [{ customer_id = "a" }]', "no column of table customer named"),
        ('[[table]]\nname = "customer"\nwhere = [{ column = "a" }]\n', "one of is, is_not"),
        ('[[table]]\nname = "customer"\nlatest_by = { from = "a" }\n', "latest_by needs from"),
    ],
)
def test_what_is_wrong_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(IntakeError) as caught:
        parse_recipe(text, "tiny")
    assert said in str(caught.value)


def test_recipes_are_found_by_name_or_path(tmp_path: Path) -> None:
    assert {"cdnow", "ibm-telco", "qualtrics", "zendesk-tickets"} < set(shipped())
    assert find_recipe("cdnow").name == "cdnow"
    own = tmp_path / "mine.toml"
    own.write_text(minimal(ID))
    assert find_recipe(str(own)).name == "mine"
    with pytest.raises(UnknownName, match="Did you mean ibm-telco"):
        find_recipe("ibm_telco")
    with pytest.raises(IntakeError, match=r"gone\.toml cannot be read"):
        find_recipe(str(tmp_path / "gone.toml"))


@pytest.mark.parametrize("name", shipped())
def test_each_shipped_recipe_says_what_it_is(name: str) -> None:
    recipe = find_recipe(name)
    assert recipe.label
    assert recipe.about.endswith(".")
    assert "-" not in recipe.source_system
