"""The PDF: a page a view at the size of a slide, charts as vectors, every word selectable."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

from cxdata.exports import fonts
from cxdata.exports.pack import Pack
from cxdata.exports.scene import Scene
from cxdata.exports.vega import svg

_WIDTH: Final = 720
_BESIDE: Final = 430
"""Width of a chart in pixels: alone on its page, and beside tiles. What is drawn narrow is made
larger, so that its words can be read from the back of a room."""

_TALL: Final = 290
_PER_LINE: Final = 13
_SMALL: Final = (220, 100)


def paper(pack: Pack) -> bytes:
    """Write a pack as PDF; the same pack gives the same bytes, whatever typefaces a machine has.

    Only words in scripts that the product's own typeface lacks are set in one of the machine. What
    stands in it reaches the layout as data, never as its source.
    """
    import typst

    drawn: dict[str, bytes] = {}
    views = [_view(pack, scene, drawn) for scene in pack.scenes]
    content = {
        "title": pack.story.name,
        "made": [pack.made_at.year, pack.made_at.month, pack.made_at.day],
        "origin": pack.origin[:1].upper() + pack.origin[1:],
        "about": list(pack.about),
        "views": views,
        "definitions": [
            {"label": one.label, "words": one.words, "formula": one.formula}
            for one in pack.definitions
        ],
    }
    layout = files("cxdata.exports.assets").joinpath("paper.typ").read_bytes()
    said = json.dumps(content, ensure_ascii=False)
    sources = {"main.typ": layout, "pack.json": said.encode(), **drawn}
    is_own = fonts.covers(said) and all(fonts.covers(one.decode()) for one in drawn.values())
    # typst takes files by name; its annotations know of single ones only
    return bytes(
        typst.compile(  # type: ignore[call-overload]
            sources,
            format="pdf",
            timestamp=int(pack.made_at.timestamp()),
            font_paths=[str(fonts.folder())],
            ignore_system_fonts=is_own,
        )
    )


def _view(pack: Pack, scene: Scene, drawn: dict[str, bytes]) -> dict[str, Any]:
    said = [*scene.sentences, *scene.remarks]
    notes = list(scene.picture.notes) if scene.picture else []
    tall = _TALL - _PER_LINE * (len(notes) + len(said) + 2 * bool(scene.takeaway))
    charts = _charts(scene, max(140, tall), drawn)
    return {
        "place": scene.place,
        "title": scene.title,
        "takeaway": scene.takeaway,
        "sentences": said,
        "caption": scene.caption,
        "charts": charts,
        "across": 4 if len(charts) > 6 else 3,
        "notes": notes,
        "footer": pack.footer(scene),
        "tiles": [
            {
                "label": tile.label,
                "figure": tile.figure,
                "tone": tile.move.tone,
                "said": " · ".join(
                    filter(
                        None,
                        (
                            " ".join(filter(None, (tile.move.text, tile.move.against))),
                            tile.move.verdict,
                            tile.evidence,
                        ),
                    )
                ),
            }
            for tile in scene.tiles
        ],
    }


def _charts(scene: Scene, tall: int, drawn: dict[str, bytes]) -> list[dict[str, str]]:
    """Draw the charts of a view into files of their own; return where they are."""
    if scene.picture is None:
        return []
    picture = scene.picture
    width = _BESIDE if scene.tiles else _WIDTH
    fits = scene.kind in ("grid", "cohorts", "journey", "segment")
    parts: list[tuple[str, str, dict[str, Any], int, int | None]] = [
        (one.title, one.alt, one.spec, *_SMALL) for one in picture.panels
    ] or [("", picture.caption.alt, picture.spec, width, None if fits else tall)]
    found = []
    for at, (title, alt, spec, wide, high) in enumerate(parts):
        name = f"view-{scene.place}-{at}.svg"
        drawn[name] = svg(spec, wide, high).encode()
        found.append({"file": name, "title": title, "alt": alt})
    return found
