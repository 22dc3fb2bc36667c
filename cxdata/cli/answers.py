"""Answers to what reading an extract asks, as given on the command line."""

from __future__ import annotations

import argparse
from typing import Any

from cxdata.intake.asking import PERSONAL
from cxdata.intake.values.personal import treatment
from cxdata.model.errors import IntakeError


def add_answers(parser: argparse.ArgumentParser) -> None:
    """Declare ``--answer`` and ``--personal``."""
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="answer a question about the extract, such as header=false (may be repeated)",
    )
    parser.add_argument(
        "--personal",
        action="append",
        default=[],
        metavar="COLUMN=WAY",
        help="what becomes of personal data in a column: keep, hash, mask or drop",
    )


def answers_of(args: argparse.Namespace) -> dict[str, Any]:
    """Return the answers by the key of the question."""
    found: dict[str, Any] = {}
    for one in args.answer:
        key, value = _split(one, "--answer", "header=false")
        found[key] = _value(value)
    for one in args.personal:
        column, way = _split(one, "--personal", "email=hash")
        found[f"{PERSONAL}:{column}"] = str(treatment(way))
    return found


def _split(text: str, option: str, example: str) -> tuple[str, str]:
    """A column's name may have an equals sign in it, a value has none."""
    key, mark, value = text.rpartition("=")
    if not mark or not key:
        raise IntakeError(f"{option} {text} is no answer; write it as {example}.")
    return key, value


def _value(text: str) -> Any:
    """Return yes and no, and numbers, as what they are."""
    words = {"true": True, "yes": True, "false": False, "no": False}
    if text.lower() in words:
        return words[text.lower()]
    return int(text) if text.isascii() and text.isdecimal() else text
