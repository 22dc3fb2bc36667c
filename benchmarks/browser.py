"""A reader's browser: how long until the last chart stands.

Both pages are timed the same way: the moment of the last change inside any chart or tile, once the
script has ended and nothing has moved for a while.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.process import Server

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
DRAWN = '[data-testid="stVegaLiteChart"], [data-testid="stMetric"]'
SECONDS = 60_000

_WATCH = f"""
window.bench = {{drawn: 0, asked: 0}};
const parts = '{DRAWN}';
new MutationObserver(changes => {{
    for (const change of changes) {{
        const at = change.target.nodeType === 1 ? change.target : change.target.parentElement;
        if (at && (at.closest(parts) || at.querySelector(parts))) {{
            window.bench.drawn = performance.now();
        }}
    }}
}}).observe(document, {{subtree: true, childList: true, characterData: true}});
for (const kind of ['click', 'keydown']) {{
    addEventListener(kind, () => {{ window.bench.asked = performance.now(); }}, true);
}}
"""

_STANDS = """
() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')];
    return app && app.dataset.testScriptState === 'notRunning'
        && charts.length && charts.every(chart => chart.querySelector('.marks'))
        && bench.drawn > bench.asked && performance.now() - bench.drawn > 700;
}
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """One Chromium for all readers."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


class Reader:
    """One reader with an empty cache, looking at one page."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self._context = browser.new_context(viewport={"width": 1440, "height": 900})
        self._page: Page = self._context.new_page()
        self._page.add_init_script(_WATCH)
        self._server = server

    def open(self, query: str = "") -> float:
        """Open the page and return seconds until its last chart stood."""
        self._page.goto(f"{self._server.url}/?{query}")
        return self._drawn()

    def choose(self, period: str) -> float:
        """Choose another period and return seconds until everything was redrawn."""
        box = self._page.get_by_role("combobox", name="Period").first
        box.click()
        box.fill(period)  # long lists are drawn in part
        option = self._page.get_by_role("option", name=period, exact=True)
        option.wait_for(timeout=SECONDS)
        option.click()
        return self._drawn()

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def _drawn(self) -> float:
        self._page.wait_for_function(_STANDS, timeout=SECONDS)
        return float(self._page.evaluate("(bench.drawn - bench.asked) / 1000"))
