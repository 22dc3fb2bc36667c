"""Views, stories and decisions: what people keep of the pages, and take into a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class View:
    """One page in one scope, as its address says it: ``page`` is its path, ``address`` its query.

    ``version`` pins it to a data version; None keeps it live. ``panel`` names one picture of the
    page, such as ``trend-nps``; "" is the page's finding with its main picture.
    """

    page: str
    address: str = ""
    version: str | None = None
    panel: str = ""

    @property
    def link(self) -> str:
        """The address that reopens it, relative to the product's own."""
        return f"{self.page}?{self.address}" if self.address else self.page


@dataclass(frozen=True)
class Slide:
    """A view with what is said about it: a title, a take-away sentence, notes for the speaker."""

    view: View
    title: str = ""
    takeaway: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Story:
    """Views in the order in which they are told.

    ``number`` counts its versions; each is kept. ``id`` is empty until it is saved.
    """

    name: str
    slides: tuple[Slide, ...] = ()
    id: str = ""
    number: int = 0
    saved_by: str = ""
    saved_at: datetime | None = None


@dataclass(frozen=True)
class Position:
    """Which slide of a story a room shows; ``slide`` counts from 1, 0 is what was decided before.

    ``only`` is what the room asked to see instead of everybody, as part of an address.
    """

    story: str
    slide: int
    only: str = ""


@dataclass(frozen=True)
class Decision:
    """What a meeting decided in front of a view, with the figures it saw.

    ``figures`` are records as the command line gives them, frozen at that moment.
    """

    text: str
    owner: str
    view: View
    due: date | None = None
    story_id: str = ""
    figures: tuple[Mapping[str, Any], ...] = field(default=())
    data_version: str = ""
    id: str = ""
    said_by: str = ""
    said_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.closed_at is None
