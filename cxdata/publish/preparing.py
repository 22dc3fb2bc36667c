"""From the bytes of an extract in waiting to its tables, records set aside and counts."""

from __future__ import annotations

import csv
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from cxdata.intake.execute import load_extract
from cxdata.intake.loaded import Loaded
from cxdata.intake.recipe import Recipe
from cxdata.model.errors import IntakeError
from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated
from cxdata.publish.prepared import Prepared, PreparedTable
from cxdata.publish.staged import Staged, Status, save, working
from cxdata.sources import integrity
from cxdata.sources.parquet_io import write_parquet
from cxdata.sources.store import Store

ASIDE = "aside.csv"
"""File of the records set aside: one line a fault."""

_LONGEST = 100

_ASIDE_COLUMNS = ("_batch", "_record", "_column", "_value", "_rule", "_expected")


def prepare(
    store: Store,
    item: Staged,
    recipe: Recipe,
    choices: Mapping[str, str] | None = None,
    *,
    progress: Progress = silent,
    now: datetime,
) -> Staged:
    """Read a staged extract by a recipe, check it under the contract, and keep the result by it.

    Raises:
        IntakeError: the extract does not fit the recipe; the sentence is kept with the extract.
        StoreError: somebody else works on it, or the disk refuses.
    """
    with working(store, item) as known:
        try:
            loaded = _loaded(_named(store, known), recipe, dict(choices or {}), now, progress)
        except IntakeError as error:
            save(store, replace(known, touched=now, refused=str(error)))
            raise
        prepared = keep(store, known, loaded, now, spoken_of(recipe))
        prepared = replace(prepared, recipe=recipe.name, choices=dict(choices or {}))
        return finish(store, known, prepared, now)


def keep(
    store: Store,
    item: Staged,
    loaded: Loaded,
    now: datetime,
    spoken: Mapping[str, tuple[str, ...]] | None = None,
) -> Prepared:
    """Write the tables of a load into a folder of the extract's own; nothing refers to it yet."""
    folder = item.folder(store) / f"prepared-{uuid.uuid4().hex}"
    with store.writing():
        folder.mkdir()
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
        notes=loaded.notes,
        aside_file=aside,
        source_system=loaded.source_system,
        complete_through=loaded.complete_through,
        history=loaded.history,
        numbered=loaded.numbered,
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


# -- inside ----------------------------------------------------------------------------------------


def _loaded(
    path: Path, recipe: Recipe, choices: Mapping[str, str], now: datetime, progress: Progress
) -> Loaded:
    as_of = choices.get("as_of")
    return load_extract(
        path,
        recipe,
        loaded_at=now,
        as_of=date.fromisoformat(as_of) if as_of else None,
        progress=progress,
    )


def _named(store: Store, item: Staged) -> Path:
    """Return the original under a name like the given one: sentences name it, and it says a kind.

    Only letters, digits, points and dashes of the given name are in it, so it leads nowhere else.
    """
    folder = item.folder(store) / f"reading-{uuid.uuid4().hex}"
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", re.split(r"[\\\\/]", item.name)[-1])
    named = folder / (safe.strip("._")[-_LONGEST:] or "extract")
    with store.writing():
        folder.mkdir()
        os.link(item.original(store), named)
    return named


def _kept(folder: Path, name: str, rows: Any, spoken: tuple[str, ...] | None) -> PreparedTable:
    path = folder / f"{name}.parquet"
    written = write_parquet(path, curated(name), rows)
    integrity.fsync_file(path)
    return PreparedTable(
        table=name,
        file=path.name,
        sha256=integrity.sha256_of(path),
        bytes=os.stat(path).st_size,
        rows=written.rows,
        columns=written.columns,
        low=written.low,
        high=written.high,
        spoken=spoken,
    )


def _aside(folder: Path, item: Staged, loaded: Loaded) -> str:
    """Write the records set aside as CSV; return the file's name, "" where there are none."""
    if not loaded.counts.set_aside:
        return ""
    path = folder / ASIDE
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(_ASIDE_COLUMNS)
        lines.writerows([item.id, *fault] for fault in _faults(loaded.set_aside))
    integrity.fsync_file(path)
    return ASIDE


def _faults(aside: pa.Table) -> Iterable[list[Any]]:
    names = [name.removeprefix("_") for name in _ASIDE_COLUMNS[1:]]
    for batch in aside.to_batches():
        for row in batch.to_pylist():
            yield [row[name] for name in names]
