"""``drop``: watch the drop folder beside the data, and take what is put there."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime

from cxdata.cli.store import print_json, store_of
from cxdata.cli.watch import watch
from cxdata.publish.drop_folder import drop_folder
from cxdata.publish.dropped import Report, Watch
from cxdata.sources.config import load as read_settings

NAME = "drop"
HELP = "Watch the drop folder: stage and rehearse what is put there, publish what may be."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--once", action="store_true", help="look, take what is complete, and end")
    parser.add_argument(
        "--every", type=float, default=10.0, metavar="SECONDS", help="time between two looks"
    )
    parser.add_argument("--json", action="store_true", help="print each report as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Watch until stopped; with ``--once``, two looks: a file without a marker must stand still."""
    settings = read_settings()
    store = store_of(settings)
    watcher = Watch(store, settings, watch(args.quiet))
    if not args.quiet:
        print(f"Watching {drop_folder(store)}.", flush=True)
    try:
        _print(watcher.look(now=datetime.now(UTC)), args.json)
        time.sleep(args.every)
        _print(watcher.look(now=datetime.now(UTC)), args.json)
        while not args.once:
            time.sleep(args.every)
            _print(watcher.look(now=datetime.now(UTC)), args.json)
    except KeyboardInterrupt:
        return 0
    return 0


def _print(reports: tuple[Report, ...], as_json: bool) -> None:
    for report in reports:
        if as_json:
            print_json(report)
        else:
            print(f"{report.name}: {report.outcome}. {report.sentence}", flush=True)
