"""``take``: one file of the drop folder into the waiting room, as the pages do it."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from typing import Final

from cxdata.cli.store import print_json, whoever
from cxdata.cli.watch import watch
from cxdata.model.errors import UnknownName
from cxdata.publish.drop_folder import Lying
from cxdata.publish.room import Room
from cxdata.publish.staged import shown

NAME = "take"
HELP = "Take one file out of the drop folder, to be looked at, checked and published."

_WAIT: Final = 1.5


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--name", required=True, help="the file, as it is called there")
    parser.add_argument("--user", default="", help="who does it (default: you)")
    parser.add_argument("--json", action="store_true", help="print what waits as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Look twice, so that no file is taken while somebody writes it, and take it."""
    room = Room()
    stood = _found(room, args.name)
    time.sleep(_WAIT)
    now, progress = datetime.now(UTC), watch(args.quiet or args.json)
    item = room.take(stood, user=whoever(args.user), now=now, progress=progress)
    if args.json:
        print_json(item)
    else:
        print(f"{item.name} waits as {item.id[:8]}.")
    return 0


def _found(room: Room, name: str) -> Lying:
    there = room.lying(datetime.now(UTC))
    for one in there:
        if one.name == name:
            return one
    raise UnknownName("file in the drop folder", shown(name), [shown(one.name) for one in there])
