"""Text records of an extract, in a stated layout: counted on their own, then read by DuckDB.

DuckDB reads fast, but it may shift, drop or merge cells of a file that is not what it seems (a
last empty cell, a change of width). So the records are counted first by another reader, and what
DuckDB read is used only if the two agree; otherwise the records of that other reader are used.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import duckdb
import pyarrow as pa

from cxdata.intake.lookalike import other_kind
from cxdata.intake.reading.aside import Aside
from cxdata.intake.reading.reading import Reading
from cxdata.intake.reading.result import SetAside
from cxdata.intake.reading.staged import Staged
from cxdata.intake.recipe import Layout
from cxdata.intake.sql import literal
from cxdata.intake.values.profile import profile
from cxdata.intake.workspace import working
from cxdata.model.errors import IntakeError

_BATCH = 20_000
_LONGEST_CELL = 1 << 30


@dataclass(frozen=True)
class Ragged:
    """A record whose number of cells is not that of the header."""

    record: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Extract:
    """What an extract holds: its columns, its number of records, those of another width."""

    header: tuple[str, ...]
    records: int
    ragged: tuple[Ragged, ...]

    def place(self, column: str) -> int:
        """Return the position of a column."""
        return self.header.index(column)


def read_extract(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> Extract:
    """Read an extract into the table ``raw`` (``_record``, ``c0``, ``c1`` ...), all text.

    Records are numbered from 1 in the order of the file; ragged ones keep their number and are
    left out of ``raw``. A file that cannot be read at all is one sentence.
    """
    layout = layout.settled
    extract = scan(path, layout)
    good = extract.records - len(extract.ragged)
    if not _fast(connection, path, layout, extract, good):
        _slow(connection, path, layout, extract)
    loaded = connection.execute("SELECT count(*) FROM raw").fetchone()
    if loaded != (good,):
        raise IntakeError(
            f"{path.name} was counted twice with different results ({good:,} records and "
            f"{loaded[0] if loaded else 0:,}), so nothing was loaded."
        )
    return extract


@contextmanager
def read_stated(path: Path, layout: Layout, choices: Mapping[str, Any]) -> Iterator[Reading]:
    """Read an extract in its stated layout, with how its values are written."""
    with working() as place:
        extract = read_extract(place.connection, path, layout)
        cells = ", ".join(f"c{number}" for number in range(len(extract.header)))
        staged = place.folder.path / "raw.parquet"
        place.write(staged, f"SELECT _record, NULL::BIGINT AS _line, {cells} FROM raw", "lz4")
        place.run("DROP TABLE raw")
        place.show("raw", [staged])
        good = extract.records - len(extract.ragged)
        yield Reading(
            path,
            header=extract.header,
            original_header=extract.header,
            profile=profile(place.connection, "raw", extract.header, choices=choices, records=good),
            ledger=_aside(extract, layout.settled.delimiter),
            staged=Staged(None, staged, range(len(extract.header))),
        )


def _aside(extract: Extract, delimiter: str) -> Aside:
    found = Aside()
    width = len(extract.header)
    for one in extract.ragged:
        expected = f"{width} cells, as in the header; it has {len(one.cells)}"
        found.add(SetAside(one.record, 0, delimiter.join(one.cells), expected, "width"))
    return found


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def scan(path: Path, layout: Layout) -> Extract:
    """Count the records and find those whose width is not that of the header."""
    layout = layout.settled
    _refuse_other_kinds(path, layout)
    records = _records(path, layout)
    header = next(records, None)
    if header is None or not any(cell.strip() for cell in header):
        raise IntakeError(f"{path.name} is empty: it has no header line.")
    names = tuple(cell.strip() for cell in header)
    for name in names:
        if names.count(name) > 1:
            raise IntakeError(f"{path.name} has two columns named {name!r}; rename one of them.")
    ragged = []
    count = 0
    for count, cells in enumerate(records, start=1):
        if len(cells) != len(names):
            ragged.append(Ragged(count, tuple(cells)))
    return Extract(names, count, tuple(ragged))


def _refuse_other_kinds(path: Path, layout: Layout) -> None:
    try:
        kind = other_kind(path, layout.encoding)
    except OSError as error:
        raise IntakeError(f"{path.name} cannot be read: {error.strerror}.") from error
    if kind:
        raise IntakeError(f"{path.name} looks like {kind}.")


def _records(path: Path, layout: Layout) -> Iterator[list[str]]:
    """Yield the records of the file, header first; blank lines are not records."""
    csv.field_size_limit(_LONGEST_CELL)
    encoding = "utf-8-sig" if _is_utf8(layout.encoding) else layout.encoding
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from _split(path, file, layout)
    except OSError as error:
        raise IntakeError(f"{path.name} cannot be read: {error.strerror}.") from error
    except LookupError as error:
        raise IntakeError(f"There is no text encoding named {layout.encoding!r}.") from error
    except UnicodeDecodeError as error:
        raise IntakeError(
            f"{path.name} is not {layout.encoding} text (a byte {error.object[error.start]:#04x} "
            "does not fit); state its encoding in the recipe."
        ) from error


def _split(path: Path, file: TextIO, layout: Layout) -> Iterator[list[str]]:
    reader = csv.reader(file, delimiter=layout.delimiter, quotechar=layout.quote, strict=True)
    try:
        yield from (cells for cells in reader if cells)
    except csv.Error as error:
        raise IntakeError(
            f"{path.name} breaks its quoting near line {reader.line_num}: {error}."
        ) from error


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    except LookupError:
        return False


def _fast(
    connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout, extract: Extract, good: int
) -> bool:
    """Let DuckDB read the whole file; return whether it read the records that were counted."""
    if extract.ragged or not _is_utf8(layout.encoding):
        return False
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in _names(extract))
    quote = literal(layout.quote)
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE raw AS SELECT row_number() OVER () AS _record, * "
            f"FROM read_csv({literal(str(path))}, auto_detect = false, header = true, "
            f"delim = {literal(layout.delimiter)}, quote = {quote}, escape = {quote}, "
            f"columns = {{{columns}}}, strict_mode = true, null_padding = false)"
        )
    except duckdb.Error:
        return False
    return connection.execute("SELECT count(*) FROM raw").fetchone() == (good,)


def _slow(
    connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout, extract: Extract
) -> None:
    names = _names(extract)
    columns = ", ".join(f"{name} VARCHAR" for name in names)
    connection.execute(f"CREATE OR REPLACE TABLE raw (_record BIGINT, {columns})")
    records = enumerate(islice(_records(path, layout), 1, None), start=1)
    good = (one for one in records if len(one[1]) == len(names))
    while batch := list(islice(good, _BATCH)):
        _append(connection, names, batch)


def _append(
    connection: duckdb.DuckDBPyConnection,
    names: Sequence[str],
    batch: Sequence[tuple[int, list[str]]],
) -> None:
    cells = zip(*(cells for _, cells in batch), strict=True)
    columns = {"_record": pa.array([number for number, _ in batch], pa.int64())}
    columns |= {name: pa.array(one, pa.string()) for name, one in zip(names, cells, strict=True)}
    connection.register("_batch", pa.table(columns))
    connection.execute("INSERT INTO raw SELECT * FROM _batch")
    connection.unregister("_batch")


def _names(extract: Extract) -> list[str]:
    return [f"c{place}" for place in range(len(extract.header))]
