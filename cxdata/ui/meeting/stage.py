"""Which slide each room shows at the moment, so that notes on a second screen follow it.

It is kept in the journal, so the two windows may reach different server processes, and a restart
forgets nothing. Where the journal cannot be written, each process remembers what it was told.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from cxdata.journal import rooms
from cxdata.model.errors import CxError
from cxdata.model.story import Position
from cxdata.ui import data

_MOST: Final = 500
_LOCK: Final = threading.Lock()
_HEARD: Final[OrderedDict[str, Position]] = OrderedDict()


def say(room: str, shown: Position) -> None:
    """Say what a room shows; of what a process remembers itself, the oldest is forgotten."""
    if not room:
        return
    try:
        rooms.say(data.journal(), room, shown)
    except CxError:
        with _LOCK:
            _HEARD[room] = shown
            _HEARD.move_to_end(room)
            while len(_HEARD) > _MOST:
                _HEARD.popitem(last=False)


def shown(room: str) -> Position | None:
    """Return what a room shows; None where none of that name was heard of."""
    if not room:
        return None
    try:
        found = rooms.position(data.journal(), room)
    except CxError:
        found = None
    with _LOCK:
        return found or _HEARD.get(room)
