"""Parts of pages that are read when somebody asks for them, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cxdata.model.errors import MissingTables, UnknownName
from cxdata.model.scope import Scope
from cxdata.panels import mean, silence, stays
from cxdata.panels.choices import Desk
from cxdata.panels.depth import Depth
from cxdata.panels.earned import earned
from cxdata.panels.hidden import hidden
from cxdata.panels.why import ANSWERED, why

TITLES: Final = {
    "answered-nps": "Did it get better, or did others answer?",
    "earned": "How much of our growth is earned?",
    "hidden": "What the average hides",
    "longer": "Who stays longer, and what is it worth?",
    "reasons": "Why do customers leave?",
    "shift-cost": "Did everyone cost more or less, or a few?",
    "shift-revenue": "Did everyone spend more or less, or a few?",
    "silence": "Who is silent, and what could they say?",
    "whale": "Who brings it all?",
}
"""The question that each part answers."""


def title_of(name: str) -> str:
    """Return the question that a part answers; parts of several metrics share theirs.

    >>> title_of("hidden-logo_retention")
    'What the average hides'
    """
    return TITLES.get(name) or TITLES[name.partition("-")[0]]


def deeper(desk: Desk, scope: Scope, scheme: str | None, name: str) -> Depth:
    """Return a part by its name.

    Raises:
        UnknownName: there is no such part.
        MissingTables: the data lack what it needs.
        BadScope: what is chosen leaves nothing to tell.
    """
    kind, _, of = name.partition("-")
    if kind in _PLAIN:
        return _PLAIN[kind](desk, scope)
    if kind == "shift":
        return mean.shifted(desk, scope, of)
    if kind == "answered":
        found = why(desk, scope, of, ANSWERED)
        return Depth(found.sentences, () if found.parts is None else (found.parts,))
    if kind not in ("hidden", "longer"):
        raise UnknownName("part", name, TITLES)
    if scheme is None:
        raise MissingTables(title_of(name), ["segments of customers"])
    return hidden(desk, scope, of, scheme) if of else stays.longer_by(desk, scope, scheme)


_PLAIN: Final[dict[str, Callable[[Desk, Scope], Depth]]] = {
    "earned": earned,
    "reasons": stays.reasons,
    "silence": silence.silence,
    "whale": mean.whale,
}
