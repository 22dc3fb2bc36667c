"""``pack``: a story as a deck, a page, a PDF, a workbook and CSV, sealed by a manifest."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cxdata.cli.source import add_source, say_notices, settings_from
from cxdata.cli.store import print_json
from cxdata.cli.watch import watch
from cxdata.exports.board import BOARD, board
from cxdata.exports.earlier import desk_of
from cxdata.exports.one_page import of_page
from cxdata.exports.pack import pack
from cxdata.exports.write import FORMS, files_of, put
from cxdata.journal.opening import is_begun, open_journal
from cxdata.journal.stories import stories
from cxdata.model.errors import ConfigError, UnknownName
from cxdata.model.period import Period
from cxdata.model.story import Story, View
from cxdata.panels.choices import Desk
from cxdata.query.door import Door
from cxdata.query.quality import left_out
from cxdata.sources.config import Settings

NAME = "pack"
HELP = "Hand a story over: deck, one HTML file, PDF, workbook and CSV with the same numbers."


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "story", nargs="?", default=BOARD, help="name of a saved story (default: the board's)"
    )
    parser.add_argument(
        "--view", metavar="ADDRESS", help="one page in place of a story: nps?journey=Get+help"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="where to write")
    parser.add_argument("--period", help="2026-10, 2026-Q3 or 2026; the last finished month")
    parser.add_argument(
        "--formats", default=",".join(FORMS), help=f"of {', '.join(FORMS)} (default: all)"
    )
    parser.add_argument(
        "--template", type=Path, metavar="FILE.pptx", help="the company's PowerPoint template"
    )
    parser.add_argument("--clock", metavar="ISO", help="time of making, for the same bytes again")
    parser.add_argument("--strict", action="store_true", help="exit 1 where a view was left out")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    add_source(parser)


def run(args: argparse.Namespace) -> int:
    """Tell the story and write its files: 0 written, 1 (``--strict``) a view was left out."""
    forms = _forms(args.formats)
    made_at = clock_of(args.clock)
    settings = settings_from(args)
    progress = watch(args.quiet or args.json)
    desk = desk_of(Door(settings), progress)
    gate = desk.gate
    notices = (*gate.version.notices, *left_out(gate))
    say_notices(gate.version, left_out(gate))
    period = Period.parse(args.period, gate.fiscal_start) if args.period else None
    story = of_page(desk, View(*_address(args.view))) if args.view else None
    story = story or story_named(args.story, settings, desk)
    made = pack(desk, story, made_at, period, notices, progress)
    files = files_of(made, forms, args.template, progress)
    put(args.out, files)
    if args.json:
        print_json(
            {
                "story": made.story.name,
                "version": made.state.id,
                "data_through": str(made.state.through or "") or None,
                "made_at": made.made_at.isoformat(),
                "views": [
                    {"title": one.title, "page": one.page.path, "panel": one.panel}
                    for one in made.scenes
                ],
                "left_out": list(made.left_out),
                "files": {name: len(data) for name, data in files.items()},
            }
        )
    else:
        for name, data in files.items():
            print(f"{args.out / name}  {len(data) / 1000:,.0f} kB")
        for line in made.left_out:
            print(f"Left out. {line}")
    return 1 if args.strict and made.left_out else 0


def story_named(name: str, settings: Settings, desk: Desk) -> Story:
    """Return a saved story by its name or id, or the built-in one.

    Raises:
        UnknownName: there is none of that name.
    """
    saved = stories(open_journal(settings)) if is_begun(settings) else ()
    found = [one for one in saved if name in (one.id, one.name)]
    if found:
        return found[0]
    if name == BOARD:
        return board(desk)
    raise UnknownName("story", name, (BOARD, *(one.name for one in saved)))


def clock_of(text: str | None) -> datetime:
    """Return the time of making: now, or as stated; without a zone it is UTC.

    Raises:
        ConfigError: it cannot be read.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--clock {text} is no time; write it as 2026-11-01T08:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _address(text: str) -> tuple[str, str]:
    """Split the address of a page into the page and what is asked of it."""
    parts = urlsplit(text)
    return parts.path.strip("/").rpartition("/")[2], parts.query


def _forms(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    for one in wanted:
        if one not in FORMS:
            raise UnknownName("format", one, FORMS)
    return wanted or FORMS
