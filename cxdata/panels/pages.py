"""What each page shows, by name: its headline, its figures and its pictures, for every surface.

A picture is named as the page names its card: what is drawn, then of which metric, such as
``trend-nps``. A slide, a deck and a file of figures ask for the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cxdata.metrics import metric as known_metric
from cxdata.metrics import registry
from cxdata.model.errors import MissingTables, UnknownName
from cxdata.model.scope import Scope
from cxdata.model.story import View
from cxdata.panels import asked_for, fair, figures, flows, headlines, spreads
from cxdata.panels import grid as grids
from cxdata.panels.asked_for import is_asked_for
from cxdata.panels.choices import Desk
from cxdata.panels.figures import Tile
from cxdata.panels.picture import Picture
from cxdata.query.statement import JOURNEY
from cxdata.story.headline import Telling


@dataclass(frozen=True)
class Page:
    """One page: its question, and the names of what stands on it.

    ``headline`` are the metrics that its first sentences judge, with every slice of them where
    ``has_slices``; ``otherwise`` is the one that is told where the data have none of them.
    ``pictures`` stand in the order of the page; the first that the data can give is its main one.
    """

    path: str
    name: str
    question: str
    headline: tuple[str, ...]
    tiles: tuple[str, ...]
    pictures: tuple[str, ...]
    has_heads: bool = False
    has_slices: bool = False
    otherwise: str = ""
    other_tiles: tuple[str, ...] = ()


PAGES: Final = {
    page.path: page
    for page in (
        Page(
            "overview",
            "Overview",
            "How many customers do we win, lose and keep, and what are they worth?",
            ("logo_retention", "revenue_per_customer", "cost_per_customer", "nps"),
            (
                "customers_new",
                "customers_lost",
                "customers_net",
                "revenue_per_customer",
                "logo_retention",
                "cost_per_customer",
                "revenue",
                "nps",
            ),
            (
                "bridge-heads",
                "bridge-money",
                "grid-logo_retention",
                "grid-revenue_per_customer",
                "grid-cost_per_customer",
                "grid-nps_after_journey",
            ),
            has_heads=True,
            has_slices=True,
            otherwise="lost_share",
            other_tiles=(
                "customers_ever",
                "lost_share",
                "recurring_revenue_ever",
                "recurring_revenue_lost",
            ),
        ),
        Page(
            "retention",
            "Retention",
            "Who stays, who leaves, and after how long?",
            ("logo_retention",),
            (
                "logo_retention",
                "customers_lost",
                "gross_revenue_retention",
                "net_revenue_retention",
            ),
            (
                "trend-logo_retention",
                "journey-logo_retention",
                "segment-logo_retention",
                "segment-lost_share",
                "lines-logo_retention",
                "survival",
                "cohorts",
            ),
            otherwise="lost_share",
            other_tiles=("lost_share", "customers_ever", "recurring_revenue_lost"),
        ),
        Page(
            "spend",
            "Spend",
            "What are our customers worth, and how evenly is it spread?",
            ("revenue_per_customer",),
            ("revenue_per_customer", "revenue", "recurring_revenue", "average_order_value"),
            (
                "trend-revenue_per_customer",
                "journey-revenue_per_customer",
                "segment-revenue_per_customer",
                "lines-revenue_per_customer",
                "distribution-revenue",
            ),
        ),
        Page(
            "cost-to-serve",
            "Cost to serve",
            "What does it cost to serve a customer, and where does the effort go?",
            ("cost_per_customer",),
            (
                "cost_per_customer",
                "shared_cost_per_customer",
                "contact_rate",
                "cost_per_contact",
                "first_contact_resolution",
                "repeat_contact_rate",
                "within_target_share",
                "contribution_per_customer",
            ),
            (
                "trend-cost_per_customer",
                "journey-cost_per_customer",
                "segment-cost_per_customer",
                "trend-contact_rate",
                "distribution-cost",
                "trend-contacts",
                "journey-within_target_share",
                "segment-within_target_share",
            ),
            other_tiles=("contacts", "within_target_share"),
        ),
        Page(
            "nps",
            "NPS",
            "What do customers say, and how sure is it?",
            ("nps",),
            ("nps", "nps_after_journey", "response_rate", "csat"),
            (
                "trend-nps",
                "journey-nps_after_journey",
                "segment-nps",
                "lines-nps",
                "scores",
                "groups",
            ),
        ),
    )
}


def page_of(path: str) -> Page:
    """Return a page by its path, as it stands in an address; "" is the first one.

    Raises:
        UnknownName: there is no such page.
    """
    plain = path.strip("/") or next(iter(PAGES))
    if plain not in PAGES:
        raise UnknownName("page", plain, PAGES)
    return PAGES[plain]


def sentences(desk: Desk, scope: Scope, scheme: str | None, page: Page) -> tuple[Telling, ...]:
    """Return the first sentences of a page."""
    told = (
        headlines.ranked(desk, scope, page.headline)
        if page.has_slices
        else headlines.tellings(desk, scope, page.headline, scheme)
    )
    if not told and page.otherwise:
        told = headlines.tellings(desk, scope, (page.otherwise,), None)
    first = headlines.heads(desk, scope) if page.has_heads else None
    return (*((first,) if first else ()), *told)


def tiles(desk: Desk, scope: Scope, page: Page) -> tuple[Tile, ...]:
    """Return the figures of a page that the data can give."""
    wall = figures.tiles(desk, scope, page.tiles)
    if all(tile.missing for tile in wall) and page.other_tiles:
        wall = figures.tiles(desk, scope, page.other_tiles)
    return tuple(tile for tile in wall if not tile.missing)


def picture(desk: Desk, scope: Scope, scheme: str | None, name: str) -> Picture:
    """Return a picture by its name; "empty" where the scope leaves nothing to draw.

    Raises:
        UnknownName: there is no such picture.
        MissingTables: the data lack what it needs.
    """
    kind, _, metric = name.partition("-")
    if kind in _PLAIN:
        return _PLAIN[kind](desk, scope)
    if kind == "bridge":
        heads, money = flows.bridges(desk, scope)
        return {"heads": heads, "money": money}[metric]
    if kind == "distribution":
        return spreads.distribution(desk, scope, metric)
    if is_asked_for(name):
        return asked_for.picture(desk, scope, scheme, name)
    if kind not in _OF_METRIC:
        raise UnknownName("picture", name, (*_PLAIN, *_OF_METRIC))
    return _of_metric(desk, scope, scheme, kind, metric)


_PLAIN: Final[dict[str, Callable[[Desk, Scope], Picture]]] = {
    "cohorts": flows.cohorts,
    "survival": flows.survival,
    "scores": spreads.scores,
    "groups": spreads.groups,
}
_OF_METRIC: Final = ("trend", "journey", "segment", "lines", "grid", *fair.KINDS)


def _of_metric(desk: Desk, scope: Scope, scheme: str | None, kind: str, metric: str) -> Picture:
    known, choices = known_metric(metric), desk.choices
    if kind == "trend":
        return figures.trend(desk, scope, metric)
    if kind in ("journey", "grid", fair.LUCK_OF_JOURNEYS) and not (
        choices.journeys and known.has_journey
    ):
        raise MissingTables(f"{known.label} by journey", ["journeys of customers"])
    if kind == fair.LUCK_OF_JOURNEYS:
        return fair.luck_out(desk, scope, metric, JOURNEY)
    if kind == "journey":
        return figures.by_journey(desk, scope, metric)
    if scheme is None:
        raise MissingTables(f"{known.label} by segment", ["segments of customers"])
    if kind in fair.KINDS:
        return fair.KINDS[kind](desk, scope, metric, scheme)
    if kind == "segment":
        return figures.by_segment(desk, scope, metric, scheme)
    if kind == "lines":
        return figures.over_time(desk, scope, metric, scheme)
    return grids.grid(desk, scope, metric, scheme, "", ())


def can_tell(name: str) -> bool:
    """Whether there is a picture of that name, so that a slide can show it alone.

    >>> can_tell("trend-nps"), can_tell("survival"), can_tell("hidden-nps")
    (True, True, False)
    >>> can_tell("hidden-nps-0"), can_tell("why-nps-segment-cells")
    (True, True)
    """
    kind, _, metric = name.partition("-")
    if kind in _OF_METRIC:
        return metric in registry()
    return kind in _PLAIN or name in _MADE_OF or is_asked_for(name)


def named(view: View) -> str:
    """Return what a view shows: its page, and the picture where it is of one alone.

    >>> named(View("nps", panel="trend-nps"))
    'NPS: NPS over time'
    """
    known = PAGES.get(view.page.strip("/"))
    page = known.name if known else view.page
    kind, _, metric = view.panel.partition("-")
    if kind in _WORDS and metric in registry():
        return f"{page}: {known_metric(metric).label} {_WORDS[kind]}"
    if is_asked_for(view.panel):
        return f"{page}: {asked_for.said(view.panel)}"
    return f"{page}: {_ALONE[view.panel]}" if view.panel in _ALONE else page


_WORDS: Final = {
    "trend": "over time",
    "journey": "by journey",
    "segment": "by segment",
    "lines": "by segment over time",
    "grid": "by journey and segment",
    "mix": "by segment at the same mix",
    "luck": "by segment, luck taken out",
    fair.LUCK_OF_JOURNEYS: "by journey, luck taken out",
}
_ALONE: Final = {
    "bridge-heads": "customers who came and went",
    "bridge-money": "recurring revenue that came and went",
    "cohorts": "customers kept by starting month",
    "survival": "how long customers stay",
    "distribution-revenue": "how revenue is spread",
    "distribution-cost": "how cost is spread",
    "scores": "answers by score",
    "groups": "groups over time",
}


def metrics_of(name: str) -> tuple[str, ...]:
    """Return the metrics whose definitions a picture stands on."""
    kind, _, metric = name.partition("-")
    if kind in _OF_METRIC:
        return (metric,)
    return asked_for.metrics_of(name) if is_asked_for(name) else _MADE_OF.get(name, ())


_MADE_OF: Final = {
    "bridge-heads": ("customers_net",),
    "bridge-money": ("recurring_revenue",),
    "cohorts": ("logo_retention",),
    "survival": ("lost_share",),
    "distribution-revenue": ("revenue_per_customer",),
    "distribution-cost": ("cost_per_customer",),
    "scores": ("nps",),
    "groups": ("nps",),
}
