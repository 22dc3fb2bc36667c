"""Records of an extract mapped to rows: each table of a recipe put in waiting, and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from cxdata.intake.columns import Columns, Expression, unknown_value
from cxdata.intake.extract import Extract
from cxdata.intake.loaded import TableCount
from cxdata.intake.recipe import ColumnMap, Recipe, TableMap
from cxdata.intake.sql import SQL_TYPES, any_of, constant, literal
from cxdata.intake.staging import Staged, Staging
from cxdata.model.errors import IntakeError
from cxdata.model.tables import curated


@dataclass
class _Tally:
    """Rows of one table that were left out before any check."""

    candidates: int = 0
    filtered: int = 0
    superseded: int = 0
    blank: int = 0


@dataclass
class Run:
    """One extract under one recipe, on its way."""

    recipe: Recipe
    extract: Extract
    columns: Columns
    staging: Staging
    loaded_at: datetime
    tallies: dict[str, _Tally] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def set_ragged_aside(run: Run) -> None:
    """Set aside the records whose width is not that of the header."""
    width = len(run.extract.header)
    for one in run.extract.ragged:
        run.staging.connection.execute(
            "INSERT INTO aside VALUES (?, '(record)', ?, 'width', ?)",
            [
                one.record,
                run.recipe.layout.delimiter.join(one.cells)[:1000],
                f"{width} cells, as in the header; it has {len(one.cells)}",
            ],
        )


def stage(run: Run, mapped: TableMap) -> None:
    """Put the rows of one table in waiting; records that do not give their values go aside."""
    declared = curated(mapped.table)
    tally = run.tallies[mapped.table] = _Tally()
    if mapped.rows:
        _stage_constants(run, mapped, declared)
        tally.candidates = len(mapped.rows)
        return
    wanted = _wanted(run, mapped, declared, tally)
    selects = []
    for group in mapped.groups:
        expressions = {
            one.column: run.columns.expression(one, declared.c[one.column]) for one in group
        }
        present = " AND ".join(_present(run, mapped, expressions)) or "true"
        tally.blank += run.staging.count(f"SELECT count(*) FROM {wanted} WHERE NOT ({present})")
        source = f"{wanted} WHERE {present}"
        for one in group:
            _set_failures_aside(run, one, expressions[one.column], source)
        values = ", ".join(_select_list(run, declared, expressions))
        selects.append(f"SELECT _record, {values} FROM {source}")
    tally.candidates = (run.extract.records - len(run.extract.ragged)) * len(mapped.groups)
    run.staging.add(
        Staged(
            declared,
            distinct=mapped.distinct,
            reduced={one.column: one.reduce for one in mapped.columns if one.reduce},
            shown=_shown_names(mapped),
        ),
        " UNION ALL ".join(selects),
    )


def _stage_constants(run: Run, mapped: TableMap, declared: sa.Table) -> None:
    """Rows that stand in the recipe itself; they belong to no record, so they carry number 0."""
    selects = []
    for row in mapped.rows:
        stated = {
            name: Expression(constant(value, declared.c[name].info["logical"]))
            for name, value in row
        }
        selects.append(f"SELECT 0 AS _record, {', '.join(_select_list(run, declared, stated))}")
    run.staging.add(Staged(declared), " UNION ALL ".join(selects))


def _select_list(run: Run, declared: sa.Table, expressions: dict[str, Expression]) -> list[str]:
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
        else:
            value = "NULL" if default is None else constant(default, column.info["logical"])
        found.append(f"CAST({value} AS {sql_type}) AS {column.name}")
    return found


def _wanted(run: Run, mapped: TableMap, declared: sa.Table, tally: _Tally) -> str:
    """Return the relation of the records that the table takes: filtered, and the latest per key."""
    name = f"wanted_{mapped.table}"
    kept = " AND ".join(run.columns.condition(one) for one in mapped.where) or "true"
    tally.filtered = len(mapped.groups) * run.staging.count(
        f"SELECT count(*) FROM text WHERE NOT ({kept})"
    )
    if mapped.latest_by is None:
        run.staging.connection.execute(f"CREATE VIEW {name} AS SELECT * FROM text WHERE {kept}")
        return name
    order = run.columns.order(mapped.latest_by)
    run.staging.set_aside(_failing(order, f"text WHERE {kept}"))
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
    run.staging.connection.execute(
        f"CREATE TABLE {name} AS SELECT * FROM text WHERE {kept} QUALIFY {ranked} = 1 OR {no_key}"
    )
    _note_ties(run, mapped, key, order, f"text WHERE {kept}")
    tally.superseded = len(mapped.groups) * run.staging.count(
        f"SELECT (SELECT count(*) FROM text WHERE {kept}) - (SELECT count(*) FROM {name})"
    )
    return name


def _note_ties(run: Run, mapped: TableMap, key: list[str], order: Expression, source: str) -> None:
    """Say where the latest record of a key is not one alone."""
    ties = run.staging.count(
        f"SELECT count(*) FROM (SELECT 1 FROM (SELECT {', '.join(key)}, rank() OVER (PARTITION BY "
        f"{', '.join(key)} ORDER BY {order.value} DESC NULLS LAST) AS place FROM {source}) "
        "WHERE place = 1 GROUP BY ALL HAVING count(*) > 1)"
    )
    if ties:
        run.notes.append(
            f"Keys of {mapped.table} with several records at the latest {order.shown}, of which "
            f"the last in the file counts: {ties:,}."
        )


def _present(run: Run, mapped: TableMap, expressions: dict[str, Expression]) -> list[str]:
    """Return when a wide record has this row: the row's own columns are not missing."""
    if not mapped.long:
        return []
    common = {one.column for one in mapped.columns}
    return [
        f"{one.text} IS NOT NULL"
        for name, one in expressions.items()
        if name not in common and one.text != "NULL"
    ]


