"""From settings to a source."""

from __future__ import annotations

from pathlib import Path

from cxdata.model.tables import CURATED
from cxdata.sources.config import Place, Settings
from cxdata.sources.duckdb_engine import Limits
from cxdata.sources.folder import FolderSource
from cxdata.sources.source import Source
from cxdata.sources.store_source import StoreSource


def open_source(settings: Settings) -> Source:
    """Open the source that the settings name."""
    return open_place(settings.place, settings)


def open_place(place: Place, settings: Settings) -> Source:
    """Open one place. What ``auto`` means is seen from the folder: versions, or bare files."""
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
