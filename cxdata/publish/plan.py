"""What has been decided about an extract in waiting: kept beside it, so that nobody asks twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cxdata.intake.terms import UNKNOWN
from cxdata.publish.mode import Days, Mode
from cxdata.publish.record import read_record, write_record
from cxdata.publish.staged import Staged
from cxdata.sources.store import Store

_FILE = "plan.json"
_OF_VALUES = ("column:", "personal:", UNKNOWN)
"""Begin the keys of answers about values; the others are about tables and columns: the recipe."""


@dataclass(frozen=True)
class Plan:
    """Decisions about one extract.

    ``choices`` say how it is read (encoding, delimiter, ...), ``answers`` what its columns are and
    how their values are written, by the key of the question. ``recipe`` names the recipe that it
    is carried out by, "" for the one that knows its columns. ``first`` and ``last`` are the days
    of a period to replace, both included; None for those of the extract.
    """

    choices: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    recipe: str = ""
    as_of: str = ""
    mode: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def days(self) -> Days | None:
        """The period to replace, where it is stated."""
        if self.first is None or self.last is None:
            return None
        return Days.spanning(self.first, self.last)

    @property
    def for_preparing(self) -> dict[str, Any]:
        """Everything that preparing takes as choices."""
        stated = {"as_of": self.as_of} if self.as_of else {}
        of_values = {
            key: value
            for key, value in self.answers.items()
            if key.startswith(_OF_VALUES) and not key.endswith(":is")
        }
        return {**self.choices, **of_values, **stated}

    def mode_for(self, item: Staged) -> Mode:
        """Return the mode that was decided on, else the recipe's, else adding rows."""
        recipes = item.prepared.mode if item.prepared else ""
        return Mode(self.mode or recipes or Mode.APPEND)


def plan_of(store: Store, item: Staged) -> Plan:
    """Return what has been decided about an extract; nothing at first."""
    return read_record(item.folder(store) / _FILE, Plan) or Plan()


def decide(store: Store, item: Staged, plan: Plan) -> Plan:
    """Keep what was decided."""
    with store.writing():
        write_record(item.folder(store) / _FILE, plan)
    return plan
