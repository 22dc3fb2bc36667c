"""The deck: one finding a slide as its title, charts that can be edited, notes, a footer."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from cxdata.exports import native, plate, template
from cxdata.exports.archive import settled
from cxdata.exports.native import Box
from cxdata.exports.pack import Pack
from cxdata.exports.scene import Scene
from cxdata.exports.series import plot
from cxdata.model.errors import CxError
from cxdata.panels.figures import Tile

INK: Final = RGBColor.from_string("1A2230")
_TONES: Final = {"better": native.GOOD, "worse": native.BAD}


@dataclass(frozen=True)
class Room:
    """Where things stand on a slide, in EMU; the title is the template's own."""

    width: int
    height: int
    edge: int
    top: int
    """Below the title."""

    @property
    def wide(self) -> int:
        """Width between the edges."""
        return self.width - 2 * self.edge

    @property
    def foot(self) -> int:
        """Where the footer begins."""
        return self.height - Emu(Pt(30))

    def below(self, top: int) -> Box:
        """What is left between a height and the footer."""
        return self.edge, top, self.wide, self.foot - top - Emu(Pt(6))


def deck(pack: Pack, company: Path | None = None) -> bytes:
    """Write a pack as PowerPoint; ``company`` is the template whose look it takes.

    Raises:
        CxError: the template cannot be read.
    """
    shown = _opened(company)
    layout, top = template.titled(shown)
    width, height = int(shown.slide_width), int(shown.slide_height)
    room = Room(width, height, template.edge(layout, width), top)
    for scene in pack.scenes:
        _slide(shown, layout, room, pack, scene)
    _last(shown, layout, room, pack)
    about = shown.core_properties
    about.title, about.author, about.subject = pack.story.name, "CX Outcomes", pack.origin
    about.last_modified_by, about.revision = "CX Outcomes", 1
    about.created = about.modified = pack.made_at.replace(tzinfo=None)
    out = io.BytesIO()
    shown.save(out)
    return settled(out.getvalue(), pack.made_at)


def _opened(company: Path | None) -> Any:
    if company is None:
        return template.own()
    try:
        shown = Presentation(str(company))
    except Exception as error:
        raise CxError(
            f"{company.name} is no PowerPoint template that can be read; save it as .pptx."
        ) from error
    template.emptied(shown)
    return shown


def _slide(shown: Any, layout: Any, room: Room, pack: Pack, scene: Scene) -> None:
    slide = _new(shown, layout, room, scene.title)
    top = room.top
    if scene.takeaway:
        top = write(slide, (room.edge, top, room.wide, 0), [scene.takeaway], Pt(16), bold=True)
    for draw in _PARTS:
        top = draw(slide, room, top, pack, scene)
    footer(slide, room, pack.footer(scene), scene.place)
    slide.notes_slide.notes_text_frame.text = notes(scene)


def _words(slide: Any, room: Room, top: int, pack: Pack, scene: Scene) -> int:
    """Further sentences of a page; what is drawn stands below, except beside tiles."""
    said = [*scene.sentences[:3], *scene.remarks]
    if scene.picture and not scene.tiles:
        said = [plate.caption(scene), *said]
    said = [words for words in said if words]
    return write(slide, (room.edge, top, room.wide, 0), said, Pt(13)) if said else top


def _picture(slide: Any, room: Room, top: int, pack: Pack, scene: Scene) -> int:
    """The chart, with what its marks stand for below; tiles take a part of the width."""
    left, upper, width, height = room.below(top)
    if scene.tiles:
        share = 0.44 if scene.picture else 1.0
        plate.tiles(slide, (left, upper, int(width * share), height), _lines(scene.tiles))
        left, width = left + int(width * (share + 0.02)), int(width * (0.98 - share))
    if scene.picture is None or scene.data is None:
        return upper
    said = scene.picture.notes
    if said:
        height -= _need(said, width, Pt(10)) + int(Pt(4))
        write(slide, (left, upper + height, width, 0), said, Pt(10))
    if scene.tiles:
        upper = write(slide, (left, upper, width, 0), [plate.caption(scene)], Pt(12))
        height -= upper - room.below(top)[1]
    draw(slide, (left, upper, width, height), pack, scene)
    return upper


_PARTS: Final[tuple[Callable[[Any, Room, int, Pack, Scene], int], ...]] = (_words, _picture)


def draw(slide: Any, box: Box, pack: Pack, scene: Scene) -> None:
    """Draw the figures of a scene: as a chart, or as a table where that says it better."""
    assert scene.data is not None
    form, shapes = pack.form, slide.shapes
    if scene.kind in ("journey", "segment"):
        plate.ranked(slide, box, scene, form)
        return
    if scene.kind == "grid":
        plate.crossed(slide, box, scene, form)
        return
    if scene.kind == "cohorts":
        plate.triangle(slide, box, scene, form)
        return
    found = plot(scene, form)
    if found is None:
        plate.listed(slide, box, scene.data, form)
    elif scene.kind in ("trend", "survival"):
        native.course(shapes, box, found, form, plate.events(scene))
    elif scene.kind == "bridge":
        native.waterfall(shapes, box, found, form)
    elif scene.kind == "lines":
        native.members(shapes, box, found, form)
    elif scene.kind == "groups":
        native.stacked(shapes, box, found, form)
    else:
        native.columns(shapes, box, found, form, by_score=scene.kind == "scores")


