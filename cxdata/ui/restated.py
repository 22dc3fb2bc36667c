"""Figures that were another when they were first shown: kept, compared, and told once a showing.

A journal that cannot be opened, read or written costs these sentences and nothing else.
"""

from __future__ import annotations

from cxdata.analysis.restatement import Cause
from cxdata.model.errors import CxError
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.panels.restated import restatements
from cxdata.publish.causes import causes_between
from cxdata.publish.place import ReadOnly, store_of
from cxdata.sources.config import load
from cxdata.ui import cache, data, faults
from cxdata.ui.data import Ticket


def restated(ticket: Ticket, scope: Scope, names: tuple[str, ...]) -> tuple[str, ...]:
    """Say which figures of a page differ from their first showing, by how much and why."""
    try:
        found: tuple[str, ...] = _restated(ticket, scope, names)
    except CxError as error:  # not remembered, so the next showing tries again
        faults.LOG.warning("shown figures are not compared: %s", error)
        return ()
    return found


@cache.kept
def _restated(ticket: Ticket, scope: Scope, names: tuple[str, ...]) -> tuple[str, ...]:
    return restatements(data.desk(ticket), data.journal(), _causes, scope, names)


def _causes(before: str, after: str, tables: frozenset[str], period: Period) -> frozenset[Cause]:
    """What was published between two versions; unknown where the product publishes nothing."""
    try:
        store = store_of(load())
    except ReadOnly:
        return frozenset()
    return causes_between(store, before, after, tables, period)
