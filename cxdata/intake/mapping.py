"""Records of an extract mapped to rows: each table of a recipe put in waiting, and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from cxdata.intake.columns import Columns, Expression, unknown_value
from cxdata.intake.loaded import TableCount
from cxdata.intake.recipe import ColumnMap, Recipe, TableMap
from cxdata.intake.staging import AT_ONCE, Facet, Staged, Staging
from cxdata.intake.values.sql import SQL_TYPES, any_of, constant, literal
from cxdata.intake.workspace import Workspace
from cxdata.model.errors import IntakeError
from cxdata.model.tables import curated
from cxdata.model.tables.checks import SIGNED

FEW_GROUPS = 8
"""Up to so many rows of one record are read from the text as a whole."""

_NOTHING = Expression("NULL")


@dataclass
class _Tally:
    """Rows of one table that were left out before any check."""

    candidates: int = 0
    filtered: int = 0
    superseded: int = 0
    blank: int = 0


@dataclass
class Run:
    """One extract under one recipe, on its way; ``accepted`` records could be read."""

    recipe: Recipe
    header: tuple[str, ...]
    accepted: int
    columns: Columns
    staging: Staging
    workspace: Workspace
    loaded_at: datetime
    relation: str = "raw"
    tallies: dict[str, _Tally] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def names_of_text(recipe: Recipe) -> tuple[str, ...]:
    """Return the columns that are looked at together: all but those of wide tables (``_sources``).

    A view of thousands of columns takes minutes to make.
    """
    names = [one.where.source for one in recipe.remarks]
    for table in recipe.tables:
        if len(table.groups) <= FEW_GROUPS or table.latest_by is not None:
            names += table.reads
        else:
            names += [one.source for one in table.where]
    return tuple(dict.fromkeys(names))


def stage(run: Run, mapped: TableMap) -> None:
    """Put the rows of one table in waiting, with what the extract says where it does not fit."""
    declared = curated(mapped.table)
    tally = run.tallies[mapped.table] = _Tally()
    if mapped.rows:
        _stage_constants(run, mapped, declared)
        tally.candidates = len(mapped.rows)
        return
    wanted = _wanted(run, mapped, declared, tally)
    groups = [
        {one.column: run.columns.expression(one, declared.c[one.column]) for one in group}
        for group in mapped.groups
    ]
    present = [" AND ".join(_present(mapped, group)) or "true" for group in groups]
    sources = _sources(run, mapped, wanted)
    tally.blank = _blanks(run, sources, present)
    tally.candidates = run.accepted * len(groups)
    staged = Staged(
        declared,
        distinct=mapped.distinct,
        reduced={one.column: one.reduce for one in mapped.columns if one.reduce},
        facets=[_facets(group) for group in groups],
    )
    rows = [f"{source} WHERE {there}" for source, there in zip(sources, present, strict=True)]
    selects = zip(groups, rows, strict=True)
    run.staging.add(
        staged,
        [_select(run, staged, group, place, one) for place, (group, one) in enumerate(selects)],
    )
    for maps, group, one in zip(mapped.groups, groups, rows, strict=True):
        _say_what_the_sign_told(run, declared, group, one)
        for column in maps:
            _say_what_is_unlisted(run, column, group[column.column], one)


def _sources(run: Run, mapped: TableMap, wanted: str) -> list[str]:
    """Return the relation that each group of a table reads.

    Of a wide extract each query would have to look through all columns to find its few, so the
    columns of some groups at a time are put in waiting by themselves.
    """
    if len(mapped.groups) <= FEW_GROUPS:
        return [wanted] * len(mapped.groups)
    kept = " AND ".join(run.columns.condition(one) for one in mapped.where) or "true"
    conditions = [one.source for one in mapped.where]
    found = []
    for first in range(0, len(mapped.groups), 3 * AT_ONCE):
        groups = mapped.groups[first : first + 3 * AT_ONCE]
        reads = [name for group in groups for one in group for name in one.reads]
        names = tuple(dict.fromkeys([*reads, *conditions]))
        narrow = f"narrow_{mapped.table}_{first}"
        if mapped.latest_by is None:
            text = run.columns.text_table(run.relation, names)
            run.workspace.keep(narrow, f"SELECT * FROM ({text}) WHERE {kept}")
        else:
            columns = ", ".join(["_record", "_line", *(run.columns.ref(one) for one in names)])
            run.workspace.keep(narrow, f"SELECT {columns} FROM {wanted}")
        found += [narrow] * len(groups)
    return found


def _facets(group: Mapping[str, Expression]) -> dict[str, Facet]:
    return {
        name: Facet(one.shown, one.rule, one.expected)
        for name, one in group.items()
        if one.text != "NULL"
    }


def _select(
    run: Run, staged: Staged, group: Mapping[str, Expression], place: int, source: str
) -> str:
    """Return the query for the rows of one group: values, the texts behind them, what failed."""
    values = _select_list(run, staged.table, group)
    if staged.said:
        texts, fails = [], []
        for name in staged.said:
            one = group.get(name, _NOTHING)
            texts.append(f"{name} := CAST({one.text} AS VARCHAR)")
            fails.append(f"{name} := ({one.fails})")
        values += [f"struct_pack({', '.join(texts)}) AS _said"]
        values += [f"struct_pack({', '.join(fails)}) AS _unfit"]
    return (
        f"SELECT _record, _line, CAST({place} AS INTEGER) AS _group, {', '.join(values)} "
        f"FROM {source}"
    )


def _blanks(run: Run, sources: Sequence[str], present: Sequence[str]) -> int:
    """Return how many rows wide records do not give, as their columns are missing."""
    blank: dict[str, list[str]] = {}
    for source, there in zip(sources, present, strict=True):
        if there != "true":
            blank.setdefault(source, []).append(f"count(*) FILTER (NOT ({there}))")
    return sum(
        run.workspace.count(f"SELECT {' + '.join(counts)} FROM {source}")
        for source, counts in blank.items()
    )


def _stage_constants(run: Run, mapped: TableMap, declared: sa.Table) -> None:
    """Rows that stand in the recipe itself; they belong to no record, so they carry number 0."""
    selects = []
    for row in mapped.rows:
        stated = {
            name: Expression(constant(value, declared.c[name].info["logical"]))
            for name, value in row
        }
        values = ", ".join(_select_list(run, declared, stated))
        selects.append(
            "SELECT CAST(0 AS BIGINT) AS _record, CAST(NULL AS BIGINT) AS _line, "
            f"CAST(0 AS INTEGER) AS _group, {values}"
        )
    run.staging.add(Staged(declared), selects)


def _select_list(run: Run, declared: sa.Table, expressions: Mapping[str, Expression]) -> list[str]:
    """Return every declared column: mapped, given by the load, its stated default, or NULL.

    A default stands in for a column that the extract does not have, never for a missing value.
    """
    given = {
        "source_system": literal(run.recipe.source_system),
        "loaded_at": f"TIMESTAMPTZ '{run.loaded_at.isoformat()}'",
    }
    found = []
    for column in declared.columns:
        sql_type = SQL_TYPES[column.info["logical"]]
        default = column.info.get("default")
        if column.name in expressions:
            value = expressions[column.name].value
        elif declared.info["kind"] == "fact" and column.name in given:
            value = given[column.name]
        elif (signed := _kind_of(declared, column.name, expressions)) is not None:
            value = signed
        else:
            value = "NULL" if default is None else constant(default, column.info["logical"])
        found.append(f"CAST({value} AS {sql_type}) AS {column.name}")
    return found


def _kind_of(declared: sa.Table, name: str, expressions: Mapping[str, Expression]) -> str | None:
    """Return the kind of a row by the sign of its amount, where the extract has no column for it.

    Systems that export sales and refunds alike tell them apart by the sign alone.
    """
    rule = SIGNED.get(declared.name)
    if rule is None or rule.kind != name or rule.amount not in expressions:
        return None
    amount = expressions[rule.amount].value
    return f"CASE WHEN {amount} < 0 THEN '{rule.negative}' ELSE '{rule.positive}' END"


def _say_what_the_sign_told(
    run: Run, declared: sa.Table, group: Mapping[str, Expression], source: str
) -> None:
    """Say how many rows are of the kind of negative amounts by their sign alone."""
    rule = SIGNED.get(declared.name)
    if rule is None or rule.kind in group or rule.amount not in group:
        return
    below = run.workspace.count(
        f"SELECT count(*) FROM {source} AND ({group[rule.amount].value}) < 0"
    )
    if below:
        run.notes.append(
            f"{below:,} rows of {declared.name} have a {rule.amount} below 0 and no column for"
            f" their {rule.kind}: each is taken as a {rule.negative}."
        )


def _wanted(run: Run, mapped: TableMap, declared: sa.Table, tally: _Tally) -> str:
    """Return the relation of the records that the table takes: filtered, and the latest per key."""
    name = f"wanted_{mapped.table}"
    kept = " AND ".join(run.columns.condition(one) for one in mapped.where) or "true"
    if mapped.where:
        tally.filtered = len(mapped.groups) * run.workspace.count(
            f"SELECT count(*) FROM text WHERE NOT ({kept})"
        )
    if mapped.latest_by is None:
        run.workspace.run(f"CREATE VIEW {name} AS SELECT * FROM text WHERE {kept}")
        return name
    order = run.columns.order(mapped.latest_by)
    run.staging.ledger.add(_failing(order, f"text WHERE {kept}"))
    key = [
        run.columns.expression(one, declared.c[one.column]).value
        for one in mapped.columns
        if declared.c[one.column].primary_key
    ]
    # Records without a key stay, so that the check for a missing value names them.
    ranked = (
        f"row_number() OVER (PARTITION BY {', '.join(key)} "
        f"ORDER BY {order.value} DESC NULLS LAST, _record DESC)"
    )
    no_key = " OR ".join(f"({one}) IS NULL" for one in key)
    run.workspace.keep(
        name, f"SELECT * FROM text WHERE {kept} QUALIFY {ranked} = 1 OR {no_key} ORDER BY _record"
    )
    _note_ties(run, mapped, key, order, f"text WHERE {kept}")
    tally.superseded = len(mapped.groups) * run.workspace.count(
        f"SELECT (SELECT count(*) FROM text WHERE {kept}) - (SELECT count(*) FROM {name})"
    )
    return name


def _note_ties(run: Run, mapped: TableMap, key: list[str], order: Expression, source: str) -> None:
    """Say where the latest record of a key is not one alone."""
    ties = run.workspace.count(
        f"SELECT count(*) FROM (SELECT 1 FROM (SELECT {', '.join(key)}, rank() OVER (PARTITION BY "
        f"{', '.join(key)} ORDER BY {order.value} DESC NULLS LAST) AS place FROM {source}) "
        "WHERE place = 1 GROUP BY ALL HAVING count(*) > 1)"
    )
    if ties:
        run.notes.append(
            f"Keys of {mapped.table} with several records at the latest {order.shown}, of which "
            f"the last in the file counts: {ties:,}."
        )


def _present(mapped: TableMap, expressions: Mapping[str, Expression]) -> list[str]:
    """Return when a wide record has this row: the row's own columns are not missing."""
    if not mapped.long:
        return []
    common = {one.column for one in mapped.columns}
    return [
        f"{one.text} IS NOT NULL"
        for name, one in expressions.items()
        if name not in common and one.text != "NULL"
    ]


