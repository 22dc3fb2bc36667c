"""``load``: an extract (by a recipe) or a folder of Parquet, checked and published."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from cxdata.cli.answers import add_answers, answers_of
from cxdata.cli.store import store_of, whoever
from cxdata.cli.watch import watch
from cxdata.intake.execute import execute
from cxdata.intake.loaded import Loaded, counted
from cxdata.intake.matching.library import FOLDER, Library
from cxdata.intake.parquet_folder import load_folder
from cxdata.intake.terms import Terms
from cxdata.intake.threshold import STOP_ABOVE, refuse_too_many
from cxdata.model.errors import IntakeError, SourceError
from cxdata.model.progress import Progress
from cxdata.publish.load import publish, write_folder
from cxdata.publish.recognising import Way
from cxdata.publish.refusals import MOST_SET_ASIDE, refuse_many_set_aside
from cxdata.publish.remembering import Answered, remember
from cxdata.sources.config import Settings
from cxdata.sources.config import load as read_settings
from cxdata.sources.manifest import SourceFile
from cxdata.sources.store import Store
from cxdata.sources.store_source import StoreSource

NAME = "load"
HELP = "Load an extract by a recipe, or a folder of Parquet, and publish it as one version."

_SHOWN_REASONS = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", metavar="FILE", type=Path, help="an extract, or a Parquet folder")
    parser.add_argument(
        "--recipe",
        metavar="NAME",
        help="how to read it: a saved or shipped recipe, or a .toml file (default: the one that "
        "knows its columns)",
    )
    parser.add_argument(
        "--table",
        action="append",
        default=[],
        metavar="T",
        help="load only this table (may be repeated)",
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DATE",
        help="as-of date of a snapshot, in place of the recipe's",
    )
    add_answers(parser)
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write Parquet files there")
    parser.add_argument(
        "--replace", action="store_true", help="put the rows in place of the tables' rows"
    )
    parser.add_argument(
        "--accept-many",
        "--accept-set-aside",
        dest="accept_many",
        action="store_true",
        help=f"publish the rest where more than {100 * MOST_SET_ASIDE:.0f} %% of the records do "
        f"not fit, or {100 * STOP_ABOVE:.0f} %% for one reason",
    )
    parser.add_argument("--user", default="", help="who publishes (default: you)")
    parser.add_argument("--reason", default="", help="why (default: the file's name)")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Load, publish, build the summaries, and print the ledger."""
    now = datetime.now(UTC)
    progress = watch(args.quiet)
    settings = read_settings()
    store = None if args.out else store_of(settings)
    loaded = _load(args, settings, store, now, progress)
    _print_ledger(loaded)
    if settings.time_zone != "UTC":
        print(f"Dates are those of {settings.time_zone}, where the recipe states no zone.")
    _warn_of_set_aside(loaded, args.accept_many)
    if store is None:
        paths = write_folder(loaded, args.out, loaded_at=now, replace=args.replace)
        print(f"Written to {args.out}: {', '.join(path.name for path in paths)}.")
        return 0
    published = publish(
        loaded,
        store,
        loaded_at=now,
        user=whoever(args.user),
        reason=args.reason or f"Loaded {args.file.name}",
        source_file=SourceFile(args.file.name, loaded.sha256) if loaded.sha256 else None,
        original=args.file if loaded.sha256 else None,
        replace=args.replace,
    )
    _print_list("", published.notes)
    if published.is_new:
        print(f"Published as version {published.version.number}.")
    else:
        print("Every row is already published: nothing to do.")
    _build(store, settings, now, progress)
    return 0


def _load(
    args: argparse.Namespace,
    settings: Settings,
    store: Store | None,
    now: datetime,
    progress: Progress,
) -> Loaded:
    if not args.file.exists():
        raise IntakeError(f"There is no file {args.file}.")
    published = _published(store)
    if args.file.is_dir():
        if args.recipe:
            raise IntakeError("A folder of Parquet needs no recipe; leave --recipe out.")
        return load_folder(
            args.file, loaded_at=now, only=args.table, published=published, progress=progress
        )
    library = Library(settings.place.data / FOLDER)
    named = library.find(args.recipe) if args.recipe else None
    way = Way(library, answers_of(args), named, settings.time_zone)
    terms = Terms(
        now,
        as_of=args.as_of,
        only=args.table,
        answers=way.answers,
        published=published,
        key_folder=settings.place.data,
        progress=progress,
    )
    progress("reading", 0.0)
    with way.read(args.file) as reading, way.known(reading) as (stated, recipe):
        loaded = execute(stated, recipe, terms)
        if store is not None:
            said = Answered(way.answers, whoever(args.user), now, args.file.name)
            remember(library, recipe, stated.header, said)
        return loaded


def _published(store: Store | None) -> dict[str, list[Path]]:
    """Return the files of the published tables, by which references are resolved."""
    head = None if store is None else store.head()
    if store is None or head is None:
        return {}
    return {name: store.paths(head, name) for name in head.row_counts}


def _build(store: Store, settings: Settings, now: datetime, progress: Progress) -> None:
    """Build the summaries; tables without any dated event have none, which is no fault."""
    # The marts are heavy, and only this step of this one command needs them.
    from cxdata.publish.summaries import build_summaries

    source = StoreSource(store, marts_folder=settings.marts_folder)
    try:
        built = build_summaries(source, settings, now=now, progress=progress)
    except SourceError as error:
        print(f"The summaries were not built: {error}")
        return
    if built is not None:
        print(f"Summaries built for {counted(built.months, 'month')}.")


def _warn_of_set_aside(loaded: Loaded, accepts: bool) -> None:
    """Say on standard error how much does not fit; refuse much of it unless it is accepted."""
    if not accepts:
        refuse_too_many(loaded)
        if loaded.stop_above is None:
            refuse_many_set_aside(loaded)
    counts = loaded.counts
    if counts.set_aside:
        print(
            f"cxdata load: {counts.set_aside:,} of {counted(counts.records, 'record')} set aside.",
            file=sys.stderr,
        )


def _print_ledger(loaded: Loaded) -> None:
    counts = loaded.counts
    print(
        f"{counted(counts.records, 'record')} = {counts.loaded:,} loaded "
        f"+ {counts.set_aside:,} set aside"
    )
    width = max(len(one.table) for one in counts.tables)
    for one in counts.tables:
        left_out = [
            f"{number:,} {why}"
            for number, why in (
                (one.filtered, "left out by the recipe"),
                (one.superseded, "older updates"),
                (one.blank, "blanks"),
                (one.folded, "repeats"),
                (one.set_aside, "set aside"),
            )
            if number
        ]
        tail = f"  (besides {', '.join(left_out)})" if left_out else ""
        print(f"  {one.table:<{width}}  {counted(one.rows, 'row'):>14}{tail}")
    reasons = [str(one) for one in loaded.reasons()]
    _print_list("Set aside", reasons[:_SHOWN_REASONS])
    if len(reasons) > _SHOWN_REASONS:
        print(f"  and {counted(len(reasons) - _SHOWN_REASONS, 'more reason')}")
    _print_list("Notes", loaded.notes)


def _print_list(title: str, lines: tuple[str, ...] | list[str]) -> None:
    if lines and title:
        print(title)
    for line in lines:
        print(f"  {line}" if title else line)
