"""``why``: what a person at the command line reads."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cxdata.cli import main


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo company in a plain folder, its summaries built."""
    folder = tmp_path_factory.mktemp("company")
    assert (
        main(["demo", "--customers", "600", "--months", "14", "--out", str(folder), "--quiet"]) == 0
    )
    assert main(["build", "--source", str(folder), "--quiet"]) == 0
    return folder


def said(capsys: pytest.CaptureFixture[str], company: Path, *arguments: str) -> tuple[str, str]:
    capsys.readouterr()
    main(["why", *arguments, "--source", str(company)])
    found = capsys.readouterr()
    return found.out, found.err


def test_sentences_stand_above_the_table(capsys: pytest.CaptureFixture[str], company: Path) -> None:
    out, err = said(capsys, company, "logo_retention", "--by", "region", "--grain", "quarter")
    assert err == ""
    assert out.startswith("Retention ")
    assert "regions looked at" in out
    assert "then" in out
    assert "unexplained" in out


def test_the_record_adds_up(capsys: pytest.CaptureFixture[str], company: Path) -> None:
    out, _ = said(
        capsys, company, "revenue", "--by", "plan", "--compare", "year", "--format", "json"
    )
    found = json.loads(out)
    assert found["change"] == pytest.approx(found["now"] - found["then"])
    for told in (found["parts"], found["cells"]):
        assert sum(one["amount"] for one in told) == pytest.approx(found["change"])
    assert {part["part"] for part in found["parts"]} == {"volume", "rate", "mix"}
    assert abs(found["residual"]) < 1e-6
    assert found["by"] == ["plan"]


def test_what_cannot_be_split_is_one_sentence(
    capsys: pytest.CaptureFixture[str], company: Path
) -> None:
    out, err = said(capsys, company, "nps", "--by", "journey")
    assert out == ""
    assert "cannot be told by journey" in err


def test_the_list_behind_a_figure_is_printed_or_written(
    capsys: pytest.CaptureFixture[str], company: Path, tmp_path: Path
) -> None:
    out, err = said(capsys, company, "customers_lost", "--list", "--period", "2026-Q3")
    assert err == ""
    first, *rows = out.splitlines()
    count = int(first.split()[0])
    assert first == f"{count} customers lost in Q3 2026."
    assert len(rows) == count + 1
    file = tmp_path / "lost.csv"
    out, _ = said(
        capsys, company, "customers_lost", "--list", "--period", "2026-Q3", "--out", str(file)
    )
    assert out.endswith(f"Written to {file}.\n")
    written = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert len(written) == count
    assert {row["data_through"] for row in written} == {"2026-10-20"}
