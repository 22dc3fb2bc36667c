"""What the commands that publish share: the store of the settings, who asks, and plain output."""

from __future__ import annotations

import argparse
import getpass
import json
from typing import Any

from cxdata.publish.place import store_of
from cxdata.publish.record import plain

__all__ = ["add_who", "print_json", "store_of", "whoever"]


def add_who(parser: argparse.ArgumentParser, why: str) -> None:
    """Declare ``--user``, ``--reason``, ``--json`` and ``--quiet``."""
    parser.add_argument("--user", default="", help="who does it (default: you)")
    parser.add_argument("--reason", default="", help=f"why (default: {why})")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def whoever(named: str = "") -> str:
    """Return who asks: as named, else the user of this machine."""
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def print_json(value: Any) -> None:
    """Print a record as JSON."""
    print(json.dumps(plain(value), indent=2, ensure_ascii=False))
