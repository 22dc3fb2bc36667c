"""From the bytes of an extract in waiting to its tables, records set aside and counts."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from cxdata.intake.execute import execute, read_by
from cxdata.intake.loaded import Loaded, counted
from cxdata.intake.recipe import Recipe
from cxdata.intake.rows import TableRows
from cxdata.intake.terms import Terms
from cxdata.intake.threshold import too_many_unknown
from cxdata.model.errors import IntakeError, StoreError
from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated
from cxdata.publish.mended import adapted, mended, root_of, unpack
from cxdata.publish.prepared import Prepared, PreparedTable
from cxdata.publish.recognising import Way, library, recipe_of_batch
from cxdata.publish.refusals import misread
from cxdata.publish.relation import text
from cxdata.publish.remembering import Answered, remember
from cxdata.publish.staged import Staged, Status, save, working
from cxdata.sources import integrity
from cxdata.sources.parquet_io import arrow_schema, event_date, write_parquet
from cxdata.sources.store import Store

ASIDE = "aside.csv"
"""File of the records set aside: their original text, and why not."""

_LONGEST = 100


def prepare(
    store: Store,
    item: Staged,
    recipe: Recipe | None = None,
    choices: Mapping[str, Any] | None = None,
    *,
    zone: str = "UTC",
    by: str = "",
    progress: Progress = silent,
    now: datetime,
) -> Staged:
    """Read a staged extract by a recipe, check it under the contract, and keep the result by it.

    Without a recipe, the one that knows its columns is taken. ``choices`` are answers to questions
    by key, and ``as_of`` the as-of date of a snapshot. ``zone`` is the configured one of business
    dates, where the recipe states none. ``by`` is whoever gave the answers here and now: they are
    remembered with the recipe, so that nobody is asked twice.

    Raises:
        Unanswered: holds the questions that only the user can answer.
        IntakeError: the extract does not fit the recipe; the sentence is kept with the extract.
        StoreError: somebody else works on it, or the disk refuses.
    """
    chosen = dict(choices or {})
    with working(store, item) as known:
        if known.status is Status.RECEIVING:
            raise StoreError(f"{known.name!r} did not arrive whole. Discard it and bring it again.")
        try:
            how = _How(store, known, Way(library(store), _answers(chosen), recipe, zone), now)
            done = _loaded(how, chosen.get("as_of"), progress)
        except IntakeError as error:
            save(store, replace(known, touched=now, refused=str(error)))
            tidy(store, known)
            raise
        prepared = replace(
            keep(store, known, done.loaded, now, spoken_of(done.recipe)),
            recipe=done.recipe.name,
            mode=done.recipe.mode,
            auto=done.recipe.auto,
            batch=done.batch,
            choices=chosen,
        )
        if by and not done.batch:
            said = Answered(how.way.answers, by, now, known.name)
            remember(how.way.library, done.recipe, done.header, said)
        if done.batch:
            # Some are mended and some are not: how many do not fit says nothing of the columns.
            prepared = replace(prepared, misread="")
        return finish(store, known, prepared, now)


def keep(
    store: Store,
    item: Staged,
    loaded: Loaded,
    now: datetime,
    spoken: Mapping[str, tuple[str, ...]] | None = None,
) -> Prepared:
    """Keep the tables of a load in a folder of the extract's own; nothing refers to it yet.

    Files that the load wrote into such a folder are taken as they are.
    """
    folder = _folder_of(loaded, item.folder(store))
    with store.writing():
        folder.mkdir(exist_ok=True)
        tables = tuple(
            _kept(folder, name, rows, (spoken or {}).get(name))
            for name, rows in loaded.tables.items()
        )
        aside = _aside(folder, item, loaded)
        integrity.fsync_folder(folder)
    return Prepared(
        folder=folder.name,
        at=now,
        records=loaded.counts.records,
        set_aside=loaded.counts.set_aside,
        tables=tables,
        counts=loaded.counts.tables,
        reasons=loaded.reasons(),
        first=loaded.set_aside.first,
        notes=loaded.notes,
        aside_file=aside,
        source_system=loaded.source_system,
        complete_through=loaded.complete_through,
        history=loaded.history,
        numbered=loaded.numbered,
        misread=misread(loaded),
        unresolved=loaded.unresolved,
        unknown=too_many_unknown(loaded),
    )


def finish(store: Store, item: Staged, prepared: Prepared, now: datetime) -> Staged:
    """Make a prepared folder the extract's own, and take away what was made before."""
    done = save(
        store, replace(item, status=Status.PREPARED, prepared=prepared, touched=now, refused="")
    )
    tidy(store, done)
    return done


def tidy(store: Store, item: Staged, *keep: str) -> None:
    """Take away every folder of an extract but the prepared one and those named."""
    wanted = {item.prepared.folder if item.prepared else "", *keep}
    for folder in item.folder(store).iterdir():
        if folder.is_dir() and folder.name not in wanted:
            shutil.rmtree(folder, ignore_errors=True)


