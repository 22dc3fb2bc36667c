"""What a reader can choose from: every period, segment and journey, with their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cxdata.model.errors import SourceError
from cxdata.model.format import Format
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Labels
from cxdata.model.summaries import NO_JOURNEY
from cxdata.query.gate import Gate
from cxdata.query.options import finished_through, held_back, options, periods
from cxdata.query.statement import JOURNEY


@dataclass(frozen=True)
class Choices:
    """Every period, segment and journey that the person asking may choose.

    ``periods`` stand newest first; ``schemes`` hold the codes of each slicing attribute in their
    declared order.
    """

    periods: Mapping[Grain, tuple[Period, ...]]
    complete_through: date | None
    schemes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    journeys: tuple[str, ...] = ()
    labels: Labels = field(default_factory=Labels)
    currency: str = "EUR"
    held_back: tuple[tuple[str, date], ...] = ()
    """Tables that are complete for fewer days than others, and to when."""

    def is_complete(self, period: Period) -> bool:
        """Whether all data of a period are expected to be there."""
        return self.complete_through is not None and self.complete_through >= _last_day(period)

    def latest(self, grain: Grain) -> Period:
        """Return the newest finished period of a grain, else the newest there is."""
        offered = self.periods[grain]
        return next((period for period in offered if self.is_complete(period)), offered[0])

    @property
    def journey_names(self) -> dict[str, str]:
        """Journey codes by the name under which they are chosen."""
        return _unique({code: self.labels.journey(code) for code in self.journeys})

    @property
    def scheme_names(self) -> dict[str, str]:
        """Slicing attributes by the name under which they are chosen."""
        return _unique({code: f"By {self.labels.scheme(code).lower()}" for code in self.schemes})

    def segment_names(self, scheme: str) -> dict[str, str]:
        """Segment codes of an attribute by the name under which they are chosen."""
        return _unique({code: self.labels.segment(scheme, code) for code in self.schemes[scheme]})

    def names(self, by: str) -> dict[str, str]:
        """Names of journeys or of an attribute's segments by code, no two of them alike."""
        named = self.journey_names if by == JOURNEY else self.segment_names(by)
        return {code: name for name, code in named.items()}

    @property
    def format(self) -> Format:
        """How figures are written."""
        return Format(self.currency)


def choices_of(gate: Gate) -> Choices:
    """Read through the gate what whoever asks may choose."""
    offered = options(gate)
    names = {code: offered.labels.journey(code) for code in offered.journeys}
    return Choices(
        periods={grain: periods(gate, grain)[::-1] for grain in Grain},
        complete_through=finished_through(gate),
        schemes=offered.schemes,
        journeys=offered.journeys,
        labels=replace(offered.labels, journeys={**names, NO_JOURNEY: "No journey"}),
        currency=gate.built.currency,
        held_back=held_back(gate),
    )


def _unique(labels: Mapping[str, str]) -> dict[str, str]:
    """Turn labels by code around; where codes share a label, each says its code too."""
    uses = Counter(labels.values())
    return {
        f"{label} ({code})" if uses[label] > 1 else label: code for code, label in labels.items()
    }


def _last_day(period: Period) -> date:
    return date.fromordinal(period.end.toordinal() - 1)


@dataclass(frozen=True)
class Desk:
    """Where figures are read: the gate of whoever asks, and what it offers to choose from."""

    gate: Gate
    choices: Choices
    earlier: Callable[[str], Desk] | None = field(default=None, repr=False, compare=False)
    """Opens the desk at an earlier data version, where the source keeps any."""

    def at(self, version: str | None) -> Desk:
        """Return the desk at a data version; without one, or at its own, this one.

        Raises:
            SourceError: there is no such version, or not any more.
        """
        mine = self.gate.version
        if version is None or version in (mine.id, str(mine.number)):
            return self
        if self.earlier is None:
            raise SourceError(
                f"The figures stay at data version {version}, and these data keep no earlier ones."
            )
        return self.earlier(version)
