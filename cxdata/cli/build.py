"""``build``: bring the summaries up to date with the data."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from cxdata.cli.source import add_source, settings_from
from cxdata.cli.watch import watch
from cxdata.publish.summaries import build_summaries
from cxdata.sources.opening import open_source

NAME = "build"
HELP = "Build the summaries that pages read: everything once, then only the months that changed."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_source(parser)
    parser.add_argument("--full", action="store_true", help="build everything again")
    parser.add_argument(
        "--estimate-lapse",
        action="store_true",
        help="estimate again after how long without a purchase a customer counts as lost",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Build, and say what was done."""
    settings = settings_from(args)
    done = build_summaries(
        open_source(settings),
        settings,
        now=datetime.now(UTC),
        full=args.full or args.estimate_lapse,
        estimate_lapse=args.estimate_lapse,
        progress=watch(args.quiet),
    )
    if done is None:
        print("The summaries are up to date.", file=sys.stderr)
        return 0
    print(
        f"Built {done.months} months, {done.first_month:%b %Y} to {done.last_month:%b %Y},"
        f" of version {done.version.id} ({done.why}).",
        file=sys.stderr,
    )
    return 0
