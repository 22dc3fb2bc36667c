"""Pages in a real browser: first screen, address, clicks, downloads, phone, keyboard, dark."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LOADING, Visit

pytestmark = pytest.mark.browser
Visitor = Callable[..., Visit]

PATHS = ["", "retention", "spend", "cost-to-serve", "nps", "dictionary"]
TILE = '[data-testid="stMetric"]'
CHART = '[data-testid="stVegaLiteChart"] svg.marks'


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choose(visit: Visit, label: str, option: str) -> None:
    """Choose an option of a select box or add one to a multiselect."""
    visit.page.get_by_label(label, exact=True).first.click()
    visit.page.get_by_role("option", name=option, exact=True).click()
    visit.page.keyboard.press("Escape")
    visit.settle()


@pytest.mark.parametrize(
    ("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(17, 21, 28)")]
)
def test_every_page_draws_without_an_error_and_without_leaving_home(
    scheme: str, ground: str, visit: Visitor
) -> None:
    one = visit(scheme=scheme)
    for path in PATHS:
        page = one.open(path)
        assert page.locator("h1").inner_text().endswith("?")
        if path != "dictionary":
            expect(page.locator(CHART).first).to_be_visible()
            for chart in page.locator('[data-testid="stVegaLiteChart"]').all():
                assert chart.locator("[aria-label]").count() > 0
        painted = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
        assert page.evaluate(painted) == ground


def test_the_first_screen_holds_the_eight_figures_without_scrolling(visit: Visitor) -> None:
    page = visit(1440, 900).open()
    tiles = page.locator(TILE)
    expect(tiles).to_have_count(8)
    for tile in tiles.all():
        box = tile.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
        expect(tile.locator("svg.marks, canvas")).to_have_count(1)  # its small trend


def test_what_is_chosen_stands_in_the_address_and_reopens(visit: Visitor) -> None:
    one = visit()
    page = one.open()
    assert query(page) == {}
    page.get_by_text("Quarter", exact=True).click()
    one.settle()
    choose(one, "Compare with", "vs a year earlier")
    choose(one, "Journeys", "Get help")
    choose(one, "Segment", "Families")
    assert query(page) == {
        "grain": ["Quarter"],
        "vs": ["vs a year earlier"],
        "journey": ["Get help"],
        "in_segment": ["Families"],
    }
    said = "Segment Families, journey Get help, Q3 2026, compared with Q3 2025."
    assert one.words == said
    other = visit()
    other.page.goto(page.url)
    other.settle()
    assert other.words == said
    assert other.page.url == page.url


def test_the_scope_goes_with_the_reader_and_back_returns_to_it(visit: Visitor) -> None:
    one = visit()
    page = one.open("?journey=Get+help")
    page.get_by_role("link", name="Retention", exact=True).click()
    one.settle()
    assert urlsplit(page.url).path == "/retention"
    assert query(page) == {"journey": ["Get help"]}
    page.get_by_text("Quarter", exact=True).click()
    one.settle()
    page.go_back()
    one.settle()
    assert urlsplit(page.url).path == "/"
    assert query(page) == {"journey": ["Get help"]}
    assert one.words == "Journey Get help, Sep 2026, compared with Aug 2026."


def test_hostile_values_vanish_from_the_address(visit: Visitor) -> None:
    one = visit()
    page = one.open("?grain=1e309&period=%27+OR+1%3D1&journey=%3Cscript%3E&in_region=..%2F..")
    assert one.words == "All customers, Sep 2026, compared with Aug 2026."
    assert query(page) == {}


def test_a_click_on_the_grid_opens_the_sliced_page(visit: Visitor) -> None:
    one = visit(1440, 1400)
    page = one.open("?in_region=Nordics")
    grid = page.locator(".st-key-panel-grid svg.marks")
    grid.scroll_into_view_if_needed()
    cell = grid.locator("[aria-roledescription='rect mark']").nth(8)
    label = cell.get_attribute("aria-label") or ""
    found = re.search(r"Journey: ([^;]+); Segment: ([^;]+)", label)
    assert found, label
    box = cell.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/retention?**")
    one.settle()
    assert query(page) == {
        "in_region": ["Nordics"],
        "journey": [found[1]],
        "in_segment": [found[2]],
    }
    assert "Region Nordics" in one.words
    page.go_back()
    one.settle()
    assert urlsplit(page.url).path == "/"
    assert query(page) == {"in_region": ["Nordics"]}


def test_a_chart_has_a_table_and_a_csv_of_exactly_that_table(visit: Visitor) -> None:
    one = visit(1440, 1400)
    page = one.open("retention")
    panel = page.locator(".st-key-panel-trend-logo_retention")
    expect(panel.locator("svg.marks")).to_have_count(1, timeout=20_000)
    panel.locator(".st-key-show-trend-logo_retention button").nth(1).click()
    table = panel.locator('[data-testid="stDataFrame"]')
    expect(table).to_be_visible()
    expect(panel.locator("svg.marks")).to_have_count(0)
    with page.expect_download() as download:
        panel.locator(".st-key-csv-trend-logo_retention button:visible").first.click()
    name = download.value.suggested_filename
    assert re.fullmatch(r"[a-z0-9-]+\.csv", name)
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    usual = ["Usual range from", "Usual range to"]
    figures = ["Period", "Retention", "Low (95 %)", "High (95 %)", "n", *usual, "Goal", "Evidence"]
    shown = [*figures, "What happened"]
    assert rows[0][: len(shown)] == shown
    assert rows[0][len(shown) :] == ["scope", "data_through", "version"]
    body = rows[1:]
    assert len(body) == 20  # one row a month of the company
    for row in body:
        assert row[len(shown)].startswith("All customers, Sep 2026, compared with Aug 2026.")
        assert row[-1]  # the data version
    cells = table.locator("[role=gridcell]")
    seen = [cells.nth(at).inner_text() for at in range(6)]
    assert seen[0] == body[0][0]
    assert seen[4] == f"{int(float(body[0][4])):,}"


def test_a_phone_shows_every_page_without_scrolling_sideways(visit: Visitor) -> None:
    one = visit(390, 844)
    for path in PATHS:
        widths = one.open(path).evaluate(
            "[document.documentElement.scrollWidth,"
            " document.querySelector('[data-testid=stMain]').scrollWidth]"
        )
        assert max(widths) <= 390, path


def test_a_phone_has_one_line_of_scope_that_opens(visit: Visitor) -> None:
    one = visit(390, 844)
    page = one.open("?vs=vs+a+year+earlier")
    bar = page.locator(".st-key-scope-bar")
    switch = bar.get_by_text("Change scope")
    expect(bar.get_by_label("Period", exact=True).first).to_be_visible()
    expect(bar.get_by_label("Compare with", exact=True).first).to_be_hidden()
    closed = bar.bounding_box()
    assert closed is not None
    assert closed["height"] < 60
    switch.click()
    expect(bar.get_by_label("Compare with", exact=True).first).to_be_visible()
    choose(one, "Journeys", "Get help")
    assert query(page) == {"vs": ["vs a year earlier"], "journey": ["Get help"]}
    expect(bar.get_by_label("Compare with", exact=True).first).to_be_visible()  # stays open
    switch.click()
    expect(bar.get_by_label("Compare with", exact=True).first).to_be_hidden()
    desk = visit(1440, 900)
    desk.open()
    expect(desk.page.get_by_text("Change scope")).to_be_hidden()
    expect(desk.page.get_by_label("Compare with", exact=True).first).to_be_visible()


FOCUSED = """() => {
  const at = document.activeElement;
  const name = at.getAttribute('aria-label') || at.innerText || '';
  return [at.closest('.st-key-scope-bar') !== null, name.trim()];
}"""


def test_the_scope_bar_can_be_reached_and_used_by_keyboard(visit: Visitor) -> None:
    one = visit()
    page = one.open()
    reached: list[str] = []
    is_inside = False
    for _ in range(30):
        page.keyboard.press("Tab")
        was_inside, (is_inside, name) = is_inside, page.evaluate(FOCUSED)
        if was_inside and not is_inside:
            break
        reached += [name] if is_inside else []
    wanted = ["Month", "Period", "Compare with", "Journeys", "Slice by", "Segment", "More"]
    assert [next((w for w in wanted if w in name), name) for name in reached] == wanted
    page.get_by_label("Compare with", exact=True).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    one.settle()
    assert query(page)["vs"]
    assert page.evaluate(FOCUSED) == [True, "Compare with"]  # the redrawn page keeps the place


def test_focus_stays_where_it_is_while_the_rest_of_the_page_arrives(visit: Visitor) -> None:
    one = visit()
    page = one.page
    held: list[Route] = []
    is_slow = [True]

    def late(route: Route) -> None:
        held.append(route) if is_slow[0] else route.continue_()

    page.route(re.compile(r"/static/js/[^/]*(Select|Vega|Metric)[^/]*\.js"), late)
    page.goto(one.server.url)
    page.get_by_role("radio", name="Quarter").focus()
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    assert held, "nothing was held back: the names of Streamlit's parts have changed"
    expect(page.locator(LOADING).first).to_be_attached()
    is_slow[0] = False
    for route in held:
        route.continue_()
    one.settle()
    expect(page.locator(CHART).first).to_be_visible()
    assert page.evaluate(FOCUSED) == [True, "Quarter"]


def test_why_opens_beside_the_page_under_an_address_and_closes_with_escape(visit: Visitor) -> None:
    one = visit(1440, 900)
    page = one.open("retention?grain=Quarter")
    page.get_by_role("button", name="Why?").first.click()
    one.settle()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("came with retention itself within each segment")
    expect(drawer.locator(CHART).first).to_be_visible()
    assert query(page)["why"] == ["logo_retention"]
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    one.settle()
    assert "why" not in query(page)
    again = one.open("retention?grain=Quarter&why=logo_retention&why_by=By+region")
    expect(again.get_by_role("dialog")).to_contain_text("by region")


def test_what_stands_behind_a_click_opens_and_is_in_the_address(visit: Visitor) -> None:
    one = visit(390, 844)
    page = one.open("retention")
    page.get_by_text("Why do customers leave?").click()
    one.settle()
    found = "Dearest reason for leaving:"
    expect(page.get_by_text(found)).to_be_visible()
    assert query(page)["more_reasons"] == ["true"]
    expect(one.open("retention?more_reasons=true").get_by_text(found)).to_be_visible()
