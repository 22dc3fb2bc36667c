"""What every test may ask for: the shared real extracts, a Chromium, a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.absence import unavailable

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

pytest_plugins = ["tests.postgres"]

# The same examples on every run: a failure seen once can be seen again.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run name its browser."""
    parser.addoption("--chromium", metavar="PATH", help="the Chromium that browser tests drive")


def pytest_configure() -> None:
    """Keep the settings of whoever runs the tests out of the tests."""
    for name in [name for name in os.environ if name.startswith("CXDATA_")]:
        if name != "CXDATA_SHARED":
            del os.environ[name]


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """Give back the main module: a page under test takes its place, and new processes import it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real extracts: `data` in `CXDATA_SHARED`, or in `shared` beside the project."""
    shared = Path(os.environ.get("CXDATA_SHARED") or ROOT.parent / "shared")
    folder = shared / "data"
    if not folder.is_dir():
        unavailable(
            "The shared real extracts are not here: set CXDATA_SHARED to the folder that holds "
            "their `data` folder, or put it beside the project as `shared`."
        )
    return folder


@pytest.fixture(scope="session")
def chromium_path(request: pytest.FixtureRequest) -> str:
    """The Chromium for browser tests: `--chromium PATH`, or the first one on the search path."""
    named: str | None = request.config.getoption("--chromium", None)
    found = next(filter(None, map(shutil.which, (named,) if named else CHROMIUM_NAMES)), None)
    if found is None:
        return unavailable(
            f"--chromium: there is no program at {named}."
            if named
            else "Browser tests need a Chromium: `apt-get install chromium`, or --chromium PATH."
        )
    driver = [sys.executable, "-m", "playwright", "--version"]
    if subprocess.run(driver, capture_output=True, check=False).returncode:
        return unavailable("Playwright's driver does not start: `apt-get install libatomic1`.")
    return found
