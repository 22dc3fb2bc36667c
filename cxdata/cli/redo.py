"""``redo``: forth again to what was undone, as a new version."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from cxdata.cli.store import add_who, print_json, store_of, whoever
from cxdata.cli.watch import watch
from cxdata.publish.going_back import GoingBack
from cxdata.sources.config import load as read_settings

NAME = "redo"
HELP = "Bring back what was undone last, as a new version."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_who(parser, "redone by hand")


def run(args: argparse.Namespace) -> int:
    """Redo, and say what is shown now."""
    now, settings = datetime.now(UTC), read_settings()
    reason = args.reason or "Redone"
    back = GoingBack(
        store_of(settings), whoever(args.user), reason, now, settings, watch(args.quiet)
    )
    done = back.redo()
    if args.json:
        print_json(done)
    else:
        shown = done.version.checks["restored_version"]
        print(f"Version {done.version.number} shows what version {shown} showed.")
    return 0
