"""What moved, in sentences: figures judged, slices searched, money put on it."""

from __future__ import annotations

from typing import Final

from cxdata.analysis.breakdown import breakdowns
from cxdata.analysis.figure import Figure, figures
from cxdata.analysis.slices import slices
from cxdata.analysis.worth import worth
from cxdata.model.evidence import Verdict
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.story.headline import Telling, balance, headline
from cxdata.story.ranking import Movement, leads, looked, ranking

_HEADS: Final = (
    "customers_start",
    "customers_new",
    "customers_reactivated",
    "customers_lost",
    "customers_net",
)


def tellings(
    desk: Desk, scope: Scope, names: tuple[str, ...], scheme: str | None
) -> tuple[Telling, ...]:
    """Tell what moved among several metrics; nothing where the data have none of them."""
    gate, form = desk.gate, desk.choices.format
    found = figures(gate, names, scope)
    if not found:
        return ()
    moved = [n for n, figure in found.items() if figure.comparison.verdict is Verdict.MOVED]
    places = breakdowns(gate, moved, scope, (scheme,)) if scheme and moved else {}
    return headline(
        list(found.values()), {name: worth(gate, found[name]) for name in moved}, places, form
    )


def ranked(desk: Desk, scope: Scope, names: tuple[str, ...]) -> tuple[Telling, ...]:
    """Tell the few movements among several metrics and all their slices, the dearest first."""
    gate, offered = desk.gate, desk.choices
    found = figures(gate, names, scope)
    if not found:
        return ()
    judged = any(figure.comparison.verdict is not Verdict.INCOMPLETE for figure in found.values())
    parts = slices(gate, list(found), scope) if judged else ()
    seen = looked(list(found.values()), parts)
    movements = []
    for head, beside in leads(seen):
        place = None if isinstance(head, Figure) else head
        figure = head if isinstance(head, Figure) else head.figure(gate)
        movements.append(Movement(figure, place, beside, worth(gate, figure)))
    return ranking(seen, movements, offered.labels, offered.format)


def heads(desk: Desk, scope: Scope) -> Telling | None:
    """Tell who came and who went; nothing where the data cannot say."""
    return balance(figures(desk.gate, _HEADS, scope), scope)
