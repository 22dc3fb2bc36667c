"""``why``: a change taken apart, the same parts as on the pages."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from cxdata.analysis.same_customers import PANELLED, SameCustomers, same_customers
from cxdata.analysis.why import Why, why
from cxdata.cli.metric import scope_of
from cxdata.cli.source import add_source, say_notices, settings_from
from cxdata.cli.store import whoever
from cxdata.exports.same_customers import same_customers_record
from cxdata.exports.table_file import Origin, csv_bytes
from cxdata.exports.why import why_record
from cxdata.model.format import NOTHING, Format
from cxdata.model.metric import Unit
from cxdata.model.period import Grain
from cxdata.model.scope import Compare
from cxdata.panels.choices import Desk, choices_of
from cxdata.panels.listing import listing
from cxdata.query.door import Door
from cxdata.query.gate import Gate
from cxdata.query.lists.telling import SHOWN
from cxdata.query.options import options
from cxdata.query.people import MOST
from cxdata.story.same_customers import same_customers_sentence
from cxdata.story.why import amount, why_sentences

NAME = "why"
HELP = "Say why a metric changed: what its groups did, who was counted, and where it stands out."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="METRIC", help="name of the metric")
    parser.add_argument("--period", help="2026-10, 2026-Q3 or 2026; the last finished if left out")
    parser.add_argument(
        "--grain", choices=[grain.value for grain in Grain], help="where no period is given"
    )
    parser.add_argument(
        "--compare",
        choices=[Compare.PREVIOUS.value, Compare.YEAR.value],
        default=Compare.PREVIOUS.value,
    )
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="DIMENSION",
        help="journey or a slicing attribute; may be given twice",
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
        "--list",
        action="store_true",
        help="name the customers or answers behind the figure instead; who asks is kept",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="with --list: write them as CSV")
    parser.add_argument("--format", choices=["table", "json"], default="table")
    add_source(parser)


def run(args: argparse.Namespace) -> int:
    """Split through the gate, and print."""
    gate = Door(settings_from(args)).gate()
    say_notices(gate.version)
    if args.list:
        return _list(args, Desk(gate, choices_of(gate)))
    found = why(gate, args.name, scope_of(args, gate), tuple(dict.fromkeys(args.by)) or None)
    answered = _same_customers(gate, found)
    if args.format == "json":
        record = why_record(found, gate.version.id)
        if answered is not None:
            record["same_customers"] = same_customers_record(answered)
        print(json.dumps(record, indent=2, ensure_ascii=False))
        return 0
    form = Format(gate.built.currency)
    for sentence in why_sentences(found, options(gate).labels, form):
        print(sentence)
    if answered is not None:
        print(same_customers_sentence(answered, form))
    _print_table(found, form)
    print(f"\nParts leave {found.residual:.1e} unexplained. Data version {gate.version.id}.")
    return 0


def _list(args: argparse.Namespace, desk: Desk) -> int:
    """Print the rows behind a figure, the first of them, or write all to a file."""
    scope = scope_of(args, desk.gate)
    most = SHOWN if args.out is None else MOST
    found = listing(desk, scope, args.name, (), "", most, whoever())
    for sentence in found.sentences:
        print(sentence)
    table, columns = found.picture.table, found.picture.columns
    if args.out is not None:
        offered = desk.choices
        origin = Origin(
            scope.words(offered.labels),
            scope.period.key,
            data_through=str(offered.complete_through or ""),
            version=desk.gate.version.id,
        )
        args.out.write_bytes(csv_bytes(table, columns, origin.remarked(found.picture.remark)))
        print(f"Written to {args.out}.")
    elif args.format == "json":
        print(table.to_json(orient="records", force_ascii=False, indent=2))
    elif found.count:
        print(table.rename(columns={one.name: one.label for one in columns}).to_string(index=False))
    return 0


def _same_customers(gate: Gate, found: Why) -> SameCustomers | None:
    """Split by who answered both times, where that is known of the metric."""
    if found.metric.name not in PANELLED or found.scope.journeys:
        return None
    return same_customers(gate, found.metric.name, found.scope)


def _print_table(found: Why, form: Format) -> None:
    lines = [_line(found, form, "total", None)] if found.items else []
    lines += [_line(found, form, None, at) for at in range(len(found.items))]
    if not lines:
        return
    widths = {name: max(len(name), *(len(line[name]) for line in lines)) for name in lines[0]}
    print()
    for line in ({name: name for name in widths}, *lines):
        print("  ".join(line[name].ljust(width) for name, width in widths.items()).rstrip())


def _line(found: Why, form: Format, name: str | None, at: int | None) -> dict[str, str]:
    unit = found.metric.unit
    if at is None:
        return {
            "group": name or "",
            "then": form.value(found.value0, unit),
            "now": form.value(found.value1, unit),
            "share": "",
            "brought": form.change(found.change, unit),
            "of it itself": "",
            "": "",
        }
    item = found.items[at]
    return {
        "group": item.label,
        "then": form.value(item.value0, _unit(found)),
        "now": form.value(item.value1, _unit(found)),
        "share": NOTHING if item.share1 is None else form.value(item.share1, Unit.SHARE),
        "brought": amount(item.amount, found, form),
        "of it itself": amount(item.rate, found, form),
        "": "stands out" if item.stands_out else "",
    }


def _unit(found: Why) -> Unit:
    """Cells of a total that has a base are told per unit of it."""
    if not found.per or found.metric.unit not in (Unit.MONEY, Unit.CUSTOMERS):
        return found.metric.unit
    return Unit.UNIT_MONEY if found.metric.unit is Unit.MONEY else Unit.SHARE
