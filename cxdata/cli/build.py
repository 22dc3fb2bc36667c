"""``build``: bring the summaries up to date with the data."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from cxdata.cli.source import add_source, say_notices, settings_from
from cxdata.cli.watch import watch
from cxdata.intake.loaded import counted
from cxdata.publish.earlier import gate_at
from cxdata.publish.summaries import build_summaries
from cxdata.query.door import Door
from cxdata.query.gate import Gate
from cxdata.query.quality import left_out, weak
from cxdata.sources.opening import open_source
from cxdata.sources.source import DataVersion

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
    parser.add_argument(
        "--version",
        type=int,
        metavar="NUMBER",
        help="build those of an earlier data version, apart from the newest",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Build, and say what was done."""
    settings = settings_from(args)
    if args.version is not None:
        gate = gate_at(Door(settings), args.version, watch(args.quiet))
        print(f"The summaries of version {gate.version.id} are there.", file=sys.stderr)
        return 0
    source = open_source(settings)
    say_notices(source.version())
    is_first, is_full = not source.marts.exists, args.full or args.estimate_lapse
    done = build_summaries(
        source,
        settings,
        now=datetime.now(UTC),
        full=is_full,
        estimate_lapse=args.estimate_lapse,
        progress=watch(args.quiet),
    )
    if done is None:
        print("The summaries are up to date.", file=sys.stderr)
        return 0
    why = "first build" if is_first else "everything again" if is_full else done.why
    gate = Gate(source)
    say_notices(DataVersion(done.version.id), (*left_out(gate), *weak(gate)))
    print(
        f"Built {counted(done.months, 'month')}, {done.first_month:%b %Y} to "
        f"{done.last_month:%b %Y}, of version {done.version.id} ({why}).",
        file=sys.stderr,
    )
    return 0
