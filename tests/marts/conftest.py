"""Stores that several tests start from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def copied() -> Callable[[Path, Path], Path]:
    """Copy a store with its summaries."""

    def copy(origin: Path, to: Path) -> Path:
        return Path(shutil.copytree(origin, to))

    return copy
