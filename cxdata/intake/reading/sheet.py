"""A sheet of a workbook as records: the same header, totals and footers as in a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cxdata.intake.question import Question
from cxdata.intake.reading import header
from cxdata.intake.reading.aside import Aside
from cxdata.intake.reading.cells import column_kinds
from cxdata.intake.reading.container import Place
from cxdata.intake.reading.judge import Frame, Judge
from cxdata.intake.reading.names import joined
from cxdata.intake.reading.result import Dialect, Refused
from cxdata.intake.reading.sinks import Few
from cxdata.intake.reading.split import Record
from cxdata.intake.reading.staged import Staged, held
from cxdata.intake.reading.workbook import Book

_SEEN = 400


def read_sheet(
    path: Path, choices: Mapping[str, Any], place: Place
) -> tuple[
    Dialect, tuple[str, ...], Aside, Staged, tuple[Question, ...], tuple[str, ...], Any, bool
]:
    """Read a sheet of a workbook: dialect, names, set aside, records, questions, notes, raw."""
    del place
    book = Book(path, choices.get("sheet"))
    rows = list(book.records())
    left, width = _used(rows)
    if width == 0:
        raise Refused(f"The sheet {book.sheet!r} is empty.")
    for record in rows:
        cells = (record.cells or [])[left:]
        record.cells = (cells + [""] * width)[:width]
    rows = rows[int(choices.get("skip") or 0) :]
    filled = [one for one in rows if any(one.cells or ())]
    head = header.find(filled, width, [one.cells or [] for one in filled[60:_SEEN]])
    if (said := choices.get("header")) is not None:
        head = header.Head(head.first, int(said), head.aside if said else 0, width=width)
    return _made(book, filled, rows, head)


def _used(rows: Sequence[Record]) -> tuple[int, int]:
    """Return the first column in use and how many there are."""
    first, last = 1 << 30, 0
    for record in rows:
        places = [place for place, cell in enumerate(record.cells or ()) if cell.strip()]
        if places:
            first, last = min(first, places[0]), max(last, places[-1] + 1)
    return (first, last - first) if last else (0, 0)


def _made(
    book: Book, filled: Sequence[Record], rows: Sequence[Record], head: header.Head
) -> tuple[
    Dialect, tuple[str, ...], Aside, Staged, tuple[Question, ...], tuple[str, ...], Any, bool
]:
    width, below = head.width, head.first + head.rows
    names = [list(one.cells or ()) for one in filled[head.first : below]]
    body = [one.cells or [] for one in filled[below + head.aside : _SEEN]]
    kinds = column_kinds(body, width) if len(body) > 1 else ("word",) * width
    frame = Frame(width, kinds, tuple(tuple(one) for one in names), delimiter="\t")
    ledger, sink = Aside(), Few()
    judge = Judge(frame, ledger, sink, _raw)
    _feed(judge, rows, filled, below, head.aside)
    judge.finish(cut=False)
    ledger.finish()
    skip = filled[head.first].line - 1 if head.first < len(filled) else 0
    notes = []
    if head.first:
        said = "1 line" if skip == 1 else f"{skip} lines"
        notes.append(f"{said} before the header {'was' if skip == 1 else 'were'} left out.")
    if judge.padded:
        notes.append(f"{judge.padded:,} rows at the end hold nothing and are no records.")
    dialect = Dialect("xlsx", book.sheet, "", "", "", "", "", head.rows, skip, "")
    asked = tuple(one for one in (book.question, head.question) if one is not None)
    texts = {number: "\t".join(cells) for number, _, cells in sink.records}
    staged = Staged(held(sink.records, width), None, tuple(range(width)))
    original = joined(names, width) if names else ("",) * width
    return dialect, original, ledger, staged, asked, tuple(notes), _picked(texts), False


def _feed(
    judge: Judge, rows: Sequence[Record], filled: Sequence[Record], below: int, aside: int
) -> None:
    begins = filled[below].line if below < len(filled) else rows[-1].line + 1
    spelled = {one.line for one in filled[below : below + aside]}
    for record in rows:
        if record.line < begins:
            continue
        if record.line in spelled:
            judge.feed(record, "question_text", "it spells out the header (question text)")
        elif not any(cell.strip() for cell in record.cells or ()):
            judge.blank()
        else:
            judge.feed(record)


def _raw(record: Record) -> str:
    return "\t".join(record.cells or ())


def _picked(texts: Mapping[int, str]) -> Any:
    def raw(records: Sequence[int]) -> dict[int, str]:
        return {number: texts[number] for number in records if number in texts}

    return raw
