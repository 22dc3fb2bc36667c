"""A recipe from a suggestion and the answers to its questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from cxdata.intake.fitting import snake
from cxdata.intake.matching.scoring import GIVEN_BY
from cxdata.intake.matching.suggestion import ColumnSuggestion, Suggestion, TableSuggestion
from cxdata.intake.recipe import (
    READING,
    AcrossMap,
    ColumnMap,
    Condition,
    Layout,
    Recipe,
    TableMap,
)
from cxdata.intake.recipe_file import parse_recipe
from cxdata.intake.recipe_writer import write_recipe
from cxdata.intake.values import ColumnProfile
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.tables import curated, required
from cxdata.sources.parquet_io import event_date

SEGMENT, ATTRIBUTE, NUMBERED = "segment", "attribute", "@record"
_AS_THEY_ARE = frozenset({"country", "language", "currency"})
_EVER = date(1900, 1, 1)

Answers = Mapping[str, Any]


def as_recipe(
    suggestion: Suggestion,
    answers: Answers | None = None,
    *,
    name: str,
    label: str = "",
    source_system: str = "",
) -> Recipe:
    """Return the recipe that a suggestion amounts to, with the answers to its questions.

    Answers that are lacking take the question's default. ``column:NAME:is`` says what a column is
    (a curated column, ``segment``, ``attribute``, or nothing), ``constant:COLUMN`` what holds for
    all records, ``column:NAME:...`` how its values are written, ``personal:NAME`` what becomes of
    personal data, and the names of choices how the file is read. Where the table cannot do without
    something, one sentence says what.
    """
    answers = _with_defaults(suggestion, answers or {})
    if suggestion.recipe is not None:
        return suggestion.recipe
    draft = _Draft(_table(suggestion, answers), suggestion, answers, name)
    recipe = Recipe(
        name=name,
        label=label or name,
        about=f"Matched to {draft.fit.table} and confirmed.",
        source_system=source_system or name.replace("-", "_"),
        layout=_layout(draft),
        tables=tuple(draft.tables()),
    )
    return parse_recipe(write_recipe(recipe), name)


def _with_defaults(suggestion: Suggestion, answers: Answers) -> Answers:
    return {one.key: one.default for one in suggestion.questions} | dict(answers)


def _table(suggestion: Suggestion, answers: Answers) -> TableSuggestion:
    wanted = answers.get("table")
    found = suggestion.best if wanted is None else suggestion.table(str(wanted))
    if found is not None:
        return found
    if wanted is not None:
        raise UnknownName("table that fits the extract", str(wanted), _tables(suggestion))
    some = ", ".join(suggestion.header[:8])
    raise IntakeError(f"No table fits an extract with the columns {some}; write a recipe for it.")


def _tables(suggestion: Suggestion) -> tuple[str, ...]:
    return tuple(one.table for one in suggestion.tables)


@dataclass
class _Draft:
    """A recipe on its way: one table that the extract is, and those that follow from it."""

    fit: TableSuggestion
    suggestion: Suggestion
    answers: Answers
    name: str

    def __post_init__(self) -> None:
        self.declared = curated(self.fit.table)
        self.profiles = {one.name: one for one in self.suggestion.profiles}
        self.roles = self._confirmed()

    def tables(self) -> list[TableMap]:
        """Return the tables that the recipe fills, dimensions first."""
        main = TableMap(self.fit.table, columns=tuple(self._columns()))
        return [*self._customers(), *self._segments(), main, *self._attributes()]

    def used(self) -> frozenset[str]:
        """Return the columns that the recipe uses."""
        return frozenset(name for name, role in self.roles.items() if role)

    def _confirmed(self) -> dict[str, str]:
        """Return what each column is; an answer takes a curated column from whoever had it."""
        roles = {one.column: one.target for one in self.fit.columns}
        for one in self.fit.columns:
            answer = self.answers.get(f"column:{one.column}:is")
            if answer is None or (answer == "" and not _asked(self.suggestion, one)):
                roles[one.column] = "" if answer == "" else roles[one.column]
                continue
            role = str(answer)
            if role not in ("", SEGMENT, ATTRIBUTE) and role not in self.declared.c:
                raise UnknownName(f"column of table {self.fit.table}", role, self.declared.c.keys())
            for other, has in roles.items():
                if role and has == role and other != one.column and role in self.declared.c:
                    roles[other] = ""
            roles[one.column] = role
        return roles

    def _columns(self) -> list[ColumnMap]:
        given = {role: name for name, role in self.roles.items() if role in self.declared.c}
        maps = [
            _map(self.declared.c[target], given[target], self.profiles.get(given[target]))
            for target in self.declared.c.keys()  # noqa: SIM118 - a collection of columns
            if target in given
        ]
        for target in required(self.declared):
            if target not in given:
                maps.append(self._supplied(target, given))
        return maps

    def _supplied(self, target: str, given: Mapping[str, str]) -> ColumnMap:
        """Fill what the table needs from an instant, a number or a constant."""
        instant = given.get(GIVEN_BY.get((self.fit.table, target), ""))
        if instant is not None:
            return ColumnMap(target, source=instant, kind="TS")
        answer = self.answers.get(f"constant:{target}")
        if answer == NUMBERED:
            return ColumnMap(target, record_number=f"{self.name}-")
        if answer not in (None, ""):
            return ColumnMap(target, constant=answer)
        raise IntakeError(
            f"Table {self.fit.table} cannot do without {target} "
            f"({self.declared.c[target].info['doc'].rstrip('.').lower()}), and no column is it. "
            "Say which column it is, or what holds for all records.",
            hint=f"Say which column it is with --answer column:NAME:is={target}, or what holds for "
            f"all records with --answer constant:{target}=VALUE.",
        )

    def _customers(self) -> list[TableMap]:
        source = self._source("customer_id")
        if self.fit.table == "customer" or not source or not self.answers.get("customers", False):
            return []
        # Only the key: when a customer began is known from all events, not from one extract, and
        # the next extract must find the same row.
        columns = [ColumnMap("customer_id", source=source)]
        where = (Condition(source, negated=True),)
        return [TableMap("customer", columns=tuple(columns), distinct=True, where=where)]

    def _segments(self) -> list[TableMap]:
        """Attributes of customers become schemes of segments, each value a code with its label."""
        names = [name for name, role in self.roles.items() if role == SEGMENT]
        source = self._source("customer_id")
        if not names:
            return []
        if not source:
            raise IntakeError(
                f"{names[0]!r} is to slice customers by, and no column is customer_id."
            )
        since = self._source("first_active_date")
        held = (
            ColumnMap("valid_from", source=since, kind=self._kind(since))
            if since
            else ColumnMap("valid_from", constant=_EVER)
        )
        coded = [
            (ColumnMap("scheme", constant=_scheme(name)), _snake("segment_code", name))
            for name in names
        ]
        labels = tuple((*pair, ColumnMap("label", source=pair[1].source)) for pair in coded)
        who = ColumnMap("customer_id", source=source)
        return [
            TableMap("segment", long=labels, distinct=True),
            TableMap(
                "customer_segment",
                columns=(who, held),
                long=tuple(coded),
                distinct=True,
                where=() if self.fit.table == "customer" else (Condition(source, negated=True),),
                latest_by=self._latest(),
            ),
        ]

    def _latest(self) -> ColumnMap | None:
        """Where many records name one customer, the latest says what the customer is."""
        dated = event_date(self.declared) or ""
        source = self._source(dated) or self._source(GIVEN_BY.get((self.fit.table, dated), ""))
        if not source or self.fit.table == "customer":
            return None
        return ColumnMap("latest_by", source=source, kind=self._kind(source) or "DATE")

    def _attributes(self) -> list[TableMap]:
        names = tuple(name for name, role in self.roles.items() if role == ATTRIBUTE)
        source = self._source("response_id")
        if not names:
            return []
        if self.fit.table != "survey_response" or not source:
            raise IntakeError(
                f"{names[0]!r} is to be a rating in an answer, and the extract has no answers "
                "with a response_id."
            )
        top = self.answers.get("scale_max", 10)
        across = AcrossMap(
            columns=tuple(_pattern(name) for name in names),
            name="attribute_code",
            value=ColumnMap("score"),
            constants=(("scale_max", top),),
        )
        who = ColumnMap("response_id", source=source)
        return [TableMap("response_attribute", columns=(who,), across=(across,))]

    def _source(self, target: str) -> str:
        return next((name for name, role in self.roles.items() if target and role == target), "")

    def _kind(self, column: str) -> str | None:
        return "TS" if _is_instant(self.profiles.get(column)) else None


def _asked(suggestion: Suggestion, one: ColumnSuggestion) -> bool:
    return any(question.key == f"column:{one.column}:is" for question in suggestion.questions)


def _map(column: sa.Column[Any], source: str, profile: ColumnProfile | None) -> ColumnMap:
    info, found = column.info, ColumnMap(column.name, source=source)
    if info["logical"] == "DATE" and _is_instant(profile):
        return replace(found, kind="TS")
    if info["logical"] == "CODE" and column.name not in _AS_THEY_ARE:
        coded = info["allowed"] or info["refers"] or column.name in ("step_code", "segment_code")
        return replace(found, snake=bool(coded))
    return found


def _snake(target: str, source: str) -> ColumnMap:
    return ColumnMap(target, source=source, snake=True)


def _is_instant(profile: ColumnProfile | None) -> bool:
    return profile is not None and profile.writing.kind == "timestamp"


def _scheme(name: str) -> str:
    return snake(name) or "attribute"


def _pattern(name: str) -> str:
    """Return a name as a pattern that only it fits."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def _layout(draft: _Draft) -> Layout:
    """Return how the file is read: what was answered, and the columns that are left out."""
    plain: dict[str, Any] = {}
    writing: dict[str, dict[str, Any]] = {}
    personal: list[tuple[str, str]] = []
    for key, answer in draft.answers.items():
        place, _, rest = key.partition(":")
        column, _, aspect = rest.rpartition(":")
        if key in READING:
            plain[key] = answer
        elif place == "personal":
            personal.append((_pattern(rest), str(answer)))
        elif place == "column" and aspect != "is":
            writing.setdefault(column, {})[aspect] = answer
    used = draft.used()
    return Layout(
        **plain,
        ignore=tuple(_pattern(name) for name in draft.suggestion.header if name not in used),
        personal=tuple(personal),
        writing=tuple((name, tuple(said.items())) for name, said in writing.items()),
    )
