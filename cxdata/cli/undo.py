"""``undo``: back to what was shown before, as a new version."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from cxdata.cli.store import add_who, print_json, store_of, whoever
from cxdata.cli.watch import watch
from cxdata.publish.going_back import GoingBack
from cxdata.sources.config import load as read_settings

NAME = "undo"
HELP = "Take back the last step, or go back to any version; as a new version."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--to", type=int, metavar="N", help="go to this version, back or forth")
    add_who(parser, "undone by hand")


def run(args: argparse.Namespace) -> int:
    """Undo, and say what is shown now."""
    now, settings = datetime.now(UTC), read_settings()
    reason = args.reason or (f"Gone to version {args.to}" if args.to else "Undone")
    back = GoingBack(
        store_of(settings), whoever(args.user), reason, now, settings, watch(args.quiet)
    )
    done = back.undo() if args.to is None else back.go_to(args.to)
    if args.json:
        print_json(done)
    else:
        shown = done.version.checks["restored_version"]
        print(f"Version {done.version.number} shows what version {shown} showed.")
    return 0
