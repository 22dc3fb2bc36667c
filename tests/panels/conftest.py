"""A desk at the small company that the pages are tested with."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxdata.panels.choices import Desk, choices_of
from cxdata.query.gate import Gate
from cxdata.sources.folder import FolderSource
from tests.ui.conftest import company

__all__ = ["company"]


def desk_of(folder: Path) -> Desk:
    """Return the desk at a folder whose summaries are built."""
    gate = Gate(FolderSource(folder))
    return Desk(gate, choices_of(gate))


@pytest.fixture(scope="session")
def desk(company: Path) -> Desk:
    """The desk at a demo company."""
    return desk_of(company)
