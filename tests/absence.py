"""What a test does when something it needs is not on this machine."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def in_ci() -> bool:
    """Whether this run must not skip anything (`CI` is set, and not to 0 or false)."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def unavailable(notice: str) -> NoReturn:
    """Skip with one line that says how to get what is missing; fail instead where CI runs."""
    if in_ci():
        pytest.fail(notice, pytrace=False)
    pytest.skip(notice)
