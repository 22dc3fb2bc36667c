"""Stories: saved whole, version by version; nobody's change is lost to another's."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from cxdata.journal.database import Journal
from cxdata.journal.tables import STORY
from cxdata.journal.views import required
from cxdata.model.errors import JournalError
from cxdata.model.story import Slide, Story, View

T = TypeVar("T")


def stories(journal: Journal) -> tuple[Story, ...]:
    """Return the newest version of every story, by name."""
    newest = _newest()
    query = (
        sa.select(STORY)
        .join(newest, (STORY.c.story_id == newest.c.story_id) & (STORY.c.number == newest.c.number))
        .where(sa.not_(STORY.c.is_gone))
        .order_by(sa.func.lower(STORY.c.name), STORY.c.story_id)
    )
    with journal.reading() as connection:
        return tuple(_story(row) for row in connection.execute(query))


def story(journal: Journal, story_id: str, number: int | None = None) -> Story:
    """Return one story: its newest version, or the one stated.

    Raises:
        JournalError: there is none.
    """
    with journal.reading() as connection:
        row = _row(connection, story_id, number)
    if row is None or (number is None and row.is_gone):
        raise JournalError("There is no such story any more; it may have been removed.")
    return _story(row)


def versions(journal: Journal, story_id: str) -> tuple[Story, ...]:
    """Return every version of a story, newest first."""
    query = sa.select(STORY).where(STORY.c.story_id == story_id).order_by(STORY.c.number.desc())
    with journal.reading() as connection:
        return tuple(_story(row) for row in connection.execute(query) if not row.is_gone)


def save_story(journal: Journal, told: Story, who: str) -> Story:
    """Save a story as its next version and return it; one without an id is new.

    Raises:
        JournalError: somebody saved a newer version than the one this was made from.
    """
    name = required(told.name, "The name of a story", 200)
    story_id = told.id or uuid.uuid4().hex
    with journal.writing() as connection:
        there = _row(connection, story_id, None)
        number = 0 if there is None else int(there.number)
        if number != told.number:
            raise JournalError(
                f"{there.changed_by if there else 'Somebody'} saved this story as version "
                f"{number} meanwhile; open it again, and repeat your change there."
            )
        _insert(journal, connection, Story(name, told.slides, story_id, number + 1), who, False)
    return story(journal, story_id)


def copy_story(journal: Journal, story_id: str, name: str, who: str) -> Story:
    """Save a copy of a story under another name."""
    return save_story(journal, Story(name, story(journal, story_id).slides), who)


def remove_story(journal: Journal, story_id: str, who: str) -> None:
    """Take a story from the list; its versions are kept."""
    with journal.writing() as connection:
        there = _row(connection, story_id, None)
        if there is not None and not there.is_gone:
            last = _story(there)
            gone = Story(last.name, last.slides, story_id, last.number + 1)
            _insert(journal, connection, gone, who, True)


def _insert(journal: Journal, connection: Connection, told: Story, who: str, is_gone: bool) -> None:
    slides = [_written(slide) for slide in told.slides]
    connection.execute(
        sa.insert(STORY).values(
            story_id=told.id,
            number=told.number,
            name=told.name,
            slides=slides,
            is_gone=is_gone,
            changed_by=who,
            changed_at=journal.clock(),
        )
    )
    what = "removed" if is_gone else "saved"
    after = {"name": told.name, "number": told.number, "slides": len(slides)}
    journal.note(connection, who, what, ("story", told.id), after=after)


def _newest() -> sa.Subquery:
    return (
        sa.select(STORY.c.story_id, sa.func.max(STORY.c.number).label("number"))
        .group_by(STORY.c.story_id)
        .subquery()
    )


def _row(connection: Connection, story_id: str, number: int | None) -> Any:
    query = sa.select(STORY).where(STORY.c.story_id == story_id)
    if number is not None:
        query = query.where(STORY.c.number == number)
    return connection.execute(query.order_by(STORY.c.number.desc()).limit(1)).first()


def _story(row: Any) -> Story:
    return Story(
        name=row.name,
        slides=tuple(_slide(one) for one in row.slides),
        id=row.story_id,
        number=row.number,
        saved_by=row.changed_by,
        saved_at=row.changed_at,
    )


def _written(slide: Slide) -> dict[str, Any]:
    """Return a slide as it is kept; what is not said is left out, for readers that know no such."""
    content = asdict(slide)
    content["view"] = {name: value for name, value in content["view"].items() if value}
    return content


def _slide(content: Mapping[str, Any]) -> Slide:
    return _known(Slide, {**content, "view": _known(View, content["view"])})


def _known(kind: type[T], content: Mapping[str, Any]) -> T:
    """Make a thing of what is kept; what a later version of the product wrote is passed over."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in content.items() if name in names})
