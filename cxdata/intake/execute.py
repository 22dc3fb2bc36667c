"""Carrying out a recipe: one extract in, curated tables and a ledger out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from cxdata.intake import Reading, read
from cxdata.intake.asking import choices_of, refuse_unanswered, treatment_of
from cxdata.intake.columns import Columns, check_header
from cxdata.intake.currencies import in_currency
from cxdata.intake.fitting import fitted
from cxdata.intake.loaded import Counts, Loaded, counted
from cxdata.intake.mapping import Run, count, names_of_text, stage
from cxdata.intake.recipe import ColumnMap, Recipe, TableMap
from cxdata.intake.staging import Staging
from cxdata.intake.terms import Terms
from cxdata.intake.treating import treated
from cxdata.intake.values.personal import treatment
from cxdata.intake.values.profile import profile
from cxdata.intake.workspace import Workspace, working
from cxdata.model.errors import IntakeError, UnknownName
from cxdata.model.progress import Progress
from cxdata.model.tables import curated


def read_by(
    path: Path,
    recipe: Recipe | None,
    answers: Mapping[str, Any],
    workspace: Path | None = None,
) -> Reading:
    """Read an extract as a recipe states and questions were answered, otherwise by evidence.

    With a recipe only the columns that it reads are looked at, and what repeats is left to the
    contract.
    """
    if recipe is None:
        return read(path, workspace=workspace, **answers)
    choices = {**choices_of(recipe), **answers}
    reading = read(path, workspace=workspace, values=False, **choices)
    used = set(fitted(recipe, reading.header).reads) if reading.header else set()
    places = [place for place, name in enumerate(reading.header) if name in used]
    if not places or not reading.accepted:
        return reading
    shown = ", ".join(f"c{old} AS c{new}" for new, old in enumerate(places))
    with working() as place:
        reading.relation(place.connection, "raw")
        place.run(f"CREATE TEMP VIEW used AS SELECT _record, _line, {shown} FROM raw")
        names = [reading.header[one] for one in places]
        found = profile(place.connection, "used", names, choices=choices, records=reading.accepted)
    columns = tuple(replace(one, place=old) for one, old in zip(found, places, strict=True))
    asked = [question for one in columns for question in one.questions]
    return reading.but(profile=columns, questions=(*reading.questions, *asked))


@contextmanager
def read_as_stated(
    reading: Reading, recipe: Recipe, answers: Mapping[str, Any]
) -> Iterator[Reading]:
    """Give an extract as a recipe states that it is read, which was known by its columns alone.

    It is read anew only where the recipe states something that evidence may have seen otherwise.
    """
    layout = recipe.layout
    if not (layout.choices or layout.decimal or layout.zone or layout.missing):
        yield reading
        return
    with read_by(reading.path, recipe, answers) as again:
        yield again


def execute(reading: Reading, recipe: Recipe, terms: Terms) -> Loaded:
    """Turn what was read of an extract into curated tables by a recipe.

    A record that breaks a rule is set aside with the reason.

    Raises:
        Unanswered: a question that matters is open.
        IntakeError: the file cannot be read, or the recipe does not fit it.
    """
    if reading.refused is not None:
        raise IntakeError(reading.refused)
    recipe = fitted(_narrowed(_dated(recipe, terms.as_of), terms.only), reading.header)
    check_header(recipe, reading.header)
    if not reading.records:
        raise IntakeError(
            f"{reading.path.name} has a header and no record: there is nothing to load."
        )
    refuse_unanswered(recipe, reading.questions, reading.profile, terms.answers)
    recipe, said = in_currency(recipe, reading.profile)
    with working(terms.workspace) as place:
        run = _run(reading, recipe, place, terms)
        run.notes += said
        reading.relation(place.connection, "raw")
        run.staging.ledger.add_unsplit(_unsplit(reading))
        run.relation = _treated(run, terms)
        text = run.columns.text_table(run.relation, names_of_text(run.recipe))
        place.run(f"CREATE VIEW text AS {text}")
        return _carried_out(run, reading, terms.progress)


def _run(reading: Reading, recipe: Recipe, place: Workspace, terms: Terms) -> Run:
    found = {one.name: one.writing for one in reading.profile}
    columns = Columns(recipe, reading.header, recipe.layout.as_of, found)
    loaded_on = terms.loaded_at.astimezone(ZoneInfo(columns.written.zone)).date()
    staging = Staging(place, loaded_on, terms.published, only_known=terms.only_known)
    return Run(recipe, reading.header, reading.accepted, columns, staging, place, terms.loaded_at)


def _unsplit(reading: Reading) -> pa.Table:
    """Return the records that reading set aside, as the ledger takes them."""
    aside = reading.aside_table()
    return aside.rename_columns(
        ["expected" if name == "reason" else name for name in aside.column_names]
    )


def _treated(run: Run, terms: Terms) -> str:
    ways = {
        run.header.index(name): treatment(way)
        for name in run.recipe.reads
        if (way := treatment_of(run.recipe.layout, name, terms.answers))
    }
    missing = {place: run.columns.missing(run.header[place]) for place in ways}
    return treated(run.workspace, "raw", ways, terms.key_folder, missing)


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


def _carried_out(run: Run, reading: Reading, progress: Progress) -> Loaded:
    for number, table in enumerate(run.recipe.tables):
        progress(f"mapping {table.table}", 0.3 + 0.4 * number / len(run.recipe.tables))
        stage(run, table)
    progress("checking", 0.7)
    run.staging.settle()
    progress("counting", 0.9)
    _refuse_bad_constants(run)
    set_aside = run.staging.ledger.summary(run.header, reading.raw)
    counts = Counts(
        records=reading.records,
        set_aside=set_aside.records,
        tables=tuple(count(run, table.table) for table in run.recipe.tables),
    )
    tables = {table.table: run.staging.rows(table.table) for table in run.recipe.tables}
    unresolved = run.staging.unresolved()
    said = (*run.staging.notes(), *map(str, unresolved))
    loaded = Loaded(
        tables=tables,
        set_aside=set_aside,
        notes=(*_notes_of(reading), *_remarks(run), *run.notes, *said),
        counts=counts,
        source_system=run.recipe.source_system,
        complete_through=run.recipe.complete_through,
        history=run.recipe.history,
        numbered=frozenset(one.table for one in run.recipe.tables if _is_numbered(one)),
        stop_above=run.recipe.stop_above,
        sha256=reading.sha256,
        unresolved=unresolved,
    )
    _refuse_if_nothing_fits(loaded)
    progress("loaded", 1.0)
    return loaded


def _notes_of(reading: Reading) -> list[str]:
    """Return what reading says about the file; what it says about values the checks say better."""
    return [note for note in reading.notes if note not in reading.of_values]


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
