"""Where a table begins and what its columns are called, by how its first rows differ from the rest.

Lines before the header are narrower or mostly blank. A header names: where the rows below have
numbers, dates or codes, it has words. What cannot be told from the rows is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cxdata.intake.question import Question
from cxdata.intake.reading.cells import (
    TYPED,
    column_kinds,
    fits,
    fitting,
    kind,
)
from cxdata.intake.reading.names import is_name, is_period
from cxdata.intake.reading.split import Record

_FIRST = 60
_WORDS = """
id name date time email e-mail phone amount price value total quantity qty city country region
state street zip postcode status type category channel product customer client account order score
nps csat comment comments text answer question description note notes code key number start end
created updated first last gender sex age year month day week currency unit units title subject
priority owner agent team segment group source url link language company nom prénom ville pays
montant prix téléphone adresse statut naam datum stad land plaats bedrag vorname nachname ort stadt
preis betrag menge kunde strasse straße produkt nombre apellido ciudad país fecha importe precio
cliente producto cantidad nome cognome città paese data importo prezzo cidade valor quantidade preço
telefon kategorie bemerkung
"""
_USUAL = frozenset(_WORDS.split())
"""Words that name columns, in several languages."""
_UNITS = re.compile(
    r"[\[(].{1,15}[\])]|[%€$£]|[a-zµ°]{1,4}(?:/[a-z]{1,4})?|[A-Z]{3}"
    r"|(?:var)?char|int(?:eger)?|string|date|float|text|number",
    re.I,
)
_LONG_TEXT = 25
_RULED = re.compile(r"\s*[-=:+]+\s*")


@dataclass(frozen=True)
class Head:
    """The first rows of a text: ``first`` is the place of the first row of names among them.

    ``rows`` are the rows of names, ``aside`` the rows below that are neither names nor data.
    ``short`` tells that the names are one fewer than the cells.
    """

    first: int
    rows: int
    aside: int = 0
    short: bool = False
    width: int = 1
    question: Question | None = None
    notes: tuple[str, ...] = field(default=())


def find(records: Sequence[Record], width: int, others: Sequence[Sequence[str]]) -> Head:
    """Return where the header stands among the first records that are not blank.

    ``others`` are cells of records from the rest of the text.
    """
    rows = [_narrowed(record.cells or (), width) for record in records[:_FIRST]]
    width = _width_of_names(rows, width)
    first = _first(rows, width)
    body = [row for row in [*rows[first + 1 :], *others] if len(row) == width]
    if first >= len(rows):
        return Head(0, 0, width=width)
    if _is_import_ids(rows, first):
        return Head(first, 1, aside=2, width=width)
    below = rows[first + 1] if first + 1 < len(rows) else []
    if _is_ruled(_held(below)):
        return Head(first, 1, aside=1, width=width)
    if len(rows[first]) == width - 1:
        return _short(first, width, body)
    deeper = _deeper(rows, first, width, [*rows[first + 2 :], *others])
    return deeper or _plain(rows[first], first, width, body)


def _is_ruled(cells: Sequence[str]) -> bool:
    """Return whether cells are a line drawn below the names, as wide as each column."""
    return any(len(one.strip()) >= 3 for one in cells) and all(map(_RULED.fullmatch, cells))


def _narrowed(cells: Sequence[str], width: int) -> list[str]:
    """Return the cells; names with a delimiter too many are told by their blank cells."""
    held = _held(cells)
    if width > 1 and len(cells) > width == len(held) and all(map(is_name, held)):
        return held
    return list(cells)


def _width_of_names(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return the width of the first row if all rows have fewer cells than it has names."""
    if len(rows) < 2 or len(rows[0]) <= width or not all(map(is_name, rows[0])):
        return width
    return len(rows[0]) if all(len(row) < len(rows[0]) for row in rows[1:]) else width


