"""The state of the data that a view is told from, as it says so itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cxdata.panels.choices import Desk
from cxdata.query.gate import Gate

DEMO = "demo"
"""Who publishes the invented company."""


@dataclass(frozen=True)
class State:
    """One data version: ``id`` for machines, ``name`` as the pages name it, and to when it goes."""

    id: str
    name: str
    through: date | None

    @property
    def words(self) -> str:
        """From which data something is, in words."""
        day = self.through
        through = f"data through {day.day} {day:%b %Y}" if day else ""
        return " · ".join(filter(None, (through, f"version {self.name}", "CX Outcomes")))


def state_of(desk: Desk) -> State:
    """Return the state of the data at a desk."""
    return State(desk.gate.version.id, name_of(desk.gate), desk.choices.complete_through)


def name_of(gate: Gate) -> str:
    """Return the name of a data version: its number where its source counts them, else its id."""
    version = gate.version
    name = str(version.number) if version.number is not None else version.id
    return f"{name}, an invented company" if version.published_by == DEMO else name
