"""Carrying out a recipe: one extract in, curated tables and a ledger out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from cxdata.intake.columns import Columns, check_header
from cxdata.intake.extract import Extract, read_extract
from cxdata.intake.fitting import fitted
from cxdata.intake.loaded import Counts, Loaded, counted
from cxdata.intake.mapping import Run, count, stage
from cxdata.intake.recipe import ColumnMap, Recipe, TableMap
from cxdata.intake.staging import Staging
from cxdata.intake.workspace import working
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated


def load_extract(
    path: Path,
    recipe: Recipe,
    *,
    loaded_at: datetime,
    as_of: date | None = None,
    only: Collection[str] = (),
    published: Mapping[str, Iterable[Path]] | None = None,
    workspace: Path | None = None,
    progress: Progress = silent,
) -> Loaded:
    """Turn an extract into curated tables by a recipe.

    ``loaded_at`` is the instant of loading (with its zone); ``as_of`` takes the place of the
    recipe's as-of date; ``only`` names the tables wanted, all by default. A file that the recipe
    does not fit is refused with an :class:`IntakeError`; a record that breaks a rule is set aside
    with the reason. References are resolved within the load and in the ``published`` tables.

    The tables wait in Parquet files in the ``workspace`` folder, or in one of their own that goes
    with them.
    """
    recipe = replace(recipe, layout=recipe.layout.settled)
    recipe = _narrowed(_dated(recipe, as_of), only)
    with working(workspace) as place:
        progress("reading", 0.0)
        extract = read_extract(place.connection, path, recipe.layout)
        recipe = fitted(recipe, extract.header)
        check_header(recipe, extract.header)
        if not extract.records:
            raise IntakeError(f"{path.name} has a header and no record: there is nothing to load.")
        loaded_on = loaded_at.astimezone(ZoneInfo(recipe.layout.zone)).date()
        run = Run(
            recipe,
            extract.header,
            extract.records - len(extract.ragged),
            Columns(recipe, extract.header, recipe.layout.as_of),
            Staging(place, loaded_on, published),
            place,
            loaded_at,
        )
        _take_raw(run, extract)
        return _carried_out(run, progress)


def _take_raw(run: Run, extract: Extract) -> None:
    place = run.workspace
    place.run("ALTER TABLE raw RENAME TO raw_text")
    cells = ", ".join(f"c{number}" for number in range(len(extract.header)))
    place.keep("raw", f"SELECT _record, CAST(NULL AS BIGINT) AS _line, {cells} FROM raw_text")
    place.run("DROP TABLE raw_text")
    width = len(extract.header)
    run.staging.ledger.add_unsplit(
        pa.table(
            {
                "record": pa.array([one.record for one in extract.ragged], pa.int64()),
                "line": pa.array([None for _ in extract.ragged], pa.int64()),
                "raw": pa.array(
                    [
                        (run.recipe.layout.delimiter or ",").join(one.cells)
                        for one in extract.ragged
                    ],
                    pa.string(),
                ),
                "rule": pa.array(["width" for _ in extract.ragged], pa.string()),
                "expected": pa.array(
                    [
                        f"{width} cells, as in the header; it has {len(one.cells)}"
                        for one in extract.ragged
                    ],
                    pa.string(),
                ),
            }
        )
    )


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


def _carried_out(run: Run, progress: Progress) -> Loaded:
    run.workspace.run(f"CREATE VIEW text AS {run.columns.text_table()}")
    for number, table in enumerate(run.recipe.tables):
        progress(f"mapping {table.table}", 0.3 + 0.4 * number / len(run.recipe.tables))
        stage(run, table)
    progress("checking", 0.7)
    run.staging.settle()
    progress("counting", 0.9)
    _refuse_bad_constants(run)
    set_aside = run.staging.ledger.summary(run.header)
    counts = Counts(
        records=run.accepted + run.staging.ledger.unsplit,
        set_aside=set_aside.records,
        tables=tuple(count(run, table.table) for table in run.recipe.tables),
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
        numbered=frozenset(one.table for one in run.recipe.tables if _is_numbered(one)),
    )
    _refuse_if_nothing_fits(loaded)
    progress("loaded", 1.0)
    return loaded


def _is_numbered(mapped: TableMap) -> bool:
    key = curated(mapped.table).primary_key.columns.keys()
    maps = (one for group in mapped.groups for one in group)
    return any(one.record_number is not None and one.column in key for one in maps)


def _refuse_bad_constants(run: Run) -> None:
    bad = run.workspace.run(
        'SELECT "column", value, expected FROM aside WHERE record = 0 LIMIT 1'
    ).fetchone()
    if bad:
        raise IntakeError(
            f"The recipe {run.recipe.name} states {bad[1]!r} for {bad[0]}, which expects {bad[2]}."
        )


def _refuse_if_nothing_fits(loaded: Loaded) -> None:
    counts = loaded.counts
    if not counts.loaded:
        raise IntakeError(
            f"None of the {counted(counts.records, 'record')} fits, so nothing was loaded. The "
            f"most frequent reason: {loaded.reasons()[0]}."
        )


def _remarks(run: Run) -> list[str]:
    said = []
    for one in run.recipe.remarks:
        number = run.workspace.count(
            f"SELECT count(*) FROM text WHERE {run.columns.condition(one.where)}"
        )
        if number:
            said.append(f"{one.says}: {number:,}.")
    maps: Sequence[ColumnMap] = [one for table in run.recipe.tables for one in table.columns]
    if any(one.record_number is not None for one in maps):
        said += _identical(run)
    return said


def _identical(run: Run) -> list[str]:
    """Identical lines without a key of their own may be real twice: kept, counted, said."""
    cells = ", ".join(f"c{place}" for place in range(len(run.header)))
    number = run.workspace.count(
        f"SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM raw GROUP BY {cells})"
    )
    if not number:
        return []
    return [
        f"Records identical to an earlier one: {number:,}. The extract has no key that could tell "
        "a repeat from a second event, so all are kept."
    ]
