"""Which data a command reads: the settings, or ``--source``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cxdata.model.errors import ConfigError
from cxdata.sources.address import Address
from cxdata.sources.config import Place, Settings, load
from cxdata.sources.source import DataVersion


def add_source(parser: argparse.ArgumentParser) -> None:
    """Declare ``--source``."""
    parser.add_argument(
        "--source",
        metavar="FOLDER|URL",
        help="a store, a folder of Parquet, or a database URL; the settings decide where not given",
    )


def settings_from(args: argparse.Namespace) -> Settings:
    """Return the settings, with ``--source`` in place of the place they name.

    Raises:
        ConfigError: the folder is not there.
    """
    settings = load()
    if not args.source:
        return settings
    if "://" in args.source:
        place = replace(settings.place, kind="sql", sql_url=Address.parse(args.source, "--source"))
        return replace(settings, place=place, tables={})
    folder = Path(args.source)
    if not folder.is_dir():
        raise ConfigError(f"There is no folder {args.source}; name a folder or a database URL.")
    return replace(settings, place=Place(data=folder), tables={})


def say_notices(version: DataVersion, more: Iterable[str] = ()) -> None:
    """Print on standard error what the reader of a data version must know, as pages show it."""
    for notice in (*version.notices, *more):
        print(f"Note: {notice}", file=sys.stderr)
