"""Scope: which customers, which journeys, when, compared with what; and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cxdata.model.period import Period


class Compare(StrEnum):
    """What a period is compared with."""

    PREVIOUS = "previous"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True)
class Labels:
    """Names of codes for readers; a code without a name stands for itself."""

    schemes: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    journeys: Mapping[str, str] = field(default_factory=dict)

    def scheme(self, scheme: str) -> str:
        """Name of a slicing attribute."""
        return self.schemes.get(scheme, scheme.replace("_", " ").capitalize())

    def segment(self, scheme: str, code: str) -> str:
        """Name of a segment."""
        return self.segments.get((scheme, code), code)

    def journey(self, code: str) -> str:
        """Name of a journey."""
        return self.journeys.get(code, code)


@dataclass(frozen=True)
class Scope:
    """One frozen, hashable question: who, which journeys, when, against when.

    ``where`` holds ``(scheme, codes)`` pairs that all must hold; ``journeys`` is "any of these".
    """

    period: Period
    compare: Compare = Compare.PREVIOUS
    journeys: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        """Bring filters into one order, so that equal questions are equal keys."""
        pairs = {scheme: tuple(sorted(set(codes))) for scheme, codes in self.where if codes}
        object.__setattr__(self, "where", tuple(sorted(pairs.items())))
        object.__setattr__(self, "journeys", tuple(sorted(set(self.journeys))))

    @property
    def against(self) -> Period | None:
        """The period it is compared with."""
        if self.compare is Compare.PREVIOUS:
            return self.period.previous()
        return self.period.year_before() if self.compare is Compare.YEAR else None

    def at(self, period: Period) -> Scope:
        """Return the same question about another period."""
        return replace(self, period=period)

    def narrowed(self, scheme: str, code: str) -> Scope:
        """Return the same question about one segment only."""
        rest = tuple(pair for pair in self.where if pair[0] != scheme)
        return replace(self, where=(*rest, (scheme, (code,))))

    def on_journey(self, code: str) -> Scope:
        """Return the same question about one journey only."""
        return replace(self, journeys=(code,))

    def who(self, labels: Labels) -> str:
        """Say who is in the scope: ``Segment SMB or Enterprise, customers in Onboarding``."""
        parts = [
            f"{labels.scheme(scheme)} {_either([labels.segment(scheme, code) for code in codes])}"
            for scheme, codes in self.where
        ]
        if self.journeys:
            parts.append(f"journey {_either([labels.journey(code) for code in self.journeys])}")
        return ", ".join(parts) if parts else "All customers"

    def words(self, labels: Labels) -> str:
        """Say the whole scope in one sentence, for captions, footers and file names."""
        against = self.against
        compared = f", compared with {against.label}" if against else ""
        return f"{self.who(labels)}, {self.period.label}{compared}."


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
