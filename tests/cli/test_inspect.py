"""``inspect`` says what a file holds."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxdata.cli import main

CONTENT = b"id;name;amount\n1;Ann;1,5\n2;Bob\n3;Cid;2,5\nTotal;;4,0\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "extract.csv"
    path.write_bytes(CONTENT)
    return path


def test_it_tells_a_reader(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(file)]) == 0
    said = capsys.readouterr().out
    assert "extract.csv: 4 records = 2 accepted + 2 set aside; 3 columns" in said
    assert "delimiter ';'" in said
    assert "record 2, line 3: it has 2 of 3 cells: 2;Bob" in said


def test_it_tells_a_program(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(file), "--json", "--answer", "header=0"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["dialect"]["header"] == 0
    assert said["records"] == said["accepted"] + said["set_aside_count"]
    assert said["set_aside"][-1]["rule"] == "total"
    assert [one["name"] for one in said["columns"]] == said["header"]


def test_it_writes_the_records(file: Path, tmp_path: Path) -> None:
    assert main(["inspect", str(file), "--rows", str(tmp_path / "out.parquet")]) == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.to_pylist()[1] == {
        "_record": 3, "_line": 4, "id": "3", "name": "Cid", "amount": "2,5",
    }  # fmt: skip


def test_a_refused_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(b"<html><table></table>")
    assert main(["inspect", str(path)]) == 1
    assert "is refused. This is an HTML page" in capsys.readouterr().out


def test_an_answer_needs_a_key(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(file), "--answer", "semicolon"]) == 2
    assert "KEY=VALUE" in capsys.readouterr().err
