"""From settings to a source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cxdata.model.errors import ConfigError
from cxdata.model.tables import CURATED
from cxdata.sources.config import Place, Settings
from cxdata.sources.database import Database
from cxdata.sources.duckdb_engine import Limits
from cxdata.sources.embedded import EmbeddedSource
from cxdata.sources.folder import FolderSource
from cxdata.sources.mixed import LocalPart, MixedSource, Part, RemotePart
from cxdata.sources.source import Source
from cxdata.sources.sql import SqlSource
from cxdata.sources.store_source import StoreSource

_MAIN = "main"


def open_source(settings: Settings) -> Source:
    """Open the source that the settings name.

    One store, one folder or one PostgreSQL database is read where it is. A mix, or a database of
    another kind, is read from local copies.
    """
    place = settings.place
    if not settings.tables:
        if place.sql_url is None or place.kind in ("store", "folder"):
            return open_files(place, settings)
        if place.sql_url.dialect == "postgresql":
            return SqlSource(
                place.sql_url,
                schema=place.schema,
                names=place.names,
                marts_schema=settings.marts_schema,
                statement_seconds=settings.statement_seconds,
            )
    return _open_mix(settings)


def open_files(place: Place, settings: Settings) -> EmbeddedSource:
    """Open a store or folder. What ``auto`` means is seen from the folder: versions, or files."""
    limits = Limits(memory=settings.memory_limit)
    if place.kind == "folder" or (place.kind == "auto" and is_plain_folder(place.data)):
        return FolderSource(place.data, marts_folder=settings.marts_folder, limits=limits)
    return StoreSource(place.data, marts_folder=settings.marts_folder, limits=limits)


def is_plain_folder(folder: Path) -> bool:
    """Say whether a folder holds bare files of tables and no versions."""
    if not folder.is_dir() or (folder / "versions").is_dir():
        return False
    return any(
        (folder / f"{name}.parquet").exists() or (folder / name).is_dir() for name in CURATED.tables
    )


def _open_mix(settings: Settings) -> MixedSource:
    cache = settings.cache_folder or settings.place.data / ".cxdata" / "cache"
    parts = [
        _part(name, place, tables, settings, cache)
        for name, (place, tables) in _shares(settings).items()
    ]
    marts = settings.marts_folder or cache.parent / "marts"
    return MixedSource(parts, marts, limits=Limits(memory=settings.memory_limit))


def _shares(settings: Settings) -> Mapping[str, tuple[Place, frozenset[str]]]:
    """Return each place with the tables that are read from it; the main one has the rest."""
    elsewhere = frozenset(settings.tables)
    shares = {_MAIN: (settings.place, frozenset(CURATED.tables) - elsewhere)}
    for name, place in settings.places.items():
        tables = frozenset(table for table, home in settings.tables.items() if home == name)
        if tables:
            shares[name] = (place, tables)
    return shares


def _part(name: str, place: Place, tables: frozenset[str], settings: Settings, cache: Path) -> Part:
    if place.kind in ("store", "folder") or place.sql_url is None:
        return LocalPart(open_files(place, settings), tables)
    unknown = place.names.keys() - tables
    if unknown:
        raise ConfigError(
            f"The source {name} renames {', '.join(sorted(unknown))}, but is not where [tables] "
            "says those are."
        )
    database = Database(
        place.sql_url,
        schema=place.schema,
        names=place.names,
        tables=tables,
        statement_seconds=max(settings.statement_seconds, 3600),
    )
    return RemotePart(database, cache / name)
