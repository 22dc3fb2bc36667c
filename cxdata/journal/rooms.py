"""Which slide each room shows at the moment, so that notes on a second screen follow it.

It is told by the window that presents, whichever server process that window reaches, and is there
again after a restart.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from cxdata.journal.database import Journal
from cxdata.journal.tables import ROOM
from cxdata.model.story import Position

KEPT: Final = timedelta(days=7)
"""How long a room is remembered after its last slide."""


def position(journal: Journal, room: str) -> Position | None:
    """Return what a room shows; None where none of that name was heard of."""
    with journal.reading() as connection:
        row = connection.execute(sa.select(ROOM).where(ROOM.c.room_id == room)).first()
    return None if row is None else Position(row.story_id, row.slide, row.narrowed)


def say(journal: Journal, room: str, shown: Position) -> None:
    """Say what a room shows; what it shows already is not written again."""
    had = position(journal, room)
    if had == shown:
        return
    now = journal.clock()
    values = {
        "story_id": shown.story,
        "slide": shown.slide,
        "narrowed": shown.only,
        "said_at": now,
    }
    with journal.writing() as connection:
        mine = sa.update(ROOM).where(ROOM.c.room_id == room).values(values)
        if not connection.execute(mine).rowcount:
            connection.execute(sa.insert(ROOM).values(room_id=room, **values))
            connection.execute(sa.delete(ROOM).where(ROOM.c.said_at < now - KEPT))
