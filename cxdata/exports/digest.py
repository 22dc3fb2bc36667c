"""The digest: the first sentences and figures of every page, as text and as HTML for a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from cxdata.exports.state import state_of
from cxdata.model.errors import CxError
from cxdata.model.period import Period
from cxdata.panels import pages
from cxdata.panels.address import asked
from cxdata.panels.choices import Desk
from cxdata.panels.figures import Tile

_MOST: Final = 4
"""Figures of one page that a mail has room for."""

_INK: Final = "#1a2230"
_QUIET: Final = "#5b6575"
_TONES: Final = {"better": "#12806f", "worse": "#c24a16"}


@dataclass(frozen=True)
class Part:
    """One page: what moved there, and its first figures."""

    title: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Digest:
    """Every page that the data can fill, and where the figures are from."""

    title: str
    origin: str
    parts: tuple[Part, ...]
    notices: tuple[str, ...] = ()

    def text(self) -> str:
        """Write it as plain text."""
        lines = [self.title, self.origin, *(f"Note: {one}" for one in self.notices)]
        for part in self.parts:
            lines += ["", part.title.upper(), *part.sentences]
            lines += [f"  {_line(tile)}" for tile in part.tiles]
        return "\n".join(lines) + "\n"

    def html(self) -> str:
        """Write it as HTML whose style stands in every element, as mail readers need it."""
        body = "".join(_part(part) for part in self.parts)
        notes = "".join(_quiet(escape(f"Note: {one}")) for one in self.notices)
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>'
            f"{escape(self.title)}</title></head>"
            f'<body style="margin:0;background:#f6f7f9"><div style="max-width:640px;margin:0 auto;'
            f"padding:24px;background:#ffffff;color:{_INK};font:15px/1.45 'Segoe UI',Helvetica,"
            f'Arial,sans-serif"><h1 style="font-size:22px;margin:0">{escape(self.title)}</h1>'
            f"{_quiet(escape(self.origin))}{notes}{body}</div></body></html>\n"
        )


def digest(desk: Desk, period: Period | None = None, notices: tuple[str, ...] = ()) -> Digest:
    """Return the digest of a period, the last finished one if none is named.

    Raises:
        CxError: the data can fill no page.
    """
    default = asked("", desk.choices, period)
    parts = []
    for page in pages.PAGES.values():
        try:
            told = pages.sentences(desk, default.scope, default.scheme, page)
            tiles = pages.tiles(desk, default.scope, page)
        except CxError:
            continue
        if told or tiles:
            parts.append(Part(page.name, tuple(one.text for one in told), tiles[:_MOST]))
    if not parts:
        raise CxError("These data can fill no page yet, so there is nothing to digest.")
    scope = default.scope
    title = f"Customers in {scope.period.label}"
    return Digest(title, _origin(desk), tuple(parts), notices)


def _origin(desk: Desk) -> str:
    words = state_of(desk).words.replace(" · ", ", ")
    return f"{words[:1].upper()}{words[1:]}."


def _line(tile: Tile) -> str:
    move = tile.move
    moved = " ".join(filter(None, (move.text, move.against)))
    return f"{tile.label}: " + "; ".join(
        filter(None, (tile.figure, moved, move.verdict, tile.evidence))
    )


def _part(part: Part) -> str:
    told = "".join(f'<p style="margin:4px 0">{escape(one)}</p>' for one in part.sentences)
    rows = "".join(_row(tile) for tile in part.tiles)
    return (
        f'<h2 style="font-size:17px;margin:22px 0 4px">{escape(part.title)}</h2>{told}'
        f'<table style="border-collapse:collapse;width:100%;margin-top:6px">{rows}</table>'
    )


def _row(tile: Tile) -> str:
    cell = "padding:5px 8px 5px 0;border-bottom:1px solid #e8eaef;vertical-align:top"
    said = "; ".join(_said(tile))
    colour = _TONES.get(tile.move.tone, _QUIET)
    return (
        f'<tr><td style="{cell}">{escape(tile.label)}</td>'
        f'<td style="{cell};font-weight:700;text-align:right;white-space:nowrap">'
        f'{escape(tile.figure)}</td><td style="{cell};color:{colour};font-size:13px">'
        f"{escape(said)}</td></tr>"
    )


def _said(tile: Tile) -> Iterator[str]:
    move = tile.move
    moved = " ".join(filter(None, (move.text, move.against)))
    yield from filter(None, (moved, move.verdict, tile.evidence))


def _quiet(words: str) -> str:
    return f'<p style="margin:4px 0;color:{_QUIET}">{words}</p>'
