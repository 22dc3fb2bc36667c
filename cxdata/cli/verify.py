"""``verify``: whether a pack still says what was made, and whether the data still say so."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from pathlib import Path

from cxdata.cli.source import add_source, settings_from
from cxdata.cli.store import print_json, store_of
from cxdata.exports.earlier import desk_of
from cxdata.exports.verify import Drift, Standing, Verified, verify
from cxdata.model.errors import CxError
from cxdata.panels.restated import Causes
from cxdata.publish.causes import causes_between
from cxdata.query.door import Door
from cxdata.sources.config import Settings

NAME = "verify"
HELP = "Recompute a pack: its numbers agree, drifted for a reason, or were tampered with."
_EXITS = {Standing.AGREES: 0, Standing.DRIFTED: 1, Standing.TAMPERED: 3, Standing.UNTOLD: 2}
_SAID = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("pack", type=Path, help="the folder of a pack, or its manifest")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    add_source(parser)


def run(args: argparse.Namespace) -> int:
    """Compare, and say: 0 agrees, 1 the data have drifted, 3 tampered with, 2 cannot be told."""
    settings = settings_from(args)
    found = verify(args.pack, desk_of(Door(settings)), _causes(settings))
    if args.json:
        print_json(asdict(found))
    else:
        _print(found)
    return _EXITS[found.standing]


def _causes(settings: Settings) -> Causes | None:
    """Return how to ask the store's history why figures changed; a plain folder has none."""
    try:
        return partial(causes_between, store_of(settings))
    except CxError:
        return None


def _print(found: Verified) -> None:
    checked = f"{found.numbers:,} numbers in {found.files} files"
    if found.standing is Standing.AGREES:
        print(f"Agrees: {checked} are as made, and the data of version {found.checked_with} agree.")
        return
    for line in found.untold:
        print(f"Cannot be told: {line}")
    if found.standing is Standing.UNTOLD:
        print(f"All else agrees: {checked} are as made.")
        return
    if found.standing is Standing.TAMPERED:
        print(f"Tampered with: {checked} were checked, and these are not as made.")
    for change in found.changes:
        said = f": was {change.made}, is {change.found}" if change.made or change.found else ""
        print(f"  {change.file}, {change.where}{said}")
    for line in found.tampering[len(found.changes) :][:_SAID]:
        print(f"  {line}")
    if found.standing is Standing.DRIFTED:
        print(
            f"Drifted: no file was changed, but {len(found.drifts)} of {found.numbers:,} numbers "
            f"differ between version {found.made_from} and version {found.checked_with}."
        )
        for drift in found.drifts[:_SAID]:
            print(f"  {_drift(drift)}")
        if len(found.drifts) > _SAID:
            print(f"  and {len(found.drifts) - _SAID} more; --json lists all")


def _drift(one: Drift) -> str:
    why = " and ".join(cause.value for cause in one.causes)
    return f"view {one.view}, {one.what}: {one.made} then, {one.now} now ({why})"
