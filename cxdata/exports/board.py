"""The built-in story: what a board asks of customers, from the product's own pages."""

from __future__ import annotations

from typing import Final

from cxdata.model.errors import CxError
from cxdata.model.story import Slide, Story, View
from cxdata.panels import pages
from cxdata.panels.address import asked
from cxdata.panels.choices import Desk

BOARD: Final = "board"

_WANTED: Final[tuple[tuple[tuple[str, str], ...], ...]] = (
    (("overview", ""),),
    (("overview", "bridge-money"),),
    (("overview", "grid-logo_retention"), ("overview", "grid-revenue_per_customer")),
    (("retention", "trend-logo_retention"), ("retention", "segment-lost_share")),
    (("retention", "segment-logo_retention"),),
    (("retention", "survival"),),
    (("spend", "trend-revenue_per_customer"),),
    (("spend", "distribution-revenue"),),
    (
        ("cost-to-serve", "trend-cost_per_customer"),
        ("cost-to-serve", "trend-contacts"),
        ("cost-to-serve", ""),
    ),
    (
        ("cost-to-serve", "journey-cost_per_customer"),
        ("cost-to-serve", "segment-within_target_share"),
    ),
    (("nps", "trend-nps"), ("nps", "scores")),
    (("nps", "journey-nps_after_journey"), ("nps", "segment-nps")),
)
"""What is told, in its order; where the data cannot give one picture, the next one."""

_COURSE: Final = 3
"""Periods below which a trend has no course to tell."""


def board(desk: Desk) -> Story:
    """Return the built-in story as these data can tell it.

    What they cannot tell stays in it by its first choice, so that a pack says what is missing.
    """
    views = (_first(desk, choices) for choices in _WANTED)
    return Story("Board", tuple(Slide(View(page, panel=panel)) for page, panel in views), id=BOARD)


def _first(desk: Desk, choices: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    return next((one for one in choices if _is_there(desk, *one)), choices[0])


def _is_there(desk: Desk, page: str, panel: str) -> bool:
    default = asked("", desk.choices)
    if not panel:
        return bool(pages.tiles(desk, default.scope, pages.PAGES[page]))
    try:
        found = pages.picture(desk, default.scope, default.scheme, panel)
    except CxError:
        return False
    return not found.empty and (not panel.startswith("trend") or len(found.table) >= _COURSE)
