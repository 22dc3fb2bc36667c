"""Carrying out a recipe: one extract in, curated tables and a ledger out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import sqlalchemy as sa

from cxdata.intake.columns import Columns, Expression, check_header, unknown_value
from cxdata.intake.extract import Extract, read_extract
from cxdata.intake.loaded import Counts, Loaded, TableCount, counted, records_in
from cxdata.intake.recipe import ColumnMap, Recipe, TableMap
from cxdata.intake.sql import SQL_TYPES, constant, literal
from cxdata.intake.staging import Staged, Staging
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated


@dataclass
class _Tally:
    """Rows of one table that were left out before any check."""

    candidates: int = 0
    filtered: int = 0
    superseded: int = 0
    blank: int = 0


@dataclass
class _Run:
    recipe: Recipe
    extract: Extract
    columns: Columns
    staging: Staging
    loaded_at: datetime
    tallies: dict[str, _Tally] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def load_extract(
    path: Path,
    recipe: Recipe,
    *,
    loaded_at: datetime,
    as_of: date | None = None,
    only: Collection[str] = (),
    progress: Progress = silent,
) -> Loaded:
    """Turn an extract into curated tables by a recipe.

    ``loaded_at`` is the instant of loading (with its zone); ``as_of`` takes the place of the
    recipe's as-of date; ``only`` names the tables wanted, all by default. A file that the recipe
    does not fit is refused with an :class:`IntakeError`; a record that breaks a rule is set aside
    with the reason.
    """
    recipe = _narrowed(_dated(recipe, as_of), only)
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        progress("reading", 0.0)
        extract = read_extract(connection, path, recipe.layout)
        check_header(recipe, extract.header)
        loaded_on = loaded_at.astimezone(ZoneInfo(recipe.layout.zone)).date()
        run = _Run(
            recipe,
            extract,
            Columns(recipe, extract.header, recipe.layout.as_of),
            Staging(connection, loaded_on),
            loaded_at,
        )
        return _carried_out(run, progress)
    finally:
        connection.close()


def _dated(recipe: Recipe, as_of: date | None) -> Recipe:
    """Move a recipe to another as-of date; what it promises to be complete moves along."""
    if as_of is None:
        return recipe
    if recipe.layout.as_of is None:
        raise IntakeError(f"The recipe {recipe.name} has dates of its own and no as-of date.")
    if as_of.day > 28:
        raise IntakeError(f"The as-of date {as_of} is after the 28th; choose a day up to it.")
    through = as_of if recipe.complete_through == recipe.layout.as_of else recipe.complete_through
    layout = replace(recipe.layout, as_of=as_of)
    return replace(recipe, layout=layout, complete_through=through)


def _narrowed(recipe: Recipe, only: Collection[str]) -> Recipe:
    """Keep the wanted tables; columns that only the others read count as ignored."""
    known = [table.table for table in recipe.tables]
    for name in only:
        if name not in known:
            raise UnknownName(f"table in the recipe {recipe.name}", name, known)
    if not only:
        return recipe
    kept = replace(recipe, tables=tuple(one for one in recipe.tables if one.table in only))
    spare = tuple(name for name in recipe.reads if name not in kept.reads)
    layout = replace(recipe.layout, ignore=(*recipe.layout.ignore, *spare))
    return replace(kept, layout=layout)


def _carried_out(run: _Run, progress: Progress) -> Loaded:
    _set_ragged_aside(run)
    run.staging.connection.execute(f"CREATE TABLE text AS {run.columns.text_table()}")
    for number, table in enumerate(run.recipe.tables):
        progress(f"mapping {table.table}", 0.3 + 0.4 * number / len(run.recipe.tables))
        _stage(run, table)
    progress("checking", 0.7)
    run.staging.settle()
    progress("counting", 0.9)
    set_aside = run.staging.faults()
    _refuse_bad_constants(run)
    counts = Counts(
        records=run.extract.records,
        set_aside=records_in(set_aside),
        tables=tuple(_count(run, table.table) for table in run.recipe.tables),
    )
    tables = {table.table: run.staging.rows(table.table) for table in run.recipe.tables}
    loaded = Loaded(
        tables=tables,
        set_aside=set_aside,
        notes=(*_remarks(run), *run.notes, *run.staging.notes()),
        counts=counts,
        source_system=run.recipe.source_system,
        complete_through=run.recipe.complete_through,
        history=run.recipe.history,
    )
    _refuse_if_nothing_fits(loaded)
    progress("loaded", 1.0)
    return loaded


def _set_ragged_aside(run: _Run) -> None:
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


def _stage(run: _Run, mapped: TableMap) -> None:
    declared = curated(mapped.table)
    tally = run.tallies[mapped.table] = _Tally()
    if mapped.rows:
        _stage_constants(run, mapped, declared)
        tally.candidates = len(mapped.rows)
        return
    wanted = _wanted(run, mapped, declared, tally)
    shown = _shown_names(mapped)
    selects = []
    for group in mapped.groups:
        expressions = {
            one.column: run.columns.expression(one, declared.c[one.column]) for one in group
        }
        present = " AND ".join(_present(run, mapped, expressions)) or "true"
        tally.blank += run.staging.count(f"SELECT count(*) FROM {wanted} WHERE NOT ({present})")
        source = f"{wanted} WHERE {present}"
        for one in group:
            _set_failures_aside(run, one, expressions[one.column], source, shown)
        values = ", ".join(_select_list(run, declared, expressions))
        selects.append(f"SELECT _record, {values} FROM {source}")
    tally.candidates = (run.extract.records - len(run.extract.ragged)) * len(mapped.groups)
    run.staging.add(
        Staged(
            declared,
            distinct=mapped.distinct,
            reduced={one.column: one.reduce for one in mapped.columns if one.reduce},
            shown=shown,
        ),
        " UNION ALL ".join(selects),
    )


def _stage_constants(run: _Run, mapped: TableMap, declared: sa.Table) -> None:
    """Rows that stand in the recipe itself; they belong to no record, so they carry number 0."""
    selects = []
    for row in mapped.rows:
        stated = {
            name: Expression(constant(value, declared.c[name].info["logical"]))
            for name, value in row
        }
        selects.append(f"SELECT 0 AS _record, {', '.join(_select_list(run, declared, stated))}")
    run.staging.add(Staged(declared), " UNION ALL ".join(selects))


def _select_list(run: _Run, declared: sa.Table, expressions: dict[str, Expression]) -> list[str]:
    """Return every declared column: mapped, given by the load, its stated default, or NULL."""
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
            if default is not None:
                value = f"coalesce({value}, {constant(default, column.info['logical'])})"
        elif declared.info["kind"] == "fact" and column.name in given:
            value = given[column.name]
        else:
            value = "NULL" if default is None else constant(default, column.info["logical"])
        found.append(f"CAST({value} AS {sql_type}) AS {column.name}")
    return found


def _wanted(run: _Run, mapped: TableMap, declared: sa.Table, tally: _Tally) -> str:
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
    tally.superseded = len(mapped.groups) * run.staging.count(
        f"SELECT (SELECT count(*) FROM text WHERE {kept}) - (SELECT count(*) FROM {name})"
    )
    return name


def _present(run: _Run, mapped: TableMap, expressions: dict[str, Expression]) -> list[str]:
    """Return when a wide record has this row: the row's own columns are not missing."""
    if not mapped.long:
        return []
    common = {one.column for one in mapped.columns}
    return [
        f"{one.text} IS NOT NULL"
        for name, one in expressions.items()
        if name not in common and one.text != "NULL"
    ]


