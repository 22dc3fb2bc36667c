"""``history``: every version, who made it, when, why and from which file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from cxdata.cli.store import print_json, store_of
from cxdata.model.errors import StoreError
from cxdata.publish import archive, aside
from cxdata.publish.history import Entry, Step, history
from cxdata.sources.config import load as read_settings
from cxdata.sources.store import Store

NAME = "history"
HELP = "Show the versions, newest first, or hand out the original that one was made of."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--json", action="store_true", help="print the entries as JSON")
    parser.add_argument(
        "--original", type=int, metavar="N", help="write the original of version N, with --out"
    )
    parser.add_argument(
        "--aside", type=int, metavar="N", help="write what version N set aside as CSV, with --out"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it")


def run(args: argparse.Namespace) -> int:
    """Print the history, or write a file of it."""
    store = store_of(read_settings())
    if args.original is not None or args.aside is not None:
        return _hand_out(store, args)
    entries = history(store)
    if args.json:
        print_json(entries)
    elif not entries:
        print("Nothing has been published yet.")
    for entry in () if args.json else entries:
        _show(entry)
    return 0


def _hand_out(store: Store, args: argparse.Namespace) -> int:
    if args.out is None or args.out.exists():
        raise StoreError("Name a file that does not exist yet with --out.")
    number = args.aside if args.original is None else args.original
    version = store.read_version(number)
    if args.original is None:
        aside.write(store, str(version.checks.get("staged", "")), args.out)
    elif version.source_file is None:
        raise StoreError(f"Version {number} was not made of a file.")
    else:
        archive.restore(store, version.source_file.sha256, args.out)
    print(f"Written to {args.out}.")
    return 0


def _show(entry: Entry) -> None:
    newest = "  (shown)" if entry.is_newest else ""
    step = "" if entry.step is Step.PUBLISH else f"  {entry.step.value} {entry.restored}"
    print(
        f"{entry.number:>5}  {entry.at:%Y-%m-%d %H:%M} UTC  {entry.user}: {entry.reason}"
        f"{step}{newest}"
    )
    if entry.source_file is not None:
        kept = "archived" if entry.is_archived else "not archived"
        print(f"       {entry.source_file.name}  {entry.source_file.sha256[:12]}  {kept}")
    for table, changes in entry.changes.items():
        print(f"       {table}: {_counts(changes)}")
    if entry.set_aside:
        print(f"       {entry.set_aside:,} of {entry.records:,} records set aside")


def _counts(changes: Mapping[str, int]) -> str:
    shown = [f"{count:,} {what}" for what, count in changes.items() if count]
    return ", ".join(shown) or "no row"
