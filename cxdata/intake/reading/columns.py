"""The columns that are shown: named, and without empty ones behind the last name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow.compute as pc

from cxdata.intake.question import Question
from cxdata.intake.reading.names import numbered
from cxdata.intake.reading.staged import Staged


@dataclass(frozen=True)
class Columns:
    """The names, the texts they came from, and the records with just these columns."""

    header: tuple[str, ...]
    original: tuple[str, ...]
    staged: Staged
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()


def shown_columns(original: Sequence[str], staged: Staged, short: bool) -> Columns:
    """Return the columns to show.

    Columns at the end without a name and without any value are left out. If the header was
    ``short`` of the last name, and values stand there after all, that is asked.
    """
    width = len(original)
    shown = width
    while shown > 1 and not original[shown - 1].strip() and _is_empty(staged, shown - 1):
        shown -= 1
    notes = []
    if shown < width:
        number = width - shown
        said = "1 empty column was" if number == 1 else f"{number} empty columns were"
        notes.append(f"{said} left out at the end: no name and no value.")
    kept = tuple(original[:shown])
    names, named = numbered(kept)
    if not any(one.strip() for one in kept):
        named = ()
    questions: tuple[Question, ...] = ()
    if short and shown == width and not original[-1].strip() and staged.count:
        questions = (_which_column(width),)
    made = replace(staged, places=tuple(range(shown)))
    return Columns(names, kept, made, questions, (*notes, *named))


def _which_column(width: int) -> Question:
    return Question(
        "header",
        "The header has one name fewer than the rows have cells: is the last column the one "
        "without a name?",
        1,
        ((1, f"yes: it is called column_{width}"), (0, "no: there is no header at all")),
        f"The header has {width - 1} names; nearly all rows end with an empty cell more.",
    )


def _is_empty(staged: Staged, place: int) -> bool:
    if staged.held is not None:
        longest = pc.max(pc.binary_length(staged.held.column(f"c{place}")))
        return not longest.as_py()
    with duckdb.connect() as connection:
        staged.relation(connection, "raw")
        found = connection.execute(f"SELECT max(strlen(c{place})) FROM raw").fetchone()
    return not found or not found[0]
