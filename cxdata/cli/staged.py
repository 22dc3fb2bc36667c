"""``staged``: the extracts that wait, and what to do with one of them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from cxdata.cli.store import print_json, store_of
from cxdata.model.errors import StoreError
from cxdata.publish import aside
from cxdata.publish.publishing import waiting
from cxdata.publish.staged import Staged, discard, find
from cxdata.sources.config import load as read_settings

NAME = "staged"
HELP = "List the extracts that wait to be published; discard one, or hand out what was set aside."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--discard", metavar="ID", help="throw this one away")
    parser.add_argument(
        "--aside", metavar="ID", help="write the records it set aside as CSV, with --out"
    )
    parser.add_argument(
        "--for-spreadsheet",
        action="store_true",
        help="put an apostrophe before what a spreadsheet would run as a formula",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it")
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def run(args: argparse.Namespace) -> int:
    """List, discard or write."""
    settings = read_settings()
    store = store_of(settings)
    known = waiting(store, settings, now=datetime.now(UTC))
    if args.discard:
        item = find(store, args.discard)
        discard(store, item)
        print(f"Discarded {item.name}.")
    elif args.aside:
        if args.out is None or args.out.exists():
            raise StoreError("Name a file that does not exist yet with --out.")
        item = find(store, args.aside)
        aside.write(store, item.id, args.out, for_spreadsheet=args.for_spreadsheet)
        print(f"Written to {args.out}.")
    elif args.json:
        print_json(known)
    elif not known:
        print("Nothing waits.")
    else:
        for item in known:
            print(_line(item))
    return 0


def _line(item: Staged) -> str:
    said = f"  {item.refused}" if item.refused else ""
    return (
        f"{item.id[:8]}  {item.at:%Y-%m-%d %H:%M} UTC  {item.status.value:9}  {item.user}: "
        f"{item.name}{said}"
    )
