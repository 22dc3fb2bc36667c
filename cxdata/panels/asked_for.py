"""Pictures that a page draws when somebody asks for them, by name, so that a slide can show them.

``whale-0`` is the first picture behind a click; ``why-nps-segment-cells`` what each slice of the
attribute ``segment`` brought to the change of NPS, ``why-cost_to_serve-own-parts`` the change of
costs by its own lines.
"""

from __future__ import annotations

from typing import Final

from cxdata.metrics import metric as known_metric
from cxdata.metrics import registry
from cxdata.model.errors import BadScope, UnknownName
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.deeper import TITLES, deeper, title_of
from cxdata.panels.picture import Picture
from cxdata.panels.why import ANSWERED, why

WHY: Final = "why"
_OWN: Final = "own"
_ANSWERED: Final = "answered"
_PIECES: Final = {"parts": "part by part", "cells": "slice by slice"}


def why_name(metric: str, by: tuple[str, ...], piece: str) -> str:
    """Return the name of one picture of a change taken apart.

    >>> why_name("nps", ("journey", "segment"), "cells")
    'why-nps-journey+segment-cells'
    """
    how = _ANSWERED if by == ANSWERED else "+".join(by) or _OWN
    return f"{WHY}-{metric}-{how}-{piece}"


def is_asked_for(name: str) -> bool:
    """Whether a name is that of a picture behind a click or of a change taken apart.

    >>> is_asked_for("hidden-nps-0"), is_asked_for("why-nps-segment-parts"), is_asked_for("why-x")
    (True, True, False)
    """
    part, _, place = name.rpartition("-")
    if name.startswith(f"{WHY}-"):
        return place in _PIECES and len(name.split("-", 2)) == 3 and _metric(name) in registry()
    return place.isdecimal() and (part in TITLES or part.partition("-")[0] in TITLES)


def picture(desk: Desk, scope: Scope, scheme: str | None, name: str) -> Picture:
    """Return a picture that was asked for.

    Raises:
        UnknownName: there is no such picture.
        MissingTables: the data lack what it needs.
        BadScope: what is chosen leaves nothing to tell.
    """
    if not is_asked_for(name):
        raise UnknownName("picture", name, TITLES)
    part, _, place = name.rpartition("-")
    if name.startswith(f"{WHY}-"):
        how = part.split("-", 2)[2]
        by = {_OWN: (), _ANSWERED: ANSWERED}.get(how, tuple(how.split("+")))
        found = why(desk, scope, _metric(name), by)
        drawn = found.parts if place == "parts" else found.cells
    else:
        drawn = dict(enumerate(deeper(desk, scope, scheme, part).pictures)).get(int(place))
    if drawn is None:
        raise BadScope(f"{said(name)} has nothing to draw here.")
    return drawn


def said(name: str) -> str:
    """Return what a picture shows, for a reader.

    >>> said("why-nps-segment-parts")
    'Why NPS changed, part by part'
    """
    part, _, place = name.rpartition("-")
    if name.startswith(f"{WHY}-"):
        return f"Why {known_metric(_metric(name)).label} changed, {_PIECES[place]}"
    return title_of(part)


def metrics_of(name: str) -> tuple[str, ...]:
    """Return the metrics whose definitions a picture stands on."""
    of = _metric(name)
    return (of,) if of in registry() else _MADE_OF.get(name.partition("-")[0], ())


def _metric(name: str) -> str:
    return f"{name}--".split("-")[1]


_MADE_OF: Final = {
    "longer": ("lost_share",),
    "reasons": ("lost_share",),
    "shift": ("revenue_per_customer",),
    "silence": ("nps", "revenue_heard"),
    "whale": ("contribution_per_customer",),
}
