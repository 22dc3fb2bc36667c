"""The open data: one source for all sessions, and the ticket under which one run reads it.

A ticket names the data version, its summaries and the policy of whoever asks. It is taken once a
run, so a publish in the middle of a page never mixes two versions, and it is the first part of
every cache key. Readers of different policies hold different tickets and share nothing.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache as once
from typing import Final

from cxdata.access.policy import Policy
from cxdata.exports.state import name_of
from cxdata.journal.database import Journal
from cxdata.model.errors import CxError, SourceUnavailable
from cxdata.panels.choices import Choices, Desk, choices_of
from cxdata.query.door import Door
from cxdata.query.gate import Gate
from cxdata.query.quality import left_out

LOG: Final = logging.getLogger("cxdata.ui")
_KEPT: Final = 32
"""Gates kept open, over all versions and policies; the one used longest ago is closed first."""
_LEAST_FREE: Final = 256 * 1024 * 1024
_FRESH_SECONDS: Final = 2.0
"""How long a version counts as the newest before the source is asked again."""
_STALE: Final = "What is shown was read before; what was not read yet cannot be shown."


@dataclass(frozen=True)
class Ticket:
    """Which data one run reads, and for whom; ``entered`` is the state of what people added."""

    version: str
    built: str
    policy: str
    entered: str
    name: str

    @property
    def number(self) -> str:
        """The number of the data version, where its source counts them; else its id."""
        return self.name.partition(",")[0]


@dataclass(frozen=True)
class Opening:
    """A ticket, and the sentences that whoever uses it must see."""

    ticket: Ticket
    notices: tuple[str, ...] = ()


class _Opened:
    """Desks by ticket, and the newest ticket of each policy with the time it was asked for."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.desks: OrderedDict[Ticket, Desk] = OrderedDict()
        self.newest: dict[str, tuple[float, Opening]] = {}

    def hold(self, taken: Ticket, open_desk: Callable[[], Desk]) -> None:
        """Keep a desk, opened unless it is; what was used longest ago goes."""
        if taken not in self.desks:
            self.desks[taken] = open_desk()
        self.desks.move_to_end(taken)
        while len(self.desks) > _KEPT:
            gone, _ = self.desks.popitem(last=False)
            if (found := self.newest.get(gone.policy)) and found[1].ticket == gone:
                del self.newest[gone.policy]

    def use(self, taken: Ticket) -> Desk | None:
        """Return a desk and count it as used."""
        with self.lock:
            found = self.desks.get(taken)
            if found is not None:
                self.desks.move_to_end(taken)
            return found


_OPENED: Final = _Opened()


@once
def door() -> Door:
    """Return the one opened source of this process; engines live as long as it does."""
    return Door()


def asking() -> Policy:
    """Return the policy of whoever runs this script; the one place where that is decided."""
    return door().policy()


def opening() -> Opening:
    """Return the ticket for the newest data version, for whoever asks.

    While a database does not answer, the version read last goes on serving what is remembered of
    it, under a notice.

    Raises:
        CxError: there are no data, they cannot be read, or their summaries are not built.
    """
    policy = asking()
    found = _fresh(policy)
    if found is not None:
        return found
    with _OPENED.lock:
        # Whoever waited here takes what the first one found, a slow database's silence included.
        return _fresh(policy) or _asked_again(policy)


def _fresh(policy: Policy) -> Opening | None:
    newest = _OPENED.newest.get(policy.key)
    return newest[1] if newest and time.monotonic() - newest[0] < _FRESH_SECONDS else None


def _asked_again(policy: Policy) -> Opening:
    newest = _OPENED.newest.get(policy.key)
    try:
        taken = _renewed(policy)
    except SourceUnavailable as error:
        if newest is None:
            raise
        taken = Opening(newest[1].ticket, (f"{error} {_STALE}",))
    _OPENED.newest[policy.key] = (time.monotonic(), taken)
    return taken


def _renewed(policy: Policy) -> Opening:
    """Ask the source anew: a publish and, later, its summaries each bring another ticket."""
    gate = door().gate(policy)
    found = gate.version
    taken = Ticket(*gate.key, name_of(gate))
    _OPENED.hold(taken, lambda: Desk(gate, choices_of(gate)))
    added = (gate.entered.fault,) if gate.entered.fault else ()
    return Opening(taken, (*found.notices, *left_out(gate), *added))


def journal() -> Journal:
    """Return where people keep views, stories, decisions and marks."""
    return door().journal


def renew() -> None:
    """Let the next run ask anew, so that what a reader just entered is there at once."""
    with _OPENED.lock:
        _OPENED.newest.clear()


def gate(taken: Ticket) -> Gate:
    """Return the gate of a ticket."""
    return desk(taken).gate


def choices(taken: Ticket) -> Choices:
    """Return everything that the bearer of a ticket may choose."""
    return desk(taken).choices


def desk(taken: Ticket) -> Desk:
    """Return where the bearer of a ticket reads figures."""
    found = _OPENED.use(taken)
    if found is None:
        raise CxError("The data have moved on since this page was opened. Please load it again.")
    return found


def opening_of(number: int) -> Opening:
    """Return the ticket for one data version of the history, for whoever asks.

    Raises:
        SourceError: there is no such version, or not any more.
        NotBuilt: its summaries must be built again first.
    """
    policy = asking()
    gate = door().gate(policy, number)
    taken = Ticket(*gate.key, name_of(gate))
    with _OPENED.lock:
        _OPENED.hold(taken, lambda: Desk(gate, choices_of(gate)))
    return Opening(taken)


def why_gone(version: str) -> str:
    """Return why nothing can be told from a data version of the history, "" where it can."""
    try:
        door().at(int(version) if version.isascii() and version.isdigit() else 0)
    except CxError as error:
        return str(error)
    return ""


def forget() -> None:
    """Close what is open, so that the next run reads the settings and the source anew."""
    with _OPENED.lock:
        _OPENED.desks.clear()
        _OPENED.newest.clear()
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
        return
    try:
        with journal().reading():
            return
    except CxError as error:
        LOG.warning("no journal: %s", error)
