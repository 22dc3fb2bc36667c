"""Why a figure changed: sentences, its parts as a bridge, its cells, and where to look further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cxdata.analysis.anatomy import anatomy
from cxdata.analysis.items import SMALL
from cxdata.analysis.movement import BRIDGED, CHAINED
from cxdata.analysis.same_customers import PANELLED, same_customers
from cxdata.analysis.why import Why
from cxdata.analysis.why import why as why_of
from cxdata.charts import rows
from cxdata.metrics import metric as known_metric
from cxdata.model.errors import BadScope
from cxdata.model.scope import Scope
from cxdata.panels.choices import Choices, Desk
from cxdata.panels.picture import Picture
from cxdata.panels.why_pictures import cells_picture, parts_picture
from cxdata.query.cells import SEVERAL
from cxdata.query.statement import JOURNEY
from cxdata.story.same_customers import same_customers_sentence
from cxdata.story.why import why_sentences

LINES: Final = "Its own parts"
"""Name of the split of a figure that has a bridge or a chain of factors of its own."""

ANSWERED: Final = ("(who answered)",)
"""In place of dimensions: the split of a score by who answered in both periods."""

_FURTHER: Final = 4
"""Slices that are offered to be looked into."""


@dataclass(frozen=True)
class Narrower:
    """One slice of a split, as a reader names it: (dimension, code) pairs."""

    label: str
    within: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Explained:
    """A change taken apart. ``parts`` or ``cells`` is None where the split has none of them."""

    sentences: tuple[str, ...]
    parts: Picture | None
    cells: Picture | None
    further: tuple[Narrower, ...]


def can_be_explained(desk: Desk, name: str) -> bool:
    """Whether the data and the metric allow to take a change of it apart."""
    metric = known_metric(name)
    if desk.gate.missing(metric):
        return False
    try:
        anatomy(metric)
    except BadScope:
        return False
    return bool(splits(desk, name))


def splits(desk: Desk, name: str) -> dict[str, tuple[str, ...]]:
    """Return by what a change can be split, by the name to choose it by; () is its own parts."""
    metric, choices = known_metric(name), desk.choices
    found: dict[str, tuple[str, ...]] = {}
    if name in BRIDGED or name in CHAINED:
        found[LINES] = ()
    names = {code: shown for shown, code in choices.scheme_names.items()}
    found |= {names[scheme]: (scheme,) for scheme in choices.schemes}
    if name in PANELLED:
        found["By who answered"] = ANSWERED
    if not (metric.has_journey and choices.journeys):
        return found
    found["By journey"] = (JOURNEY,)
    if not anatomy(metric).is_whole_by_journey:
        found |= {
            f"By journey and {choices.labels.scheme(scheme).lower()}": (JOURNEY, scheme)
            for scheme in list(choices.schemes)[:1]
        }
    return found


def why(desk: Desk, scope: Scope, name: str, by: tuple[str, ...]) -> Explained:
    """Take the change of a figure apart.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: nothing to compare with, an unfinished period, or no split by that dimension.
    """
    form = desk.choices.format
    if by == ANSWERED:
        return _answered(desk, scope, name)
    found = why_of(desk.gate, name, scope, by or None)
    sentences = why_sentences(found, desk.choices.labels, form)
    return Explained(
        sentences,
        parts_picture(found, form) if found.parts else None,
        cells_picture(found, desk.choices) if len(found.items) > 1 else None,
        _further(found, desk.choices),
    )


def _answered(desk: Desk, scope: Scope, name: str) -> Explained:
    """Tell what the same customers changed, and what came with those who left, joined or did not.

    Raises:
        BadScope: a journey is chosen, or there is nothing to compare with.
    """
    form = desk.choices.format
    found = same_customers(desk.gate, name, scope)
    drawn = parts_picture(found, form) if found.parts else None
    return Explained((same_customers_sentence(found, form),), drawn, None, ())


def _further(found: Why, choices: Choices) -> tuple[Narrower, ...]:
    """The slices worth looking into, those that stand out first."""
    ranked = sorted(found.items, key=lambda item: not item.stands_out)
    offered = [item for item in ranked if not set(item.codes) & {SMALL, SEVERAL, *rows.REST}]
    return tuple(
        Narrower(
            ", ".join(
                choices.names(name)[code] for name, code in zip(found.by, item.codes, strict=True)
            ),
            tuple(zip(found.by, item.codes, strict=True)),
        )
        for item in offered[:_FURTHER]
        if all(code in choices.names(name) for name, code in zip(found.by, item.codes, strict=True))
    )