def _failing(one: Expression, source: str) -> str:
    joined = "AND" if " WHERE " in source else "WHERE"
    return (
        f"SELECT _record, _line, {literal(one.shown)}, {one.text}, {literal(one.rule)}, "
        f"{literal(one.expected)} FROM {source} {joined} ({one.fails})"
    )


def _say_what_is_unlisted(run: Run, mapped: ColumnMap, one: Expression, source: str) -> None:
    """Say which values a map does not list, and refuse names that would become one code."""
    if mapped.snake:
        _refuse_collisions(run, one, source)
    if one.endless:
        _note_the_endless(run, one, source)
    if one.fails == "false":
        _note_the_rest(run, mapped, one, source)
    elif one.rule == "map":
        counts = run.workspace.run(
            f"SELECT {one.text}, count(*) FROM {source} AND ({one.fails}) GROUP BY 1 "
            "ORDER BY 2 DESC, 1 LIMIT 10"
        ).fetchall()
        known = dict(mapped.mapping or ())
        said = [unknown_value(one.shown, value, number, known) for value, number in counts]
        run.notes += [sentence for sentence in said if sentence not in run.notes]


def _note_the_rest(run: Run, mapped: ColumnMap, one: Expression, source: str) -> None:
    """Say which values fall under a map's ``other``."""
    if mapped.other is None:
        return
    keys = any_of([key for key, _ in mapped.mapping or ()])
    rest = run.workspace.run(
        f"SELECT count(*), min({one.text}) FROM {source} AND {one.text} NOT IN ({keys})"
    ).fetchone()
    if rest and rest[0]:
        run.notes.append(
            f"Records whose {one.shown} the recipe does not list (for example {rest[1]!r}) and "
            f"takes as {mapped.other!r}: {rest[0]:,}."
        )


