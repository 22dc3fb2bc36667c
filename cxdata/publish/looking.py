"""What was understood of an extract in waiting, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb

from cxdata.intake import Reading
from cxdata.intake.execute import read_as_stated, read_by
from cxdata.intake.matching.drift import Drift, Renamed
from cxdata.intake.matching.library import Library
from cxdata.intake.matching.matched import match
from cxdata.intake.matching.suggestion import Suggestion, TableSuggestion
from cxdata.intake.question import Question
from cxdata.intake.reading.result import Dialect, SetAside
from cxdata.intake.recipe import Recipe
from cxdata.intake.template import template_recipe
from cxdata.intake.values import ColumnProfile
from cxdata.model.errors import StoreError
from cxdata.model.progress import Progress, silent
from cxdata.publish.mended import mended
from cxdata.publish.preparing import named, tidy
from cxdata.publish.recognising import library
from cxdata.publish.record import read_record, write_record
from cxdata.publish.staged import Staged, Status, save, working
from cxdata.sources.store import Store

_FILE = "look.json"
_FIRST, _FEW = 20, 5
_CELL = 300
_ASIDE = 20
_TABLES = 4
TEMPLATE, SHIPPED, SAVED, MENDED = "template", "shipped", "saved", "mended"


@dataclass(frozen=True)
class Row:
    """One record as the file has it; ``place`` says where it was taken: first, middle or last."""

    place: str
    record: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """The recipe that knows an extract by its columns, in words; ``kind`` is where it is from."""

    kind: str
    name: str = ""
    label: str = ""
    story: str = ""


@dataclass(frozen=True)
class Drifted:
    """A saved recipe for nearly these columns, and how they differ; see ``Drift``."""

    name: str
    version: int
    lacking: tuple[str, ...]
    new: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    reordered: bool

    def drift(self, recipes: Library) -> Drift:
        """Return the difference with the recipe itself."""
        recipe = recipes.find(self.name, self.version)
        return Drift(recipe, self.lacking, self.new, self.renamed, self.reordered)


@dataclass(frozen=True)
class Look:
    """What reading and matching found, as far as a person decides by it.

    ``choices`` are those that it was read by. ``rows`` are the first records and a few from the
    middle and the end. ``known`` is the recipe that knows the columns, if one does; otherwise
    ``tables`` says what the extract may be, and ``asked`` what matching cannot tell.
    """

    at: datetime
    choices: Mapping[str, Any]
    dialect: Dialect = field(default_factory=Dialect)
    header: tuple[str, ...] = ()
    records: int = 0
    set_aside: int = 0
    refused: str = ""
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[ColumnProfile, ...] = ()
    rows: tuple[Row, ...] = ()
    aside: tuple[SetAside, ...] = ()
    aside_rules: Mapping[str, int] = field(default_factory=dict)
    known: Known | None = None
    tables: tuple[TableSuggestion, ...] = ()
    asked: tuple[Question, ...] = ()
    drifted: Drifted | None = None

    @property
    def likely(self) -> dict[str, Any]:
        """The likely answers to what reading asks of the whole text, by which it was read."""
        return {one.key: one.default for one in self.questions if not one.key.startswith("column:")}

    @property
    def suggestion(self) -> Suggestion:
        """What matching suggested, to be made a recipe of."""
        return Suggestion(self.header, self.tables, self.columns, None, self.asked)


def look_of(store: Store, item: Staged) -> Look | None:
    """Return what was understood of an extract, if it was looked at."""
    return read_record(item.folder(store) / _FILE, Look)


def look(
    store: Store,
    item: Staged,
    choices: Mapping[str, Any] | None = None,
    *,
    progress: Progress = silent,
    now: datetime,
) -> Look:
    """Read an extract by choices and otherwise by evidence, match it, and keep what was found.

    What was made of it before no longer holds and goes.

    Raises:
        IntakeError: a choice is unknown.
        StoreError: somebody else works on it, or it did not arrive whole.
    """
    chosen = dict(choices or {})
    with working(store, item) as known, ExitStack() as open_files:
        if known.status is Status.RECEIVING:
            raise StoreError(f"{known.name!r} did not arrive whole. Discard it and bring it again.")
        try:
            progress("reading", 0.0)
            reading = open_files.enter_context(read_by(named(store, known), None, chosen))
            found = _looked(store, reading, chosen, now, progress, open_files)
        finally:
            tidy(store, replace(known, prepared=None))
        with store.writing():
            write_record(item.folder(store) / _FILE, found)
        save(
            store,
            replace(known, status=Status.RECEIVED, prepared=None, refused="", touched=now),
        )
    progress("looked at", 1.0)
    return found


# -- inside ----------------------------------------------------------------------------------------


def _looked(
    store: Store,
    reading: Reading,
    choices: Mapping[str, Any],
    now: datetime,
    progress: Progress,
    open_files: ExitStack,
) -> Look:
    if reading.refused is not None:
        return Look(now, choices, refused=reading.refused, questions=reading.questions)
    if mended(reading) is not None:
        return _of_reading(reading, choices, now, known=Known(MENDED))
    template = template_recipe(reading.header)
    if template is not None:
        table = template.tables[0].table
        return _of_reading(reading, choices, now, known=Known(TEMPLATE, table, template.label))
    progress("matching", 0.7)
    recipes, head = library(store), store.head()
    published = {} if head is None else {name: store.paths(head, name) for name in head.row_counts}
    matched = match(reading, recipes, published)
    recipe = matched.suggestion.recipe
    if recipe is not None:
        stated = open_files.enter_context(read_as_stated(reading, recipe, choices))
        return _of_reading(stated, choices, now, known=_known(recipe))
    return _of_reading(
        reading,
        choices,
        now,
        tables=matched.suggestion.tables[:_TABLES],
        asked=matched.suggestion.questions,
        drifted=None if matched.drift is None else _drifted(matched.drift),
    )


def _of_reading(
    reading: Reading, choices: Mapping[str, Any], now: datetime, **matched: Any
) -> Look:
    return Look(
        at=now,
        choices=choices,
        dialect=reading.dialect,
        header=reading.header,
        records=reading.records,
        set_aside=reading.aside_count,
        questions=reading.questions,
        notes=reading.notes,
        columns=reading.profile,
        rows=_rows(reading),
        aside=tuple(reading.set_aside[:_ASIDE]),
        aside_rules=dict(reading.ledger.counts),
        **matched,
    )


def _known(recipe: Recipe) -> Known:
    saved = recipe.saved
    if saved is None:
        return Known(SHIPPED, recipe.name, recipe.label, recipe.about)
    why = f" ({saved.why})" if saved.why else ""
    story = f"version {saved.version}, saved by {saved.by} on {saved.at:%d %B %Y}{why}"
    return Known(SAVED, recipe.name, recipe.label, story)


def _drifted(found: Drift) -> Drifted:
    version = 0 if found.recipe.saved is None else found.recipe.saved.version
    return Drifted(
        found.recipe.name, version, found.lacking, found.new, found.renamed, found.reordered
    )


def _rows(reading: Reading) -> tuple[Row, ...]:
    """Return the first records, and some from the middle and the end that are not among them."""
    if not reading.accepted:
        return ()
    with duckdb.connect() as connection:
        reading.relation(connection, "raw")
        parts = (
            ("first", f"ORDER BY _record LIMIT {_FIRST}"),
            ("middle", f"WHERE _record > {reading.records // 2} ORDER BY _record LIMIT {_FEW}"),
            ("last", f"ORDER BY _record DESC LIMIT {_FEW}"),
        )
        found: dict[int, Row] = {}
        for place, which in parts:
            for record, line, *cells in connection.execute(f"SELECT * FROM raw {which}").fetchall():
                shown = tuple((cell or "")[:_CELL] for cell in cells)
                found.setdefault(record, Row(place, record, line, shown))
    return tuple(found[record] for record in sorted(found))
