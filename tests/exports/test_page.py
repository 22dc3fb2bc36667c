from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import sync_playwright

from tests.exports.conftest import Made

pytestmark = pytest.mark.browser


def test_the_page_opens_with_the_network_off_and_without_a_fault(
    made: Made, chromium_path: str
) -> None:
    # In a thread of its own: other browser tests keep their driver's loop running in this one.
    with ThreadPoolExecutor(1) as worker:
        worker.submit(_opens_offline, made, chromium_path).result()


def _opens_offline(made: Made, chromium_path: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(made.path("html").as_uri())
        drawn = "[...document.querySelectorAll('[data-spec]')].every(e => e.querySelector('svg'))"
        page.wait_for_function(drawn)
        titles = page.locator("section h2").all_inner_texts()
        assert titles == [scene.title for scene in made.pack.scenes]
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        first = page.locator("section").first
        first.locator("summary").first.click()
        rows = first.locator("table").first.locator("tbody tr").all_inner_texts()
        data = made.pack.scenes[0].data
        assert data is not None
        assert [row.split("\t") for row in rows] == data.shown(made.pack.form)
        trend = page.locator("section:has(h2:text-matches('^Retention [0-9]'))").first
        trend.locator(".chart svg path[aria-roledescription='point']").first.hover(force=True)
        assert "Period" in page.locator("#vg-tooltip-element").inner_text()
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()
    # Vega says so of a chart that it measures before it has its width; it is drawn all the same.
    assert [text for text in said if "Infinite extent" not in text] == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_nothing_is_fetched_and_only_its_own_scripts_may_run(made: Made) -> None:
    text = made.content("html").decode()
    assert "script-src 'sha256-" in text
    assert "unsafe-eval" not in text.split("</head>")[0]
    markup = re.sub(r"(<script[^>]*>).*?</script>", r"\1", text, flags=re.DOTALL)
    assert not re.search(r"<(script|img|iframe|link)\b[^>]*\s(src|href)=", markup)


def test_the_data_of_its_charts_are_those_of_the_pack(made: Made) -> None:
    text = made.content("html").decode()
    scene = next(one for one in made.pack.scenes if one.panel == "trend-logo_retention")
    found = re.search(rf'id="spec-{scene.place}">(.*?)</script>', text)
    assert found
    rows = next(iter(json.loads(found[1])["datasets"].values()))
    assert scene.data is not None
    assert [row["estimate"] for row in rows] == scene.data.numbers("estimate")
