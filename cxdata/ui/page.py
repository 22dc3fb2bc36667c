"""What a page says: verbs over metrics, each drawing one part in the order all pages keep.

A page opens itself with its question and then calls verbs. Opening is also its guard: outside the
frame there is no view, so nothing is read and nothing is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from cxdata.metrics import metric as known_metric
from cxdata.model.scope import Compare
from cxdata.panels import fair
from cxdata.query.statement import JOURNEY
from cxdata.story.headline import Telling
from cxdata.ui import cache, faults, tiles
from cxdata.ui.data import Ticket
from cxdata.ui.depth import depth
from cxdata.ui.download import Origin
from cxdata.ui.meeting.keeping import keeping
from cxdata.ui.panel import panel
from cxdata.ui.restated import restated
from cxdata.ui.text import plain
from cxdata.ui.view import View

_OUTLINE: Final = 300
"""Height of the outline of a card that takes long, in pixels."""

_LINE: Final = 980
"""Widest line of the first sentences, in pixels."""

_SEGMENTS: Final[Mapping[str, tuple[cache.Builder, str]]] = {
    fair.SAME_MIX: (cache.same_mix, "mix"),
    fair.LUCK_OUT: (cache.luck_out, "luck"),
}
_JOURNEYS: Final[Mapping[str, tuple[cache.Builder, str]]] = {
    fair.LUCK_OUT: (cache.luck_out, fair.LUCK_OF_JOURNEYS),
}
"""How groups are compared fairly, and the names of the pictures; journeys have no common mix."""

_SHOWING: ContextVar[tuple[View, Ticket] | None] = ContextVar("showing", default=None)


@contextmanager
def showing(view: View, ticket: Ticket) -> Iterator[None]:
    """Let the page that runs inside see what the reader asked for."""
    token = _SHOWING.set((view, ticket))
    try:
        yield
    finally:
        _SHOWING.reset(token)


def current() -> tuple[View, Ticket]:
    """Return what the reader asked for, and under which data; stop outside the frame."""
    found = _SHOWING.get()
    if found is None:
        st.info("This page opens from the menu.", icon=":material/lock:")
        st.stop()
    return found


@dataclass(frozen=True)
class Page:
    """One run of one page."""

    view: View
    ticket: Ticket
    told: set[tuple[str, ...]] = field(default_factory=set)

    @classmethod
    def open(cls, question: str | None) -> Page:
        """Open a page with its question and its scope in words; stop outside the frame."""
        page = cls(*current())
        asked = (question or "").splitlines()[0]
        st.title(asked)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(plain(page.words), width="stretch")
            keeping(asked, page.view, page.ticket)
        return page

    @property
    def words(self) -> str:
        """The scope in one sentence; what is not compared is not said to be."""
        scope, choices = self.view.scope, self.view.choices
        offered = choices.periods[scope.period.grain]
        is_finished = choices.is_complete(scope.period)
        if not is_finished or scope.against not in offered:
            scope = replace(scope, compare=Compare.NONE)
        said = scope.words(choices.labels)
        if not is_finished:
            said = f"{said.removesuffix('.')}, unfinished."
        return said[:1].upper() + said[1:]

    @property
    def origin(self) -> Origin:
        """What every file that leaves the page says about itself."""
        through = self.view.choices.complete_through
        period = self.view.scope.period.key
        return Origin(
            self.words,
            period,
            str(through or ""),
            self.ticket.name,
            self.view.choices.currency,
        )

    def headline(
        self,
        *metrics: str,
        heads: bool = False,
        slices: bool = False,
        otherwise: str | None = None,
    ) -> None:
        """Say what moved among the page's figures, the dearest first, with its evidence.

        ``heads`` begins with who came and who went; ``slices`` looks at every segment and journey
        too, and tells the few that moved. ``otherwise`` names the figure to say where the
        data cannot give any of these.
        """
        with faults.calm("Headline"):
            scope, scheme = self.view.scope, self.view.scheme
            if slices:
                told = cache.ranked(self.ticket, scope, metrics)
            else:
                told = cache.tellings(self.ticket, scope, metrics, scheme)
            if not told and otherwise:
                told = cache.tellings(self.ticket, scope, (otherwise,), None)
            first = cache.heads(self.ticket, scope) if heads else None
            with st.container(gap="xxsmall", width=_LINE):
                for sentence in (*((first,) if first else ()), *told):
                    st.markdown(f"{_mark(sentence)} {plain(sentence.text)}")
        with faults.calm("Restated figures"):
            for said in restated(self.ticket, self.view.scope, metrics):
                st.markdown(f":material/history: {plain(said)}", width=_LINE)

    def doubts(self) -> None:
        """Say where scores and what customers do part ways, and what is odd about a score."""
        with faults.calm("Doubts"):
            for said in cache.doubts(self.ticket, self.view.scope):
                st.markdown(f":material/compare_arrows: {plain(said)}", width=_LINE)

    def tiles(self, *metrics: str, otherwise: tuple[str, ...] = ()) -> None:
        """Show a wall of figures; a figure that the data cannot give says what it needs.

        Where the data can give none of them, those of ``otherwise`` that they can come first.
        """
        with faults.calm("Figures"):
            with self._outline("tiles", metrics):
                wall = cache.tiles(self.ticket, self.view.scope, metrics)
            if otherwise and all(tile.missing for tile in wall):
                more = cache.tiles(self.ticket, self.view.scope, otherwise)
                wall = (*(tile for tile in more if not tile.missing), *wall)
            tiles.wall(wall)
            self.told.update(tile.missing for tile in wall if tile.missing)

    def trend(self, metric: str) -> None:
        """Show a figure over time."""
        label = known_metric(metric).label
        self._panel(label, f"trend-{metric}", cache.trend, metric, metric=metric)

    def slices(
        self, metric: str, *, by_journey: str | None = None, otherwise: str | None = None
    ) -> None:
        """Show a figure by journey and by the chosen attribute.

        ``by_journey`` names the metric to show by journey where ``metric`` itself has none,
        ``otherwise`` the one to show where the data cannot give it.
        """
        if otherwise and cache.tiles(self.ticket, self.view.scope, (metric,))[0].missing:
            metric = otherwise
        journeys, choices = by_journey or metric, self.view.choices
        way = self._way(metric)
        with st.grid(2, min_column_width=420, gap="small"):
            if known_metric(journeys).has_journey and choices.journeys:
                build, kind = _JOURNEYS.get(way, (cache.by_journey, "journey"))
                asked = (journeys, JOURNEY) if kind != "journey" else (journeys,)
                name = f"{kind}-{journeys}"
                self._panel("By journey", name, build, *asked, metric=journeys)
            if scheme := self.view.scheme:
                build, kind = _SEGMENTS.get(way, (cache.by_segment, "segment"))
                name, title = f"{kind}-{metric}", f"By {choices.labels.scheme(scheme).lower()}"
                self._panel(title, name, build, metric, scheme, metric=metric)

    def _way(self, metric: str) -> str:
        """Offer how groups are compared; it stands in the address."""
        offered = cache.ways(self.ticket, metric, self.view.scheme)
        if not offered:
            return fair.AS_THEY_ARE
        chosen = st.segmented_control(
            "Compare groups",
            offered,
            default=fair.AS_THEY_ARE,
            required=True,
            key="compare",
            bind="query-params",
            help=fair.HELP,
        )
        if chosen == fair.SAME_MIX and self.view.choices.journeys:
            st.caption("Journeys stay as they are: a customer may be on several of them.")
        return chosen if chosen in offered else fair.AS_THEY_ARE

    def over_time(self, metric: str) -> None:
        """Show a figure over time for each member of the chosen attribute."""
        if self.view.scheme:
            name = f"{known_metric(metric).label} over time"
            self._panel(
                name, f"lines-{metric}", cache.over_time, metric, self.view.scheme, metric=metric
            )

    def bridges(self) -> None:
        """Show the customer bridge in heads and in money."""
        with faults.calm("Customer bridge"):
            with self._outline("bridges"):
                pictures = cache.bridges(self.ticket, self.view.scope)
            with st.grid(2, min_column_width=420, gap="small"):
                for key, picture in zip(("heads", "money"), pictures, strict=True):
                    panel(picture, f"bridge-{key}", self.origin)

    def grid(self, pages: Mapping[str, str]) -> None:
        """Show journey by segment for one of several outcomes; a click on a cell opens its page.

        ``pages`` names the page that each outcome has.
        """
        scheme = self.view.scheme
        if scheme is None or not self.view.choices.journeys:
            return
        names = {metric: known_metric(metric).label for metric in pages}
        chosen = st.segmented_control(
            "Outcome",
            list(pages),
            default=next(iter(pages)),
            required=True,
            format_func=names.__getitem__,
            key="outcome",
            bind="query-params",
        )
        metric = chosen if chosen in pages else next(iter(pages))
        address = tuple(
            (name, value if isinstance(value, str) else tuple(value))
            for name, value in self.view.parameters.items()
        )
        self._panel(
            "Journey by segment", "grid", cache.grid, metric, scheme, pages[metric], address
        )

    def cohorts(self) -> None:
        """Show how much of each starting month's customers is still there."""
        self._panel("Customers kept by starting month", "cohorts", cache.cohorts)

    def survival(self) -> None:
        """Show how long customers stay."""
        self._panel("How long customers stay", "survival", cache.survival)

    def distribution(self, measure: str) -> None:
        """Show how a figure is spread over customers."""
        self._panel("Distribution", f"distribution-{measure}", cache.distribution, measure)

    def scores(self) -> None:
        """Show the spread of answers, and the three groups over time."""
        with st.grid(2, min_column_width=420, gap="small"):
            self._panel("Answers by score", "scores", cache.scores)
            self._panel("Groups over time", "groups", cache.groups)

    def heard(self) -> None:
        """Say whom the score speaks for."""
        with faults.calm("Who is heard"):
            said = cache.heard(self.ticket, self.view.scope)
            if said:
                st.markdown(f":gray[●] {plain(said)}", width=_LINE)

    def deeper(self, *names: str) -> None:
        """Offer what stands behind a click: each part by its question."""
        for name in names:
            depth(self.view, self.ticket, self.origin, name)

    def notes(self, *metrics: str) -> None:
        """Say who owns the page's figures and how they are defined."""
        with faults.calm("Owners"):
            owned = cache.owned_by(self.ticket, self.view.scope, metrics)
            if owned:
                st.caption(f":material/person: {plain(owned)}")
        definitions = st.expander("How these figures are made", icon=":material/menu_book:")
        for metric in metrics:
            known = known_metric(metric)
            definitions.markdown(f"**{plain(known.label)}** {plain(known.definition)}")
            definitions.caption(plain(known.formula))

    def _panel(
        self,
        name: str,
        key: str,
        build: cache.Builder,
        *question: object,
        metric: str | None = None,
    ) -> None:
        """Draw one picture of the current scope; a fault becomes a card in its place.

        ``metric`` is the figure that it offers to explain.
        """
        with st.container(gap=None, height="stretch"), faults.calm(name, self.told):
            with self._outline(key, question):
                found = build(self.ticket, self.view.scope, *question)
            panel(found, key, self.origin, metric)

    @contextmanager
    def _outline(self, *what: object) -> Iterator[None]:
        """Show the outline of a card while it is read for the first time."""
        if not cache.is_new((self.ticket, self.view.scope, *what)):
            yield
            return
        with st.skeleton(_OUTLINE):
            yield


def _mark(told: Telling) -> str:
    """A sign before a sentence; coloured only where something moved."""
    if not told.has_moved or told.is_better is None:
        return ":gray[●]"
    return ":green[●]" if told.is_better else ":orange[●]"