def _first(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return the place of the first row that belongs to the table."""
    whole = [place for place, row in enumerate(rows) if len(row) == width]
    if not whole:
        return len(rows)
    first = whole[0]
    if first and len(rows[first - 1]) == width - 1 and width > 1 and _names_short(rows, first):
        return first - 1
    usual = sorted(_filled(rows[place]) for place in whole)[len(whole) // 2]
    for now, after in zip(whole, [*whole[1:], -1], strict=True):
        first = now
        if after < 0 or after > now + 12 or not _is_padded(rows, now, after, usual):
            break
    return first


def _names_short(rows: Sequence[Sequence[str]], first: int) -> bool:
    """Return whether the row before the first whole one names all but one of its columns."""
    names = rows[first - 1]
    return len(names) >= 1 and all(map(is_name, names)) and not _holds_names(rows, first)


def _holds_names(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Return whether a row differs from those below as names differ from values."""
    below = [row for row in rows[place + 1 :] if len(row) == len(rows[place])]
    if not below:
        return all(map(is_name, rows[place]))
    good, bad = fitting(rows[place], column_kinds(below, len(rows[place])))
    return bad > good


def _is_padded(rows: Sequence[Sequence[str]], now: int, after: int, usual: int) -> bool:
    """Return whether a row is a line of a title filled up with delimiters."""
    row, filled = rows[now], _filled(rows[now])
    if filled == 0:
        return True
    if len(row) < 2 or filled >= len(row):
        return len(row) > 1 and row[0].rstrip().endswith(":") and _holds_names(rows, after)
    beyond = next((one for one in range(after, len(rows)) if _filled(rows[one])), after)
    follows = _filled(rows[beyond]) > filled and (
        beyond > now + 1 or all(map(is_name, _held(rows[beyond])))
    )
    if filled == 1:
        return follows or usual > 2
    labelled = _filled(rows[after]) == 0 or any(
        one.rstrip().endswith(":") or ": " in one for one in row
    )
    dated = any(kind(one) in TYPED and not is_name(one) for one in _held(row))
    return filled <= 2 and len(row) > 2 and follows and (labelled or dated)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _held(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _is_import_ids(rows: Sequence[Sequence[str]], first: int) -> bool:
    """Return whether the third row holds the import ids of a survey export."""
    return len(rows) > first + 2 and any('"ImportId"' in cell for cell in rows[first + 2])


def _short(first: int, width: int, body: Sequence[Sequence[str]]) -> Head:
    """Name a table whose header has one name fewer than its rows have cells."""
    if not any(row[-1].strip() for row in body):
        return Head(first, 1, width=width, short=True)
    question = Question(
        "header",
        "The header has one name fewer than the rows have cells: is the first column the one "
        "without a name?",
        1,
        ((1, "yes: it is called column_1"), (0, "no: there is no header at all")),
        f"The header has {width - 1} names, the rows have {width} cells.",
    )
    return Head(first, 1, width=width, short=True, question=question)


def _deeper(
    rows: Sequence[Sequence[str]], first: int, width: int, below: Sequence[Sequence[str]]
) -> Head | None:
    """Return the header if it takes two rows, or one with a row of question texts or units."""
    body = [row for row in below if len(row) == width]
    if len(rows) < first + 3 or len(rows[first + 1]) != width or not body:
        return None
    top, second = rows[first], rows[first + 1]
    kinds = column_kinds(body, width)
    typed = [place for place in range(width) if kinds[place] in TYPED]
    good, bad = fitting(second, kinds)
    if not typed or good or not bad or not _could_be_names(top, kinds):
        return None
    grouped = _filled(top) < width or len({one.strip() for one in top}) < width
    if not grouped and (bad < 2 or bad < len(typed)) and not _is_question_text(top, second):
        return None
    if _is_question_text(top, second):
        return Head(first, 1, aside=1, width=width)
    units = all(_UNITS.fullmatch(one.strip()) for one in _held(second))
    if not grouped and not units and not all(map(is_name, _held(second))):
        return None
    question = Question(
        "header",
        "Do two rows name the columns?",
        2,
        ((2, "yes: a group and a name"), (1, "no: only the first row")),
        "Below the first two rows there are values, in the second there are none.",
    )
    return Head(first, 2, width=width, question=question)


def _could_be_names(row: Sequence[str], kinds: Sequence[str]) -> bool:
    good, _ = fitting(row, kinds)
    return not good or all(
        is_period(one) for one, of in zip(row, kinds, strict=True) if of in TYPED
    )


def _is_question_text(top: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether the second row spells out in sentences what the first one names."""
    long = [one for one in _held(second) if len(one) > _LONG_TEXT and " " in one.strip()]
    names = [one for one in _held(top) if len(one.strip()) <= _LONG_TEXT]
    return len(long) >= max(1, 0.3 * len(_held(second))) and len(names) >= 0.9 * len(_held(top))


def _plain(row: Sequence[str], first: int, width: int, body: Sequence[Sequence[str]]) -> Head:
    """Decide whether a row names the columns or is the first record."""
    kinds = column_kinds(body, width)
    good, bad = fitting(row, kinds)
    if not body:
        good = sum(kind(one) in TYPED and not is_name(one) for one in row)
    if bad > good or (good and _are_periods(row, kinds)):
        return Head(first, 1, width=width)
    if good:
        named = [one for one, of in zip(row, kinds, strict=True) if not fits(one, of)]
        if any(map(_is_usual, named)) and len(set(row)) == len(row):
            return Head(first, 1, width=width, question=_no_header(row, 1))
        return Head(first, 0, width=width, question=_no_header(row, 0))
    if not body or _names_by_look(row, body):
        return Head(first, 1, width=width)
    return Head(first, 1, width=width, question=_no_header(row, 1))


def _are_periods(row: Sequence[str], kinds: Sequence[str]) -> bool:
    """Return whether the typed columns are headed by years or months in order, the others named."""
    columns = list(zip(row, kinds, strict=True))
    # A sum of the periods may stand behind them, under a word.
    sums = [one for one, of in columns if of in TYPED and not fits(one, of)]
    periods = [one.strip() for one, of in columns if of in TYPED and one not in sums]
    others = [*sums, *(one for one, of in columns if of not in TYPED)]
    return (
        all(map(is_period, periods))
        and len(set(periods)) == len(periods)
        and periods in (sorted(periods), sorted(periods, reverse=True))
        and all(map(is_name, others))
        and (len(periods) > 1 or any(_is_usual(one) for one in others))
    )


def _names_by_look(row: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Return whether a row of words looks unlike the rows of words below it."""
    if not all(map(is_name, _held(row))) or len({one.strip() for one in row}) < len(row):
        return False
    if any(_is_usual(one) for one in row):
        return True
    unlike = 0
    for place, name in enumerate(row):
        below = [one[place].strip() for one in body if one[place].strip()]
        if name.strip() in below:
            return False
        unlike += not below or _look(name) not in {_look(one) for one in below}
    return unlike > len(row) / 2


def _is_usual(name: str) -> bool:
    words = re.findall(r"[^\W\d_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold())
    return any(word in _USUAL for word in words) or "_" in name


def _look(text: str) -> tuple[str, bool, bool]:
    text = text.strip()
    case = (
        "lower" if text.islower() else "upper" if text.isupper() else text[:1].isupper() * "title"
    )
    return case, any(sign.isdigit() for sign in text), len(text) > 30


def _no_header(row: Sequence[str], default: int) -> Question:
    shown = ", ".join(repr(one[:30]) for one in row[:5])
    return Question(
        "header",
        "Is the first row the header (the names of the columns) or the first record?",
        default,
        ((0, "the first record: there is no header"), (1, "the header")),
        f"The first row ({shown}) looks like the rows below it.",
    )
