"""The ``tables`` command."""

from __future__ import annotations

import json

import pytest

from cxdata.cli import main
from cxdata.model.tables import CURATED


def shown(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert main(["tables", *args]) == 0
    return capsys.readouterr().out


def test_lists_every_table_with_its_grain(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys).splitlines()
    assert next(line.split()[0] for line in lines[2:]) == "customer"
    assert len(lines) == len(CURATED.tables) + 2


def test_shows_the_dictionary_of_one_table(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, "survey_response")
    assert out.startswith("survey_response: One answer to one survey.")
    row = next(line for line in out.splitlines() if line.startswith("nps_score"))
    assert "0 to 10" in row
    assert "Likelihood to recommend." in row


def test_gives_sql_in_the_dialect_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "DOUBLE PRECISION" in shown(capsys, "fx_rate", "--format", "ddl")
    duck = shown(capsys, "fx_rate", "--format", "ddl", "--dialect", "duckdb")
    assert duck.startswith("CREATE TABLE fx_rate")
    assert duck.rstrip().endswith(";")


def test_gives_a_csv_header(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "journey", "--format", "csv") == "journey_code,label,sort,stage\n"


def test_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    records = json.loads(shown(capsys, "--format", "json"))
    assert {record["table"] for record in records} == set(CURATED.tables)


def test_an_unknown_table_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", "intraction"]) == 2
    assert "Did you mean interaction" in capsys.readouterr().err
