"""A picture at slide size, 1600 by 900: its finding, its chart, where its figures come from.

SVG for editing and PNG for pasting are drawn from the same specification as the page's chart.
"""

from __future__ import annotations

import textwrap
from html import escape
from typing import Final

from cxdata.charts.theme import ROLES, SURFACES
from cxdata.exports import vega
from cxdata.exports.fonts import STACK, known_to_charts
from cxdata.panels.picture import Picture

WIDTH: Final = 1600
HEIGHT: Final = 900
_MARGIN: Final = 64
_FACTOR: Final = 1.9
"""How much larger a chart is drawn than on a page, so that its words can be read on a wall."""

_TITLE_ROW: Final = 62
_TITLE_CHARACTERS: Final = 58
_WORDS_CHARACTERS: Final = 110
_FOOT: Final = 60
_ACROSS: Final = 3
_TO_CLICK: Final = ". Choose a cell"
"""What a subtitle says to whoever can click."""

_INK: Final = SURFACES["light"]["ink"]
_PAPER: Final = SURFACES["light"]["background"]
_QUIET: Final = ROLES["light"]["gray"]


def svg(picture: Picture, scope: str, through: str, version: str) -> bytes:
    """Return a picture as SVG: its words are text, its chart is made of lines."""
    top = _MARGIN
    parts: list[str] = []
    for line in _wrapped(picture.caption.title, _TITLE_CHARACTERS, 2):
        top += _TITLE_ROW - 10
        parts.append(_text(line, top, 44, _INK, bold=True))
    for line in _wrapped(picture.caption.subtitle.split(_TO_CLICK)[0], _WORDS_CHARACTERS, 2):
        top += 34
        parts.append(_text(line, top, 24, _QUIET))
    foot = [*_wrapped(" · ".join(picture.notes), _WORDS_CHARACTERS + 30, 2)]
    bottom = HEIGHT - _FOOT - 30 * len(foot)
    parts.append(_charts(picture, top + 24, bottom - 24))
    for at, line in enumerate(foot):
        parts.append(_text(line, bottom + 30 * at, 20, _QUIET))
    said = " · ".join(
        part
        for part in (scope, through and f"Data complete to {through}", f"Data version {version}")
        if part
    )
    parts.append(_text(_cut(said, _WORDS_CHARACTERS + 30), HEIGHT - 28, 20, _QUIET))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{escape(STACK)}">'
    )
    words = (
        f"<title>{escape(picture.caption.title)}</title><desc>{escape(picture.caption.alt)}</desc>"
    )
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>'
    return "".join((head, words, ground, *parts, "</svg>")).encode("utf-8")


def png(picture: Picture, scope: str, through: str, version: str) -> bytes:
    """Return the same picture in pixels."""
    import vl_convert

    known_to_charts()
    drawn = svg(picture, scope, through, version).decode("utf-8")
    return bytes(vl_convert.svg_to_png(drawn, scale=1))


def _charts(picture: Picture, top: int, bottom: int) -> str:
    """Draw the chart, or its small charts side by side, into the room that is left."""
    room = (WIDTH - 2 * _MARGIN, bottom - top)
    if not picture.panels:
        return _placed(picture.spec, (_MARGIN, top), room, _FACTOR)
    across = min(_ACROSS, len(picture.panels))
    down = -(-len(picture.panels) // across)
    wide, high = room[0] // across, room[1] // down
    parts = []
    for at, small in enumerate(picture.panels):
        left, upper = _MARGIN + at % across * wide, top + at // across * high
        parts.append(_text(_cut(small.title, 40), upper + 22, 22, _INK, left=left, bold=True))
        parts.append(_placed(small.spec, (left, upper + 30), (wide - 24, high - 40), 1.4))
    return "".join(parts)


def _placed(
    spec: dict[str, object], at: tuple[int, int], room: tuple[int, int], factor: float
) -> str:
    """Set a chart of its own size into a place of the slide, enlarged."""
    wide, high = int(room[0] / factor), int(room[1] / factor)
    drawn = vega.svg(spec, wide, high)
    return f'<g transform="translate({at[0]} {at[1]}) scale({factor})">{drawn}</g>'


def _text(
    words: str, y: int, size: int, fill: str, *, left: int = _MARGIN, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{left}" y="{y}" font-size="{size}" fill="{fill}"{weight}>{escape(words)}</text>'
    )


def _wrapped(words: str, characters: int, most: int) -> list[str]:
    """Break words into lines; what needs more than the most ends with an ellipsis."""
    lines = textwrap.wrap(" ".join(words.split()), characters)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), characters)]
    return lines


def _cut(words: str, characters: int) -> str:
    return words if len(words) <= characters else f"{words[: characters - 1].rstrip()}…"
