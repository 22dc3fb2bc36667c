"""``metric``: one metric in one scope, the same figures as on the pages."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from importlib.resources import files

from cxdata.analysis.to_date import first_days, to_date
from cxdata.cli.source import add_source, say_notices, settings_from
from cxdata.exports import csv_file
from cxdata.exports.records import Record, history, names, records, table
from cxdata.metrics import registry
from cxdata.model.errors import BadScope
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.period import Grain, Period
from cxdata.model.scope import Compare, Scope
from cxdata.query.door import Door
from cxdata.query.gate import Gate
from cxdata.query.options import finished_through, latest_complete
from cxdata.query.quality import left_out
from cxdata.story.to_date import to_date_sentence

NAME = "metric"
HELP = "Show a metric: estimate, n, interval, flag and comparison; without a name, list them all."
ALL = "all"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", nargs="?", help="name of the metric; leave out to list them")
    parser.add_argument(
        "--period", help="2026-10, 2026-Q3, 2026 or all; the last finished one if left out"
    )
    parser.add_argument(
        "--grain", choices=[grain.value for grain in Grain], help="where no period is given"
    )
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="DIMENSION",
        help="journey or a slicing attribute; may be repeated",
    )
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="ATTRIBUTE=CODE,CODE",
        help="only these segments; may be repeated",
    )
    parser.add_argument(
        "--journey", metavar="CODE,CODE", help="only customers or events of any of these"
    )
    parser.add_argument(
        "--compare", choices=[c.value for c in Compare], default=Compare.PREVIOUS.value
    )
    parser.add_argument("--format", choices=["table", "json", "csv"], default="table")
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON schema of the records"
    )
    add_source(parser)


def run(args: argparse.Namespace) -> int:
    """Read through the gate, and print."""
    if args.schema:
        print(files("cxdata.exports").joinpath("record.schema.json").read_text())
        return 0
    if not args.name:
        for name, definition in names().items():
            print(f"{name:28} {definition}")
        return 0
    gate = Door(settings_from(args)).gate()
    say_notices(gate.version, left_out(gate))
    scope = scope_of(args, gate)
    if args.period == ALL:
        found = history(gate, args.name, scope)
    else:
        found = records(gate, args.name, scope, tuple(dict.fromkeys(args.by)))
    is_figure = args.name in registry() and args.period != ALL and not args.by
    if args.format == "table" and is_figure:
        _print_to_date(gate, args.name, scope)
    _print(found, args.format, gate)
    return 0


def _print_to_date(gate: Gate, name: str, scope: Scope) -> None:
    """Tell a period under way beside as many days of the one compared with."""
    found = to_date(gate, name, scope)
    if found is not None:
        print(to_date_sentence(found, Format(gate.built.currency)), end="\n\n")


def scope_of(args: argparse.Namespace, gate: Gate) -> Scope:
    """Return the scope that the arguments say.

    Raises:
        BadScope: a period or filter that cannot be read, or a period of another grain.
    """
    if args.period and args.period != ALL:
        period = Period.parse(args.period, gate.fiscal_start)
        if args.grain and period.grain.value != args.grain:
            raise BadScope(f"--period {args.period} is a {period.grain.value}, not a {args.grain}.")
    else:
        period = latest_complete(gate, Grain(args.grain or Grain.MONTH.value))
    return Scope(
        period,
        Compare(args.compare),
        tuple(code.strip() for code in (args.journey or "").split(",") if code.strip()),
        tuple(_pair(text) for text in args.where),
    )


def _pair(text: str) -> tuple[str, tuple[str, ...]]:
    scheme, sign, codes = text.partition("=")
    chosen = tuple(code.strip() for code in codes.split(",") if code.strip())
    if not sign or not scheme.strip() or not chosen:
        raise BadScope(
            f"--where {text!r} is not ATTRIBUTE=CODE,CODE, such as segment=smb,enterprise."
        )
    return scheme.strip(), chosen


def _print(found: list[Record], form: str, gate: Gate) -> None:
    if form == "json":
        print(json.dumps(found, indent=2, ensure_ascii=False))
    elif form == "csv":
        sys.stdout.write(csv_file.lines(*table(found), end="\n"))
    elif not found:
        print("No rows match.")
    else:
        _print_table(found, gate)


def _print_table(found: list[Record], gate: Gate) -> None:
    form = Format(gate.built.currency)
    lines = [_line(record, form) for record in found]
    widths = {name: max(len(name), *(len(line[name]) for line in lines)) for name in lines[0]}
    print("  ".join(name.ljust(width) for name, width in widths.items()).rstrip())
    for line in lines:
        print("  ".join(line[name].ljust(width) for name, width in widths.items()).rstrip())
    first = found[0]
    known = registry().get(first["metric"])
    if known:
        print(f"\n{known.label}: {known.definition}")
    print(f"{_complete_to(first, finished_through(gate))}. Data version {first['version']}.")


def _complete_to(record: Record, through: date) -> str:
    """Return the day that the pages state, and that of the metric's own tables where earlier."""
    own = date.fromisoformat(record["data_through"])
    said = f"Data complete to {through:%d %b %Y}"
    return f"{said}, what {record['metric']} needs to {own:%d %b %Y}" if own < through else said


def _line(record: Record, form: Format) -> dict[str, str]:
    unit = Unit(record["unit"])
    line = {"period": record["period"] or "whole history"}
    line.update({name: str(code) for name, code in record["slice"].items()})
    interval = ""
    if record["lo"] is not None:
        interval = f"{form.value(record['lo'], unit)} to {form.value(record['hi'], unit)}"
    line |= {
        "estimate": form.value(record["estimate"], unit),
        "n": "" if record["n"] is None else f"{record['n']:,}",
        "95 % interval": interval,
        "flag": record["flag"],
    }
    fair = record["to_date"]
    compared = fair["comparison"] if fair else record["comparison"]
    if compared:
        days = first_days(fair["days"]) if fair else ""
        head = f"{days}, against {days} of" if fair else "against"
        line[f"{head} {compared['period']}"] = form.change(compared["difference"], unit)
        line["verdict"] = compared["verdict"]
    return line
