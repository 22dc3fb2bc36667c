"""The address of a view: a scope as query parameters, in the words that a reader chose it by.

``period=Q3+2026&journey=Onboarding`` reopens the same view on any surface: a page, a story, a pack.
Defaults stay out of it. What an address asks for and the data do not have is left out and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import parse_qs, urlencode

from cxdata.model.period import Grain, Period
from cxdata.model.scope import Compare, Scope
from cxdata.panels.choices import Choices
from cxdata.query.statement import JOURNEY

T = TypeVar("T")
Parameters = Mapping[str, str | tuple[str, ...]]

GRAINS: Final = {"Month": Grain.MONTH, "Quarter": Grain.QUARTER, "Year": Grain.YEAR}
COMPARISONS: Final = {
    "vs previous period": Compare.PREVIOUS,
    "vs a year earlier": Compare.YEAR,
    "No comparison": Compare.NONE,
}
_MOST_CHARACTERS: Final = 20_000
_MOST_FIELDS: Final = 1_000
"""Of a longer address no more is read: nobody chooses that much by hand."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for: the scope, the attribute to slice by, and what was left out."""

    scope: Scope
    scheme: str | None
    unknown: tuple[str, ...] = ()


def parameters(
    scope: Scope, scheme: str | None, choices: Choices
) -> dict[str, str | tuple[str, ...]]:
    """Return the query parameters of a view, defaults left out."""
    grain, period = scope.period.grain, scope.period
    found: dict[str, str | tuple[str, ...]] = {}
    if grain is not Grain.MONTH:
        found["grain"] = _name_of(grain, GRAINS)
    if period != choices.latest(grain):
        found["period"] = period.label
    if scope.compare is not Compare.PREVIOUS:
        found["vs"] = _name_of(scope.compare, COMPARISONS)
    if scope.journeys:
        names = choices.names(JOURNEY)
        found["journey"] = tuple(names[code] for code in scope.journeys)
    if scheme and scheme != next(iter(choices.schemes)):
        found["by"] = _name_of(scheme, choices.scheme_names)
    for name, codes in scope.where:
        named = choices.names(name)
        found[f"in_{name}"] = tuple(named[code] for code in codes)
    return found


def written(scope: Scope, scheme: str | None, choices: Choices) -> str:
    """Return the address of a view as text; the same view has the same text."""
    return urlencode(parameters(scope, scheme, choices), doseq=True)


def asked(address: str, choices: Choices, period: Period | None = None) -> Asked:
    """Return what an address asks for; what the data do not have is left out and named.

    ``period`` is shown in place of the newest where the address states none.
    """
    try:
        given = parse_qs(address[:_MOST_CHARACTERS], max_num_fields=_MOST_FIELDS)
    except ValueError:
        given = {}
    unknown: list[str] = []
    grain = _one(given, "grain", GRAINS, Grain.MONTH, unknown)
    if not choices.periods.get(grain):
        grain = Grain.MONTH
    offered = {one.label: one for one in choices.periods[grain]}
    default = choices.latest(grain)
    if period is not None and period in offered.values():
        default = period
    scope = Scope(
        period=_one(given, "period", offered, default, unknown),
        compare=_one(given, "vs", COMPARISONS, Compare.PREVIOUS, unknown),
        journeys=_several(given, "journey", choices.journey_names, unknown),
        where=tuple(
            (scheme, _several(given, f"in_{scheme}", choices.segment_names(scheme), unknown))
            for scheme in choices.schemes
        ),
    )
    first = next(iter(choices.schemes), None)
    scheme = _one(given, "by", choices.scheme_names, first, unknown)
    return Asked(scope, scheme, tuple(unknown))


def _name_of(value: object, names: Mapping[str, object]) -> str:
    return next(name for name, known in names.items() if known == value)


def _one(
    given: Mapping[str, Sequence[str]],
    key: str,
    names: Mapping[str, T],
    default: T,
    unknown: list[str],
) -> T:
    wanted = given.get(key, [""])[0]
    if wanted and wanted not in names:
        unknown.append(wanted)
    return names.get(wanted, default)


def _several(
    given: Mapping[str, Sequence[str]], key: str, names: Mapping[str, str], unknown: list[str]
) -> tuple[str, ...]:
    wanted = given.get(key, [])
    unknown.extend(name for name in wanted if name not in names)
    return tuple(names[name] for name in wanted if name in names)
