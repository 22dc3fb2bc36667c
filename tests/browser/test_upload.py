"""An analyst's first extract: from a messy file to the overview and back, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, Visit, free_port, serve, watched

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"window.__xss=1\"> [a](javascript:alert(1)) =cmd|'x'!A1"
NAME = "../../..{name}<img src=x onerror=window.__xss=1>.csv".format(name="umsatz")
LONG = 60_000


def till(marker: str = "München") -> bytes:
    """An export as a till writes it abroad: semicolons, decimal commas, a total at the end."""
    lines = ["Beleg;Kunde;Datum;Betrag;Filiale"]
    lines += [
        f"B{at};K{at % 120};{1 + at % 28:02d}.{1 + at % 12:02d}.2025;{20 + at % 50},50;{marker}"
        for at in range(2400)
    ]
    lines += [f"B9999;K1;kaputt;12,00;{marker}", "Summe;;;99.999,00;"]
    return "\r\n".join(lines).encode("cp1252")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Server]:
    """A server over a folder in which nothing was published yet."""
    (tmp_path / "data").mkdir()
    running = serve(tmp_path / "data", tmp_path / "server.log", free_port())
    yield running
    running.stop()


def bring(one: Visit, raw: bytes, name: str = "umsatz.csv") -> Page:
    """Upload a file and wait until it was understood."""
    page = one.open("upload")
    file = {"name": name, "mimeType": "text/csv", "buffer": raw}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text("What is in it")).to_be_visible(timeout=LONG)
    return one.settle()


def match(one: Visit, page: Page) -> None:
    """Say that a record is a sale, and which column is its key."""
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("sales transaction: one line of a sale").click()
    one.settle()
    choose(one, page, "Beleg", "transaction id")
    expect(page.get_by_role("button", name="Check it")).to_be_enabled()


def choose(one: Visit, page: Page, column: str, role: str) -> None:
    page.get_by_role("combobox", name=column, exact=True).click()
    page.get_by_role("option", name=role).first.click()
    one.settle()


def check(page: Page) -> None:
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("2,402 records: 2,400 fit, 2 set aside")).to_be_visible(timeout=LONG)


def publish(one: Visit, page: Page, version: int = 1) -> None:
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("2,400 new")).to_be_visible()
    name = page.get_by_role("textbox", name="Your name")
    if not name.input_value():
        name.fill("Ann")
        name.press("Enter")
    one.settle()
    page.get_by_role("button", name="Publish", exact=True).click()
    said = page.get_by_text(f"Everybody's pages now show version {version}")
    expect(said).to_be_visible(timeout=LONG)


def test_a_messy_extract_is_published_seen_and_undone(start: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    one = watched(context.new_page(), start)
    page = bring(one, till())
    assert "2,402 records in 5 columns; 1 of them set aside (1 with totals)." in page.inner_text(
        "body"
    )
    match(one, page)
    check(page)
    publish(one, page)
    page.get_by_role("link", name="Open the overview").click()
    expect(page.locator('[data-testid="stMetric"]').first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Data version 1")).to_be_visible(timeout=LONG)

    # The next month goes through by what was remembered; the same bytes are recognised.
    page = bring(one, till().replace(b".2025;", b".2024;").replace(b"\nB", b"\nC"))
    expect(page.get_by_text("nothing to match")).to_be_visible()

    check(page)
    publish(one, page, version=2)
    page.get_by_role("button", name="Undo: back to version 1").click()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("others came since")).to_be_visible(timeout=LONG)
    page = one.open("history")
    expect(page.get_by_text("Everybody sees version 3")).to_be_visible()
    expect(page.get_by_role("button", name="Redo: version 2 again")).to_be_visible()
    expect(one.open().get_by_text("Data version 3")).to_be_visible(timeout=LONG)
    context.close()
    assert one.errors == []
    assert one.elsewhere == []


def test_hostile_names_and_cells_are_shown_and_do_nothing(start: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    one = watched(context.new_page(), start)
    page = bring(one, till(HOSTILE.replace(";", "")).replace(b"Filiale", b"<b>F[x](//e)</b>"), NAME)
    match(one, page)
    check(page)
    page.get_by_role("button", name="See what would change").click()
    one.settle()
    page.get_by_role("button", name="All extracts").click()
    expect(page.get_by_text("Waiting", exact=True)).to_be_visible()
    assert page.evaluate("window.__xss") is None
    main = page.locator('[data-testid="stMain"]')
    assert main.locator("img").count() == 0
    assert main.locator("a:not([href^='#'])").count() == 0
    assert "onerror=window" in main.inner_text()
    context.close()
    assert one.errors == []
    assert one.elsewhere == []
    stored = [path.name for path in (start.log.parent / "data" / "staging").rglob("original")]
    assert stored == ["original"]
    assert not list(start.log.parent.rglob("*onerror*"))


def test_a_restart_and_a_closed_tab_between_the_steps_lose_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    port = free_port()
    first = serve(tmp_path / "data", tmp_path / "first.log", port)
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    one = watched(context.new_page(), first)
    page = bring(one, till())
    match(one, page)
    address = page.url
    page.close()
    first.process.kill()
    first.process.wait(timeout=20)
    second = serve(tmp_path / "data", tmp_path / "second.log", port)
    again = watched(context.new_page(), second)
    page = again.open("upload")
    expect(page.get_by_text("umsatz.csv")).to_be_visible()
    page.goto(address)
    again.settle()
    combobox = page.get_by_role("combobox", name="Beleg", exact=True)
    expect(combobox).to_be_visible()
    check(page)  # what was decided before the restart still holds
    again.settle()
    page.get_by_role("button", name="Discard").click()
    again.settle()
    assert "umsatz.csv" not in page.inner_text("body")
    context.close()
    second.stop()
    assert again.errors == []
