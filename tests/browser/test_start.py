"""The first visitor of a new server, by a deep link, before any summary is built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cxdata.cli import main
from tests.browser.conftest import Server, free_port, serve, watched

pytestmark = pytest.mark.browser


@pytest.fixture
def unbuilt(tmp_path: Path) -> Iterator[Server]:
    """A server over a plain folder whose summaries nobody has built."""
    folder = tmp_path / "data"
    arguments = ["demo", "--customers", "400", "--months", "14", "--out", str(folder), "--quiet"]
    assert main(arguments) == 0
    running = serve(folder, tmp_path / "server.log", free_port())
    yield running
    running.stop()


def test_a_deep_link_to_a_new_server_waits_with_progress_and_then_opens(
    browser: Browser, unbuilt: Server
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    one = watched(page, unbuilt)
    page.goto(f"{unbuilt.url}/retention")
    expect(page.locator("h1")).to_have_text("Getting the data ready", timeout=60_000)
    expect(page.locator("h1")).to_have_text(
        "Who stays, who leaves, and after how long?", timeout=90_000
    )
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator('[data-testid="stMetric"]').first).to_be_visible()
    assert one.errors == []
    page.close()
