"""What the commands that publish share: the store of the settings, who asks, and plain output."""

from __future__ import annotations

import argparse
import getpass
import json
from typing import Any

from cxdata.model.errors import ConfigError
from cxdata.publish.record import plain
from cxdata.sources.config import Settings
from cxdata.sources.opening import is_plain_folder
from cxdata.sources.store import Store


def add_who(parser: argparse.ArgumentParser, why: str) -> None:
    """Declare ``--user``, ``--reason``, ``--json`` and ``--quiet``."""
    parser.add_argument("--user", default="", help="who does it (default: you)")
    parser.add_argument("--reason", default="", help=f"why (default: {why})")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def store_of(settings: Settings) -> Store:
    """Return the store to publish into.

    Raises:
        ConfigError: the settings name something that the product only reads.
    """
    place = settings.place
    if place.sql_url is not None and place.kind not in ("store", "folder"):
        raise ConfigError(
            "The source is a SQL database, which the product only reads. Load into a folder with "
            "--out, or set source to store."
        )
    if place.kind == "folder" or (place.kind == "auto" and is_plain_folder(place.data)):
        raise ConfigError(
            f"The source is the plain folder {place.data.name!r}, which the product only reads. "
            "Load into another folder with --out, or set data to a folder of our own."
        )
    return Store(place.data)


def whoever(named: str = "") -> str:
    """Return who asks: as named, else the user of this machine."""
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def print_json(value: Any) -> None:
    """Print a record as JSON."""
    print(json.dumps(plain(value), indent=2, ensure_ascii=False))