def _shown_names(mapped: TableMap) -> dict[str, str]:
    """Return the extract's names of the columns, where there is one name for all rows."""
    return {
        one.column: " + ".join(one.reads)
        for one in (*mapped.columns, *(mapped.long[0] if len(mapped.long) == 1 else ()))
        if one.reads
    }


def _failing(one: Expression, source: str) -> str:
    joined = "AND" if " WHERE " in source else "WHERE"
    return (
        f"SELECT _record, {literal(one.shown)}, {one.text}, {literal(one.rule)}, "
        f"{literal(one.expected)} FROM {source} {joined} ({one.fails})"
    )


def _set_failures_aside(
    run: _Run, mapped: ColumnMap, one: Expression, source: str, shown: dict[str, str]
) -> None:
    if one.fails == "false":
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


def _refuse_collisions(run: _Run, one: Expression) -> None:
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


def _refuse_bad_constants(run: _Run) -> None:
    bad = run.staging.connection.execute(
        'SELECT "column", value, expected FROM aside WHERE record = 0 LIMIT 1'
    ).fetchone()
    if bad:
        raise IntakeError(
            f"The recipe {run.recipe.name} states {bad[1]!r} for {bad[0]}, which expects {bad[2]}."
        )


def _refuse_if_nothing_fits(loaded: Loaded) -> None:
    counts = loaded.counts
    if counts.records and not counts.loaded:
        raise IntakeError(
            f"None of the {counted(counts.records, 'record')} fits, so nothing was loaded. The "
            f"most frequent reason: {loaded.reasons()[0]}."
        )


def _count(run: _Run, name: str) -> TableCount:
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


def _remarks(run: _Run) -> list[str]:
    said = []
    for one in run.recipe.remarks:
        number = run.staging.count(
            f"SELECT count(*) FROM text WHERE {run.columns.condition(one.where)}"
        )
        if number:
            said.append(f"{number:,} {one.says}")
    maps: Sequence[ColumnMap] = [one for table in run.recipe.tables for one in table.columns]
    if any(one.record_number is not None for one in maps):
        said += _identical(run)
    return said


def _identical(run: _Run) -> list[str]:
    """Identical lines without a key of their own may be real twice: kept, counted, said."""
    cells = ", ".join(f"c{place}" for place in range(len(run.extract.header)))
    number = run.staging.count(
        f"SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM raw GROUP BY {cells})"
    )
    if not number:
        return []
    return [
        f"{counted(number, 'record')} are identical to an earlier one; the extract has no key "
        "that could tell a repeat from a second purchase, so all are kept."
    ]
