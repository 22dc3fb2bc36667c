"""``python -m cxdata demo``: make the demo company."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from cxdata.cli.watch import watch
from cxdata.demo import write_demo
from cxdata.model.errors import ConfigError
from cxdata.sources.config import Settings, load
from cxdata.sources.store import Store

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
    parser.add_argument("--quiet", action="store_true", help="say nothing while at work")


def run(args: argparse.Namespace) -> int:
    """Make the company; publish it as one version, or write a plain folder."""
    made = (args.customers, args.months, args.seed, args.end)
    progress = watch(args.quiet)
    if args.out is not None:
        if not (args.if_missing and args.out.exists()):
            write_demo(args.out, *made, progress=progress)
        return 0
    settings = load()
    store = _store(settings)
    if args.if_missing and store.head() is not None:
        return 0
    version = write_demo(store, *made, progress=progress)
    if version is not None:
        print(f"Version {version.number}: {args.customers:,} customers in {store.path}")
    return 0


def _store(settings: Settings) -> Store:
    if settings.place.kind not in ("auto", "store"):
        raise ConfigError(
            f"The configured source is a {settings.place.kind}, and the demo is published to a "
            'store only. Name a folder with --out, or set source = "store".'
        )
    return Store(settings.place.data)
