from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from cxdata.cli import main
from cxdata.exports.pack import pack
from cxdata.exports.write import FORMS, files_of
from cxdata.journal.opening import open_journal
from cxdata.journal.stories import save_story
from cxdata.model.errors import CxError
from cxdata.model.story import Slide, Story, View
from cxdata.panels.choices import Desk
from cxdata.panels.pages import PAGES
from cxdata.sources.config import load
from tests.exports.conftest import CLOCK, Made
from tests.panels.conftest import desk_of
from tests.ui.conftest import customers, sales, segments, written


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_every_form_says_the_findings_and_the_figures_of_the_first_page(made: Made) -> None:
    first = made.pack.scenes[0]
    said = {"html": made.content("html").decode(), "pdf": text_of(made.content("pdf"))}
    for tile in first.tiles:
        assert all(tile.figure in words for words in said.values()), tile.label
    for scene in made.pack.scenes:
        assert scene.title in said["html"].replace("&#x27;", "'")
        assert scene.title in said["pdf"]


def test_the_workbook_and_the_csv_hold_every_number(made: Made) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.content("xlsx")))
    expected = sorted(
        float(value)
        for scene in made.pack.scenes
        for table in (scene.data, scene.wall)
        if table is not None
        for _, _, value in table.figures()
        if isinstance(value, int | float)
    )
    cells: list[float] = []
    for name in book.sheet_names[1:-1]:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)[4:]
        cells += [float(v) for row in rows for v in row if isinstance(v, int | float)]
    assert sorted(cells) == pytest.approx(expected, rel=1e-14)
    lines = csv.DictReader(io.StringIO(made.content("csv").decode("utf-8-sig"), newline=""))
    assert sorted(float(line["value"]) for line in lines) == expected


def test_the_same_version_and_clock_give_the_same_bytes(made: Made, desk: Desk) -> None:
    again = files_of(pack(desk, made.pack.story, CLOCK))
    assert again == made.files


def test_another_clock_changes_no_number(made: Made, desk: Desk) -> None:
    later = pack(desk, made.pack.story, datetime(2027, 1, 1, tzinfo=UTC))
    assert files_of(later, ("csv",))[f"{later.slug}.csv"] == made.content("csv")


def test_no_time_of_the_machine_stands_in_an_archive(made: Made) -> None:
    for form in ("pptx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(made.content(form))) as found:
            assert {entry.date_time for entry in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"2026-11-01T08:00:00Z" in found.read("docProps/core.xml")


def test_views_that_lack_their_tables_are_left_out_and_said(tmp_path: Path) -> None:
    tables: dict[str, list[dict[str, Any]]] = {
        "customer": customers(60),
        "sales_transaction": sales(60),
    }
    desk = desk_of(written(tmp_path / "data", tables))
    story = Story(
        "Sales",
        (
            Slide(View("spend", panel="trend-revenue_per_customer")),
            Slide(View("nps", panel="trend-nps"), title="What they say"),
            Slide(View("nowhere")),
        ),
    )
    told = pack(desk, story, CLOCK)
    assert [scene.panel for scene in told.scenes] == ["trend-revenue_per_customer"]
    assert any("What they say: NPS needs survey_response" in line for line in told.left_out)
    files = files_of(told)
    assert "Left out. What they say" in text_of(files[f"{told.slug}.pdf"])
    assert b"Left out. What they say" in files[f"{told.slug}.html"]


def test_a_story_of_which_nothing_can_be_told_is_refused(desk: Desk) -> None:
    with pytest.raises(CxError, match="Nothing of Lost can be told"):
        pack(desk, Story("Lost", (Slide(View("nowhere")),)), CLOCK)


LONG = "Küstenbewohner 🚀 mit sehr langem Namen und <b>Zusatz</b> =1+1"


def test_hostile_and_long_names_stand_as_they_are_and_never_run(tmp_path: Path) -> None:
    tables: dict[str, list[dict[str, Any]]] = {
        "customer": customers(60),
        "sales_transaction": sales(60),
        **segments([LONG, "=cmd|' /C calc'!A0", "[x](http://evil)", "#set text(red)"], 60),
    }
    desk = desk_of(written(tmp_path / "data", tables))
    slide = Slide(
        View("spend", panel="segment-revenue_per_customer"),
        title="<script>alert(1)</script> =SUM(A1)",
        takeaway="*bold* #set text(red)",
        notes="</script><script>alert(2)</script>",
    )
    told = pack(desk, Story("=Board", (slide,)), CLOCK)
    files = files_of(told)
    assert b"<script>alert" not in files[f"{told.slug}.html"]
    said = text_of(files[f"{told.slug}.pdf"])
    assert "<script>alert(1)</script> =SUM(A1) *bold* #set text(red)" in said
    assert "Küstenbewohner" in said
    lines = csv.reader(io.StringIO(files[f"{told.slug}.csv"].decode("utf-8-sig"), newline=""))
    assert not [cell for row in lines for cell in row if cell.startswith(("=", "@"))]
    with zipfile.ZipFile(io.BytesIO(files[f"{told.slug}.xlsx"])) as found:
        sheets = [name for name in found.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in found.read(name) for name in sheets)


def test_the_command_packs_a_saved_story_for_a_period(
    company: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CXDATA_DATA", str(company))
    monkeypatch.setenv("CXDATA_JOURNAL", f"sqlite:///{tmp_path / 'journal.db'}")
    slides = (Slide(View("retention", panel="trend-logo_retention"), "Do they stay?", "Yes."),)
    save_story(open_journal(load()), Story("Town hall", slides), "ann")
    command = ["pack", "Town hall", "--out", str(tmp_path / "out"), "--period", "2026-08"]
    assert main([*command, "--formats", "csv", "--clock", "2026-11-01", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["views"][0]["title"] == "Do they stay?"
    assert sorted(said["files"]) == ["manifest.json", "town-hall-2026-08.csv"]
    assert main(["pack", "Town hal", "--out", str(tmp_path / "out")]) == 2
    assert "Did you mean Town hall" in capsys.readouterr().err


def test_a_format_that_there_is_not_and_a_clock_that_is_none_are_refused(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["pack", "--out", str(tmp_path), "--source", str(company)]
    assert main([*command, "--formats", "docx"]) == 2
    assert "no format named 'docx'" in capsys.readouterr().err
    assert main([*command, "--clock", "yesterday"]) == 2
    assert "write it as 2026-11-01T08:00" in capsys.readouterr().err


def test_twelve_views_are_packed_in_every_form_within_ten_seconds_of_work(desk: Desk) -> None:
    pages = ("retention", "spend", "cost-to-serve")
    names = [(page, name) for page in pages for name in PAGES[page].pictures][:12]
    story = Story("Twelve", tuple(Slide(View(page, panel=name)) for page, name in names))
    began = time.process_time()
    told = pack(desk, story, CLOCK)
    files_of(told, FORMS)
    assert time.process_time() - began < 10
    assert len(told.scenes) == 12


def test_a_view_that_shows_the_newest_period_names_it_in_its_manifest(made: Made) -> None:
    told = json.loads(made.files["manifest.json"])["story"]["slides"]
    assert {one["view"]["address"] for one in told} == {"period=Sep+2026"}
    assert made.pack.state.through == date(2026, 10, 20)
