"""The commands of publishing: rehearse, publish, staged, history, undo, redo, drop."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxdata.cli import main
from cxdata.model.errors import SourceError
from cxdata.publish import compared, publishing
from cxdata.publish.staged import staged
from cxdata.sources.store import Store
from tests.publish.kit import FEBRUARY, JANUARY, SALES

Said = Callable[[], list[str]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an extract and a recipe that is saved beside the data."""

    def refuse(*_: Any, **__: Any) -> None:
        raise SourceError("Nothing is summed in this test.")

    monkeypatch.setattr(compared, "build_summaries", refuse)
    monkeypatch.setattr(publishing, "build_summaries", refuse)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXDATA_DATA", str(tmp_path / "data"))
    saved = tmp_path / "data" / "recipes" / "shop"
    saved.mkdir(parents=True)
    (saved / "1.toml").write_text(SALES.replace("[load]", "[load]\nauto = true"))
    (tmp_path / "sales.csv").write_text(JANUARY)
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: capsys.readouterr().out.splitlines()


def run(*args: str) -> int:
    return main([*args, "--quiet"])


def as_json(said: Said) -> Any:
    return json.loads("\n".join(said()))


def rehearsed(said: Said, *args: str) -> str:
    said()
    assert run("rehearse", *args, "--json") == 0
    return str(as_json(said)["staged"])


def test_from_a_file_to_a_version_and_back(place: Path, said: Said) -> None:
    assert run("rehearse", "sales.csv", "--user", "ann") == 0
    lines = said()
    assert lines[0].startswith("sales.csv, staged as ")
    assert lines[1:4] == [
        "3 records = 3 loaded + 0 set aside",
        "  customer: 3 new",
        "  sales_transaction: 3 new",
    ]
    waiting = lines[-1].split()[-1]
    assert lines[-1] == f"Publish it: python -m cxdata publish {waiting}"
    assert run("publish", waiting, "--user", "ann") == 0
    assert said()[0] == "Published as version 1."
    assert main(["staged"]) == 0
    assert said() == ["Nothing waits."]
    assert main(["history"]) == 0
    lines = said()
    assert lines[0].endswith("UTC  ann: Loaded sales.csv  (shown)")
    assert lines[2:] == ["       customer: 3 new", "       sales_transaction: 3 new"]


def test_undo_redo_and_go_to(place: Path, said: Said) -> None:
    for name, text in (("one.csv", JANUARY), ("two.csv", FEBRUARY)):
        (place / name).write_text(text)
        assert run("publish", rehearsed(said, name)) == 0
    said()
    assert run("undo") == 0
    assert run("redo") == 0
    assert run("undo", "--to", "1") == 0
    assert said() == [
        "Version 3 shows what version 1 showed.",
        "Version 4 shows what version 2 showed.",
        "Version 5 shows what version 1 showed.",
    ]
    assert main(["history", "--json"]) == 0
    entries = as_json(said)
    assert [(one["number"], one["step"], one["restored"]) for one in entries] == [
        *((5, "go to", 1), (4, "redo", 2), (3, "undo", 1), (2, "publish", None)),
        (1, "publish", None),
    ]


def test_a_mode_and_a_period(place: Path, said: Said) -> None:
    run("publish", rehearsed(said, "sales.csv"))
    said()
    (place / "fix.csv").write_text("id,who,day,sum\n1,a,2026-01-05,11.00\n")
    arguments = ("fix.csv", "--mode", "replace_period", "--period", "2026-01-01..2026-01-20")
    assert run("rehearse", *arguments) == 0
    assert said()[3:5] == [
        "  sales_transaction: 0 new, 1 changed, 1 removed (01 January 2026 to 20 January 2026)",
        "    net_amount: 1 row, for example '1' from '10.00' to '11.00'",
    ]


@pytest.mark.parametrize("period", ["january", "2026-01-31..2026-01-01", "2026-01-01"])
def test_a_period_that_is_none(
    place: Path, period: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("rehearse", "sales.csv", "--mode", "replace_period", "--period", period) == 2
    assert "--period" in capsys.readouterr().err
    assert staged(Store(place / "data")) == ()


def test_what_stands_in_the_way_is_said_and_may_be_accepted(
    place: Path, said: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "sales.csv").write_text(JANUARY.replace("20.00", "?"))
    assert run("rehearse", "sales.csv") == 0
    lines = said()
    way = next(at for at, line in enumerate(lines) if line.startswith("In the way: "))
    assert lines[way + 1] == "  hint: --accept set_aside publishes all the same."
    waiting = lines[-1].split()[-1]
    assert run("publish", waiting) == 2
    refused = capsys.readouterr().err
    assert "1 of 3 records would be set aside" in refused
    assert refused.strip().endswith("--accept set_aside publishes all the same.")
    assert main(["staged", "--aside", waiting, "--out", "aside.csv"]) == 0
    assert "2,b,2026-01-20,?" in (place / "aside.csv").read_text()
    assert run("publish", waiting, "--accept", "set_aside") == 0
    assert main(["history", "--aside", "1", "--out", "again.csv"]) == 0
    assert (place / "again.csv").read_text() == (place / "aside.csv").read_text()
    assert main(["history", "--original", "1", "--out", "original.csv"]) == 0
    assert (place / "original.csv").read_text() == JANUARY.replace("20.00", "?")


def test_what_waits_is_listed_and_thrown_away(place: Path, said: Said) -> None:
    waiting = rehearsed(said, "sales.csv")
    assert main(["staged"]) == 0
    assert said()[0].endswith(": sales.csv")
    assert main(["staged", "--discard", waiting]) == 0
    assert Store(place / "data").head() is None
    assert main(["publish", waiting]) == 2


def test_an_extract_that_was_not_rehearsed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("publish", "0000") == 2
    assert "There is no staged extract named '0000'" in capsys.readouterr().err


def test_a_look_at_the_drop_folder(place: Path, said: Said) -> None:
    drop = place / "data" / "drop"
    drop.mkdir()
    (drop / "sales.csv").write_text(JANUARY)
    assert run("drop", "--once", "--every", "0.01") == 0
    assert said() == ["sales.csv: published. Published as version 1."]
