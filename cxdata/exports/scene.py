"""A view of a story as it is told: one finding, its picture, its figures, its definitions.

Scenes are what every file of a pack is made from, so that none of them computes a number again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qs, urlencode

from cxdata.analysis.figure import figures as figures_of
from cxdata.exports.sheet import Sheet, sheet
from cxdata.exports.state import State, state_of
from cxdata.metrics import metric as known_metric
from cxdata.model.errors import CxError
from cxdata.model.evidence import Flag
from cxdata.model.metric import Unit
from cxdata.model.period import Period
from cxdata.model.progress import Progress, silent
from cxdata.model.scope import Compare, Scope
from cxdata.model.story import Slide, Story
from cxdata.panels import pages
from cxdata.panels.address import asked
from cxdata.panels.choices import Choices, Desk
from cxdata.panels.figures import Tile
from cxdata.panels.pages import Page, page_of
from cxdata.panels.picture import Column, Picture


@dataclass(frozen=True)
class Definition:
    """How a metric is made, in words."""

    metric: str
    label: str
    words: str
    formula: str


@dataclass(frozen=True)
class Scene:
    """One view, told.

    ``panel`` names the picture (``trend-nps``), also where the view names only its page. ``data``
    are the picture's figures, ``wall`` those of ``tiles``, number for number. ``state`` is that of
    the data it is told from: the newest, or the version that its slide stays at.
    """

    place: int
    page: Page
    panel: str
    title: str
    takeaway: str
    sentences: tuple[str, ...]
    picture: Picture | None
    data: Sheet | None
    tiles: tuple[Tile, ...]
    wall: Sheet | None
    scope: Scope
    words: str
    notes: str
    definitions: tuple[Definition, ...]
    slide: Slide
    state: State
    remarks: tuple[str, ...] = ()

    @property
    def pinned(self) -> Slide:
        """The view as it was told: one that shows the newest period names the period it showed."""
        view = self.slide.view
        if "period" in parse_qs(view.address):
            return self.slide
        said = urlencode({"period": self.scope.period.label})
        address = f"{view.address}&{said}" if view.address else said
        return replace(self.slide, view=replace(view, address=address))

    @property
    def kind(self) -> str:
        """What is drawn: ``trend``, ``segment``, ``bridge``, and so on."""
        return self.panel.partition("-")[0]

    @property
    def caption(self) -> str:
        """What is drawn, in words; what only a page can do is not said."""
        return self.picture.caption.subtitle.split(" Choose a cell")[0] if self.picture else ""

    @property
    def name(self) -> str:
        """What it shows, for the name of a sheet or a file."""
        return self.picture.name if self.picture and self.picture.name else self.page.name


@dataclass(frozen=True)
class Told:
    """The scenes of a story, and a line about each view that could not be told."""

    scenes: tuple[Scene, ...]
    left_out: tuple[str, ...]


def tell(
    desk: Desk, story: Story, period: Period | None = None, progress: Progress = silent
) -> Told:
    """Tell every view of a story; one that lacks its tables is left out, and said."""
    scenes: list[Scene] = []
    left_out: list[str] = []
    for at, slide in enumerate(story.slides):
        progress(f"telling {slide.view.page}", at / max(1, len(story.slides)))
        try:
            found = scene(desk, slide, len(scenes) + 1, period)
        except CxError as error:
            left_out.append(_line(slide, str(error)))
            continue
        if isinstance(found, str):
            left_out.append(_line(slide, found))
        else:
            scenes.append(found)
    return Told(tuple(scenes), tuple(dict.fromkeys(left_out)))


def _line(slide: Slide, why: str) -> str:
    page = pages.PAGES.get(slide.view.page.strip("/"))
    return f"{slide.title or (page.name if page else slide.view.page)}: {why}"


def scene(desk: Desk, slide: Slide, place: int, period: Period | None = None) -> Scene | str:
    """Tell one view, from the data version that it stays at; where it has nothing, return why.

    Raises:
        CxError: the data lack what it needs, or there is no such page, picture or data version.
    """
    desk = desk.at(slide.view.version)
    page = page_of(slide.view.page)
    wanted = asked(slide.view.address, desk.choices, period)
    scope, scheme = _comparable(desk.choices, wanted.scope), wanted.scheme
    panel = slide.view.panel
    picture = pages.picture(desk, scope, scheme, panel) if panel else None
    if picture is not None and picture.empty:
        return picture.empty
    tiles: tuple[Tile, ...] = ()
    sentences: tuple[str, ...] = ()
    if picture is None:
        tiles = tuple(one for one in pages.tiles(desk, scope, page) if one.evidence != _EMPTY)
        sentences = tuple(one.text for one in pages.sentences(desk, scope, scheme, page))
        panel, picture = _main(desk, scope, scheme, page)
    if picture is None and not tiles:
        return f"{page.name} has no figures in these data."
    names = pages.metrics_of(panel) if slide.view.panel else _measures(tiles, page)
    wall = _wall(desk, scope, tiles, page) if tiles else None
    return Scene(
        place=place,
        page=page,
        panel=panel,
        title=slide.title or _finding(sentences, picture, page),
        takeaway=slide.takeaway,
        sentences=sentences if slide.title else sentences[1:],
        picture=picture,
        data=sheet(picture.table, picture.columns) if picture else None,
        tiles=tiles,
        wall=wall,
        scope=scope,
        words=_words(scope, desk.choices),
        notes=slide.notes,
        definitions=definitions(names),
        slide=slide,
        state=state_of(desk),
        remarks=_remarks(wanted.unknown),
    )


_EMPTY: Final = Flag.NO_DATA.words
"""What a figure says that has nothing behind it; nobody is handed one."""


def _finding(sentences: Sequence[str], picture: Picture | None, page: Page) -> str:
    """The finding as a title: the page's first sentence, else what its picture shows."""
    if sentences:
        return sentences[0].removesuffix(".")
    return picture.caption.title if picture else page.question


