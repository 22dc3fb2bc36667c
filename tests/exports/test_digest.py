from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.cli import main
from cxdata.exports.digest import digest
from cxdata.model.period import Period
from cxdata.panels import headlines
from cxdata.panels.choices import Desk
from cxdata.query.options import default_scope


def test_a_digest_says_the_headlines_of_the_pages_in_both_forms(desk: Desk) -> None:
    told = digest(desk)
    assert [part.title for part in told.parts][:2] == ["Overview", "Retention"]
    scheme = next(iter(desk.choices.schemes))
    first = headlines.tellings(desk, default_scope(desk.gate), ("logo_retention",), scheme)[0]
    assert first.text in told.text()
    for part in told.parts:
        for tile in part.tiles:
            assert tile.figure in told.html()
            assert f"{tile.label}: {tile.figure}" in told.text()


def test_a_digest_of_another_period_says_so(desk: Desk) -> None:
    assert digest(desk, Period.parse("2026-06")).title == "Customers in Jun 2026"


def test_the_html_fetches_nothing(desk: Desk) -> None:
    assert "http" not in digest(desk).html()
    assert "<script" not in digest(desk).html()


def test_the_command_prints_it_or_writes_both_forms(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["digest", "--source", str(company)]) == 0
    assert capsys.readouterr().out.startswith("Customers in Sep 2026\n")
    assert main(["digest", "--source", str(company), "--out", str(tmp_path / "mail")]) == 0
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == [
        "digest.html",
        "digest.txt",
    ]
