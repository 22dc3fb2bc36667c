"""From settings to the journal."""

from __future__ import annotations

from pathlib import Path

from cxdata.journal.database import Journal
from cxdata.sources.config import Settings

FILE = "journal.db"


def open_journal(settings: Settings) -> Journal:
    """Return the journal that the settings name; by default a file in the data folder."""
    if settings.journal is not None:
        return Journal(settings.journal.url)
    return Journal(_file(settings))


def is_begun(settings: Settings) -> bool:
    """Whether there may be anything in the journal; reading alone never makes its file."""
    return settings.journal is not None or _file(settings).exists()


def _file(settings: Settings) -> Path:
    return settings.place.data / ".cxdata" / FILE
