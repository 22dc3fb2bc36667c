"""Figures of the pages that nobody answers for."""

from __future__ import annotations

from cxdata.analysis.programme import ownership
from cxdata.metrics import metric as known
from cxdata.model.period import Grain
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.pages import PAGES


def shown_metrics() -> tuple[str, ...]:
    """Return the metrics that the pages show as figures, in their order."""
    return tuple(dict.fromkeys(name for page in PAGES.values() for name in page.tiles))


def unowned(desk: Desk) -> tuple[str, ...]:
    """Return the metrics of the pages, of those that these data can give, without an owner."""
    names = [name for name in shown_metrics() if not desk.gate.missing(known(name))]
    scope = Scope(desk.choices.latest(Grain.MONTH))
    owned = {one.what for one in ownership(desk.gate, names, scope)}
    return tuple(name for name in names if known(name).label not in owned)
