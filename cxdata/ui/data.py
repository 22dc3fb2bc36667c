"""The open data: one source for all sessions, and the ticket under which one run reads it.

A ticket names the data version, its summaries and the policy of whoever asks. It is taken once a
run, so a publish in the middle of a page never mixes two versions, and it is the first part of
every cache key.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache as once
from typing import Final

from cxdata.model.errors import CxError, SourceUnavailable
from cxdata.panels.choices import Choices, Desk, choices_of
from cxdata.query.door import Door
from cxdata.query.gate import Gate

LOG: Final = logging.getLogger("cxdata.ui")
DEMO: Final = "demo"
"""Who publishes the invented company."""
_KEPT: Final = 4
_LEAST_FREE: Final = 256 * 1024 * 1024
_FRESH_SECONDS: Final = 2.0
"""How long a version counts as the newest before the source is asked again."""
_STALE: Final = "What is shown was read before; what was not read yet cannot be shown."


@dataclass(frozen=True)
class Ticket:
    """Which data one run reads, and for whom."""

    version: str
    built: str
    policy: str
    name: str


@dataclass(frozen=True)
class Opening:
    """A ticket, and the sentences that whoever uses it must see."""

    ticket: Ticket
    notices: tuple[str, ...] = ()


class _Opened:
    """The gates of the newest versions and what they offer, by ticket."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.gates: OrderedDict[Ticket, Desk] = OrderedDict()
        self.newest: tuple[float, Opening] | None = None


_OPENED: Final = _Opened()


@once
def door() -> Door:
    """Return the one opened source of this process; engines live as long as it does."""
    return Door()


def opening() -> Opening:
    """Return the ticket for the newest data version, for whoever asks.

    While a database does not answer, the version read last goes on serving what is remembered of
    it, under a notice.

    Raises:
        CxError: there are no data, they cannot be read, or their summaries are not built.
    """
    found = _fresh()
    if found is not None:
        return found
    with _OPENED.lock:
        # Whoever waited here takes what the first one found, a slow database's silence included.
        return _fresh() or _asked_again()


def _fresh() -> Opening | None:
    newest = _OPENED.newest
    return newest[1] if newest and time.monotonic() - newest[0] < _FRESH_SECONDS else None


def _asked_again() -> Opening:
    newest = _OPENED.newest
    try:
        taken = _renewed()
    except SourceUnavailable as error:
        if newest is None:
            raise
        taken = Opening(newest[1].ticket, (f"{error} {_STALE}",))
    _OPENED.newest = (time.monotonic(), taken)
    return taken


def _renewed() -> Opening:
    """Ask the source anew: a publish and, later, its summaries each bring another ticket."""
    gate = door().gate()
    found = gate.version
    name = str(found.number) if found.number is not None else found.id
    if found.published_by == DEMO:
        name = f"{name}, an invented company"
    taken = Ticket(*gate.key, name)
    if taken not in _OPENED.gates:
        _OPENED.gates[taken] = Desk(gate, choices_of(gate))
    _OPENED.gates.move_to_end(taken)
    while len(_OPENED.gates) > _KEPT:
        _OPENED.gates.popitem(last=False)
    return Opening(taken, tuple(found.notices))


def gate(taken: Ticket) -> Gate:
    """Return the gate of a ticket."""
    return desk(taken).gate


def choices(taken: Ticket) -> Choices:
    """Return everything that the bearer of a ticket may choose."""
    return desk(taken).choices


def desk(taken: Ticket) -> Desk:
    """Return where the bearer of a ticket reads figures."""
    found = _OPENED.gates.get(taken)
    if found is None:
        raise CxError("The data have moved on since this page was opened. Please load it again.")
    return found


def forget() -> None:
    """Close what is open, so that the next run reads the settings and the source anew."""
    with _OPENED.lock:
        _OPENED.gates.clear()
        _OPENED.newest = None
    door.cache_clear()


def checks() -> Mapping[str, str]:
    """Say what a probe must know: data readable, summaries there, room on the disk."""
    found = {"data": "ok", "summaries": "ok", "disk": "ok"}
    try:
        found["data"] = "ok" if door().version().id else "none"
        found["summaries"] = "ok" if door().has_summaries() else "not built"
    except Exception as error:
        LOG.warning("not ready", exc_info=error)
        found["data"] = type(error).__name__
    found["disk"] = _room()
    return found


def _room() -> str:
    """Whether the disk of the data folder has room; without a folder, that of the product."""
    try:
        folder = door().data
        free = shutil.disk_usage(folder if folder.is_dir() else ".").free
    except Exception as error:
        LOG.warning("disk not measured", exc_info=error)
        return type(error).__name__
    return "ok" if free >= _LEAST_FREE else "almost full"


def warm_up() -> None:
    """Import what a page needs and open the data; a fault here is the pages' to tell."""
    import cxdata.ui.frame  # noqa: F401 - imported for its own sake

    try:
        opening()
    except CxError as error:
        LOG.warning("no data yet: %s", error)
