"""``digest``: what moved on every page, as text or as HTML for a mail; for a weekly schedule."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxdata.cli.source import add_source, settings_from
from cxdata.exports.digest import digest
from cxdata.exports.write import put
from cxdata.model.period import Period
from cxdata.panels.choices import Desk, choices_of
from cxdata.query.door import Door
from cxdata.query.quality import left_out

NAME = "digest"
HELP = "Say what moved on every page, as text or as HTML for a mail."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--period", help="2026-10, 2026-Q3 or 2026; the last finished month")
    parser.add_argument("--format", choices=["text", "html"], default="text")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write both forms there instead")
    add_source(parser)


def run(args: argparse.Namespace) -> int:
    """Print the digest, or write both its forms."""
    gate = Door(settings_from(args)).gate()
    period = Period.parse(args.period, gate.fiscal_start) if args.period else None
    notices = (*gate.version.notices, *left_out(gate))
    told = digest(Desk(gate, choices_of(gate)), period, notices)
    if args.out:
        both = {"digest.txt": told.text().encode(), "digest.html": told.html().encode()}
        put(args.out, both)
        for name in both:
            print(args.out / name)
    else:
        print(told.html() if args.format == "html" else told.text(), end="")
    return 0