def _main(desk: Desk, scope: Scope, scheme: str | None, page: Page) -> tuple[str, Picture | None]:
    """Return the first picture of a page that the data can give."""
    for name in page.pictures:
        try:
            found = pages.picture(desk, scope, scheme, name)
        except CxError:
            continue
        if not found.empty:
            return name, found
    return "", None


def _comparable(choices: Choices, scope: Scope) -> Scope:
    """Compare with nothing where the earlier period lies before the data."""
    return scope if scope.against in choices.periods[scope.period.grain] else _alone(scope)


def _alone(scope: Scope) -> Scope:
    return replace(scope, compare=Compare.NONE)


def _words(scope: Scope, choices: Choices) -> str:
    """Say a scope in one sentence, as its page does."""
    is_finished = choices.is_complete(scope.period)
    said = (scope if is_finished else _alone(scope)).words(choices.labels)
    said = said if is_finished else f"{said.removesuffix('.')}, unfinished."
    return said[:1].upper() + said[1:]


def _remarks(unknown: Sequence[str]) -> tuple[str, ...]:
    return (f"Not in these data, so not chosen: {', '.join(unknown)}.",) if unknown else ()


def _measures(tiles: Sequence[Tile], page: Page) -> tuple[str, ...]:
    labels = {tile.label for tile in tiles}
    return tuple(n for n in (*page.tiles, *page.other_tiles) if known_metric(n).label in labels)


def _wall(desk: Desk, scope: Scope, tiles: Sequence[Tile], page: Page) -> Sheet:
    """Return the tiles' figures as numbers; they are remembered, not computed again."""
    names = _measures(tiles, page)
    found = figures_of(desk.gate, names, scope)
    said = {tile.label: tile for tile in tiles}
    rows = []
    for name in names:
        cell, tile = found[name].cell, said[known_metric(name).label]
        shown = (cell.estimate, cell.lo, cell.hi) if cell.flag.shows else (None, None, None)
        words = (known_metric(name).unit.value, tile.figure, _moved(tile), tile.evidence)
        rows.append((tile.label, *shown, cell.n, *words))
    return Sheet(WALL, tuple(rows))


WALL = (
    Column("label", "Figure"),
    Column("estimate", "Value", Unit.RATE),
    Column("lo", "Low (95 %)", Unit.RATE),
    Column("hi", "High (95 %)", Unit.RATE),
    Column("n", "n", Unit.COUNT),
    Column("unit", "Unit"),
    Column("said", "In words"),
    Column("change", "Change"),
    Column("evidence", "Evidence"),
)


def _moved(tile: Tile) -> str:
    move = tile.move
    return " ".join(
        filter(None, (move.text, move.against, f"({move.verdict})" * bool(move.verdict)))
    )


def definitions(names: Sequence[str]) -> tuple[Definition, ...]:
    """Return how metrics are made."""
    known = [known_metric(name) for name in dict.fromkeys(names)]
    return tuple(Definition(m.name, m.label, m.definition, m.formula) for m in known)
