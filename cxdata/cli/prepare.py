"""``prepare``: whatever the pages need before they can be opened."""

from __future__ import annotations

import argparse

from cxdata.cli import main

NAME = "prepare"
HELP = "Make the demo company where there are no data yet, and bring the summaries up to date."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Run both commands, each of which does nothing where nothing is to be done."""
    quiet = ["--quiet"] if args.quiet else []
    return main(["demo", "--if-missing", *quiet]) or main(["build", *quiet])
