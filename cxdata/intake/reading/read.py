"""``read``: a file of rows becomes text records, with every decision shown and changeable."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from cxdata.intake.question import Question
from cxdata.intake.reading import lanes, layout, repeats
from cxdata.intake.reading.aside import Aside
from cxdata.intake.reading.choices import checked
from cxdata.intake.reading.columns import Columns, shown_columns
from cxdata.intake.reading.container import Opened, Place, checksum, open_file
from cxdata.intake.reading.data import Data
from cxdata.intake.reading.judge import Judge, Sink
from cxdata.intake.reading.layout import Layout
from cxdata.intake.reading.reading import Reading
from cxdata.intake.reading.result import Dialect, Refused
from cxdata.intake.reading.scan import Scan
from cxdata.intake.reading.sheet import read_sheet
from cxdata.intake.reading.sinks import Deviates, Few, Many, Places, Streamed
from cxdata.intake.reading.split import Splitter
from cxdata.intake.reading.staged import Staged
from cxdata.intake.reading.text import Text, cut_blank_rows, open_text
from cxdata.intake.reading.walk import Walk
from cxdata.intake.values.profile import profile
from cxdata.model.errors import IntakeError

_NOTHING = b" \t\r\n\"'"
_MEMORY = "300MB"
_WIDE, _MEMORY_WIDE = 1_000, "700MB"
"""A table of so many columns needs more, since each is a buffer, and gets one thread."""


Lane = tuple[Staged, Places, Walk]


@dataclass(frozen=True)
class Read:
    """What came of a text or a sheet, before its values were looked at."""

    dialect: Dialect
    original: tuple[str, ...]
    ledger: Aside
    staged: Staged
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    raw: Any
    short: bool = False


def read(
    path: str | os.PathLike[str],
    *,
    workspace: Path | None = None,
    values: bool = True,
    **choices: Any,
) -> Reading:
    """Read a file of rows: text in any dialect, packed or not, or a workbook.

    Every field of the dialect is a choice (``encoding``, ``delimiter``, ``quote``, ``escape``,
    ``header``, ``skip``, ``comment``, ``member``, ``sheet``), and so is the key of every question.
    ``workspace`` is the folder for what does not fit in memory, else one of our own. Without
    ``values`` nobody looks at how the values are written (``profile`` stays empty).

    Raises:
        IntakeError: the file cannot be opened, or a choice is unknown.
    """
    path = Path(path)
    chosen = checked(choices)
    place = Place(workspace)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise IntakeError(f"{path.name} is a folder, not a file.")
        reading = _read(path, size, chosen, place)
        return _with_values(reading, chosen) if values else reading
    except OSError as error:
        said = error.strerror or str(error)
        raise IntakeError(f"{path.name} cannot be read: {said}.") from error


def _read(path: Path, size: int, choices: Mapping[str, Any], place: Place) -> Reading:
    hasher = hashlib.sha256()
    done = ""
    try:
        opened = open_file(path, choices.get("member"), place)
        if opened.container:
            done = checksum(path)
        if opened.book is not None:
            found = _sheet(opened.book, choices, place)
        else:
            text = open_text(opened, choices, place, None if done else hasher)
            found = _text(text, opened, choices, place)
    except Refused as refused:
        return Reading(
            path,
            sha256=done or checksum(path),
            bytes=size,
            questions=refused.questions,
            refused=str(refused),
            workspace=place,
        )
    made = shown_columns(found.original, found.staged, found.short)
    reading = Reading(
        path,
        found.dialect,
        made.header,
        made.original,
        done or hasher.hexdigest(),
        size,
        (*found.questions, *made.questions),
        (*found.notes, *made.notes),
        ledger=found.ledger,
        staged=made.staged,
        raw_text=found.raw,
        workspace=place,
    )
    return _with_counts(reading, made)


def _text(text: Text, opened: Opened, choices: Mapping[str, Any], place: Place) -> Read:
    """Read the records of a text."""
    data = text.data
    shape = layout.decide(data, text.start, text.cr, choices)
    if (
        shape.frame.width > 1
        and not any(one.strip() for one in shape.original)
        and (
            not data.view[shape.start : data.size].strip(
                _NOTHING + shape.candidate.delimiter.encode()
            )
        )
    ):
        raise Refused("The file is empty: it holds delimiters and no text.")
    blank = cut_blank_rows(data, shape)
    (staged, places, walk), ledger = _lane(text, shape, place)
    walk.judge.padded += blank
    ledger.finish()
    notes = [*text.encoding.notes, *text.notes, *shape.notes, *_walk_notes(walk, shape)]
    dialect = Dialect(
        opened.container,
        opened.member,
        text.encoding.name,
        shape.candidate.delimiter,
        shape.candidate.quote,
        shape.candidate.escape,
        text.newline(shape),
        shape.head_rows,
        shape.skip,
        shape.frame.comment,
    )
    asked = (text.encoding.question, *shape.questions)
    questions = tuple(one for one in asked if one is not None)
    raw = _raw_of(data, places)
    return Read(dialect, shape.original, ledger, staged, questions, tuple(notes), raw, shape.short)


def _lane(text: Text, shape: Layout, place: Place) -> tuple[Lane, Aside]:
    """Read by hand or by blocks, whatever fits the size and the dialect."""
    data, width = text.data, shape.frame.width
    splitter = shape.candidate.splitter(text.cr)
    if data.size < lanes.FAST_FROM:
        few = Few()
        walk = _walk(data, shape, splitter, few, Aside())
        return (*lanes.by_hand(walk, few, width), walk), walk.judge.ledger
    if lanes.in_blocks(splitter):
        with suppress(lanes.Differs):
            return _by_blocks(text, shape, splitter, place)
    streamed = Streamed(place.path, width)
    walk = _walk(data, shape, splitter, streamed, Aside(place.path / "aside.parquet"))
    return (*lanes.in_a_stream(walk, streamed, width), walk), walk.judge.ledger


def _by_blocks(text: Text, shape: Layout, splitter: Splitter, place: Place) -> tuple[Lane, Aside]:
    """Read by blocks; what the engine reads otherwise than it was counted is not used.

    The engine reads lines that end with CR LF only if all do, inside quotes too; so what
    deviates is copied with line feeds.
    """
    if text.newline(shape) == "CRLF":
        with suppress(Deviates):
            return _blocks(text, shape, splitter, place, "\r\n")
    return _blocks(text, shape, splitter, place, "\n")


def _blocks(
    text: Text, shape: Layout, splitter: Splitter, place: Place, line_end: str
) -> tuple[Lane, Aside]:
    copied = lanes.copied_as(text.data, splitter.delimiter, splitter.quote, line_end)
    whole = line_end == "\r\n"
    many = Many(text.data, place.path, shape.start, copied, only_whole=whole)
    walk = _walk(text.data, shape, splitter, many, Aside(place.path / "aside.parquet"))
    scan = Scan(shape.frame, splitter.delimiter, splitter.quote, shape.header_raw)
    lanes.by_blocks(walk, scan, many)
    staged = lanes.stage(many, shape.frame.width, place.path, shape.line - 1, splitter)
    return (staged, many.index.places(), walk), walk.judge.ledger


def _walk(data: Data, shape: Layout, splitter: Splitter, sink: Sink, ledger: Aside) -> Walk:
    judge = Judge(shape.frame, ledger, sink, lambda one: data.text(one.start, one.end))
    for record in shape.aside:
        judge.feed(record, "question_text", "it spells out the header (question text or a rule)")
    judge.flush()
    return Walk(data, splitter, judge, shape.start, shape.line)


def _walk_notes(walk: Walk, shape: Layout) -> list[str]:
    notes = []
    comments = walk.comments + shape.comments
    if comments:
        said = "1 line is a comment" if comments == 1 else f"{comments:,} lines are comments"
        notes.append(f"{said} (beginning with {shape.frame.comment!r}) and no record.")
    if walk.judge.padded:
        rows = walk.judge.padded
        said = "1 row at the end holds" if rows == 1 else f"{rows:,} rows at the end hold"
        notes.append(f"{said} nothing and {'is no record' if rows == 1 else 'are no records'}.")
    if walk.splitter.spaced:
        notes.append("Spaces between quotes and delimiters were left out.")
    return notes


def _raw_of(data: Data, places: Places) -> Any:
    def raw(records: Sequence[int]) -> dict[int, str]:
        numbers = places[:, 0]
        found = {}
        for number in records:
            at = int(numbers.searchsorted(number))
            if at < len(numbers) and numbers[at] == number:
                start, size = int(places[at, 2]), int(places[at, 3])
                found[number] = data.text(start, start + size)
        return found

    return raw


def _sheet(book: Path, choices: Mapping[str, Any], place: Place) -> Read:
    return Read(*read_sheet(book, choices, place))


def _with_counts(reading: Reading, made: Columns) -> Reading:
    if not reading.records and made.header:
        return reading.but(notes=(*reading.notes, "There is a header and no record: 0 rows."))
    return reading


def _with_values(reading: Reading, choices: Mapping[str, Any]) -> Reading:
    """Look at the values of all columns, and at records that repeat."""
    if not reading.accepted:
        return reading
    wide = len(reading.header) > _WIDE
    limits: dict[str, Any] = {
        "memory_limit": _MEMORY_WIDE if wide else _MEMORY,
        "threads": 1 if wide else 2,
    }
    with duckdb.connect(config=limits) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        reading.relation(connection, "raw")
        columns = profile(
            connection, "raw", reading.header, choices=choices, records=reading.accepted
        )
        twice = repeats.find(connection, "raw", reading.header, reading.accepted)
    questions = [question for one in columns for question in one.questions]
    notes = [note for one in columns for note in one.notes]
    return reading.but(
        profile=columns,
        questions=(*reading.questions, *questions),
        notes=(*reading.notes, *notes, *twice.notes),
        of_values=(*notes, *twice.notes),
        doubts=sum(one.fault_count for one in columns) + twice.count,
    )
