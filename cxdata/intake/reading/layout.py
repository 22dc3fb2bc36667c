"""How the lines of a text make a table: dialect, comments, header, and where the records begin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cxdata.intake.question import Question
from cxdata.intake.reading import dialect, header
from cxdata.intake.reading.cells import column_kinds
from cxdata.intake.reading.data import Data
from cxdata.intake.reading.dialect import Candidate, Stated
from cxdata.intake.reading.judge import Frame
from cxdata.intake.reading.names import is_name, joined
from cxdata.intake.reading.sample import Window, is_blank, windows
from cxdata.intake.reading.split import Record, Splitter

_SEP = re.compile(rb'"?sep=([^\r\n"]{1,4})"?(?:\r*\n|\r)', re.I)
_COMMENTS = ("#", "//", "--", "%", "!")


@dataclass(frozen=True)
class Layout:
    """A table in a text: records begin at byte ``start``, line ``line``.

    ``original`` are the names as they stand; ``aside`` are records between header and data.
    ``short`` tells that the header has one name less than the records have cells.
    """

    candidate: Candidate
    frame: Frame
    start: int
    line: int
    skip: int
    head_rows: int
    original: tuple[str, ...]
    header_raw: bytes = b""
    aside: tuple[Record, ...] = ()
    short: bool = False
    comments: int = 0
    skipped: int = 0
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = field(default=())


def decide(data: Data, start: int, cr: bool, choices: Mapping[str, Any]) -> Layout:
    """Return the layout of a text from byte ``start`` on."""
    begin, line, hinted = _begin(data, start, cr, choices)
    ends = b"\r" if cr and data.view.find(b"\n", begin, begin + (1 << 20)) < 0 else b"\n"
    found = windows(data, begin, ends)
    stated = Stated(
        choices.get("delimiter") if choices.get("delimiter") is not None else hinted,
        choices.get("quote"),
        choices.get("escape"),
    )
    best, close = dialect.decide(found, cr, stated)
    splitter = best.splitter(cr)
    records = _whole(found[0], splitter, best.width)
    rest = [record for window in found[1:] for record in window.records(splitter)]
    comment = _comment(found, [*records, *rest], best.width, choices.get("comment"))
    comments = [one for one in records if _commented(found[0], one, comment, best.width)]
    records = [one for one in records if one not in comments]
    others = [one.cells for one in rest if one.cells]
    head = _head(records, best.width, others, choices)
    if not head.rows and "header" not in choices:
        head = _otherwise_delimited(found[0], records, best, head)
    broken = _broken_header(records, head) if "header" not in choices else None
    asked = (_delimiter_question(best, close), head.question or broken)
    questions = tuple(one for one in asked if one)
    made = _layout(data, begin, line, best, records, others, head, comment, questions)
    before = sum(begin + one.start < made.start for one in comments)
    skipped = _skipped(made.skip - (line - 1) - before, made.skipped)
    return replace(made, comments=before, notes=(*skipped, *made.notes))


def _begin(
    data: Data, start: int, cr: bool, choices: Mapping[str, Any]
) -> tuple[int, int, str | None]:
    """Return where to begin: behind lines to skip, or behind a line that names the delimiter."""
    line = 1
    if skip := choices.get("skip"):
        splitter = Splitter("", "", "", cr)
        for _ in range(int(skip)):
            start = splitter.line(data.view, start, data.size)[1]
        return start, int(skip) + 1, None
    hint = _SEP.match(data.view, start)
    if hint is None:
        return start, line, None
    return hint.end(), 2, hint.group(1).decode("utf-8", "replace").replace("\\t", "\t")


def _whole(window: Window, splitter: Splitter, width: int) -> list[Record]:
    """Return the records of the head; a broken one that could be the header is split plainly."""
    records = window.records(splitter)
    if records and records[0].fault:
        first = records[0]
        raw = window.raw[first.start : first.end].decode("utf-8", "backslashreplace")
        cells = raw.split(splitter.delimiter) if splitter.delimiter else [raw]
        if len(cells) == width:
            first.cells = [cell.strip().strip(splitter.quote or None) for cell in cells]
    return records


def _comment(
    found: Sequence[Window], records: Sequence[Record], width: int, stated: str | None
) -> str:
    """Return what begins a comment: a mark on lines that are as wide as no record."""
    if stated is not None:
        return stated
    if width == 1:
        return ""
    lines = [line for window in found for line in re.split(rb"[\r\n]+", window.raw)]
    wide = sum(len(one.cells or ()) == width for one in records)
    for mark in _COMMENTS:
        marked = [line for line in lines if line.startswith(mark.encode())]
        first = bool(lines) and lines[0].startswith(mark.encode())
        if marked and len(marked) < max(2, wide) and (mark == "#" or first):
            return mark
    return ""


def _commented(window: Window, record: Record, comment: str, width: int) -> bool:
    if not comment or len(record.cells or ()) == width:
        return False
    return window.raw.startswith(comment.encode(), record.start)


def _head(
    records: Sequence[Record],
    width: int,
    others: Sequence[Sequence[str]],
    choices: Mapping[str, Any],
) -> header.Head:
    found = header.find(records, width, others)
    stated = choices.get("header")
    if stated is None:
        return found
    short = found.short and bool(stated)
    return header.Head(found.first, int(stated), found.aside if stated else 0, short, found.width)


def _otherwise_delimited(
    window: Window, records: Sequence[Record], best: Candidate, head: header.Head
) -> header.Head:
    """Return the header if it stands above the first row with another delimiter than the rows."""
    if head.first < 1 or head.first >= len(records):
        return head
    above = records[head.first - 1]
    for other in (",", ";", "\t", "|", " "):
        names = Splitter(other, '"', '"').next(window.raw, above.start, above.after).cells or []
        if other != best.delimiter and len(names) == best.width and all(map(is_name, names)):
            above.cells = names
            question = Question(
                "header",
                "Is the line above the first row the header, although another delimiter is in it?",
                1,
                ((1, "yes"), (0, "no: there is no header")),
                f"Split by {other!r}, the line has as many names as the rows have cells.",
            )
            return replace(head, first=head.first - 1, rows=1, question=question)
    return head


def _broken_header(records: Sequence[Record], head: header.Head) -> Question | None:
    """Ask for a header that is not well formed: its names may be wrong."""
    rows = records[head.first : head.first + head.rows]
    why = next((one.why for one in rows if one.fault), "")
    if not why:
        return None
    names = ", ".join(repr(cell[:30]) for cell in (rows[0].cells or ())[:8])
    return Question(
        "header",
        f"The header is broken: are these the names of the columns ({names})?",
        head.rows,
        ((head.rows, "yes"), (0, "no: there is no header")),
        f"In the header, {why}.",
    )


def _delimiter_question(best: Candidate, close: Sequence[Candidate]) -> Question | None:
    """Ask for the delimiter where it is unusual, or another one is about as good."""
    if best.asked:
        others = [one.delimiter for one in close if one.delimiter != best.delimiter][:3]
        options = [best.delimiter, *others, *({best.delimiter[0]} - {*others, best.delimiter})]
        return Question(
            "delimiter",
            f"Do the characters {best.delimiter!r} separate the cells?",
            best.delimiter,
            tuple((one, f"{one!r}" if one else "nothing: one column") for one in options),
            f"Split by {best.delimiter!r}, most rows have {best.width} cells.",
        )
    return None


def _layout(
    data: Data,
    begin: int,
    line: int,
    best: Candidate,
    records: Sequence[Record],
    others: Sequence[Sequence[str]],
    head: header.Head,
    comment: str,
    questions: tuple[Question, ...],
) -> Layout:
    below = head.first + head.rows
    first = below + head.aside
    whole = _of_the_table(records[first:], others, head.width, comment)
    names = [_fitted(records[place].cells or (), head) for place in range(head.first, below)]
    original = joined(names, head.width) if names else ("",) * head.width
    frame = _frame(whole, names, head.width, comment, best.delimiter)
    lines = records[head.first].line - 1 if head.first < len(records) else 0
    start, at = _first_record(records, first, begin, line)
    raw = b""
    if head.rows and records:
        top = records[head.first]
        raw = data.view[begin + top.start : begin + top.end]
    return Layout(
        best,
        frame,
        start,
        at,
        line - 1 + lines,
        head.rows,
        original,
        raw,
        tuple(_moved(one, begin, line) for one in records[below:first]),
        head.short,
        skipped=sum(not is_blank(one) for one in records[: head.first]),
        questions=questions,
        notes=head.notes,
    )


def _frame(
    whole: Sequence[Sequence[str]],
    names: Sequence[Sequence[str]],
    width: int,
    comment: str,
    delimiter: str,
) -> Frame:
    """Return what a record has to be, by the rows of the table that were seen."""
    filled = sum(bool(row[0].strip()) for row in whole)
    return Frame(
        width,
        column_kinds(whole, width) if len(whole) > 1 else ("word",) * width,
        tuple(tuple(row) for row in names),
        comment,
        delimiter,
        filled >= 0.9 * len(whole),
    )


def _first_record(records: Sequence[Record], first: int, begin: int, line: int) -> tuple[int, int]:
    """Return the byte and the line at which the records begin, be there any or not."""
    if not first:
        return begin, line
    if first < len(records):
        return begin + records[first].start, line + records[first].line - 1
    last = records[-1]
    return begin + last.after, line + last.line - 1 + last.lines


def _of_the_table(
    records: Sequence[Record], others: Sequence[Sequence[str]], width: int, comment: str
) -> list[Sequence[str]]:
    """Return rows of the table; those behind a blank line could be of another one."""
    rows: list[Sequence[str]] = []
    section = 0
    for place, record in enumerate(records):
        before = records[place - 1] if place else record
        if place and not section and record.line > before.line + before.lines:
            section = len(rows)
        cells = record.cells or []
        if len(cells) == width and not (comment and cells[0].startswith(comment)):
            rows.append(cells)
    if section > 1 and (section >= 20 or len(rows) < 200):
        return rows[:section]
    return [*rows, *(one for one in others if len(one) == width)]


def _moved(record: Record, begin: int, line: int) -> Record:
    record.start, record.end, record.after = (
        begin + record.start,
        begin + record.end,
        begin + record.after,
    )
    record.line += line - 1
    return record


def _fitted(cells: Sequence[str], head: header.Head) -> list[str]:
    """Return a row of names with as many names as the table has columns."""
    names = list(cells)
    if head.short and len(names) == head.width - 1:
        return [*names, ""] if head.question is None else ["", *names]
    if len(names) > head.width and names.count("") >= len(names) - head.width:
        for _ in range(len(names) - head.width):
            names.remove("")
    return (names + [""] * head.width)[: head.width]


def _skipped(lines: int, with_text: int) -> tuple[str, ...]:
    if lines <= 0:
        return ()
    said = f"{_lines(lines)} before the header {'was' if lines == 1 else 'were'} left out"
    if with_text < lines:
        said += f" ({_lines(with_text)} with text)"
    return (f"{said}.",)


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"
