"""Who asked for rows of single people, and for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cxdata.journal.database import Journal
from cxdata.journal.tables import AUDIT

ROWS = "rows"
"""What was done: rows of single people were read."""

NOBODY = "somebody"
"""Who asks where nobody signs in."""


@dataclass(frozen=True)
class Asked:
    """One reading of rows: who, when, of which metric, and about what."""

    who: str
    at: datetime
    of: str
    about: Mapping[str, Any]


def keep(journal: Journal, who: str, of: str, about: Mapping[str, Any]) -> None:
    """Write down who is about to read the rows behind a metric.

    Raises:
        JournalError: it cannot be written, so the rows may not be read.
    """
    with journal.writing() as connection:
        journal.note(connection, who or NOBODY, ROWS, ("metric", of), after=dict(about))


def asked(journal: Journal, most: int = 200) -> tuple[Asked, ...]:
    """Return who read rows of single people, the newest first."""
    c = AUDIT.c
    query = sa.select(c.who, c.at, c.subject, c.after).where(c.what == ROWS)
    with journal.reading() as connection:
        found = connection.execute(query.order_by(c.at.desc(), c.audit_id.desc()).limit(most))
        return tuple(Asked(*row) for row in found)
