"""The summaries of what was published, built by the rules that the settings state."""

from __future__ import annotations

from datetime import datetime

from cxdata.marts.build import Built, build
from cxdata.marts.rules import Rules
from cxdata.model.progress import Progress, silent
from cxdata.sources.config import Settings
from cxdata.sources.faults import DATABASE, FOLDER, calm
from cxdata.sources.source import Source
from cxdata.sources.sql import SqlSource


def rules_of(settings: Settings) -> Rules:
    """Return the rules of the marts as the settings state them."""
    return Rules(
        currency=settings.currency,
        grace_days=settings.grace_days,
        lapse_days=settings.lapse_days,
        exposure_days=settings.exposure_days,
        repeat_days=settings.repeat_days,
        paused_is_active=settings.paused_counts_active,
        fiscal_start=settings.fiscal_year_start,
    )


def build_summaries(
    source: Source,
    settings: Settings,
    *,
    now: datetime,
    full: bool = False,
    estimate_lapse: bool = False,
    progress: Progress = silent,
) -> Built | None:
    """Build what the source's version needs; None where the summaries are up to date.

    Raises:
        SourceError: the data cannot be summed up as they are, in a sentence.
    """
    with calm(DATABASE if isinstance(source, SqlSource) else FOLDER):
        return build(
            source,
            rules_of(settings),
            now=now,
            full=full,
            estimate_lapse=estimate_lapse,
            progress=progress,
        )
