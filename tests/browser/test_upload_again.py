"""Extracts of a kind that is known: by two at once, mended, too large for a browser, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cxdata.cli import main
from cxdata.sources.store import Store
from tests.browser.conftest import Server, Visit, free_port, serve, watched
from tests.publish.kit import SALES

pytestmark = pytest.mark.browser

LONG = 90_000
HEADER = "id,who,day,sum\n"


def sales(month: int, count: int = 40, bad: int = 0) -> str:
    """So many sales of a month of 2026, the first of them without a day that can be read."""
    days = ["?" if at < bad else f"2026-{month:02d}-{1 + at % 27:02d}" for at in range(count)]
    return HEADER + "".join(
        f"{month}-{at},c{at % 9},{day},{10 + at}.50\n" for at, day in enumerate(days)
    )


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that knows the extracts of a shop and holds its January."""
    folder = tmp_path / "data"
    recipe = folder / "recipes" / "shop" / "1.toml"
    recipe.parent.mkdir(parents=True)
    recipe.write_text(SALES.replace("complete_through = 2026-02-28", ""))
    monkeypatch.setenv("CXDATA_DATA", str(folder))
    (tmp_path / "january.csv").write_text(sales(1))
    assert main(["load", str(tmp_path / "january.csv"), "--quiet", "--user", "Eve"]) == 0
    return folder


@pytest.fixture
def shop(data: Path, tmp_path: Path) -> Iterator[Server]:
    running = serve(data, tmp_path / "server.log", free_port())
    yield running
    running.stop()


def visitor(browser: Browser, server: Server) -> Visit:
    context = browser.new_context(viewport={"width": 1440, "height": 1200}, accept_downloads=True)
    return watched(context.new_page(), server)


def bring(one: Visit, text: str, name: str) -> Page:
    page = one.open("upload")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    return check(one)


def check(one: Visit) -> Page:
    """Go on from what was understood, which asks nothing of a known kind."""
    expect(one.page.get_by_text("nothing to match").or_(joining(one.page))).to_be_visible(
        timeout=LONG
    )
    one.settle()
    one.page.get_by_role("button", name="Check it").click()
    ready = one.page.get_by_text("The rows, before and after")
    aside = one.page.get_by_text("set aside, and why")
    expect(ready.or_(aside).first).to_be_visible(timeout=LONG)
    return one.settle()


def joining(page: Page) -> Locator:
    return page.get_by_text("they join the extract they left")


def sign(one: Visit, who: str) -> None:
    """Give a name, unless it was given in this session."""
    name = one.page.get_by_role("textbox", name="Your name")
    if not name.input_value():
        name.fill(who)
        name.press("Enter")
    one.settle()


def publish(one: Visit, who: str, version: int) -> None:
    sign(one, who)
    one.page.get_by_role("button", name="Publish", exact=True).click()
    said = one.page.get_by_text(f"Everybody's pages now show version {version}")
    expect(said).to_be_visible(timeout=LONG)
    one.settle()


def go(one: Visit, button: str, version: int) -> None:
    """Change what everybody sees on the page of the history."""
    one.page.get_by_role("button", name=button).click()
    sign(one, "Bob")
    one.page.get_by_role("button", name="Do it").click()
    said = one.page.get_by_text(f"Everybody sees version {version},")
    expect(said).to_be_visible(timeout=LONG)
    one.settle()


def rows(data: Path) -> int:
    head = Store(data).head()
    return 0 if head is None else head.row_counts["sales_transaction"]


def test_two_at_once_the_second_sees_what_the_first_changed(
    shop: Server, data: Path, browser: Browser
) -> None:
    ann, bob = visitor(browser, shop), visitor(browser, shop)
    bring(ann, sales(2), "february.csv")
    page = bring(bob, sales(3), "march.csv")
    publish(ann, "Ann", version=2)
    page.reload()
    bob.settle()
    expect(page.get_by_text("Somebody published since this was rehearsed")).to_be_visible()
    expect(page.get_by_text("Ann published version 2")).to_be_visible()
    assert page.get_by_role("button", name="Publish", exact=True).count() == 0
    assert rows(data) == 80
    page.get_by_role("button", name="Rehearse mine on top of theirs").click()
    expect(page.get_by_text("80 rows published now, 120 after")).to_be_visible(timeout=LONG)
    bob.settle()
    publish(bob, "Bob", version=3)
    assert rows(data) == 120
    assert [*ann.errors, *bob.errors] == []


def test_back_and_forth_through_what_was_published(
    shop: Server, data: Path, browser: Browser
) -> None:
    for month in (2, 3):
        extract = data.parent / f"{month}.csv"
        extract.write_text(sales(month))
        assert main(["load", str(extract), "--quiet", "--user", "Eve"]) == 0
    bob = visitor(browser, shop)
    bob.open("history")
    for button, version, count in (
        ("Undo: back to version 2", 4, 80),
        ("Redo: version 3 again", 5, 120),
        ("Undo: back to version 2", 6, 80),
        ("Go to version 1", 7, 40),
    ):
        go(bob, button, version)
        assert rows(data) == count
    assert bob.errors == []


def test_records_set_aside_are_mended_on_the_page_and_the_counts_add_up(
    shop: Server, data: Path, browser: Browser, tmp_path: Path
) -> None:
    ann = visitor(browser, shop)
    page = bring(ann, sales(2, bad=2), "february.csv")
    expect(page.get_by_text("40 records: 38 fit, 2 set aside.").first).to_be_visible()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download them").click()
    coming.value.save_as(tmp_path / "aside.csv")
    page.get_by_role("button", name="See what would change").click()
    ann.settle()
    publish(ann, "Ann", version=2)
    assert rows(data) == 78
    text = (tmp_path / "aside.csv").read_text("utf-8-sig")
    assert text.count(",?,") >= 2
    page = bring(ann, text.replace(",?,", ",2026-02-28,", 2), "mended.csv")
    expect(page.get_by_text("2 new")).to_be_visible()
    publish(ann, "Ann", version=3)
    assert rows(data) == 80
    page = ann.open("history")
    expect(page.get_by_text("sales transaction: 2 new")).to_be_visible()
    assert ann.errors == []


def test_a_file_too_large_for_a_browser_is_taken_from_the_drop_folder(
    data: Path, tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "1")
    server = serve(data, tmp_path / "server.log", free_port())
    ann = visitor(browser, server)
    page = ann.open("upload")
    large = sales(2, count=40_000)
    page.locator("input[type=file]").set_input_files(
        {"name": "large.csv", "mimeType": "text/csv", "buffer": large.encode()}
    )
    expect(page.get_by_text("or smaller")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("put it into the folder data/drop on the server")).to_be_visible()
    drop = data / "drop"
    drop.mkdir()
    (drop / "large.csv").write_text(large)
    (drop / "large.csv.done").touch()
    page = ann.open("upload")
    expect(page.get_by_text("On the server", exact=True)).to_be_visible()
    expect(page.get_by_text("· complete")).to_be_visible()
    page.get_by_role("button", name="Take it").click()
    check(ann)
    expect(page.get_by_text("40,000 new")).to_be_visible(timeout=LONG)
    address = page.url
    page.goto(f"{server.url}/history")
    ann.settle()
    page.goto(address)  # left and come back to, mid-work
    ann.settle()
    publish(ann, "Ann", version=2)
    assert rows(data) == 40_040
    assert list(drop.iterdir()) == []
    assert ann.errors == []
    server.stop()
