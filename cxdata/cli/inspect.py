"""``inspect``: what a file holds and how it was understood, before anything is loaded."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cxdata.intake import Reading, read
from cxdata.intake.loaded import counted
from cxdata.model.errors import IntakeError

NAME = "inspect"
HELP = "Say what a file holds and how it is understood: dialect, columns, what is set aside."

_SHOWN_ROWS = 5
_SHOWN_ASIDE = 10
_SHOWN_COLUMNS = 40
_SHOWN_TEXT = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="a text, packed or not, or a workbook"
    )
    parser.add_argument("--json", action="store_true", help="everything, for programs")
    parser.add_argument("--rows", type=Path, metavar="OUT.parquet", help="write the records there")
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="decide something yourself, such as delimiter=; or header=0 (may be repeated)",
    )


def run(args: argparse.Namespace) -> int:
    """Print what is known of the file; exit code 1 where it is refused."""
    with read(args.file, **answers(args.answer)) as reading:
        if args.rows is not None:
            reading.write(args.rows)
        print(json.dumps(described(reading), indent=2) if args.json else told(reading))
        return 1 if reading.refused is not None else 0


def answers(stated: Sequence[str]) -> dict[str, Any]:
    """Return choices out of ``KEY=VALUE`` texts."""
    found = {}
    for one in stated:
        key, sign, value = one.rpartition("=") if one.startswith("column:") else one.partition("=")
        if not sign or not key:
            raise IntakeError(f"An answer is KEY=VALUE, such as delimiter=;, not {one!r}.")
        found[key] = value
    return found


def described(reading: Reading) -> dict[str, Any]:
    """Return everything that is known of a file as plain values."""
    return {
        "file": reading.path.name,
        "sha256": reading.sha256,
        "bytes": reading.bytes,
        "outcome": reading.outcome,
        "refused": reading.refused,
        "dialect": asdict(reading.dialect),
        "header": list(reading.header),
        "original_header": list(reading.original_header),
        "records": reading.records,
        "accepted": reading.accepted,
        "set_aside_count": reading.aside_count,
        "set_aside_rules": dict(reading.ledger.counts),
        "set_aside": [asdict(one) for one in reading.set_aside],
        "questions": [asdict(one) for one in reading.questions],
        "notes": list(reading.notes),
        "columns": [
            {
                "name": one.name,
                "writing": one.writing.as_json(),
                "filled": one.filled,
                "examples": list(one.examples),
                "faults": [asdict(fault) for fault in one.faults],
                "fault_count": one.fault_count,
                "personal": one.personal,
            }
            for one in reading.profile
        ],
    }


def told(reading: Reading) -> str:
    """Return what is known of a file as lines for a reader."""
    if reading.refused is not None:
        return f"{reading.path.name} is refused. {reading.refused}"
    lines = [
        f"{reading.path.name}: {counted(reading.records, 'record')} = "
        f"{reading.accepted:,} accepted + {reading.aside_count:,} set aside; "
        f"{counted(len(reading.header), 'column')}",
        f"  {_dialect(reading)}",
        *_columns(reading),
        *_listed("First records", [_row(one) for one in _first(reading)]),
        *_listed("Set aside", _aside(reading)),
        *_listed("Questions", [_question(one) for one in reading.questions]),
        *_listed("Notes", reading.notes),
    ]
    return "\n".join(lines)


def _dialect(reading: Reading) -> str:
    found = reading.dialect
    if found.container == "xlsx":
        return f"sheet {found.member!r} of a workbook, header rows: {found.header}"
    parts = [
        found.container and f"{found.container} {found.member}".strip(),
        found.encoding,
        f"delimiter {found.delimiter!r}" if found.delimiter else "one column",
        f"quote {found.quote}" if found.quote else "no quotes",
        f"escape {found.escape}" if found.escape not in ("", found.quote) else "",
        f"lines end with {found.newline}",
        f"header rows: {found.header}",
        f"lines before it: {found.skip}" if found.skip else "",
    ]
    return ", ".join(part for part in parts if part)


def _columns(reading: Reading) -> list[str]:
    said = []
    kinds = {one.place: one.writing.kind for one in reading.profile}
    for place, name in enumerate(reading.header[:_SHOWN_COLUMNS]):
        kind = kinds.get(place, "")
        said.append(f"{_short(name)}{f' ({kind})' if kind else ''}")
    if len(reading.header) > _SHOWN_COLUMNS:
        said.append(f"and {len(reading.header) - _SHOWN_COLUMNS:,} more")
    return _listed("Columns", said)


def _first(reading: Reading) -> list[list[str]]:
    found = []
    for row in reading.rows():
        found.append(row)
        if len(found) == _SHOWN_ROWS:
            break
    return found


def _row(row: Sequence[str]) -> str:
    shown = " | ".join(_short(cell) for cell in row[:_SHOWN_COLUMNS])
    return f"{shown} | ..." if len(row) > _SHOWN_COLUMNS else shown


def _aside(reading: Reading) -> list[str]:
    said = [
        f"record {one.record:,}, line {one.line:,}: {one.reason}: {_short(one.raw)}"
        for one in reading.set_aside[:_SHOWN_ASIDE]
    ]
    if reading.aside_count > _SHOWN_ASIDE:
        said.append(f"and {counted(reading.aside_count - _SHOWN_ASIDE, 'more record')}")
    return said


def _question(question: Any) -> str:
    options = " or ".join(f"{value!r} ({words})" for value, words in question.options)
    return f"{question.asks} {question.evidence} Answer {question.key}= {options}."


def _short(text: str) -> str:
    shown = text.replace("\r", "\\r").replace("\n", "\\n")
    return shown if len(shown) <= _SHOWN_TEXT else f"{shown[: _SHOWN_TEXT - 1]}…"


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines)] if lines else []
