"""Two ways from a text to staged records: a few by hand, many by blocks and the engine.

The many are counted and checked by blocks first (``scan``); DuckDB then reads what was found
good, all as text and strictly, with the dialect fixed. What it read is used only if its number
of records is the one that was counted, and some of its records are those split by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cxdata.intake.reading.data import Data
from cxdata.intake.reading.scan import BLOCK, LARGEST, Scan
from cxdata.intake.reading.sinks import Copied, Few, Many, Places, Streamed
from cxdata.intake.reading.split import Splitter
from cxdata.intake.reading.staged import LINE, RECORD, Staged, held, names
from cxdata.intake.reading.walk import Walk
from cxdata.intake.values.sql import literal

FAST_FROM = 2 << 20
"""Bytes from which a text is read by blocks."""

_TAIL = 64 << 10
_SMALLEST = 16 << 10
_BATCH = 100_000
_CELLS = 2_000_000
_MEMORY = "300MB"
_CHECKED = 40


class Differs(Exception):
    """The engine read something else than what was counted, or could not read it at all."""


def by_hand(walk: Walk, sink: Few, width: int) -> tuple[Staged, Places]:
    """Read a small text record by record."""
    walk.finish()
    return Staged(held(sink.records, width), None, tuple(range(width))), sink.places()


def in_a_stream(walk: Walk, sink: Streamed, width: int) -> tuple[Staged, Places]:
    """Read a large text record by record."""
    walk.finish()
    sink.close()
    return Staged(None, sink.path, tuple(range(width))), sink.index.places()


def by_blocks(walk: Walk, scan: Scan, sink: Many) -> None:
    """Find the good records of a large text by blocks, and the others one by one."""
    _blocks(walk, scan, sink, walk.data.size - _TAIL)
    walk.finish()
    sink.close()


def _blocks(walk: Walk, scan: Scan, sink: Many, stop: int) -> None:
    size, expected = BLOCK, len(sink.copied.line_end) - 1
    view, limit = walk.data.view, walk.data.size
    while walk.place < stop:
        start = walk.place
        raw = view[start : min(start + size, limit)]
        run = scan.run(raw, start + size >= limit)
        if run.after:
            walk.judge.flush()
            number = walk.judge.number
            count = len(run.starts)
            places = np.empty((count, 4), np.int64)
            places[:, 0] = np.arange(number + 1, number + 1 + count)
            places[:, 1] = walk.line + run.lines
            places[:, 2] = start + run.starts
            places[:, 3] = run.ends - run.starts
            if run.quoted:
                sink.deviate(only_for_lines=True)
            written = None if run.returns == expected else run.rewritten(raw)
            sink.accept_span(places, start, start + run.after, written)
            walk.pass_over(count, start + run.after, run.line_ends)
            last = raw[int(run.starts[-1]) : int(run.ends[-1])]
            walk.judge.before = walk.splitter.next(last, 0).cells or ()
        if run.odd or (not run.after and size > LARGEST):
            _by_hand_until_neutral(walk, stop)
            size = _SMALLEST
        else:
            size = min(BLOCK, size * 2) if run.after else size * 4


def _by_hand_until_neutral(walk: Walk, stop: int) -> None:
    walk.step()
    while walk.place < stop and not walk.is_neutral:
        walk.step()


def stage(sink: Many, width: int, folder: Path, skip: int, splitter: Splitter) -> Staged:
    """Let DuckDB read what was found good, and write it with its numbers as Parquet.

    Raises:
        Differs: the engine does not read what was counted.
    """
    path = folder / "records.parquet"
    source = sink.data.path if sink.is_whole else sink.copy
    places = sink.index.places()
    read = 0
    columns = [RECORD, LINE, *names(width)]
    schema = pa.schema(
        [(one, pa.int64()) for one in columns[:2]] + [(one, pa.string()) for one in columns[2:]]
    )
    size = max(1_000, min(_BATCH, _CELLS // width))
    with (
        duckdb.connect(config={"memory_limit": _MEMORY, "threads": 2}) as connection,
        # With dictionaries: whatever looks at the values next looks at each of few ones once.
        pq.ParquetWriter(path, schema, compression="snappy") as writer,
    ):
        statement = _read_csv(str(source), sink, width, skip if sink.is_whole else 0)
        for batch in _batches(connection, statement, size) if sink.count else ():
            part = places[read : read + len(batch)]
            _check(batch, part, sink.data, splitter)
            columns = [pa.array(part[:, 0]), pa.array(part[:, 1]), *batch.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            read += len(batch)
            if len(part):
                sink.data.forget(int(part[0, 2]), int(part[-1, 2] + part[-1, 3]))
    if read != sink.count:
        raise Differs
    if sink.copy.exists():
        sink.copy.unlink()
    return Staged(None, path, tuple(range(width)))


def _batches(
    connection: duckdb.DuckDBPyConnection, statement: str, size: int
) -> Iterator[pa.RecordBatch]:
    try:
        yield from connection.execute(statement).to_arrow_reader(size)
    except (duckdb.Error, pa.ArrowException) as error:
        raise Differs from error


def _check(batch: pa.RecordBatch, places: Places, data: Data, splitter: Splitter) -> None:
    """Compare the number of records, and some of them with those split by hand."""
    if len(places) < len(batch):
        raise Differs
    for place in np.linspace(0, len(batch) - 1, num=min(len(batch), _CHECKED), dtype=int):
        start, size = int(places[place, 2]), int(places[place, 3])
        record = splitter.next(data.view[start : start + size], 0)
        if record.cells != [column[int(place)].as_py() for column in batch.columns]:
            raise Differs


def _read_csv(path: str, sink: Many, width: int, skip: int) -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names(width))
    filled = ", ".join(f"'{name}'" for name in names(width))
    # Stating \r\n together with strict_mode makes the engine fail on any file; it finds it itself.
    line_end = "" if sink.copied.line_end == "\r\n" else "new_line = '\\n', "
    quote = literal(sink.copied.quote)
    longest = max(2 << 20, sink.longest * 2 + 1024)
    return (
        f"SELECT * FROM read_csv({literal(path)}, auto_detect = false, header = false, "
        f"skip = {skip}, delim = {literal(sink.copied.delimiter)}, quote = {quote}, "
        f"escape = {quote}, columns = {{{columns}}}, force_not_null = [{filled}], "
        f"{line_end}comment = '', strict_mode = true, null_padding = false, "
        f"max_line_size = {longest}, buffer_size = {max(16 << 20, longest * 2)})"
    )


def copied_as(data: Data, delimiter: str, quote: str, line_end: str) -> Copied:
    """Return how a copy is written: as the text is, with unused characters where it has none."""
    unused = (chr(code) for code in (31, 30, 29, 28, 7, 6, 5, 4, 3, 2, 1))
    free = (one for one in unused if data.view.find(one.encode()) < 0)
    return Copied(delimiter or next(free, ","), quote or next(free, '"'), line_end)


def in_blocks(splitter: Splitter) -> bool:
    """Return whether texts of a dialect can be read by blocks."""
    return (
        len(splitter.delimiter.encode()) <= 1
        and len(splitter.quote.encode()) <= 1
        and not splitter.cr
        and not splitter.escaped
    )
