"""What an address asks for in vain, said to the reader with what is shown instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from cxdata.model.period import Grain
from cxdata.panels.address import COMPARISONS, GRAINS
from cxdata.panels.choices import Choices
from cxdata.query.statement import JOURNEY

_WITHIN: Final = "in_"
_SAID: Final = 3
"""Wrong values that are said; the rest of a hostile address is not worth the room."""
_LONGEST: Final = 40


def unanswered(
    choices: Choices, address: Mapping[str, str], all_of: Callable[[str], list[str]]
) -> tuple[str, ...]:
    """Say what an address asks for that these data do not have, and what is shown instead.

    Names that are no question of ours, such as those that mail programs add, are no fault.
    """
    found = []
    for name in address:
        known = _known(choices, name, all_of)
        if known is None:
            continue
        what, offered, instead = known
        wrong = [value for value in all_of(name) if value not in offered]
        if wrong:
            said = " or ".join(_cut(value) for value in dict.fromkeys(wrong[:_SAID]))
            found.append(
                f"The address asks for {what} {said}, which these data do not have;"
                f" showing {instead}."
            )
    return tuple(found[:_SAID])


def _known(
    choices: Choices, name: str, all_of: Callable[[str], list[str]]
) -> tuple[str, Collection[str], str] | None:
    """What a parameter asks for, what may be asked, and what is shown without it."""
    if name.startswith(_WITHIN):
        scheme = name.removeprefix(_WITHIN)
        known = choices.segment_names(scheme) if scheme in choices.schemes else {}
        rest = "the others asked for" if set(all_of(name)) & set(known) else "all"
        return choices.labels.scheme(_cut(scheme)).lower(), known, rest
    if name == JOURNEY:
        names = choices.journey_names
        rest = "the others asked for" if set(all_of(name)) & set(names) else "all journeys"
        return "journey", names, rest
    if name == "period":
        asked = GRAINS.get(next(iter(all_of("grain")), ""), Grain.MONTH)
        grain = asked if choices.periods.get(asked) else Grain.MONTH
        offered = [period.label for period in choices.periods[grain]]
        return "the period", offered, choices.latest(grain).label
    plainly: dict[str, tuple[str, Collection[str], str]] = {
        "grain": ("periods of length", GRAINS, "months"),
        "vs": ("a comparison", COMPARISONS, "the comparison with the previous period"),
        "by": ("slices", choices.scheme_names, next(iter(choices.scheme_names), "none")),
    }
    return plainly.get(name)


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
