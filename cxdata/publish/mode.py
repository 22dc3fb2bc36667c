"""How the rows of an extract meet the rows that are published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Mode(StrEnum):
    """What becomes of published rows whose key the extract has, and of those it has not.

    In each a row with a new key is added, and one that is published as it is counts once.
    """

    APPEND = "append"
    """Only new keys are added; a key with other values stops the publish."""
    UPSERT = "upsert"
    """A key with other values takes the extract's; nothing is removed."""
    REPLACE_PERIOD = "replace_period"
    """As upsert; and rows of the same source in the extract's period that it lacks are removed.
    Tables without an event date are upserted."""
    REPLACE_TABLE = "replace_table"
    """The extract's rows stand in place of all rows of its tables."""

    @property
    def words(self) -> str:
        """The mode for a reader."""
        return _WORDS[self]


_WORDS = {
    Mode.APPEND: "add new rows",
    Mode.UPSERT: "add new rows and update those that changed",
    Mode.REPLACE_PERIOD: "put the rows in place of those of the same period",
    Mode.REPLACE_TABLE: "put the rows in place of the whole tables",
}


@dataclass(frozen=True)
class Days:
    """Business dates from ``start`` up to, not including, ``end``."""

    start: date
    end: date

    @classmethod
    def spanning(cls, low: date, high: date) -> Days:
        """Return the days from the first to the last, both included."""
        return cls(low, high + timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.start:%d %B %Y} to {self.end - timedelta(days=1):%d %B %Y}"
