"""The running server: headers, closed doors, hostile names, and a restart in a meeting."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser

from cxdata.marts.build import build
from cxdata.marts.rules import Rules
from cxdata.sources.folder import FolderSource
from tests.browser.conftest import Server, Visit, free_port, serve, watched

pytestmark = pytest.mark.browser

HOSTILE = [
    "![x](https://evil.example/x.png)",
    "<img src=x onerror='window.__xss=1'><script>window.__xss=1</script>",
    "[a](javascript:window.__xss=1) www.evil.example someone@evil.example",
    "🚀 :red[!] $x^2$ | a | b |",
]


def ask(server: Server, path: str) -> tuple[int, dict[str, str], bytes]:
    """Send a path exactly as written; clients tidy paths up, attackers do not."""
    where = urlsplit(server.url)
    connection = http.client.HTTPConnection("127.0.0.1", where.port or 80, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", where.netloc)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    connection.close()
    return found


def test_the_page_is_served_under_its_policy(server: Server) -> None:
    status, headers, body = ask(server, "/")
    assert status == 200
    assert b'<div id="root">' in body
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "'sha256-" in policy
    assert headers["x-frame-options"] == "DENY"


def test_ready_means_that_the_data_can_be_read(server: Server) -> None:
    status, headers, body = ask(server, "/api/ready")
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "ready": True,
        "checks": {"data": "ok", "summaries": "ok", "disk": "ok"},
    }


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/static/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/app.py",
        "/app/static/../app.py",
        "/media/../../app.py",
        "/component/../../app.py",
        "/..%5c..%5capp.py",
        "/pages/outcomes/overview.py",
        "/.streamlit/config.toml",
        "/cxdata.toml",
    ],
)
def test_no_path_reaches_a_file(path: str, server: Server) -> None:
    status, _, body = ask(server, path)
    assert b"root:" not in body
    assert b"import streamlit" not in body
    assert b"[server]" not in body
    assert status in (400, 403, 404) or b'<div id="root">' in body


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_what_is_internal_is_not_offered(path: str, server: Server) -> None:
    status, _, body = ask(server, path)
    assert status == 404 or b"disabled" in body.lower()


@pytest.mark.parametrize(
    ("host", "origin"),
    [("evil.example", None), (None, "http://evil.example")],
)
def test_a_session_from_elsewhere_is_refused(
    host: str | None, origin: str | None, server: Server
) -> None:
    where = urlsplit(server.url)
    connection = http.client.HTTPConnection("127.0.0.1", where.port or 80, timeout=10)
    headers = {
        "Host": host or where.netloc,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    if origin:
        headers["Origin"] = origin
    connection.request("GET", "/_stcore/stream", headers=headers)
    assert connection.getresponse().status == 403
    connection.close()


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Server]:
    """A server over data whose names try to be markup."""
    tables = {
        "customer": [{"customer_id": f"C{at}"} for at in range(160)],
        "subscription_period": [
            {
                "subscription_id": f"S{at}",
                "customer_id": f"C{at}",
                "start_date": date(2025, 1 + at % 12, 1),
                "end_date": date(2026, 9, 15) if at % 9 == 0 else None,
                "recurring_amount": 30.0,
            }
            for at in range(160)
        ],
        "segment": [
            {"scheme": "segment", "segment_code": f"s{at}", "label": name, "sort": at}
            for at, name in enumerate(HOSTILE)
        ],
        "customer_segment": [
            {
                "customer_id": f"C{at}",
                "scheme": "segment",
                "segment_code": f"s{at % len(HOSTILE)}",
                "valid_from": date(2024, 1, 1),
            }
            for at in range(160)
        ],
    }
    folder = tmp_path / "data"
    folder.mkdir()
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")
    build(FolderSource(folder), Rules(), now=datetime(2026, 10, 21, tzinfo=UTC))
    running = serve(folder, tmp_path / "server.log", free_port())
    yield running
    running.stop()


def test_hostile_names_are_shown_and_do_nothing(hostile: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    one = watched(context.new_page(), hostile)
    for path in ("", "retention", "spend"):
        page = one.open(path)
        page.get_by_label("Segment", exact=True).first.click()
        page.get_by_role("option", name=HOSTILE[0], exact=True).click()
        page.keyboard.press("Escape")
        one.settle()
        assert page.evaluate("window.__xss") is None
        main = page.locator('[data-testid="stMain"]')
        assert main.locator("a:not([href^='#'])").count() == 0
        assert main.locator("img").count() == 0
        assert HOSTILE[0] in main.inner_text()
    context.close()
    assert one.errors == []
    assert one.elsewhere == []


def test_a_restart_in_a_meeting_keeps_what_was_chosen(
    company: Path, browser: Browser, tmp_path: Path
) -> None:
    port = free_port()
    first = serve(company, tmp_path / "first.log", port)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    one = Visit(context.new_page(), first)
    page = one.open("retention?grain=Quarter&journey=Get+help")
    said = one.words
    first.process.kill()
    first.process.wait(timeout=20)
    page.wait_for_timeout(1500)
    second = serve(company, tmp_path / "second.log", port)
    page.wait_for_timeout(8000)  # the page finds the server again by itself
    page.get_by_text("Month", exact=True).click()
    page.wait_for_function("!location.search.includes('grain')", timeout=15_000)
    one.settle()
    assert "Quarter" not in page.url
    assert "journey=Get+help" in page.url
    assert one.words != said
    assert one.words.startswith("Journey Get help, Sep 2026")
    context.close()
    second.stop()
