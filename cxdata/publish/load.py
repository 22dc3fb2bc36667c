"""Tables made from an extract put where readers find them: a version of the store, or a folder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace as changed
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from cxdata.intake.loaded import Loaded
from cxdata.model.errors import IntakeError
from cxdata.model.tables import curated
from cxdata.publish import archive
from cxdata.publish.candidate import make
from cxdata.publish.committing import Stamp, commit
from cxdata.publish.mode import Mode
from cxdata.publish.preparing import keep
from cxdata.publish.promises import promised
from cxdata.publish.publishing import Published, ledger
from cxdata.publish.refusals import obstacles, refuse
from cxdata.publish.rehearsal import is_news, repeats
from cxdata.publish.staged import fresh, remove, working
from cxdata.sources.manifest import SourceFile
from cxdata.sources.parquet_io import write_parquet
from cxdata.sources.store import Store

_HERE = ("set_aside", "same_bytes", "unknown")
"""What whoever loads has been told already, or what counts once in any case."""


def publish(
    loaded: Loaded,
    store: Store,
    *,
    loaded_at: datetime,
    user: str,
    reason: str,
    source_file: SourceFile | None = None,
    original: Path | None = None,
    replace: bool = False,
    accept: Collection[str] = _HERE,
) -> Published:
    """Make one new version of the loaded tables at once, without a rehearsal.

    Rows are added to what is published, or with ``replace`` put in place of the tables' rows.
    When adding, a row that is already published as it is counts once; one whose key is published
    with other values refuses the load with an :class:`IntakeError`, and nothing changes. Where
    every row is published already, and no later day is promised, there is no new version.
    ``original`` is the file with the bytes of ``source_file``, for the archive.
    """
    mode = Mode.REPLACE_TABLE if replace else Mode.APPEND
    item = fresh(store, source_file.name if source_file else reason, user, loaded_at)
    try:
        with working(store, item):
            prepared = keep(store, item, loaded, loaded_at)
            known = changed(item, prepared=prepared)
            source, base = known.within(store, ""), store.head()
            candidate, differences = make(store, base, prepared, source, mode=mode)
            refuse(obstacles(store, base, prepared, source, mode, differences), accept)
            notes = repeats(differences, mode)
            if base is not None and not is_news(store, base, prepared, mode, differences):
                return Published(base, False, notes)
            if source_file is not None and original is not None:
                archive.take(store, original, source_file.sha256)
            stamp = Stamp(user, reason, source_file, ledger(prepared, mode, differences))
            version, _ = commit(store, candidate, prepared, stamp)
            return Published(version, True, notes)
    finally:
        remove(item.folder(store))


def write_folder(
    loaded: Loaded, folder: Path, *, loaded_at: datetime, replace: bool = False
) -> list[Path]:
    """Write the tables as plain Parquet files, ``<table>.parquet``; return their paths.

    A file that is there already is kept unless ``replace`` says otherwise.
    """
    tables = dict(loaded.tables)
    promises = data_load_rows(loaded, loaded_at)
    if promises.num_rows:
        tables["data_load"] = promises
    paths = {name: folder / f"{name}.parquet" for name in tables}
    there = [path.name for path in paths.values() if path.exists()]
    if there and not replace:
        raise IntakeError(
            f"The folder {folder.name!r} already has {', '.join(there)}; name another folder, or "
            "add --replace."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in tables.items():
            write_parquet(paths[name], curated(name), rows)
    except OSError as error:
        raise IntakeError(
            f"The folder {folder.name!r} cannot be written: {error.strerror}."
        ) from error
    return list(paths.values())


def data_load_rows(loaded: Loaded, loaded_at: datetime) -> pa.Table:
    """Return the ``data_load`` rows of a load: up to when each table is complete, by promise."""
    return promised(
        {name: rows.num_rows for name, rows in loaded.tables.items()},
        loaded_at,
        loaded.source_system,
        loaded.complete_through,
        loaded.history,
    )
