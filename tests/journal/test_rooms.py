from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxdata.journal import rooms
from cxdata.journal.database import Journal
from cxdata.journal.tables import ROOM
from cxdata.model.story import Position
from tests.journal.conftest import Clock


def test_a_room_shows_what_was_said_last(journal: Journal) -> None:
    assert rooms.position(journal, "main") is None
    rooms.say(journal, "main", Position("s1", 1))
    rooms.say(journal, "side", Position("s2", 4))
    rooms.say(journal, "main", Position("s1", 2, "in_region=Nordics"))
    assert rooms.position(journal, "main") == Position("s1", 2, "in_region=Nordics")
    assert rooms.position(journal, "side") == Position("s2", 4)


def test_what_a_room_shows_already_is_not_written_again(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms.say(journal, "main", Position("s1", 1))
    monkeypatch.setattr(journal, "writing", lambda: pytest.fail("written again"))
    rooms.say(journal, "main", Position("s1", 1))


def test_another_process_sees_it_and_a_restart_forgets_nothing(tmp_path: Path) -> None:
    wall, notes = Journal(tmp_path / "journal.db"), Journal(tmp_path / "journal.db")
    for slide in (1, 2, 3):
        rooms.say(wall, "main", Position("s1", slide))
        assert rooms.position(notes, "main") == Position("s1", slide)
    wall.close()
    notes.close()
    again = Journal(tmp_path / "journal.db")
    assert rooms.position(again, "main") == Position("s1", 3)
    again.close()


def test_rooms_that_nobody_used_for_a_week_are_forgotten(tmp_path: Path) -> None:
    clock = Clock()
    journal = Journal(tmp_path / "journal.db", clock)
    rooms.say(journal, "old", Position("s1", 1))
    clock.now += timedelta(days=8)
    rooms.say(journal, "new", Position("s1", 1))
    with journal.reading() as connection:
        assert connection.execute(sa.select(ROOM.c.room_id)).scalars().all() == ["new"]
    journal.close()
