"""From settings to the journal."""

from __future__ import annotations

from cxdata.journal.database import Journal
from cxdata.sources.config import Settings

FILE = "journal.db"


def open_journal(settings: Settings) -> Journal:
    """Return the journal that the settings name; by default a file in the data folder."""
    if settings.journal is not None:
        return Journal(settings.journal.url)
    return Journal(settings.place.data / ".cxdata" / FILE)
