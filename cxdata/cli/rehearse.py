"""``rehearse``: what publishing an extract would do, without publishing it."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from cxdata.cli.answers import add_answers, answers_of
from cxdata.cli.store import add_who, print_json, store_of, whoever
from cxdata.cli.watch import watch
from cxdata.intake.loaded import counted
from cxdata.model.errors import HINT, BadScope
from cxdata.model.format import Format
from cxdata.model.progress import Progress
from cxdata.publish.figures import Move, Side
from cxdata.publish.mode import Days, Mode
from cxdata.publish.preparing import prepare
from cxdata.publish.publishing import waiting
from cxdata.publish.recognising import library
from cxdata.publish.rehearsal import Rehearsal, rehearse
from cxdata.publish.staged import Staged, find, stage
from cxdata.sources.config import load as read_settings
from cxdata.sources.store import Store

NAME = "rehearse"
HELP = "Stage an extract and show what publishing it would change, figures before and after."

_SHOWN = 15


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("extract", help="a file, or the id of an extract that is staged already")
    parser.add_argument("--recipe", metavar="NAME", help="how to read it, where that is not known")
    parser.add_argument("--as-of", metavar="DATE", help="as-of date of a snapshot")
    add_answers(parser)
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        help="how the rows meet those published (default: as the recipe says, else append)",
    )
    parser.add_argument(
        "--period",
        metavar="FIRST..LAST",
        help="days to replace (default: from the first to the last event of the extract)",
    )
    add_who(parser, "the file's name")


def run(args: argparse.Namespace) -> int:
    """Stage, prepare, rehearse, and print."""
    now, progress, days = datetime.now(UTC), watch(args.quiet), days_of(args.period)
    settings = read_settings()
    store = store_of(settings)
    waiting(store, settings, now=now)
    item = _prepared(args, store, settings.time_zone, progress, now)
    found = rehearse(
        store,
        item,
        mode=mode_of(args.mode, item),
        days=days,
        settings=settings,
        progress=progress,
        now=now,
    )
    if args.json:
        print_json(found)
    else:
        show(found, item, settings.currency or "")
    return 0


def mode_of(asked: str | None, item: Staged) -> Mode:
    """Return the mode that is asked for, else the recipe's, else adding rows."""
    recipes = item.prepared.mode if item.prepared else ""
    return Mode(asked or recipes or Mode.APPEND)


def days_of(text: str | None) -> Days | None:
    """Return the days that ``FIRST..LAST`` names, both included.

    Raises:
        BadScope: it cannot be read.
    """
    if not text:
        return None
    first, _, last = text.partition("..")
    try:
        low, high = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise BadScope(
            f"--period {text!r} is not FIRST..LAST, as 2026-01-01..2026-01-31."
        ) from None
    if high < low:
        raise BadScope(f"--period {text!r} ends before it begins.")
    return Days.spanning(low, high)


def show(found: Rehearsal, item: Staged, currency: str) -> None:
    """Print a rehearsal for a reader."""
    print(f"{found.name}, staged as {found.staged[:8]}: {found.mode.words}")
    if item.prepared is not None:
        print(
            f"{counted(item.prepared.records, 'record')} = {item.prepared.loaded:,} loaded "
            f"+ {item.prepared.set_aside:,} set aside"
        )
    for one in found.differences:
        days = f" ({one.days})" if one.days else ""
        print(f"  {one.table}: {one.words}{days}")
        for column in one.columns:
            example = column.examples[0]
            print(
                f"    {column.column}: {counted(column.rows, 'row')}, for example "
                f"{example.key!r} from {example.before!r} to {example.after!r}"
            )
    for note in found.notes:
        print(f"  {note}")
    _show_moves(found, currency)
    for obstacle in found.obstacles:
        print(f"In the way: {obstacle.sentence}")
        if obstacle.advice:
            print(f"{HINT}{obstacle.advice}")
    if found.may_publish and found.is_news:
        print(f"Publish it: python -m cxdata publish {found.staged[:8]}")


def _show_moves(found: Rehearsal, currency: str) -> None:
    if found.unsummed:
        print(f"Figures were not compared: {found.unsummed}")
        return
    form = Format(currency)
    print(
        f"Figures that move: {len(found.moves):,}" if found.moves else "No headline figure moves."
    )
    for move in found.moves[:_SHOWN]:
        where = f" {move.slice[0]} {move.slice[1]}" if move.slice else ""
        print(
            f"  {move.label}, {move.period}{where}: {_value(form, move, move.before)} to "
            f"{_value(form, move, move.after)}"
        )
    if len(found.moves) > _SHOWN:
        print(f"  and {len(found.moves) - _SHOWN:,} more")


def _value(form: Format, move: Move, side: Side) -> str:
    if side.estimate is None:
        return side.flag.words
    flag = "" if side.flag.value == "ok" else f" ({side.flag.words})"
    return f"{form.value(side.estimate, move.unit)}{flag}"


def _prepared(
    args: argparse.Namespace, store: Store, zone: str, progress: Progress, now: datetime
) -> Staged:
    path, user = Path(args.extract), whoever(args.user)
    if path.is_file():
        item = stage(store, path, name=path.name, user=user, now=now, progress=progress)
    else:
        item = find(store, args.extract)
    recipe = library(store).find(args.recipe) if args.recipe else None
    choices = answers_of(args) | ({"as_of": args.as_of} if args.as_of else {})
    if item.prepared is not None and recipe is None and not choices:
        return item
    return prepare(store, item, recipe, choices, zone=zone, by=user, progress=progress, now=now)
