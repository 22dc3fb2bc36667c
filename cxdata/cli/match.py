"""``match``: which table an extract is and which column is what; confirmed once, saved by name."""

from __future__ import annotations

import argparse
import getpass
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cxdata.cli.answers import add_answers, answers_of
from cxdata.intake import Reading
from cxdata.intake.asking import matters, personal_questions
from cxdata.intake.execute import read_by
from cxdata.intake.matching import Library, as_recipe
from cxdata.intake.matching.drift import Drift, adapted
from cxdata.intake.matching.library import FOLDER
from cxdata.intake.matching.matched import Matched, match
from cxdata.intake.matching.suggestion import ColumnSuggestion, TableSuggestion
from cxdata.intake.question import Question
from cxdata.intake.recipe import Recipe
from cxdata.model.errors import IntakeError
from cxdata.sources.config import Settings
from cxdata.sources.config import load as read_settings
from cxdata.sources.opening import is_plain_folder
from cxdata.sources.store import Store

NAME = "match"
HELP = "Suggest which table an extract is and which column is what; --save keeps it as a recipe."

_OURS = ("table", "customers", "scale_max")
_PREFIXES = ("constant:", "renamed:", "new:", "personal:")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("file", metavar="FILE", type=Path, help="an extract")
    parser.add_argument("--save", metavar="NAME", help="save what was matched under this name")
    add_answers(parser)
    parser.add_argument("--user", default="", help="who saves it (default: you)")
    parser.add_argument("--why", default="", help="why (default: the file's name)")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")


def run(args: argparse.Namespace) -> int:
    """Print the suggestion with its reasons and questions; save it where that was asked for."""
    if not args.file.is_file():
        raise IntakeError(f"There is no file {args.file}.")
    settings = read_settings()
    library = Library(settings.place.data / FOLDER)
    answers = answers_of(args)
    with read_by(args.file, None, _for_reading(answers)) as reading:
        matched = match(reading, library, _published(settings))
        if args.json:
            print(json.dumps(_as_json(matched), indent=2, default=str))
        else:
            _print(reading, matched)
        if not args.save:
            return 0
        recipe = _confirmed(matched, answers, args.save)
        _say_open(reading, recipe, answers)
        saved = library.save(
            recipe,
            by=args.user or getpass.getuser(),
            at=datetime.now(UTC),
            why=args.why or f"Matched {args.file.name}",
            header=reading.header,
        )
    version = 0 if saved.saved is None else saved.saved.version
    print(f"Saved as {saved.name}, version {version}. Load with: cxdata load {args.file}")
    return 0


def _for_reading(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that reading understands; the others are about tables and columns."""
    return {
        key: value
        for key, value in answers.items()
        if key not in _OURS and not key.startswith(_PREFIXES) and not key.endswith(":is")
    }


def _published(settings: Settings) -> dict[str, list[Path]]:
    place = settings.place
    if place.sql_url is not None or place.kind == "folder" or is_plain_folder(place.data):
        return {}
    store = Store(place.data)
    head = store.head()
    return {} if head is None else {name: store.paths(head, name) for name in head.row_counts}


def _confirmed(matched: Matched, answers: Mapping[str, Any], name: str) -> Recipe:
    """Return the recipe to save: the drifted one with its answers, or a new one."""
    if matched.drift is not None and matched.drift.recipe.name == name:
        return adapted(matched.drift, answers)
    return as_recipe(matched.suggestion, answers, name=name)


def _say_open(reading: Reading, recipe: Recipe, answers: Mapping[str, Any]) -> None:
    """Print what is still open about the values, which the saved recipe would ask every time."""
    stated = recipe.layout.choices
    left = [
        one
        for one in reading.questions
        if one.key not in answers and one.key not in stated and matters(recipe, one)
    ]
    left += personal_questions(recipe, reading.profile, answers)
    if left:
        print("Still asked at every load, until an answer is saved with it")
        _print_questions(left)


def _print(reading: Reading, matched: Matched) -> None:
    suggestion = matched.suggestion
    print(f"{reading.path.name}: {reading.records:,} records, {len(reading.header):,} columns")
    if suggestion.recipe is not None:
        print(f"Known by the recipe {_named(suggestion.recipe)}: nothing to match.")
        return
    if matched.drift is not None:
        _print_drift(matched.drift)
    if suggestion.best is None:
        print("No table fits its columns; write a recipe (cxdata/intake/recipes/README.md).")
        return
    _print_table(suggestion.best)
    for other in suggestion.tables[1:3]:
        print(f"Or {other.table} ({other.score:.0%}): {other.reason}.")
    _print_questions(suggestion.questions)


def _print_drift(drift: Drift) -> None:
    print(f"Nearly what the recipe {_named(drift.recipe)} knows.")
    if drift.refused:
        print(f"  {drift.refused}")
    _print_questions(drift.questions)


def _print_table(table: TableSuggestion) -> None:
    print(f"{table.table} ({table.score:.0%}): {table.reason}.")
    width = max(len(one.column) for one in table.columns)
    for one in table.columns:
        print(f"  {one.column:<{width}}  {_line(one)}")


def _line(one: ColumnSuggestion) -> str:
    if not one.target:
        return "-"
    return f"{one.target}  ({one.confidence:.0%}: {one.reason})"


def _print_questions(questions: Iterable[Question]) -> None:
    for one in questions:
        print(f"? {one.asks} {one.evidence}")
        for value, meaning in one.options:
            mark = "*" if value == one.default else " "
            print(f"  {mark} --answer {one.key!r}={value}  {meaning}")


def _named(recipe: Recipe) -> str:
    if recipe.saved is None:
        return recipe.name
    at = recipe.saved.at
    return f"{recipe.name} (version {recipe.saved.version}, {recipe.saved.by}, {at:%Y-%m-%d})"


def _as_json(matched: Matched) -> dict[str, Any]:
    suggestion, drift = matched.suggestion, matched.drift
    return {
        "recipe": None if suggestion.recipe is None else suggestion.recipe.name,
        "tables": [asdict(one) for one in suggestion.tables],
        "questions": [asdict(one) for one in suggestion.questions],
        "drift": None
        if drift is None
        else {
            "recipe": drift.recipe.name,
            "lacking": drift.lacking,
            "new": drift.new,
            "renamed": [asdict(one) for one in drift.renamed],
            "refused": drift.refused,
            "questions": [asdict(one) for one in drift.questions],
        },
    }