def _note_the_endless(run: Run, one: Expression, source: str) -> None:
    number = run.workspace.count(f"SELECT count(*) FROM {source} AND {one.endless}")
    if number:
        run.notes.append(
            f"Records whose {one.shown} lies in the year 9999, taken as still in force: {number:,}."
        )


def _refuse_collisions(run: Run, one: Expression, source: str) -> None:
    """Two names that become one code would merge what the extract keeps apart."""
    found = run.workspace.run(
        f"SELECT code, min(name), max(name) FROM (SELECT DISTINCT {one.value} AS code, "
        f"{one.text} AS name FROM {source}) WHERE name IS NOT NULL GROUP BY 1 "
        "HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if found:
        raise IntakeError(
            f"{one.shown} has {found[1]!r} and {found[2]!r}, which both become the code "
            f"{found[0]!r}; map them in the recipe."
        )


def count(run: Run, name: str) -> TableCount:
    """Return where the candidate rows of one table went, once the waiting room has settled."""
    tally = run.tallies[name]
    staging = run.staging
    return TableCount(
        table=name,
        candidates=tally.candidates,
        rows=staging.rows(name).num_rows,
        filtered=tally.filtered,
        superseded=tally.superseded,
        blank=tally.blank,
        folded=staging.folded(name),
        set_aside=staging.waiting(name) - staging.accepted(name),
    )
