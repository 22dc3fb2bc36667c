"""One HTML file that opens with the network off: charts with hover, and every chart's table."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import Any, Final

from cxdata.exports.pack import Pack
from cxdata.exports.scene import Scene
from cxdata.exports.sheet import Sheet
from cxdata.exports.vega import Bundle, specification
from cxdata.model.format import Format
from cxdata.panels.figures import Tile
from cxdata.panels.picture import Picture

_HEIGHT: Final = 380
_SMALL: Final = 150


def page(pack: Pack, bundle: Bundle | None = None) -> bytes:
    """Write a pack as one HTML file.

    Nothing is fetched and nothing is made from text at run time: the file's own policy allows its
    two scripts by their hashes and nothing else.
    """
    draw = _asset("draw.js")
    vega = (bundle or Bundle.begin()).text()
    blocks = [_head(pack), *(_section(pack, scene) for scene in pack.scenes), _end(pack)]
    scripts = [f'<script type="module">{text}</script>' for text in (vega, draw)]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy((vega, draw))}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="generator" content="CX Outcomes">',
            f"<title>{escape(pack.story.name)}</title>",
            f"<style>{_asset('page.css')}</style></head><body>",
            *blocks,
            *scripts,
            "</body></html>\n",
        ]
    ).encode()


def _policy(scripts: Sequence[str]) -> str:
    hashes = [hashlib.sha256(text.encode()).digest() for text in scripts]
    allowed = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _asset(name: str) -> str:
    return files("cxdata.exports.assets").joinpath(name).read_text(encoding="utf-8")


def _head(pack: Pack) -> str:
    lines = "".join(
        f'<li><a href="#view-{scene.place}">{escape(scene.title)}</a></li>' for scene in pack.scenes
    )
    origin = pack.origin[:1].upper() + pack.origin[1:]
    return (
        f'<header><h1>{escape(pack.story.name)}</h1><p class="quiet">{escape(origin)}</p>'
        f'<ol class="contents">{lines}</ol></header>'
    )


def _section(pack: Pack, scene: Scene) -> str:
    parts = [f'<section id="view-{scene.place}"><h2>{escape(scene.title)}</h2>']
    if scene.takeaway:
        parts.append(f'<p class="take">{escape(scene.takeaway)}</p>')
    parts += [f"<p>{escape(words)}</p>" for words in scene.sentences]
    parts += [f'<p class="quiet">{escape(words)}</p>' for words in scene.remarks]
    if scene.tiles:
        parts.append(_tiles(scene.tiles))
    if scene.picture is not None and scene.data is not None:
        parts.append(_figure(scene, scene.picture))
        parts.append(_table(scene.data, pack.form, "The same figures as a table"))
    if scene.wall is not None:
        parts.append(_table(scene.wall, pack.form, "The figures above as a table", wall=True))
    if scene.notes:
        notes = escape(scene.notes).replace("\n", "<br>")
        parts.append(f"<details><summary>Notes</summary><p>{notes}</p></details>")
    foot = f"<span>{escape(pack.footer(scene))}</span><span>{scene.place}</span>"
    return "\n".join([*parts, f'<p class="foot">{foot}</p></section>'])


def _tiles(tiles: Sequence[Tile]) -> str:
    lines = []
    for tile in tiles:
        move = tile.move
        tone = move.tone if move.tone in ("better", "worse") else "quiet"
        moved = " ".join(filter(None, (move.text, move.against)))
        said = " · ".join(filter(None, (moved, move.verdict)))
        lines.append(
            f"<li>{escape(tile.label)}<b>{escape(tile.figure)}</b>"
            f'<span class="{tone}">{escape(said)}</span><br>'
            f'<span class="quiet">{escape(tile.evidence)}</span></li>'
        )
    return f'<ul class="tiles">{"".join(lines)}</ul>'


def _figure(scene: Scene, picture: Picture) -> str:
    """The chart, or a wall of small ones; its words stand beside it for whoever hears the page."""
    if picture.panels:
        charts = [
            f"<div><b>{escape(one.title)}</b>"
            f"{_chart(f'{scene.place}-{at}', one.spec, one.alt, _SMALL)}</div>"
            for at, one in enumerate(picture.panels)
        ]
        drawn = f'<div class="wall">{"".join(charts)}</div>'
    else:
        height = picture.spec.get("height")
        fits = scene.kind in ("grid", "cohorts", "journey", "segment")
        drawn = _chart(
            str(scene.place), picture.spec, picture.caption.alt, height if fits else _HEIGHT
        )
    notes = "".join(f'<p class="quiet">{escape(words)}</p>' for words in picture.notes)
    said = f"<figcaption>{escape(scene.caption)}</figcaption>"
    return f"<figure>{said}{drawn}{notes}</figure>"


def _chart(name: str, spec: dict[str, Any], alt: str, height: int | None) -> str:
    found = specification(spec, width="container", height=height)
    return (
        f'<div class="chart" role="img" aria-label="{escape(alt)}" data-spec="spec-{name}"></div>'
        f'<script type="application/json" id="spec-{name}">{_json(found)}</script>'
    )


def _json(content: Any) -> str:
    """Write data where a script would end at its own closing mark."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _table(table: Sheet, form: Format, title: str, *, wall: bool = False) -> str:
    kept = [at for at, one in enumerate(table.columns) if not wall or one.name in _WALL_COLUMNS]
    sides = ['class="n"' if table.columns[at].unit is not None else "" for at in kept]
    head = "".join(
        f'<th {side} scope="col">{escape(table.columns[at].label)}</th>'
        for at, side in zip(kept, sides, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td {s}>{escape(row[at])}</td>" for at, s in zip(kept, sides, strict=True))
        + "</tr>"
        for row in table.shown(form)
    )
    return (
        f'<details><summary>{escape(title)}</summary><div class="scroll"><table><thead><tr>{head}'
        f"</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


_WALL_COLUMNS: Final = ("label", "said", "change", "evidence")


def _end(pack: Pack) -> str:
    about = "".join(f"<p>{escape(line)}</p>" for line in pack.about)
    words = "".join(
        f'<dt>{escape(one.label)}</dt><dd>{escape(one.words)} <span class="quiet">'
        f"{escape(one.formula)}</span></dd>"
        for one in pack.definitions
    )
    return f"<footer><h2>How these figures are made</h2>{about}<dl>{words}</dl></footer>"
