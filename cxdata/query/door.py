"""From settings to gates: who reads opens the data here and nowhere else."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from cxdata.access.policy import Policy
from cxdata.journal.asked import keep
from cxdata.journal.database import Journal
from cxdata.journal.entered import NOTHING, Entered, entered
from cxdata.journal.opening import is_begun, open_journal
from cxdata.model.errors import SourceError
from cxdata.query.gate import Asking, Gate
from cxdata.sources.config import Settings, load
from cxdata.sources.opening import open_source
from cxdata.sources.source import DataVersion, Source
from cxdata.sources.store_source import StoreSource


class Door:
    """One opened source of data; its engines live as long as it does.

    Raises:
        ConfigError: the settings are wrong.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or load()
        self._source = open_source(self._settings)

    @property
    def settings(self) -> Settings:
        """What the data are opened by."""
        return self._settings

    @property
    def data(self) -> Path:
        """The data folder that the settings name."""
        return self._settings.place.data

    def version(self) -> DataVersion:
        """Return the newest data version."""
        return self._source.version()

    def has_summaries(self) -> bool:
        """Whether the newest version has summaries to read."""
        return self._source.marts.exists

    def policy(self) -> Policy:
        """Return the policy of whoever asks: everyone sees everything for now."""
        return Policy(k_min=self._settings.k_min)

    @cached_property
    def journal(self) -> Journal:
        """Where views, stories, decisions and marks are kept."""
        return open_journal(self._settings)

    def entered(self) -> Entered:
        """Return what people added to curated tables; nothing before the first thing is kept."""
        return entered(self.journal) if is_begun(self._settings) else NOTHING

    def gate(self, policy: Policy | None = None, number: int | None = None) -> Gate:
        """Return a gate held at the newest version, or at the one of that number.

        Raises:
            SourceError: the source keeps no such version.
        """
        return Gate(
            self._source if number is None else self.at(number),
            policy or self.policy(),
            seconds=self._settings.statement_seconds,
            fiscal_start=self._settings.fiscal_year_start,
            entered=self.entered(),
            audit=self._keep,
        )

    def _keep(self, asking: Asking) -> None:
        keep(self.journal, asking.who, asking.of, asking.about)

    def at(self, number: int) -> Source:
        """Return the source held at one data version of the history.

        Raises:
            SourceError: the source keeps no such version.
        """
        if not isinstance(self._source, StoreSource):
            raise SourceError("These data keep no earlier versions, only the newest.")
        return self._source.at(number)
