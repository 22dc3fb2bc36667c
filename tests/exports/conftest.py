"""A pack of the board's story at the small company, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxdata.exports.board import board
from cxdata.exports.pack import Pack, pack
from cxdata.exports.write import files_of, put
from cxdata.panels.choices import Desk
from tests.panels.conftest import desk_of
from tests.ui.conftest import company

__all__ = ["company"]

CLOCK = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """A pack, and its files as they lie in a folder."""

    pack: Pack
    files: dict[str, bytes]
    folder: Path
    company: Path

    def content(self, form: str) -> bytes:
        return next(data for name, data in self.files.items() if name.endswith(form))

    def path(self, form: str) -> Path:
        return next(self.folder / name for name in self.files if name.endswith(form))


@pytest.fixture(scope="session")
def desk(company: Path) -> Desk:
    """The desk at a demo company."""
    return desk_of(company)


@pytest.fixture(scope="session")
def made(desk: Desk, company: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The board's pack in every form."""
    told = pack(desk, board(desk), CLOCK)
    folder = tmp_path_factory.mktemp("pack")
    files = files_of(told)
    put(folder, files)
    return Made(told, files, folder, company)
