"""The customers or answers behind a figure: a sentence and a table, the same in every surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import pandas as pd

from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels.choices import Choices, Desk
from cxdata.panels.finding import in_sentence
from cxdata.panels.picture import Column, Picture
from cxdata.query.lists import LISTED
from cxdata.query.lists.listed import Kind
from cxdata.query.lists.telling import MONEY, WORDS, Question, orders
from cxdata.query.lists.telling import Part as Part
from cxdata.query.people import MOST, People, people, segments_of
from cxdata.query.statement import JOURNEY

EVERYBODY: Final = "Everybody chosen above"
"""Name of the part that is the whole scope."""

NOBODY: Final = "(names no customer)"
"""In place of a customer: an event that names none."""

_MONEY: Final = Column(MONEY, "Spend in the period", Unit.MONEY)


@dataclass(frozen=True)
class Listing:
    """A list in words and as a table; ``count`` is how many there are in all."""

    sentences: tuple[str, ...]
    picture: Picture
    count: int


def can_be_listed(desk: Desk, name: str) -> bool:
    """Whether the rows behind a figure can be shown."""
    return name in LISTED and not desk.gate.missing(known_metric(name))


def orderings(name: str) -> dict[str, str]:
    """Return by what the first rows can be chosen, by the name to choose it by; "" is as usual."""
    listed = LISTED[name]
    labels = {one.name: one.label for one in listed.fields} | {MONEY: _MONEY.label}
    usual = "Lowest score first" if listed.kind is Kind.ANSWERS else "Largest first"
    return {usual: "", **{f"By {labels[one].lower()}": one for one in orders(listed)}}


def parts(choices: Choices, scope: Scope, by: Sequence[str]) -> dict[str, Part]:
    """Return the slices of a split that a list can be of, by their names."""
    named = [
        [(name, (dimension, code)) for code, name in _offered(choices, scope, dimension).items()]
        for dimension in by
    ]
    found: dict[str, Part] = {EVERYBODY: ()}
    for slices in product(*named) if named else ():
        found[", ".join(name for name, _ in slices)] = tuple(pair for _, pair in slices)
    return found


def _offered(choices: Choices, scope: Scope, dimension: str) -> dict[str, str]:
    """Names of the slices of a dimension that the scope holds, by code."""
    held = scope.journeys if dimension == JOURNEY else dict(scope.where).get(dimension, ())
    names = choices.names(dimension)
    return {code: name for code, name in names.items() if not held or code in held}


def listing(
    desk: Desk, scope: Scope, name: str, part: Part, order: str, most: int, who: str
) -> Listing:
    """List the customers or answers behind a figure; who asks is kept.

    Raises:
        MissingTables: the data lack what the figure needs.
        BadScope: the figure has no list.
        NotAllowed: so few people answered that a list would tell who said what.
        JournalError: who asks could not be kept.
    """
    found = people(desk.gate, Question(name, scope, part, order, most), who)
    columns, table = _table(desk, found)
    sentences = _sentences(found, scope, order, desk.choices.format)
    whole = len(table) == found.count
    remark = "" if whole else f"the first {len(table):,} of {found.count:,} {found.listed.who}"
    drawn = Picture(
        Caption(sentences[0], "", sentences[0]),
        {},
        table,
        columns,
        name=f"Behind {in_sentence(known_metric(name))}",
        remark=remark,
    )
    return Listing(sentences, drawn, found.count)


def _table(desk: Desk, found: People) -> tuple[tuple[Column, ...], pd.DataFrame]:
    """The columns of a list and its rows, segments by name."""
    listed, frame = found.listed, found.frame
    is_answers = listed.kind is Kind.ANSWERS
    first = [Column("name", "Customer")]
    first += [Column("day", "Answered")] if is_answers else []
    own = [Column(one.name, one.label, one.unit) for one in listed.fields]
    last = [_MONEY] if is_answers else [Column("since", "Customer since")]
    last += [Column(WORDS, "In their words")] if found.has_words else []
    # Answers stand without segments: slices too small for a figure could be read off the list.
    sliced = {} if is_answers else _segments(desk, frame)
    columns = (
        *first,
        *own,
        *last,
        *(Column(f"in_{one}", label) for one, (label, _) in sliced.items()),
    )
    table = frame.assign(
        name=[NOBODY if name is None else name for name in frame["name"]],
        **{f"in_{one}": values for one, (_, values) in sliced.items()},
        **{
            one.name: pd.to_numeric(frame[one.name]).astype(float)
            for one in columns
            if one.unit is not None
        },
    )
    for day in ("day", "since"):
        if day in table:
            table[day] = ["" if pd.isna(one) else str(one)[:10] for one in table[day]]
    return columns, table[[column.name for column in columns]]


def _segments(desk: Desk, frame: pd.DataFrame) -> dict[str, tuple[str, list[str]]]:
    """Each row's segment of each attribute: the attribute's name and a name a row."""
    profiles = [int(one) for one in frame["profile"]]
    known = segments_of(desk.gate, profiles) if profiles else {}
    labels = desk.choices.labels
    return {
        scheme: (
            labels.scheme(scheme),
            [labels.segment(scheme, known.get(one, {}).get(scheme, "")) for one in profiles],
        )
        for scheme in desk.choices.schemes
    }


def _sentences(found: People, scope: Scope, order: str, form: Format) -> tuple[str, ...]:
    """How many there are, what they sum to, and which of them are shown."""
    listed, shown = found.listed, len(found.frame)
    who = listed.who.removesuffix("s") if found.count == 1 else listed.who
    sentences = [f"{found.count:,} {who} in {scope.period.label}{_together(found, form)}."]
    if shown < found.count:
        usual = "lowest scores first" if listed.kind is Kind.ANSWERS else "largest first"
        by = next((one.label.lower() for one in listed.fields if one.name == order), "")
        which = f"first by {by or _MONEY.label.lower()}" if order else usual
        sentences.append(f"Shown are {shown:,} of them, {which}; the file has up to {MOST:,}.")
    if listed.kind is Kind.ANSWERS and not found.has_words:
        sentences.append("What they wrote is not shown: there is none, or too few people answered.")
    return tuple(sentences)


def _together(found: People, form: Format) -> str:
    """What the columns that the figure is made of sum to."""
    said: list[str] = []
    for one in found.listed.fields:
        if one.unit is not None and one.name in found.listed.equals:
            said.append(f"{one.label.lower()} {_amount(found.sums[one.name], one.unit, form)}")
    return f"; together {', '.join(said)}" if said else ""


def _amount(value: Any, unit: Unit, form: Format) -> str:
    return form.value(float(value), unit, short=unit is Unit.MONEY)