def _shown_names(mapped: TableMap) -> dict[str, tuple[str, ...]]:
    """Return the extract's names of each column, one for each group of a wide record."""
    found: dict[str, tuple[str, ...]] = {}
    for one in (one for group in mapped.groups for one in group if one.reads):
        name = " + ".join(one.reads)
        if name not in found.get(one.column, ()):
            found[one.column] = (*found.get(one.column, ()), name)
    return found


def _failing(one: Expression, source: str) -> str:
    joined = "AND" if " WHERE " in source else "WHERE"
    return (
        f"SELECT _record, {literal(one.shown)}, {one.text}, {literal(one.rule)}, "
        f"{literal(one.expected)} FROM {source} {joined} ({one.fails})"
    )


def _set_failures_aside(run: Run, mapped: ColumnMap, one: Expression, source: str) -> None:
    if one.fails == "false":
        _note_the_rest(run, mapped, one, source)
        return
    run.staging.set_aside(_failing(one, source))
    if mapped.snake:
        _refuse_collisions(run, one)
    if one.rule == "map":
        counts = run.staging.connection.execute(
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
    rest = run.staging.connection.execute(
        f"SELECT count(*), min({one.text}) FROM {source} AND {one.text} NOT IN ({keys})"
    ).fetchone()
    if rest and rest[0]:
        run.notes.append(
            f"Records whose {one.shown} the recipe does not list (for example {rest[1]!r}) and "
            f"takes as {mapped.other!r}: {rest[0]:,}."
        )


def _refuse_collisions(run: Run, one: Expression) -> None:
    """Two names that become one code would merge what the extract keeps apart."""
    found = run.staging.connection.execute(
        f"SELECT {one.value}, min({one.text}), max({one.text}) FROM text GROUP BY 1 "
        f"HAVING count(DISTINCT {one.text}) > 1 LIMIT 1"
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
        rows=staging.count(f"SELECT count(*) FROM final_{name}"),
        filtered=tally.filtered,
        superseded=tally.superseded,
        blank=tally.blank,
        folded=staging.folded(name),
        set_aside=staging.count(
            f"SELECT count(*) FROM stage_{name} WHERE _record IN (SELECT record FROM aside)"
        ),
    )
