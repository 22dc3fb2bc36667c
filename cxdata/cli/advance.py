"""``advance``: carry an extract in waiting one step on, as was decided; what the pages start."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from cxdata.cli.rehearse import show
from cxdata.cli.store import add_who, whoever
from cxdata.cli.watch import watch
from cxdata.publish.room import Room
from cxdata.publish.staged import find

NAME = "advance"
HELP = "Carry a staged extract one step on, as was decided on the Upload page."

STEPS = ("look", "check", "rehearse", "publish")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("id", help="the staged extract")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--accept", action="append", default=[], metavar="KEY")
    add_who(parser, "the file's name")


def run(args: argparse.Namespace) -> int:
    """Do the step, and say in a line what came of it."""
    now, progress, room = datetime.now(UTC), watch(args.quiet), Room()
    item = find(room.store, args.id)
    if args.step == "look":
        seen = room.look(item, now=now, progress=progress)
        print(seen.refused or f"{seen.records:,} records, {len(seen.header):,} columns")
    elif args.step == "publish":
        done = room.publish(
            item,
            user=whoever(args.user),
            reason=args.reason or f"Loaded {item.name}",
            accept=args.accept,
            progress=progress,
            now=now,
        )
        print(f"Version {done.version.number}.")
    else:
        step = room.check if args.step == "check" else room.rehearse
        found = step(item, now=now, progress=progress)
        show(found, find(room.store, item.id), room.settings.currency or "")
    return 0
