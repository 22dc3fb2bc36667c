"""The command line: one module a command, with ``NAME``, ``HELP``, ``arguments`` and ``run``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from cxdata.model.errors import HINT, CxError


def commands() -> dict[str, ModuleType]:
    """Return every command by name, in alphabetical order."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "NAME"):
            found[module.NAME] = module
    return dict(sorted(found.items()))


def parser() -> argparse.ArgumentParser:
    """Return the argument parser with one sub-command a module."""
    top = argparse.ArgumentParser(
        prog="python -m cxdata", description="CX Outcomes from the command line."
    )
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in commands().items():
        command = sub.add_parser(name, help=module.HELP, description=module.HELP)
        module.arguments(command)
        command.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a known fault is one sentence on standard error, and exit code 2."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args) or 0)
    except CxError as error:
        print(f"cxdata {args.command}: {error}", file=sys.stderr)
        if error.hint:
            print(f"{HINT}{error.hint}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
