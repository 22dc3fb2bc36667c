"""Where an extract becomes tables: a folder on disk, and an engine within a memory limit.

Rows wait in Parquet files, not in memory: the engine reads each in a stream, and what it has to
hold at once beyond its limit it spills into the folder.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import cpu_count
from pathlib import Path
from typing import Any

import duckdb

from cxdata.intake.values.sql import literal
from cxdata.model.errors import IntakeError
from cxdata.sources.parquet_io import ROW_GROUP

MEMORY = "400MB"
"""What the engine may hold at once; the process around it takes about as much again."""

_MOST_THREADS = 4

_WRITTEN = f"ROW_GROUP_SIZE {ROW_GROUP}, DICTIONARY_SIZE_LIMIT 5000, WRITE_BLOOM_FILTER false"
"""Dictionaries of many values and filters of keys take a third of the writing, and save little."""


class Folder:
    """A folder that stays as long as someone holds it: a stated one for good, our own until then.

    Whatever refers to files in it keeps it, so that no table outlives its file.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self.path = Path(tempfile.mkdtemp(prefix="cxdata-"))
            weakref.finalize(self, shutil.rmtree, self.path, True)
        else:
            self.path = path
            path.mkdir(parents=True, exist_ok=True)


class Workspace:
    """One load's folder and engine. Closing it leaves the files of its tables."""

    def __init__(self, folder: Path | None = None, memory: str = MEMORY) -> None:
        try:
            self.folder = Folder(folder)
        except OSError as error:
            raise IntakeError(f"There is no room to work in: {error.strerror}.") from error
        self._waiting = self.folder.path / "waiting"
        self._waiting.mkdir(exist_ok=True)
        self.connection = duckdb.connect(
            config={
                "memory_limit": memory,
                "threads": min(cpu_count() or 1, _MOST_THREADS),
                "temp_directory": str(self._waiting / "spilled"),
                "allocator_background_threads": True,
            }
        )
        self.connection.execute("SET TimeZone = 'UTC'")

    def close(self) -> None:
        """Let the engine go, and all that only it needed."""
        self.connection.close()
        shutil.rmtree(self._waiting, ignore_errors=True)

    def run(self, statement: str, values: Sequence[Any] = ()) -> duckdb.DuckDBPyConnection:
        """Carry out a statement."""
        return self.connection.execute(statement, list(values))

    def count(self, query: str) -> int:
        """Return the single number that a query gives; nothing counts as 0."""
        row = self.connection.execute(query).fetchone()
        return int(row[0] or 0) if row else 0

    def scratch(self, name: str) -> Path:
        """Return where a file of this name goes that only the load itself needs."""
        return self._waiting / name

    def keep(self, name: str, *selects: str) -> None:
        """Put the rows of queries in waiting under a name, in their order."""
        paths = []
        for number, select in enumerate(selects):
            path = self.scratch(f"{name}-{number}.parquet")
            self.write(path, select, "lz4")
            paths.append(path)
        self.show(name, paths)

    def show(self, name: str, paths: Sequence[Path]) -> None:
        """Give Parquet files of one shape a name, to be queried by."""
        self.run(f"CREATE OR REPLACE VIEW {name} AS FROM read_parquet([{listed(paths)}])")

    def write(self, path: Path, select: str, compression: str = "zstd") -> int:
        """Write the rows of a query to a Parquet file in their order; return their number."""
        return self.count(
            f"COPY ({select}) TO {literal(str(path))} "
            f"(FORMAT parquet, COMPRESSION {compression}, {_WRITTEN})"
        )


def listed(paths: Sequence[Path]) -> str:
    """Return paths as a list of SQL literals."""
    return ", ".join(literal(str(path)) for path in paths)


@contextmanager
def working(folder: Path | None = None, memory: str = MEMORY) -> Iterator[Workspace]:
    """Open a workspace and close it, whatever happens; a full disk or memory is one sentence."""
    workspace = Workspace(folder, memory)
    try:
        yield workspace
    except duckdb.OutOfMemoryException as error:
        raise IntakeError(
            f"The extract needs more than the {memory} of memory that loading may use."
        ) from error
    except duckdb.IOException as error:
        raise IntakeError(
            f"Loading could not write where it works: {_first_line(error)}"
        ) from error
    finally:
        workspace.close()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].removeprefix("IO Error: ")
