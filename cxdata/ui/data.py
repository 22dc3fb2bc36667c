"""The open data: one gate for all sessions, and the ticket under which one run reads it.

A ticket names the data version and the policy of whoever asks. It is taken once a run, so a publish
in the middle of a page never mixes two versions, and it is the first part of every cache key.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache as once
from typing import Final

from cxdata.access import EVERYTHING
from cxdata.model.errors import CxError
from cxdata.query.gate import Gate
from cxdata.sources.config import Settings, load
from cxdata.sources.opening import open_source
from cxdata.sources.source import Source

LOG: Final = logging.getLogger("cxdata.ui")
_KEPT: Final = 4
_LEAST_FREE: Final = 256 * 1024 * 1024

_LOCK: Final = threading.Lock()
_GATES: Final[OrderedDict[Ticket, Gate]] = OrderedDict()


@dataclass(frozen=True)
class Ticket:
    """Which data one run reads, and for whom: ``version`` and ``policy`` are the keys of both."""

    version: str
    policy: str
    name: str
    notices: tuple[str, ...] = ()


@once
def settings() -> Settings:
    """Return the settings of this process."""
    return load()


@once
def source() -> Source:
    """Return the one source of this process; engines live as long as it does."""
    return open_source(settings())


def ticket() -> Ticket:
    """Return the ticket for the newest data version, for whoever asks."""
    gate = Gate(source().pinned(), EVERYTHING)
    version = gate.version
    name = str(version.number) if version.number is not None else version.id[:12]
    taken = Ticket(version.id, gate.policy_key, name, tuple(version.notices))
    with _LOCK:
        _GATES.setdefault(taken, gate)
        _GATES.move_to_end(taken)
        while len(_GATES) > _KEPT:
            _GATES.popitem(last=False)
    return taken


def gate(taken: Ticket) -> Gate:
    """Return the gate of a ticket."""
    with _LOCK:
        found = _GATES.get(taken)
    if found is None:
        raise CxError("The data have moved on since this page was opened. Please load it again.")
    return found


def checks() -> Mapping[str, str]:
    """Say what a probe must know: data readable, summaries there, room on the disk."""
    found = {"data": "ok", "summaries": "ok", "disk": "ok"}
    try:
        opened = source()
        found["data"] = "ok" if opened.version().id else "none"
        found["summaries"] = "ok" if opened.marts.exists else "not built"
    except Exception as error:
        LOG.warning("not ready", exc_info=error)
        found["data"] = type(error).__name__
    if shutil.disk_usage(".").free < _LEAST_FREE:
        found["disk"] = "almost full"
    return found


def warm_up() -> None:
    """Import what a page needs and open the data; a fault here is the pages' to tell."""
    import cxdata.ui.frame  # noqa: F401 - imported for its own sake

    try:
        gate(ticket()).options()
    except CxError as error:
        LOG.warning("no data yet: %s", error)
