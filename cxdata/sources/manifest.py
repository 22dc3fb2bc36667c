"""The manifest of one data version: which immutable files make up every table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class FileEntry:
    """One immutable Parquet file of one table. ``path`` is relative to the store's folder."""

    table: str
    path: str
    sha256: str
    bytes: int
    rows: int
    columns: tuple[str, ...]
    low: date | None = None
    high: date | None = None

    def overlaps(self, start: date, end: date) -> bool:
        """Say whether rows of the period ``[start, end)`` may lie in this file."""
        if self.low is None or self.high is None:
            return True
        return self.low < end and self.high >= start


@dataclass(frozen=True)
class SourceFile:
    """The extract that a version came from."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Version:
    """One published state of all tables: who made it, why, when and of which files."""

    number: int
    parent: int | None
    parent_sha256: str | None
    files: tuple[FileEntry, ...]
    user: str
    reason: str
    created_at: datetime
    schema_fingerprint: str
    source_file: SourceFile | None = None
    checks: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @cached_property
    def id(self) -> str:
        """Short text that names this content: number and the start of its checksum."""
        return f"{self.number}-{self.sha256[:8]}"

    @cached_property
    def sha256(self) -> str:
        """Checksum of the manifest's own content."""
        return hashlib.sha256(_canonical(self.as_dict())).hexdigest()

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows by table."""
        counts: dict[str, int] = {}
        for entry in self.files:
            counts[entry.table] = counts.get(entry.table, 0) + entry.rows
        return counts

    def files_of(self, table: str) -> tuple[FileEntry, ...]:
        """Return the files of one table, oldest first."""
        return tuple(entry for entry in self.files if entry.table == table)

    def columns(self) -> dict[str, frozenset[str]]:
        """Return the columns that each table really has."""
        found: dict[str, frozenset[str]] = {}
        for entry in self.files:
            found[entry.table] = found.get(entry.table, frozenset()) | frozenset(entry.columns)
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return the manifest as plain JSON values, without its own checksum."""
        return {
            "format": FORMAT,
            "version": self.number,
            "parent": self.parent,
            "parent_sha256": self.parent_sha256,
            "created_at": self.created_at.isoformat(),
            "user": self.user,
            "reason": self.reason,
            "source_file": None
            if self.source_file is None
            else {"name": self.source_file.name, "sha256": self.source_file.sha256},
            "schema_fingerprint": self.schema_fingerprint,
            "row_counts": self.row_counts,
            "checks": dict(self.checks),
            "files": [_file_dict(entry) for entry in self.files],
        }


def dump(version: Version) -> bytes:
    """Return the bytes of a manifest; its last field is the checksum of all the others."""
    content = version.as_dict()
    content["sha256"] = version.sha256
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def parse(raw: bytes) -> Version:
    """Read a manifest. Whatever is not one, or was changed after it was written: ValueError."""
    content = json.loads(raw)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("not a manifest of this format")
    claimed = content.get("sha256")
    try:
        version = _from_dict(content)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a field of the manifest is missing or malformed") from error
    if version.sha256 != claimed:
        raise ValueError("the manifest does not have the checksum it claims")
    return version


def changed_tables(old: Version, new: Version) -> dict[str, tuple[FileEntry, ...]]:
    """Return, for each table whose files differ, the files that were added or taken away."""
    before = {(entry.table, entry.sha256): entry for entry in old.files}
    after = {(entry.table, entry.sha256): entry for entry in new.files}
    changes: dict[str, tuple[FileEntry, ...]] = {}
    for key in sorted(before.keys() ^ after.keys()):
        entry = before.get(key) or after[key]
        changes[entry.table] = (*changes.get(entry.table, ()), entry)
    return changes


def fingerprint(columns: Iterable[tuple[str, str, str]]) -> str:
    """Return a checksum of a schema given as (table, column, type)."""
    return hashlib.sha256(_canonical(sorted(columns))).hexdigest()[:16]


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _file_dict(entry: FileEntry) -> dict[str, Any]:
    return {
        "table": entry.table,
        "path": entry.path,
        "sha256": entry.sha256,
        "bytes": entry.bytes,
        "rows": entry.rows,
        "columns": list(entry.columns),
        "low": None if entry.low is None else entry.low.isoformat(),
        "high": None if entry.high is None else entry.high.isoformat(),
    }


def _from_dict(content: dict[str, Any]) -> Version:
    source = content["source_file"]
    return Version(
        number=int(content["version"]),
        parent=content["parent"],
        parent_sha256=content["parent_sha256"],
        files=tuple(_entry(item) for item in content["files"]),
        user=content["user"],
        reason=content["reason"],
        created_at=datetime.fromisoformat(content["created_at"]),
        schema_fingerprint=content["schema_fingerprint"],
        source_file=None if source is None else SourceFile(source["name"], source["sha256"]),
        checks=content["checks"],
    )


def _entry(item: dict[str, Any]) -> FileEntry:
    path = str(item["path"])
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("a file of the manifest lies outside the store")
    return FileEntry(
        table=item["table"],
        path=path,
        sha256=item["sha256"],
        bytes=int(item["bytes"]),
        rows=int(item["rows"]),
        columns=tuple(item["columns"]),
        low=None if item["low"] is None else date.fromisoformat(item["low"]),
        high=None if item["high"] is None else date.fromisoformat(item["high"]),
    )