def spoken_of(recipe: Recipe) -> dict[str, tuple[str, ...]]:
    """Return, by table, the columns that a recipe fills: it is silent on the others."""
    return {
        table.table: tuple(
            dict.fromkeys(
                [one.column for group in table.groups for one in group]
                + [name for row in table.rows for name, _ in row]
            )
        )
        for table in recipe.tables
    }


def named(store: Store, item: Staged) -> Path:
    """Return the original under a name like the given one: sentences name it, and it says a kind.

    Only letters, digits, points and dashes of the given name are in it, so it leads nowhere else.
    """
    folder = item.folder(store) / f"reading-{uuid.uuid4().hex}"
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", re.split(r"[\\\\/]", item.name)[-1])
    link = folder / (safe.strip("._")[-_LONGEST:] or "extract")
    with store.writing():
        folder.mkdir()
        os.link(item.original(store), link)
    return link


# -- inside ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _How:
    """One extract in waiting, and by what it is read."""

    store: Store
    item: Staged
    way: Way
    now: datetime


@dataclass(frozen=True)
class _Done:
    """A load, by which recipe, of which columns, and the batch that mended records belong to."""

    loaded: Loaded
    recipe: Recipe
    header: tuple[str, ...]
    batch: str = ""


def _answers(choices: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in choices.items() if key != "as_of"}


def _loaded(how: _How, as_of: str | None, progress: Progress) -> _Done:
    """Read and execute: the one place that knows how an extract in waiting is read."""
    original = named(how.store, how.item)
    terms = _terms(how, as_of, progress)
    progress("reading", 0.0)
    with how.way.read(original) as reading:
        again = mended(reading)
        if again is None:
            with how.way.known(reading) as (stated, used):
                return _Done(execute(stated, used, terms), used, stated.header)
        used = how.way.named or recipe_of_batch(how.store, again.batch).in_zone(how.way.zone)
        # In a folder of its own: beside it lies the original itself, under any name.
        records = original.parent / "records" / "mended.csv"
        with how.store.writing():
            records.parent.mkdir()
            waiting = unpack(how.store, again, records)
    plain = adapted(used)
    terms = replace(terms, answers={**again.answers, **terms.answers})
    with read_by(records, plain, how.way.answers) as reading:
        loaded, header = execute(reading, plain, terms), reading.header
    if waiting:
        said = f"{counted(waiting, 'record')} not mended yet: still set aside as before."
        loaded = replace(loaded, notes=(said, *loaded.notes))
    return _Done(loaded, used, header, root_of(how.store, again.batch))


def _terms(how: _How, as_of: str | None, progress: Progress) -> Terms:
    head = how.store.head()
    published = {} if head is None else {one: how.store.paths(head, one) for one in head.row_counts}
    return Terms(
        how.now,
        as_of=date.fromisoformat(as_of) if as_of else None,
        answers=how.way.answers,
        published=published,
        workspace=how.item.folder(how.store) / f"prepared-{uuid.uuid4().hex}",
        key_folder=how.store.path,
        progress=progress,
    )


def _folder_of(loaded: Loaded, parent: Path) -> Path:
    """Return the folder within ``parent`` that a load wrote into, or a new one."""
    folders = {rows.path.parent for rows in loaded.tables.values()}
    if len(folders) == 1 and (folder := folders.pop()).parent == parent:
        return folder
    return parent / f"prepared-{uuid.uuid4().hex}"


def _kept(
    folder: Path, name: str, rows: TableRows, spoken: tuple[str, ...] | None
) -> PreparedTable:
    table, path = curated(name), folder / f"{name}.parquet"
    if pq.read_schema(rows.path) != arrow_schema(table):
        tmp = integrity.temporary(folder)
        write_parquet(tmp, table, rows)
        os.replace(tmp, path)
    elif rows.path != path:
        _link(rows.path, path)
    integrity.fsync_file(path)
    low, high = _span(path, event_date(table))
    return PreparedTable(
        table=name,
        file=path.name,
        sha256=integrity.sha256_of(path),
        bytes=os.stat(path).st_size,
        rows=rows.num_rows,
        columns=tuple(arrow_schema(table).names),
        low=low,
        high=high,
        spoken=spoken,
    )


def _link(written: Path, path: Path) -> None:
    """Take a file as it is: under a further name, or as a copy from another disk."""
    try:
        os.link(written, path)
    except OSError:
        shutil.copyfile(written, path)


def _span(path: Path, dated: str | None) -> tuple[date | None, date | None]:
    """Return the first and last event date of a file."""
    if dated is None:
        return None, None
    with duckdb.connect() as connection:
        row = connection.execute(
            f"SELECT min({dated}), max({dated}) FROM read_parquet({text(path)})"
        ).fetchone()
    return row if row else (None, None)


def _aside(folder: Path, item: Staged, loaded: Loaded) -> str:
    """Write the records set aside as CSV; return the file's name, "" where there are none."""
    if not loaded.counts.set_aside:
        return ""
    path = folder / ASIDE
    loaded.set_aside.write_csv(path, batch=item.id)
    integrity.fsync_file(path)
    return ASIDE
