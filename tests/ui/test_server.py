"""The web side: headers on every answer, readiness that means it, nothing internal shown."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import streamlit as st

from cxdata.ui import data, document, server


async def plain_app(scope: Any, receive: Any, send: Any) -> None:
    """Answer like Streamlit: a page with a cookie."""
    headers = [(b"content-type", b"text/html"), (b"set-cookie", b"a=1; Path=/; SameSite=Lax")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"page"})


def get(path: str, base: str = "http://testserver", **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=server.Guard(plain_app))
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.get(path, headers=headers)

    # A thread of its own: a browser test before this one leaves a running loop in the main thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask()).result()


def directives(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


@pytest.mark.parametrize("path", ["/", "/retention", "/_stcore/metrics", "/api/ready"])
def test_every_answer_carries_the_security_headers(path: str) -> None:
    answer = get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    policy = directives(answer.headers["content-security-policy"])
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert not any(word.startswith(("http:", "https:", "*")) for word in policy["connect-src"])


def test_every_script_in_the_document_is_allowed_by_its_hash() -> None:
    page = get("/").text
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 2  # ours and Streamlit's
    allowed = directives(get("/").headers["content-security-policy"])["script-src"]
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed


def test_the_document_is_that_of_streamlit_and_says_first_where_the_server_is() -> None:
    served = (Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")
    page = get("/retention").text
    line = page.split("<head>", 1)[1].split("</script>", 1)[0] + "</script>"
    assert "BACKEND_BASE_URL" in line
    assert page.replace(line, "", 1) == served


def test_every_page_of_the_menu_and_nothing_else_is_answered_with_the_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = {path.stem for path in (Path(server.__file__).parents[2] / "pages").glob("*/*.py")}
    addresses = {"/" if name == "overview" else f"/{name.replace('_', '-')}" for name in pages}
    for address in addresses:
        assert "BACKEND_BASE_URL" in get(address).text, address
    for other in ("/nothing", "/retention/", "/retention/_stcore/health", "/static/js/index.js"):
        assert get(other).text == "page", other
    monkeypatch.setattr(st, "get_option", lambda name: "cx")
    assert "BACKEND_BASE_URL" in get("/cx/retention").text
    assert "BACKEND_BASE_URL" in get("/cx/").text
    assert get("/cx").text == "page"  # Streamlit redirects it: what it loads lies below the slash


@pytest.mark.parametrize(
    ("host", "socket"),
    [
        (b"cx.example.com", "wss://cx.example.com"),
        (b"localhost:8501", "wss://localhost:8501"),
        (b"[::1]:8501", "wss://[::1]:8501"),
        (b"evil; script-src *", None),
        (b"a b", None),
        (b"", None),
    ],
)
def test_a_host_gets_into_the_policy_only_as_a_host(host: bytes, socket: str | None) -> None:
    sources = directives(server.content_security_policy(host))["connect-src"]
    assert (socket in sources) if socket else (sources == ["'self'"])
    assert server.content_security_policy(host).count("script-src") == 1


def test_cookies_are_secure_behind_https_only() -> None:
    assert "secure" not in get("/other").headers["set-cookie"].lower()
    assert get("/other", "https://testserver").headers["set-cookie"].endswith("; Secure")


def test_internal_counters_are_not_found() -> None:
    answer = get("/_stcore/metrics")
    assert answer.status_code == 404
    assert answer.json() == {"error": "not found"}


def test_ready_says_ready_only_when_the_data_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    fine = {"data": "ok", "summaries": "ok", "disk": "ok"}
    monkeypatch.setattr(data, "checks", lambda: fine)
    answer = get("/api/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "checks": fine})
    assert answer.headers["cache-control"] == "no-store"
    monkeypatch.setattr(data, "checks", lambda: {**fine, "data": "SourceUnavailable"})
    answer = get("/api/ready")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_a_failing_check_is_named_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("password=S3cret")

    monkeypatch.setattr(data, "door", broken)
    with caplog.at_level(logging.CRITICAL):
        checks = data.checks()
    assert checks["data"] == "RuntimeError"
    assert "S3cret" not in str(checks)


def test_the_private_names_of_streamlit_that_are_used_are_still_there() -> None:
    """Streamlit promises none of these. Whoever upgrades it reads here what to look at anew."""
    from importlib.metadata import version

    from streamlit.navigation.page import Page
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    found = version("streamlit")
    said = f"Streamlit {found} changed what this product leans on: look at"
    directory = getattr(PagesManager, "uses_pages_directory", "gone")
    assert directory in (None, False), f"{said} server._know_the_menu (PagesManager)."
    assert callable(get_script_run_ctx), f"{said} app.py (get_script_run_ctx)."
    assert callable(Page.run), f"{said} frame.show (Page.run)."
    assert b"__streamlit" in document.document(), f"{said} document.document (index.html)."
    scripts = Path(st.__file__).parent / "static"
    asks = any("BACKEND_BASE_URL" in one.read_text("utf-8") for one in scripts.rglob("index.*.js"))
    assert asks, f"{said} document.document (window.__streamlit)."
