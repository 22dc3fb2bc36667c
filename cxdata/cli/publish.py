"""``publish``: a rehearsed extract becomes the newest version."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from cxdata.cli.store import add_who, print_json, store_of, whoever
from cxdata.cli.watch import watch
from cxdata.model.errors import StoreError
from cxdata.publish.publishing import Published, publish, waiting
from cxdata.publish.rehearsal import rehearsal_of
from cxdata.publish.staged import find
from cxdata.sources.config import load as read_settings

NAME = "publish"
HELP = "Publish a rehearsed extract as one version."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("id", help="the staged extract, as rehearse names it")
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="KEY",
        help="publish in spite of this obstacle, as rehearse names it; may be repeated",
    )
    add_who(parser, "the file's name")


def run(args: argparse.Namespace) -> int:
    """Publish, and say which version it is."""
    now, settings = datetime.now(UTC), read_settings()
    store = store_of(settings)
    waiting(store, settings, now=now)
    item = find(store, args.id)
    rehearsal = rehearsal_of(store, item)
    if rehearsal is None:
        raise StoreError(
            f"{item.name!r} has not been rehearsed.",
            hint=f"python -m cxdata rehearse {item.id[:8]}",
        )
    done = publish(
        store,
        rehearsal,
        user=whoever(args.user),
        reason=args.reason or f"Loaded {item.name}",
        accept=args.accept,
        settings=settings,
        progress=watch(args.quiet),
        now=now,
    )
    if args.json:
        print_json(done)
    else:
        show(done)
    return 0


def show(done: Published) -> None:
    """Print what came of a publish for a reader."""
    if done.is_new:
        print(f"Published as version {done.version.number}.")
    else:
        print("Every row is already published: nothing to do.")
    if done.unsummed:
        print(f"The summaries were not built: {done.unsummed}")
