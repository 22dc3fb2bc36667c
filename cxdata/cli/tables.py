"""``tables``: the curated tables, their dictionary, DDL and CSV templates."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from cxdata.model.tables import curated
from cxdata.model.tables.dictionary import (
    Entry,
    csv_template,
    ddl,
    described,
    dictionary,
    everything,
)

NAME = "tables"
HELP = "List the tables the product reads, or show one: dictionary, SQL or CSV template."

_SHOWN = ("column", "type", "key", "required", "default", "rules", "doc")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("table", nargs="?", metavar="NAME", help="one table (default: all)")
    parser.add_argument(
        "--format",
        choices=("table", "ddl", "csv", "json"),
        default="table",
        help="table: for reading; ddl: SQL; csv: a header line to fill; json: everything",
    )
    parser.add_argument(
        "--dialect",
        choices=("postgresql", "duckdb"),
        default="postgresql",
        help="dialect of the SQL (default: postgresql)",
    )


def run(args: argparse.Namespace) -> int:
    """Print what was asked for."""
    chosen = (curated(args.table),) if args.table else everything()
    if args.format == "ddl":
        print(ddl(chosen, args.dialect), end="")
    elif args.format == "csv":
        for table in chosen:
            print(csv_template(table), end="")
    elif args.format == "json":
        print(json.dumps([described(table) for table in chosen], indent=2))
    elif args.table:
        print(f"{args.table}: {chosen[0].info['grain']}\n")
        print(_columns(_SHOWN, [_line(entry) for entry in dictionary(chosen[0])]))
    else:
        print(
            _columns(
                ("table", "kind", "one row is"),
                [(one.name, one.info["kind"], one.info["grain"]) for one in chosen],
            )
        )
    return 0


def _line(entry: Entry) -> tuple[str, ...]:
    return tuple(_word(getattr(entry, name)) for name in _SHOWN)


def _word(value: str | bool) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else value


def _columns(names: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[place]) for line in (names, *lines)) for place in range(len(names))]
    rows = (names, ["-" * width for width in widths], *lines)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
