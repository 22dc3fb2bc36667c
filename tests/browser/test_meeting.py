"""A meeting in a real browser: a view kept, a story told by keys, a decision, the server gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, Visit, free_port, serve, watched

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> *a*"
CHART = '.st-key-wall [data-testid="stVegaLiteChart"] svg.marks'


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of its own, which outlives the server."""
    monkeypatch.setenv("CXDATA_JOURNAL", f"sqlite:///{tmp_path / 'journal.db'}")
    return tmp_path


@pytest.fixture
def own(company: Path, journal: Path) -> Iterator[list[Server]]:
    """A server of its own, which may be stopped; the last one is stopped at the end."""
    running = [serve(company, journal / "server.log", free_port())]
    yield running
    running[-1].stop()


def slide(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("slide", [""])[0]


def press(one: Visit, key: str, expected: str) -> None:
    """Press a key and wait for the slide that it leads to."""
    one.page.keyboard.press(key)
    one.page.wait_for_function(
        "slide => new URLSearchParams(location.search).get('slide') === slide", arg=expected
    )
    one.settle()


def keep_view(one: Visit, path: str, name: str, story: str) -> None:
    page = one.open(path)
    page.get_by_role("button", name="Save this view").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    box = page.get_by_role("combobox", name="Put it into a story")
    box.click()
    box.fill(story)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    one.settle()


def fits(page: Page) -> bool:
    """Whether all of a slide stands above the keys, and nothing runs out at the side."""
    return bool(
        page.evaluate(
            """() => {
                const wall = document.querySelector('.st-key-wall').getBoundingClientRect();
                const keys = document.querySelector('.st-key-keys').getBoundingClientRect();
                const wide = [...document.querySelectorAll('.st-key-wall svg.marks')]
                    .every(one => one.getBoundingClientRect().right <= innerWidth + 1);
                return wall.bottom <= keys.top + 1 && wide;
            }"""
        )
    )


def test_from_a_view_to_a_decision_that_the_next_meeting_begins_with(
    browser: Browser, own: list[Server], company: Path, journal: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    one = watched(context.new_page(), own[0])
    keep_view(one, "retention?journey=Get+help", HOSTILE, "November")
    keep_view(one, "spend", "Spend", "November")
    page = one.open("stories")
    expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
    page.get_by_role("link", name="Present").first.click()
    page.wait_for_url("**/present?**")
    one.settle()
    press(one, "ArrowRight", "2")
    press(one, "PageUp", "1")
    press(one, "Space", "2")
    press(one, "Home", "1")
    press(one, "End", "2")
    press(one, "ArrowLeft", "1")
    expect(page.locator(CHART).first).to_be_visible()
    assert fits(page)

    page.keyboard.press("d")
    page.get_by_role("textbox", name="What was decided").fill(f"Find out why {HOSTILE}")
    page.get_by_role("textbox", name="Who does it").fill("Di")
    page.get_by_role("textbox", name="What was decided").click()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    one.settle()
    assert slide(page) == "1"  # letters typed into a field are no keys

    page.set_viewport_size({"width": 1920, "height": 1080})
    press(one, "PageDown", "2")
    assert fits(page)
    address = page.url
    page.reload()
    one.settle()
    assert slide(page) == "2"

    own[0].stop()
    port = urlsplit(own[0].url).port
    assert port is not None
    own.append(serve(company, journal / "again.log", port))
    page.goto(address)
    one.settle()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    story = parse_qs(urlsplit(address).query)["story"][0]
    again = one.open(f"present?story={story}")
    expect(again.get_by_text("What we decided, and what the figures did since")).to_be_visible()
    expect(again.get_by_text(f"Find out why {HOSTILE}")).to_be_visible()
    assert one.elsewhere == []
    context.close()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_the_built_in_story_fits_the_wall_and_notes_follow_it(
    size: tuple[int, int], browser: Browser, own: list[Server]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    wall = watched(context.new_page(), own[0])
    page = wall.open("present?story=board&slide=1&room=main")
    notes = watched(context.new_page(), own[0])
    second = notes.open("present?story=board&room=main&notes=1")
    for number in range(2, 13):
        page.bring_to_front()
        press(wall, "PageDown", str(number))
        assert fits(page), f"slide {number} at {size}"
    expect(second.get_by_text("12 of 12")).to_be_visible(timeout=10_000)
    assert wall.errors == []
    assert wall.elsewhere == []
    page.bring_to_front()
    page.keyboard.press("f")
    page.get_by_role("combobox", name="Segment or journey").click()
    page.keyboard.type("Nordics")
    page.keyboard.press("Enter")
    page.wait_for_url("**in_region=Nordics**")
    wall.settle()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('Nordics')")
    assert slide(page) == "12"
    context.close()
