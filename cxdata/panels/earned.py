"""How much of the growth is earned: customers who stay and those they send, or bought ones."""

from __future__ import annotations

from typing import Any

from cxdata.analysis.earned import Earned
from cxdata.analysis.earned import earned as earned_of
from cxdata.charts.theme import Caption
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.depth import Depth, dots
from cxdata.panels.picture import Column, Picture
from cxdata.story.sanity import earned_sentence


def earned(desk: Desk, scope: Scope) -> Depth:
    """Tell how much of the growth over twelve months is earned, and what the parts are.

    Raises:
        MissingTables: the data lack what it needs.
        BadScope: a journey is chosen.
    """
    form = desk.choices.format
    found = earned_of(desk.gate, scope)
    if found is None:
        return Depth((f"Growth to {scope.period.label} needs two years of revenue before it.",))
    said = earned_sentence(found.growth, form)
    return Depth((said,), (_parts(found, scope, said, form),))


def _parts(found: Earned, scope: Scope, said: str, form: Format) -> Picture:
    """What each kind of customer adds to the revenue of the twelve months before."""
    parts = [
        ("Earlier customers, more or less", found.same, "earned"),
        ("New, by recommendation", found.earned, "earned"),
        ("New or back, source unknown", found.unknown, "may be earned"),
        ("New, by advertising or price", found.bought, "bought"),
        ("Growth in all", found.growth.growth, "all together"),
    ]
    records: list[dict[str, Any]] = [
        {
            "name": name,
            "estimate": share,
            "lo": None,
            "hi": None,
            "text": form.value(share, Unit.SHARE),
            "kind": kind,
        }
        for name, share, kind in parts
    ]
    drawn = (
        f"Twelve months to the end of {scope.period.label} against the twelve before, in % of their"
        f" revenue; {found.customers:,} customers, full count"
    )
    columns = [
        Column("name", "Revenue of"),
        Column("estimate", "Adds", Unit.SHARE),
        Column("kind", "Counts as"),
    ]
    caption = Caption("Where growth comes from", drawn, said)
    name = "Earned growth"
    return dots(records, caption, columns, form, Unit.SHARE, overall=0.0, name=name)
