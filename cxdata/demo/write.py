"""Write the demo: into a plain folder of Parquet files, or into the store as one version."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from cxdata.demo.generate import generate
from cxdata.demo.partition import Heaps
from cxdata.demo.timeline import Timeline
from cxdata.demo.truths import planted
from cxdata.model.errors import StoreError
from cxdata.model.progress import Progress, silent
from cxdata.model.tables import curated
from cxdata.sources.manifest import Version
from cxdata.sources.parquet_io import write_parquet
from cxdata.sources.store import Store

USER = "demo"
TRUTH = "truth.json"
_MADE = 0.55  # share of the work done when all rows are made
_WAITING = 1  # file written behind while the next is sorted


def write_demo(
    target: Path | Store,
    customers: int,
    months: int,
    seed: int,
    end: date,
    progress: Progress = silent,
) -> Version | None:
    """Make the demo company and write it with its ``truth.json``.

    A folder gets ``<table>/part-00000.parquet`` and so on and must not hold other data; a store
    gets one new version, which is returned, in place of the tables it held.
    """
    made = (customers, months, seed, end)
    if isinstance(target, Store):
        version = _publish(target, made, progress)
        _write_truth(target.path, made)
    else:
        version = None
        _write_folder(target, made, progress)
        _write_truth(target, made)
    progress("demo written", 1.0)
    return version


_Made = tuple[int, int, int, date]


def _write_folder(folder: Path, made: _Made, progress: Progress) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"The folder {folder.name} is not empty; name a new one.")
    parts: Counter[str] = Counter()

    def write(table: str, rows: pa.Table) -> None:
        path = folder / table / f"part-{parts[table]:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(path, curated(table), rows)
        parts[table] += 1

    folder.mkdir(parents=True, exist_ok=True)
    _pour(write, folder, made, progress)


def _publish(store: Store, made: _Made, progress: Progress) -> Version:
    with store.begin(USER, "Demo company") as publish:
        head = store.head()
        for table in sorted({entry.table for entry in head.files} if head else ()):
            publish.drop(table)

        def write(table: str, rows: pa.Table) -> None:
            publish.append(table, rows)

        _pour(write, store.path, made, progress)
        return publish.commit()


def _pour(
    write: Callable[[str, pa.Table], None], folder: Path, made: _Made, progress: Progress
) -> None:
    """Make all rows, then write file after file on a second thread while the next is sorted."""
    with (
        TemporaryDirectory(dir=folder, prefix=".demo-") as scratch,
        ThreadPoolExecutor(max_workers=1) as writer,
    ):
        waiting: deque[Future[None]] = deque()
        made_rows, done_rows = 0, 0

        def later(table: str, rows: pa.Table) -> None:
            nonlocal done_rows
            progress(f"writing {table}", _MADE + (1 - _MADE) * done_rows / made_rows)
            done_rows += rows.num_rows
            waiting.append(writer.submit(write, table, rows))
            if len(waiting) > _WAITING:
                waiting.popleft().result()

        heaps = Heaps(later, Path(scratch))
        for table, batch in generate(*made, progress=_up_to(_MADE, progress)):
            heaps.add(table, batch)
            made_rows += batch.num_rows
        heaps.finish()
        for future in waiting:
            future.result()


def _up_to(share: float, progress: Progress) -> Progress:
    return lambda what, done: progress(what, share * done)


def _write_truth(folder: Path, made: _Made) -> None:
    customers, months, seed, end = made
    truths = planted(Timeline(months, end))
    text = truths.as_json(customers=customers, months=months, seed=seed, end=end)
    (folder / TRUTH).write_text(text, encoding="utf-8")
