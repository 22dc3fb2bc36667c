"""Figures that were another when they were first shown: kept, compared, and told once a showing.

A journal that cannot be opened, read or written costs these sentences and nothing else.
"""

from __future__ import annotations

from cxdata.model.errors import CxError
from cxdata.model.scope import Scope
from cxdata.panels.restated import History, restatements
from cxdata.publish.causes import between_here, causes_here
from cxdata.query.gate import Gate
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
    history = History(causes_here, between_here, _gate)
    return restatements(data.desk(ticket), data.journal(), history, scope, names)


def _gate(number: int) -> Gate | None:
    """Open a version of the history; what its summaries tell is found when they are read."""
    try:
        return data.door().gate(data.asking(), number)
    except CxError:
        return None
