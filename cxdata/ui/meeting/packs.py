"""Where packs that were asked for on a page are made and kept: a folder each, by what it tells."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from cxdata.exports.manifest import FILE, opened
from cxdata.model.errors import CxError
from cxdata.model.story import Story, View
from cxdata.ui import data
from cxdata.ui.data import Ticket

_KEPT: Final = 20
"""Packs that are kept, those made last."""


@dataclass(frozen=True)
class Order:
    """A story or a page that is handed over: ``asked`` is what the command is told about it."""

    name: str
    asked: tuple[str, ...]
    key: str

    @property
    def work(self) -> str:
        """The name under which it is made."""
        return f"pack-{self.key}"

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return _home() / self.key

    @property
    def files(self) -> tuple[Path, ...]:
        """Its files, once all of them are there: the manifest, which is written last, says which.

        They stand in the order in which they are offered.
        """
        try:
            names = opened(self.folder)["files"]
        except CxError:
            return ()
        found = [self.folder / name for name in sorted(names, key=_rank)]
        return (*found, self.folder / FILE)

    @property
    def left_out(self) -> tuple[str, ...]:
        """A line about each view that could not be told."""
        try:
            return tuple(opened(self.folder)["left_out"])
        except CxError:
            return ()

    def command(self) -> tuple[str, ...]:
        """Return the command that makes it; the packs made longest ago go."""
        home = _home()
        home.mkdir(parents=True, exist_ok=True)
        for old in sorted(home.iterdir(), key=_made, reverse=True)[_KEPT - 1 :]:
            shutil.rmtree(old, ignore_errors=True)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return ("pack", *self.asked, "--out", str(self.folder), "--clock", now)


def of_story(story: Story, ticket: Ticket) -> Order:
    """Return the order of a story as it was saved."""
    return _order(story.name, (story.id,), (story.number,), ticket)


def of_view(name: str, view: View, ticket: Ticket) -> Order:
    """Return the order of one page as it is shown."""
    return _order(name, ("--view", f"{view.page}?{view.address}"), (), ticket)


def _order(name: str, asked: tuple[str, ...], more: Sequence[object], ticket: Ticket) -> Order:
    told = urlencode([("", str(one)) for one in (*asked, *more, *_state(ticket))])
    return Order(name, asked, hashlib.sha256(told.encode()).hexdigest()[:16])


def _state(ticket: Ticket) -> tuple[str, ...]:
    return ticket.version, ticket.built, ticket.policy, ticket.entered


def _rank(name: str) -> tuple[int, str]:
    kind = name.rpartition(".")[2]
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), name)


_ORDER: Final = ("pptx", "pdf", "html", "xlsx", "csv")


def _made(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _home() -> Path:
    """Return the folder of all packs: in the data folder, or for this process where that is not."""
    beside = data.door().data / ".cxdata"
    there = next((one for one in (beside, beside.parent) if one.is_dir()), None)
    return beside / "packs" if there and os.access(there, os.W_OK) else Path(_scratch().name)


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="packs-")
