"""Suggesting what an extract is: by exact names, by what was remembered, then by evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from cxdata.intake.matching.evidence import verdict
from cxdata.intake.matching.joins import Shares
from cxdata.intake.matching.names import Synonym, key, own_names, phrases, synonyms
from cxdata.intake.matching.recognition import recognised
from cxdata.intake.matching.scoring import lacking, scored
from cxdata.intake.matching.suggestion import (
    Candidate,
    ColumnSuggestion,
    Suggestion,
    TableSuggestion,
)
from cxdata.intake.question import Question
from cxdata.intake.recipe import Recipe
from cxdata.intake.values import ColumnProfile
from cxdata.model.tables import CURATED

SAME, REMEMBERED, KNOWN, JOINED, PARTLY, WEAK = 1.0, 0.95, 0.85, 0.75, 0.6, 0.45
"""Confidence by the kind of reason; values for it add a little, values against it halve it."""

_NOT_UPLOADED = frozenset({"data_load", "published_figure"})
_PROVENANCE = frozenset({"source_system", "loaded_at"})
_LEAST = 0.3
_CLOSE = 0.12
_LEAST_SCORE = 0.25

Profiles = Mapping[str, ColumnProfile]


def suggest(
    header: Sequence[str],
    profiles: Sequence[ColumnProfile] = (),
    recipes: Sequence[Recipe] = (),
    shares: Shares | None = None,
) -> Suggestion:
    """Return which tables an extract with these columns may be, and which column is what.

    ``profiles`` say what the values look like, ``recipes`` what was confirmed before (the newest
    first), ``shares`` how much of each column are published keys. The answer depends on nothing
    else: the same input gives the same order. No curated column gets two columns; where two could
    be one, the likelier has it and a question says so.
    """
    header = tuple(header)
    seen = {one.name: one for one in profiles}
    tables = [
        fit
        for table in CURATED.tables.values()
        if table.name not in _NOT_UPLOADED
        and (fit := _fit(table, header, seen, recipes, shares or {})).score >= _LEAST_SCORE
    ]
    order = list(CURATED.tables)
    tables.sort(key=lambda one: (-one.score, order.index(one.table)))
    recipe = recognised(header, recipes)
    questions = () if recipe is not None or not tables else _questions(tables, shares or {})
    return Suggestion(header, tuple(tables), tuple(profiles), recipe, questions)


def _fit(
    table: sa.Table,
    header: tuple[str, ...],
    profiles: Profiles,
    recipes: Sequence[Recipe],
    shares: Shares,
) -> TableSuggestion:
    memory = _remembered(table.name, recipes)
    candidates = {
        name: _candidates(table, name, profiles.get(name), memory, shares.get(name, {}))
        for name in header
    }
    columns = _assigned(table, header, candidates)
    columns = _by_values_alone(table, columns, profiles)
    return scored(table, columns, profiles)


def _candidates(
    table: sa.Table,
    name: str,
    profile: ColumnProfile | None,
    memory: Mapping[str, tuple[str, str]],
    joined: Mapping[str, float],
) -> tuple[Candidate, ...]:
    """Return what a column could be in a table, the likeliest first, each target once."""
    found = []
    named = _by_name(table, name)
    for column in _targets(table):
        candidate = _candidate(column, name, named.get(column.name), memory, joined)
        if candidate is not None:
            weighed = _weighed(candidate, profile, column)
            found += [weighed] if weighed.confidence >= _LEAST else []
    return tuple(sorted(found, key=lambda one: (-one.confidence, _place(table, one.target))))


@cache
def _targets(table: sa.Table) -> tuple[sa.Column[Any], ...]:
    return tuple(column for column in table.columns if column.name not in _PROVENANCE)


def _place(table: sa.Table, target: str) -> int:
    return _places(table.name)[target]


@cache
def _places(table: str) -> dict[str, int]:
    return {name: place for place, name in enumerate(CURATED.tables[table].columns.keys())}


def _candidate(
    column: sa.Column[Any],
    name: str,
    named: Candidate | None,
    memory: Mapping[str, tuple[str, str]],
    joined: Mapping[str, float],
) -> Candidate | None:
    """Return the best reason why a column of the extract would be this curated column."""
    if key(name) == key(column.name):
        return Candidate(column.name, "same name", SAME)
    target, where = memory.get(key(name), ("", ""))
    if target == column.name:
        return Candidate(column.name, where, REMEMBERED)
    share = joined.get(_key_of(column), 0.0)
    if share < 0.5:
        return named
    said = f"{share:.0%} of its values are published {_spoken(column)}".replace("%", " %")
    if named is None:
        return Candidate(column.name, said, JOINED * share)
    confidence = min(named.confidence + 0.1 * share, REMEMBERED)
    return Candidate(column.name, f"{named.reason}, and {said}", confidence)


def _key_of(column: sa.Column[Any]) -> str:
    return str(column.info["refers"] or f"{column.table.name}.{column.name}")


def _spoken(column: sa.Column[Any]) -> str:
    return f"{_key_of(column).split('.')[0].replace('_', ' ')} ids"


def _by_name(table: sa.Table, name: str) -> dict[str, Candidate]:
    """Return what a name says, by curated column: a known synonym, or a name that contains one."""
    known = synonyms(table.name)
    found: dict[str, Candidate] = {}
    for synonym in known.get(key(name), ()):
        confidence = WEAK if synonym.weak else KNOWN
        found.setdefault(
            synonym.target, Candidate(synonym.target, _synonym_said(synonym), confidence)
        )
    for phrase, share in phrases(name):
        here = [(one.target, one.name) for one in known.get(phrase, ()) if not one.weak]
        for target, said in (*here, *own_names(table.name).get(phrase, ())):
            reason = f"its name contains {said!r}"
            found.setdefault(target, Candidate(target, reason, PARTLY * (0.5 + share / 2)))
    return found


def _synonym_said(synonym: Synonym) -> str:
    if synonym.weak:
        return "its name could mean this"
    language = f" ({synonym.language})" if synonym.language not in ("", "English") else ""
    return f"known by this name{language}"


def _weighed(
    candidate: Candidate, profile: ColumnProfile | None, column: sa.Column[Any]
) -> Candidate:
    """Let the values speak for or against a candidate."""
    values = verdict(profile, column)
    if values.sign < 0:
        reason = f"{candidate.reason}, but it {values.words}"
        return Candidate(candidate.target, reason, candidate.confidence * 0.5)
    if values.sign > 0 and candidate.confidence < REMEMBERED:
        reason = f"{candidate.reason}, and {values.words}"
        return Candidate(candidate.target, reason, min(candidate.confidence + 0.07, REMEMBERED))
    return candidate


def _assigned(
    table: sa.Table, header: tuple[str, ...], candidates: Mapping[str, tuple[Candidate, ...]]
) -> list[ColumnSuggestion]:
    """Give each curated column at most one column, the most confident pairs first."""
    pairs = [
        (-one.confidence, place, _place(table, one.target), name, one)
        for place, name in enumerate(header)
        for one in candidates[name]
    ]
    given: dict[str, Candidate] = {}
    taken: set[str] = set()
    for _, _, _, name, one in sorted(pairs, key=lambda pair: pair[:3]):
        if name not in given and one.target not in taken:
            given[name] = one
            taken.add(one.target)
    return [_column(name, given.get(name), candidates[name]) for name in header]


def _column(
    name: str, chosen: Candidate | None, candidates: tuple[Candidate, ...]
) -> ColumnSuggestion:
    others = tuple(one for one in candidates if one != chosen)
    if chosen is None:
        return ColumnSuggestion(name, others=others)
    return ColumnSuggestion(name, chosen.target, chosen.reason, chosen.confidence, others)


def _by_values_alone(
    table: sa.Table, columns: list[ColumnSuggestion], profiles: Profiles
) -> list[ColumnSuggestion]:
    """Fill what the table cannot do without from the only column whose values fit it."""
    if not any(one.confidence >= KNOWN for one in columns):
        return columns
    for target in lacking(table, columns):
        free = [
            (place, said.words)
            for place, one in enumerate(columns)
            if not one.target
            and (said := verdict(profiles.get(one.column), table.c[target])).sign > 0
        ]
        if table.c[target].info["logical"] in ("DATE", "TS", "MONEY") and len(free) == 1:
            place, said_of_it = free[0]
            reason = f"{said_of_it}, the only such column left"
            columns[place] = ColumnSuggestion(
                columns[place].column, target, reason, 0.4, columns[place].others
            )
    return columns


def _remembered(table: str, recipes: Sequence[Recipe]) -> dict[str, tuple[str, str]]:
    """Return what columns were confirmed to be, the newest recipe first, by their key."""
    found: dict[str, tuple[str, str]] = {}
    for recipe in recipes:
        others = dict(recipe.layout.names)
        for mapped in recipe.tables:
            if mapped.table != table:
                continue
            for one in (one for group in mapped.groups for one in group if one.source):
                for name in (str(one.source), *others.get(str(one.source), ())):
                    found.setdefault(key(name), (one.column, _memory_said(recipe)))
    return found


def _memory_said(recipe: Recipe) -> str:
    if recipe.saved is None:
        return f"as in the recipe {recipe.name}"
    at = recipe.saved.at
    return f"remembered from {recipe.name}, {at.day} {at:%B %Y}"


def _questions(tables: Sequence[TableSuggestion], shares: Shares) -> tuple[Question, ...]:
    best = tables[0]
    asked = []
    near = [one for one in tables[1:4] if best.score - one.score < _CLOSE]
    if near:
        options = tuple((one.table, one.reason) for one in (best, *near))
        asked.append(
            Question("table", "Which table is this?", best.table, options, best.reason + ".")
        )
    asked += _contested(best)
    asked += [_unknown(one) for one in best.columns if not one.target and not one.others]
    asked += [constant_question(best.table, name) for name in best.missing]
    if best.table != "customer" and best.source_of("customer_id") and not _customers(shares):
        asked.append(customers_question(best.source_of("customer_id")))
    return tuple(asked)


def _customers(shares: Shares) -> bool:
    return any("customer.customer_id" in known for known in shares.values())


def _contested(table: TableSuggestion) -> list[Question]:
    """Ask about a column that lost what it could be to another one, and has nothing else."""
    asked = []
    for one in table.columns:
        if one.target or not one.others:
            continue
        wish = one.others[0]
        holder = next(other for other in table.columns if other.target == wish.target)
        asked.append(
            Question(
                f"column:{one.column}:is",
                f"{holder.column!r} and {one.column!r} could both be {wish.target}; what is "
                f"{one.column!r}?",
                "",
                (
                    ("", f"leave it out; {holder.column!r} is {wish.target}"),
                    (wish.target, f"it is {wish.target}, in place of {holder.column!r}"),
                    *((other.target, other.reason) for other in one.others[1:3]),
                ),
                f"{holder.column!r}: {holder.reason}. {one.column!r}: {wish.reason}.",
            )
        )
    return asked


def _unknown(one: ColumnSuggestion) -> Question:
    return Question(
        f"column:{one.column}:is",
        f"What is {one.column!r}?",
        "",
        (
            ("", "leave it out"),
            ("segment", "an attribute of the customer to slice by"),
            ("attribute", "a rating in an answer to a survey"),
        ),
        "No curated column is known by this name.",
    )


def constant_question(table: str, name: str) -> Question:
    """Ask what holds for all records where no column is what the table cannot do without."""
    column = CURATED.tables[table].c[name]
    if column.primary_key and column.info["logical"] == "ID":
        return Question(
            f"constant:{name}",
            f"No column is {name}. Number the records?",
            "",
            (("", "stop"), ("@record", "number them; identical records are then all kept")),
            f"{column.info['doc']}",
        )
    options = tuple((code, code) for code in column.info["allowed"])
    return Question(
        f"constant:{name}",
        f"No column is {name}, and {table} cannot do without it. Which holds for all records?",
        "",
        (("", "stop"), *options),
        f"{column.info['doc']}",
    )


def customers_question(column: str) -> Question:
    """Ask whether the customers that a column names become customers themselves."""
    return Question(
        "customers",
        "Are the customers of this extract new, so that they become customers too?",
        True,
        ((True, "yes, each customer once"), (False, "no, they come from another extract")),
        f"{column!r} is customer_id, and no customers are published.",
    )