def _lines(tiles: Sequence[Tile]) -> list[tuple[str, str, str, RGBColor | None]]:
    """Each tile in words: its name, its figure, what moved or how sure it is, and its colour."""
    found = []
    for tile in tiles:
        move = tile.move
        moved = " ".join(filter(None, (move.text, move.against)))
        said = " · ".join(filter(None, (moved, move.verdict, tile.evidence)))
        found.append((tile.label, tile.figure, said, _TONES.get(move.tone)))
    return found


def _new(shown: Any, layout: Any, room: Room, title: str) -> Any:
    """Add a slide with the finding in the template's own title; a long one is set smaller."""
    slide = shown.slides.add_slide(layout)
    named = slide.shapes.title
    own = None if named is None else named._element
    for element in [one._element for one in slide.placeholders if one._element is not own]:
        element.getparent().remove(element)
    if named is None:
        box = (Emu(room.edge), Emu(Pt(24)), Emu(room.wide), Emu(room.top - int(Pt(24))))
        named = slide.shapes.add_textbox(*box)
    frame = named.text_frame
    frame.word_wrap = True
    frame.text = title
    size = 26 if len(title) <= 90 else 22 if len(title) <= 150 else 18
    for paragraph in frame.paragraphs:
        paragraph.font.size = Pt(size)
    return slide


def write(slide: Any, box: Box, lines: Sequence[str], size: Any, *, bold: bool = False) -> int:
    """Write lines one below the other; return where they end."""
    left, top, width, _ = box
    height = _need(lines, width, size)
    shape = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.font.size, paragraph.font.bold = size, bold
        paragraph.font.color.rgb = INK if bold else native.QUIET
        paragraph.space_after = Pt(3)
    return top + height + int(Pt(4))


def _need(lines: Sequence[str], width: int, size: Any) -> int:
    """Return the height that lines take, by the width of an average letter."""
    per_line = max(20, int(width / (size * _LETTER)))
    count = sum(max(1, -(-len(line) // per_line)) for line in lines)
    return int(count * size * 1.3 + len(lines) * Pt(3) + Pt(4))


_LETTER: Final = 0.54
"""Width of an average letter of the wider typefaces, in sizes of it."""


def footer(slide: Any, room: Room, words: str, place: int) -> None:
    """Write scope, data date and version, and the number of the slide."""
    wide = room.wide - int(Pt(40))
    for left, width, text, align in (
        (room.edge, wide, words, PP_ALIGN.LEFT),
        (room.edge + wide, int(Pt(40)), str(place), PP_ALIGN.RIGHT),
    ):
        shape = slide.shapes.add_textbox(Emu(left), Emu(room.foot), Emu(width), Emu(Pt(22)))
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        paragraph = frame.paragraphs[0]
        paragraph.text, paragraph.alignment = text, align
        paragraph.font.size = Pt(10 if len(text) < 150 else 8)
        paragraph.font.color.rgb = native.QUIET


def notes(scene: Scene) -> str:
    """What the speaker reads: the author's notes, the finding in words, the definitions."""
    parts = [scene.notes, scene.picture.caption.alt if scene.picture else ""]
    parts += [f"{d.label}: {d.words} ({d.formula})" for d in scene.definitions]
    return "\n\n".join(part for part in parts if part)


def _last(shown: Any, layout: Any, room: Room, pack: Pack) -> None:
    """The last slide: how every figure is made, and what was left out."""
    slide = _new(shown, layout, room, "How these figures are made")
    top = room.top
    if pack.about:
        top = write(slide, (room.edge, top, room.wide, 0), _fewer(pack.about, 9), Pt(11))
    lines = [f"{one.label}: {one.words}" for one in pack.definitions]
    size = Pt(12) if len(lines) + len(pack.about) <= 12 else Pt(10)
    write(slide, (room.edge, top, room.wide, 0), _fewer(lines, 16), size)
    footer(slide, room, pack.origin[:1].upper() + pack.origin[1:], len(pack.scenes) + 1)
    said = [*pack.about, *(f"{d.label}: {d.words} ({d.formula})" for d in pack.definitions)]
    slide.notes_slide.notes_text_frame.text = "\n".join(said)


def _fewer(lines: Sequence[str], most: int) -> list[str]:
    """Keep what a slide has room for; the notes hold all of it."""
    kept = [line if len(line) <= 230 else f"{line[:229]}…" for line in lines[:most]]
    if len(lines) > most:
        kept.append(f"{len(lines) - most} more in the notes of this slide.")
    return kept
