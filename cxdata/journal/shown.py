"""What headlines said when they were first shown, state of the data by state of the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from cxdata.journal.database import Journal
from cxdata.journal.tables import SHOWN_FIGURE


@dataclass(frozen=True)
class ShownFigure:
    """One figure as a reader saw it: ``slice_key`` says of whom, ``method`` how it was counted."""

    metric: str
    period: str
    slice_key: str
    data_version: str
    method: str
    value: float | None
    n: int | None
    shown_at: datetime | None = None


def remember(journal: Journal, figures: Iterable[ShownFigure]) -> int:
    """Keep figures that have not been shown at their state of the data; return how many.

    The first showing counts: a figure that is there already stays as it is.
    """
    wanted = {_key(one): one for one in figures}
    if not wanted:
        return 0
    columns = (SHOWN_FIGURE.c[name] for name in _KEY)
    versions = {one.data_version for one in wanted.values()}
    there_query = sa.select(*columns).where(SHOWN_FIGURE.c.data_version.in_(versions))
    with journal.writing() as connection:
        there = {tuple(row) for row in connection.execute(there_query)}
        new = [
            {**{name: getattr(one, name) for name in (*_KEY, "value", "n")}, "shown_at": now}
            for now in (journal.clock(),)
            for key, one in wanted.items()
            if key not in there
        ]
        if new:
            connection.execute(sa.insert(SHOWN_FIGURE), new)
    return len(new)


def shown(journal: Journal, metric: str, period: str, slice_key: str) -> tuple[ShownFigure, ...]:
    """Return what a figure said over time, as first shown at each state of the data."""
    c = SHOWN_FIGURE.c
    query = (
        sa.select(SHOWN_FIGURE)
        .where(c.metric == metric, c.period == period, c.slice_key == slice_key)
        .order_by(c.shown_at, c.data_version)
    )
    with journal.reading() as connection:
        return tuple(ShownFigure(**row._mapping) for row in connection.execute(query))


_KEY = ("metric", "period", "slice_key", "data_version", "method")


def _key(one: ShownFigure) -> tuple[str, ...]:
    return tuple(getattr(one, name) for name in _KEY)
