"""A real server on a free port, and a real Chromium in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from cxdata.cli import main
from cxdata.marts.build import build
from cxdata.marts.rules import Rules
from cxdata.sources.folder import FolderSource

ROOT = Path(__file__).resolve().parents[2]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 90
LOADING = '[data-testid="stSkeleton"]'


@dataclass
class Server:
    """One running server."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(timeout=20)


@dataclass
class Visit:
    """One visitor: a page, and all that went wrong or went elsewhere while it was open."""

    page: Page
    server: Server
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> Page:
        """Open an address and wait until the page has drawn itself."""
        self.page.goto(f"{self.server.url}/{path}")
        return self.settle()

    def settle(self) -> Page:
        """Wait until a page has its title, nothing is running, and no part is still loading.

        The script of a page may be done before the browser has the code of its controls.
        """
        self.page.wait_for_selector("h1", timeout=30_000)
        self.page.wait_for_selector(
            '[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=30_000
        )
        expect(self.page.locator(LOADING)).to_have_count(0, timeout=30_000)
        self.page.wait_for_timeout(400)
        return self.page

    @property
    def words(self) -> str:
        """The scope of the page in words."""
        return self.page.locator('[data-testid="stCaptionContainer"]').first.inner_text()


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(folder: Path, log: Path, port: int) -> Server:
    """Start the product as `make run` does, and wait until it says it is ready."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "CXDATA_DATA": str(folder)}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    server = Server(f"http://localhost:{port}", process, log)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/api/ready", timeout=5):
                return server
        except urllib.error.HTTPError:
            return server  # it answers; a test may want it unready
        except OSError:
            time.sleep(0.2)
    process.kill()
    pytest.fail(f"The server did not start:\n{log.read_text()[-2000:]}", pytrace=False)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo company of 1,500 customers and 20 months."""
    folder = tmp_path_factory.mktemp("company") / "data"
    command = ["demo", "--customers", "1500", "--months", "20", "--out", str(folder), "--quiet"]
    assert main(command) == 0
    build(FolderSource(folder), Rules(), now=datetime(2026, 10, 21, tzinfo=UTC))
    return folder


@pytest.fixture(scope="session")
def server(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product over the demo company."""
    running = serve(company, tmp_path_factory.mktemp("log") / "server.log", free_port())
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Visit]]:
    """Visitors, each with a clean browser profile; at the end none may have seen an error."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def start(width: int = 1440, height: int = 900, scheme: str = "light") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            accept_downloads=True,
        )
        contexts.append(context)
        visits.append(watched(context.new_page(), server))
        return visits[-1]

    yield start
    for context in contexts:
        context.close()
    for one in visits:
        assert one.errors == []
        assert one.elsewhere == []


def watched(page: Page, server: Server) -> Visit:
    """Note what the console says and every request to another origin."""
    one = Visit(page, server)
    own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said = one.errors if message.type == "error" else one.warnings
            said.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", note)
    page.on("pageerror", lambda error: one.errors.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(own) else one.elsewhere.append(request.url),
    )
    return one
