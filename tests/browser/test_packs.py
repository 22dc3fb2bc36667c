"""Handing over in a real browser: the files are made while the reader is elsewhere, and open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from cxdata.cli import main
from cxdata.exports.manifest import opened
from tests.browser.conftest import Server, Visit, free_port, serve, watched

pytestmark = pytest.mark.browser

MADE_MS = 180_000


@pytest.fixture
def own(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with a journal of its own."""
    monkeypatch.setenv("CXDATA_JOURNAL", f"sqlite:///{tmp_path / 'journal.db'}")
    running = serve(company, tmp_path / "server.log", free_port())
    yield running
    running.stop()


@pytest.fixture
def one(browser: Browser, own: Server) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    visit = watched(context.new_page(), own)
    yield visit
    context.close()
    assert visit.errors == []
    assert visit.elsewhere == []


def taken(page: Page, button: Locator, folder: Path) -> Path:
    """Press a button and keep the file that it gives."""
    with page.expect_download() as caught:
        button.click()
    path = folder / caught.value.suggested_filename
    caught.value.save_as(path)
    return path


def deck_opens(path: Path) -> None:
    assert len(Presentation(str(path)).slides) > 2


def pdf_opens(path: Path) -> None:
    assert "How these figures are made" in PdfReader(path).pages[-1].extract_text()


def workbook_opens(path: Path) -> None:
    assert len(CalamineWorkbook.from_path(path).sheet_names) > 2


def csv_opens(path: Path) -> None:
    assert path.read_text(encoding="utf-8-sig").startswith("view,sheet,row,column,value,")


OPENS: dict[str, Callable[[Path], None]] = {
    "Slides": deck_opens,
    "PDF": pdf_opens,
    "Workbook": workbook_opens,
    "CSV": csv_opens,
}


def test_a_page_is_handed_over_while_its_reader_is_elsewhere(
    one: Visit, company: Path, tmp_path: Path
) -> None:
    page = one.open("nps?in_region=Nordics")
    page.get_by_role("button", name="Hand over this page").click()
    page.get_by_role("button", name="Make the files").click()
    expect(page.get_by_text("NPS is being made")).to_be_visible()
    one.open("spend")  # the work goes on without its reader
    page = one.open("nps?in_region=Nordics")
    page.get_by_role("button", name="Hand over this page").click()
    expect(page.get_by_role("button", name="All in one")).to_be_visible(timeout=MADE_MS)
    one.settle()

    got = tmp_path / "got"
    offered = page.get_by_role("dialog")

    def take(label: str) -> Path:
        return taken(page, offered.get_by_role("button", name=label, exact=True), got)

    for label, opens in OPENS.items():
        opens(take(label))
    whole, web, seal = take("All in one"), take("Web page"), take("Seal")
    with zipfile.ZipFile(io.BytesIO(whole.read_bytes())) as found:
        names = found.namelist()
        assert len(names) == 6
        assert seal.name in names
        assert all(found.read(name) == (got / name).read_bytes() for name in names)

    made_at = datetime.fromisoformat(opened(seal)["made_at"])
    out = tmp_path / "by-command"
    command = ["pack", "--view", "nps?in_region=Nordics", "--source", str(company)]
    command += ["--clock", made_at.isoformat(), "--out", str(out), "--quiet"]
    assert main(command) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        name: (got / name).read_bytes() for name in names
    }

    shown = page.context.new_page()
    shown.context.set_offline(True)
    shown.goto(web.as_uri())
    expect(shown.locator("svg.marks").first).to_be_visible()
    shown.context.set_offline(False)
    shown.close()


def test_a_picture_goes_into_a_story_and_the_story_is_handed_over(one: Visit) -> None:
    page = one.open("retention")
    page.locator(".st-key-share-trend-logo_retention button").first.click()
    page.get_by_role("button", name="Add this to a story").click()
    box = page.get_by_role("combobox", name="Put it into a story")
    box.click()
    box.fill("November")
    page.keyboard.press("Enter")
    one.settle()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    one.settle()
    page = one.open("stories")
    page.get_by_role("button", name="Hand over").first.click()
    page.get_by_role("button", name="Make the files").click()
    expect(page.get_by_role("button", name="All in one")).to_be_visible(timeout=MADE_MS)
    one.settle()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Slides", exact=True).click()
    shown = Presentation(str(caught.value.path()))
    assert len(shown.slides) == 2  # the picture, and how its figures are made
    assert shown.slides[0].shapes.title.text.startswith("Retention ")
