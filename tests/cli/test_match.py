"""The ``match`` and ``recipes`` commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxdata.cli import main
from cxdata.intake.matching.library import Library
from cxdata.intake.recipe_file import parse_recipe, shipped

ORDERS = """\
Receipt no,Client No.,Order date,Net sales,Colour
r1,c1,2026-01-15,10.00,red
r2,c2,2026-01-16,12.50,blue
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXDATA_DATA", str(tmp_path / "data"))
    (tmp_path / "orders.csv").write_text(ORDERS)
    return tmp_path


def shown(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    code = main(list(args))
    caught = capsys.readouterr()
    assert code == 0, caught.err
    return caught.out


def test_a_suggestion_has_its_reasons_and_questions(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shown(capsys, "match", "orders.csv")
    assert "orders.csv: 2 records, 5 columns" in out
    assert "sales_transaction (" in out
    line = next(one for one in out.splitlines() if one.startswith("  Client No."))
    assert "customer_id" in line
    assert "known by this name" in line
    assert "? What is 'Colour'?" in out
    assert Library(place / "data" / "recipes").names() == ()


def test_what_was_saved_knows_next_months_extract(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ("--answer", "column:Colour:is=segment")
    out = shown(capsys, "match", "orders.csv", "--save", "shop", "--user", "ana", *answer)
    assert "Saved as shop, version 1." in out
    recipe = Library(place / "data" / "recipes").find("shop")
    assert [one.table for one in recipe.tables] == [
        "customer",
        "segment",
        "customer_segment",
        "sales_transaction",
    ]
    (place / "february.csv").write_text(ORDERS.replace("2026-01", "2026-02"))
    assert "Known by the recipe shop (version 1, ana," in shown(capsys, "match", "february.csv")
    out = shown(capsys, "load", "february.csv", "--out", "loaded", "--quiet")
    assert "2 records = 2 loaded + 0 set aside" in out


def test_a_renamed_column_is_confirmed_once(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown(capsys, "match", "orders.csv", "--save", "shop")
    (place / "march.csv").write_text(ORDERS.replace("Client No.", "Customer number"))
    out = shown(capsys, "match", "march.csv", "--save", "shop")
    assert "Nearly what the recipe shop (version 1" in out
    assert "? Is 'Customer number' what 'Client No.' was?" in out
    assert "Saved as shop, version 2." in out
    assert "Known by the recipe shop (version 2" in shown(capsys, "match", "march.csv")
    assert "Known by the recipe shop (version 2" in shown(capsys, "match", "orders.csv")


def test_everything_is_there_as_json(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(shown(capsys, "match", "orders.csv", "--json"))
    assert found["tables"][0]["table"] == "sales_transaction"
    assert found["recipe"] is None
    assert {one["key"] for one in found["questions"]} >= {"column:Colour:is", "customers"}


def test_what_cannot_be_matched_is_one_sentence(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", "gone.csv"]) == 2
    assert "There is no file gone.csv" in capsys.readouterr().err
    (place / "odd.csv").write_text("foo,bar\nx,1\ny,2\n")
    assert "No table fits its columns" in shown(capsys, "match", "odd.csv")


def test_recipes_are_listed_and_shown(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(capsys, "match", "orders.csv", "--save", "shop", "--user", "ana", "--why", "new shop")
    lines = shown(capsys, "recipes").splitlines()
    assert lines[0].startswith("shop  shop (version 1 by ana, ")
    assert "new shop" in lines[0]
    assert {one.split("  ")[0] for one in lines[1:]} == set(shipped())
    text = shown(capsys, "recipes", "shop")
    assert parse_recipe(text, "shop") == Library(place / "data" / "recipes").find("shop")
    assert text.endswith("# Versions: 1\n")
    assert "[[adapt]]" in shown(capsys, "recipes", "qualtrics")
    assert main(["recipes", "shopp"]) == 2
    assert "Did you mean shop" in capsys.readouterr().err


FIXTURES = Path(__file__).parent.parent / "intake" / "recipes" / "fixtures"


@pytest.mark.parametrize(
    ("name", "said"), [("surveymonkey", "3 = 3"), ("salesforce-cases", "8 = 3")]
)
def test_an_export_loads_without_naming_its_recipe(
    place: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    """Its recipe states how it is read; lines below a report are no reason to stop."""
    out = shown(capsys, "load", str(FIXTURES / f"{name}.csv"), "--out", "loaded", "--quiet")
    records, loaded = said.split(" = ")
    assert f"{records} records = {loaded} loaded" in out
