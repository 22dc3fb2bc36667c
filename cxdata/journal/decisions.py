"""The memory of meetings: what was decided in front of which figures, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.journal.database import Journal
from cxdata.journal.tables import DECISION
from cxdata.journal.views import required
from cxdata.model.errors import JournalError
from cxdata.model.story import Decision, View

_LONGEST = 2_000


def decisions(journal: Journal, story_id: str | None = None) -> tuple[Decision, ...]:
    """Return what was decided, newest first: all, or what a story's meetings decided."""
    query = sa.select(DECISION).order_by(DECISION.c.said_at.desc(), DECISION.c.decision_id)
    if story_id is not None:
        query = query.where(DECISION.c.story_id == story_id)
    with journal.reading() as connection:
        return tuple(_decision(row) for row in connection.execute(query))


def decide(journal: Journal, decision: Decision, who: str) -> Decision:
    """Log a decision with the view and the figures it was made in front of.

    Raises:
        JournalError: it has no text or no owner.
    """
    text = required(decision.text, "A decision", _LONGEST)
    owner = required(decision.owner, "The owner of a decision", 200)
    values = {
        "decision_id": uuid.uuid4().hex,
        "text": text,
        "owner": owner,
        "due": decision.due,
        "story_id": decision.story_id,
        **asdict(decision.view),
        "figures": [dict(one) for one in decision.figures],
        "data_version": decision.data_version,
        "said_by": who,
        "said_at": journal.clock(),
        "outcome": "",
    }
    with journal.writing() as connection:
        connection.execute(sa.insert(DECISION).values(values))
        after = {"text": text, "owner": owner, "due": _day(decision.due)}
        journal.note(
            connection, who, "decided", ("decision", str(values["decision_id"])), None, after
        )
    return _one(journal, str(values["decision_id"]))


def close(journal: Journal, decision_id: str, outcome: str, who: str) -> Decision:
    """Say what came of a decision; one that is closed already is refused."""
    outcome = required(outcome, "What came of a decision", _LONGEST)
    mine = (DECISION.c.decision_id == decision_id) & DECISION.c.closed_at.is_(None)
    with journal.writing() as connection:
        done = connection.execute(
            sa.update(DECISION).where(mine).values(closed_at=journal.clock(), outcome=outcome)
        )
        if done.rowcount != 1:
            raise JournalError("This decision is closed already, or is there no more.")
        journal.note(
            connection, who, "closed", ("decision", decision_id), after={"outcome": outcome}
        )
    return _one(journal, decision_id)


def overdue(found: Sequence[Decision], today: date) -> tuple[Decision, ...]:
    """Return the open decisions whose day has passed, the longest overdue first."""
    late = [one for one in found if one.is_open and one.due is not None and one.due < today]
    return tuple(sorted(late, key=lambda one: (one.due or today, one.id)))


def _one(journal: Journal, decision_id: str) -> Decision:
    query = sa.select(DECISION).where(DECISION.c.decision_id == decision_id)
    with journal.reading() as connection:
        return _decision(connection.execute(query).one())


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _decision(row: Any) -> Decision:
    return Decision(
        text=row.text,
        owner=row.owner,
        view=View(row.page, row.address, row.version, row.panel),
        due=row.due,
        story_id=row.story_id,
        figures=tuple(row.figures),
        data_version=row.data_version,
        id=row.decision_id,
        said_by=row.said_by,
        said_at=row.said_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
    )
