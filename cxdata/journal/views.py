"""Views saved under a name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict

import sqlalchemy as sa

from cxdata.journal.database import Journal
from cxdata.journal.tables import SAVED_VIEW
from cxdata.model.errors import JournalError
from cxdata.model.story import View


def saved_views(journal: Journal) -> Mapping[str, View]:
    """Return every saved view by its name."""
    query = sa.select(SAVED_VIEW).order_by(SAVED_VIEW.c.name)
    with journal.reading() as connection:
        return {
            row.name: View(row.page, row.address, row.version, row.panel)
            for row in connection.execute(query)
        }


def save_view(journal: Journal, name: str, view: View, who: str, *, replace: bool = False) -> None:
    """Save a view under a name.

    Raises:
        JournalError: there is another view of that name, and ``replace`` does not say to take it.
    """
    name = required(name, "A view", 200)
    content = asdict(view)
    with journal.writing() as connection:
        there = connection.execute(sa.select(SAVED_VIEW).where(SAVED_VIEW.c.name == name)).first()
        if there is not None and not replace:
            raise JournalError(f"There is a view named {name!r} already; choose another name.")
        view_id = uuid.uuid4().hex if there is None else there.view_id
        values = {**content, "changed_by": who, "changed_at": journal.clock()}
        if there is None:
            values |= {"view_id": view_id, "name": name}
            connection.execute(sa.insert(SAVED_VIEW).values(values))
        else:
            mine = SAVED_VIEW.c.view_id == view_id
            connection.execute(sa.update(SAVED_VIEW).where(mine).values(values))
        journal.note(connection, who, "saved", ("view", view_id), after={"name": name, **content})


def forget_view(journal: Journal, name: str, who: str) -> None:
    """Take a saved view away; one that is gone already is no fault."""
    with journal.writing() as connection:
        there = connection.execute(sa.select(SAVED_VIEW).where(SAVED_VIEW.c.name == name)).first()
        if there is not None:
            mine = SAVED_VIEW.c.view_id == there.view_id
            connection.execute(sa.delete(SAVED_VIEW).where(mine))
            journal.note(connection, who, "removed", ("view", there.view_id), {"name": name})


def required(text: str, what: str, longest: int) -> str:
    """Return a text without its outer blanks; one that is empty or too long is refused."""
    text = " ".join(text.split())
    if not text:
        raise JournalError(f"{what} needs a text.")
    if len(text) > longest:
        raise JournalError(
            f"{what} has {len(text):,} characters; {longest:,} is the most. Shorten it."
        )
    return text
