"""From settings to gates: who reads opens the data here and nowhere else."""

from __future__ import annotations

from pathlib import Path

from cxdata.access.policy import Policy
from cxdata.query.gate import Gate
from cxdata.sources.config import Settings, load
from cxdata.sources.opening import open_source
from cxdata.sources.source import DataVersion


class Door:
    """One opened source of data; its engines live as long as it does.

    Raises:
        ConfigError: the settings are wrong.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or load()
        self._source = open_source(self._settings)

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

    def gate(self, policy: Policy | None = None) -> Gate:
        """Return a gate held at the newest version, for whoever asks."""
        return Gate(
            self._source,
            policy or self.policy(),
            seconds=self._settings.statement_seconds,
            fiscal_start=self._settings.fiscal_year_start,
        )
