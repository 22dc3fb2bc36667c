"""``python -m cxdata demo``: make the demo company."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from cxdata.cli.watch import watch
from cxdata.demo import write_demo
from cxdata.demo.write import USER
from cxdata.model.errors import ConfigError, Conflict
from cxdata.sources.config import Place, load
from cxdata.sources.opening import is_plain_folder
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource

NAME = "demo"
HELP = "Make the demo company: believable data with planted truths."

_END = date(2026, 10, 20)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--customers", type=int, default=20_000, help="customers ever (20000)")
    parser.add_argument("--months", type=int, default=36, help="calendar months (36)")
    parser.add_argument("--seed", type=int, default=7, help="same seed, same data (7)")
    parser.add_argument(
        "--end",
        type=date.fromisoformat,
        default=_END,
        help=f"last complete day ({_END}); its month may be unfinished",
    )
    parser.add_argument("--out", type=Path, help="write a plain folder of Parquet files instead")
    parser.add_argument(
        "--if-missing", action="store_true", help="do nothing when there are data already"
    )
    parser.add_argument(
        "--replace", action="store_true", help="put the demo in place of other data in the store"
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing while at work")


def run(args: argparse.Namespace) -> int:
    """Make the company; publish it as one version and build its summaries, or write a folder."""
    made = (args.customers, args.months, args.seed, args.end)
    progress = watch(args.quiet)
    if args.out is not None:
        if not (args.if_missing and args.out.exists()):
            write_demo(args.out, *made, progress=progress)
        return 0
    settings = load()
    if args.if_missing and _has_data(settings.place):
        return 0
    store = _store(settings.place, args.replace)
    version = write_demo(store, *made, progress=progress)
    if version is not None:
        print(f"Version {version.number}: {args.customers:,} customers.")
    # The marts are heavy, and only this step of this one command needs them.
    from cxdata.publish.summaries import build_summaries

    source = StoreSource(store, marts_folder=settings.marts_folder)
    build_summaries(source, settings, now=datetime.now(UTC), progress=watch(args.quiet))
    return 0


def _is_database(place: Place) -> bool:
    return place.sql_url is not None and place.kind not in ("store", "folder")


def _is_plain(place: Place) -> bool:
    return place.kind == "folder" or (place.kind == "auto" and is_plain_folder(place.data))


def _has_data(place: Place) -> bool:
    return _is_database(place) or _is_plain(place) or Store(place.data).head() is not None


def _store(place: Place, replace: bool) -> Store:
    """Return the store to publish into, or say why there is none."""
    if _is_database(place):
        raise ConfigError(
            "The source is a SQL database, which the product only reads. Name a new folder with "
            "--out, or set source to store."
        )
    if _is_plain(place):
        raise ConfigError(
            f"The folder {place.data.name} holds plain tables, which the product only reads. Name "
            "a new folder with --out, or set data to a folder of our own."
        )
    store = Store(place.data)
    head = store.head()
    if head is not None and head.user != USER and not replace:
        raise Conflict(
            f"The store holds other data: version {head.number}, published by {head.user}. Name a "
            "new folder with --out, or put the demo in their place with --replace."
        )
    return store
