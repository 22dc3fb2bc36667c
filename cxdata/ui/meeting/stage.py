"""Which slide each room shows at the moment, so that notes on a second screen follow it.

The place itself lives in the address of the presenting window, which says it anew at each look; so
this memory may be lost with the process, and is there again when that window reconnects.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from cxdata.ui.meeting.place import Place

_MOST: Final = 500
_LOCK: Final = threading.Lock()
_ROOMS: Final[OrderedDict[str, Place]] = OrderedDict()


def say(place: Place) -> None:
    """Say what a room shows; the rooms heard of longest ago are forgotten."""
    if not place.room:
        return
    with _LOCK:
        _ROOMS[place.room] = place
        _ROOMS.move_to_end(place.room)
        while len(_ROOMS) > _MOST:
            _ROOMS.popitem(last=False)


def shown(room: str) -> Place | None:
    """Return what a room shows; None where none of that name was heard of."""
    with _LOCK:
        return _ROOMS.get(room)
