"""All rows that people added to curated tables, as one state that readers can hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cxdata.journal.database import Journal
from cxdata.journal.entries import KINDS, entries
from cxdata.model.errors import JournalError


@dataclass(frozen=True)
class Entered:
    """Rows by curated table, oldest first.

    ``stamp`` is another whenever any row is another, so it belongs into the key of whatever is
    made from them. ``fault`` says why they cannot be read, "" where they can.
    """

    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    stamp: str = ""
    fault: str = ""


NOTHING = Entered()


def entered(journal: Journal) -> Entered:
    """Read what people added; a journal that does not answer takes no figure with it."""
    try:
        found = {kind: entries(journal, kind) for kind in KINDS}
    except JournalError as error:
        said = f"{error} Events, goals and owners that were entered here are not shown meanwhile."
        return Entered(stamp="unknown", fault=said)
    rows = {kind: tuple(one.content for one in held) for kind, held in found.items() if held}
    state = repr([(one.kind, one.id, one.changed_at) for held in found.values() for one in held])
    return Entered(rows, hashlib.sha256(state.encode()).hexdigest()[:16]) if rows else NOTHING
