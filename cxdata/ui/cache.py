"""The one place that caches. Keys are small: ticket (data version and policy), scope, names.

Nothing takes a frame, an engine or an underscore argument, so two readers share an answer only
where everything that shapes it is the same. Every cache is bounded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Final, TypeVar

import streamlit as st

from cxdata.exports import scene as scenes
from cxdata.panels import deeper as depths
from cxdata.panels import definition as definitions
from cxdata.panels import doubts as doubting
from cxdata.panels import fair, figures, flows, headlines, programme, silence, spreads
from cxdata.panels import grid as grids
from cxdata.panels import listing as listings
from cxdata.panels import why as whys
from cxdata.panels.picture import Picture
from cxdata.ui import data
from cxdata.ui.data import Ticket

T = TypeVar("T")
Builder = Callable[..., Picture]

_SMALL: Final = 5_000
_LARGE: Final = 1_000
_FEW: Final = 50
"""Lists of people: long, and read by few."""


def _kept(build: Callable[..., T], entries: int) -> Callable[..., T]:
    """Remember what a panel returns by the ticket and the question, not by what they open."""

    @wraps(build)
    def read(ticket: Ticket, *question: object) -> T:
        return build(data.desk(ticket), *question)

    remembering: Callable[[Callable[..., T]], Callable[..., T]] = st.cache_data(
        max_entries=entries, show_spinner=False
    )
    return remembering(read)


class _Asked:
    """Questions that were asked before, the newest of them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.questions: OrderedDict[Hashable, None] = OrderedDict()

    def is_new(self, question: Hashable) -> bool:
        with self.lock:
            is_new = question not in self.questions
            self.questions[question] = None
            self.questions.move_to_end(question)
            while len(self.questions) > _SMALL:
                self.questions.popitem(last=False)
            return is_new


_ASKED: Final = _Asked()


def is_new(question: Hashable) -> bool:
    """Whether nobody asked this before, so that the answer may take a while."""
    return _ASKED.is_new(question)


def kept(read: Callable[..., T]) -> Callable[..., T]:
    """Remember short answers by their question, the ticket among it; a fault is not remembered."""
    remembering: Callable[[Callable[..., T]], Callable[..., T]] = st.cache_data(
        max_entries=_SMALL, show_spinner=False
    )
    return remembering(read)


tiles = _kept(figures.tiles, _SMALL)
tellings = _kept(headlines.tellings, _SMALL)
ranked = _kept(headlines.ranked, _SMALL)
heads = _kept(headlines.heads, _SMALL)
owned_by = _kept(programme.owned_by, _SMALL)
trend = _kept(figures.trend, _LARGE)
by_journey = _kept(figures.by_journey, _LARGE)
by_segment = _kept(figures.by_segment, _LARGE)
same_mix = _kept(fair.same_mix, _LARGE)
luck_out = _kept(fair.luck_out, _LARGE)
ways = _kept(fair.ways, _SMALL)
over_time = _kept(figures.over_time, _LARGE)
bridges = _kept(flows.bridges, _LARGE)
grid = _kept(grids.grid, _LARGE)
cohorts = _kept(flows.cohorts, _LARGE)
survival = _kept(flows.survival, _LARGE)
distribution = _kept(spreads.distribution, _LARGE)
scores = _kept(spreads.scores, _LARGE)
groups = _kept(spreads.groups, _LARGE)
scene = _kept(scenes.scene, _LARGE)
why = _kept(whys.why, _LARGE)
splits = _kept(whys.splits, _SMALL)
explained = _kept(whys.can_be_explained, _SMALL)
listed = _kept(listings.can_be_listed, _SMALL)
listing = _kept(listings.listing, _FEW)
deeper = _kept(depths.deeper, _LARGE)
heard = _kept(silence.heard, _SMALL)
doubts = _kept(doubting.doubts, _SMALL)
definition = _kept(definitions.definition, _LARGE)
