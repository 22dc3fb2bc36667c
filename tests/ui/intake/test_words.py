"""What is read on a page never says what to type at the command line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cxdata
from cxdata.intake.question import Question
from cxdata.intake.reading.result import Refused
from cxdata.model.errors import IntakeError
from cxdata.ui.intake.words import spoken

PRODUCT = Path(cxdata.__file__).parent
TYPED = re.compile(
    r"(?<![\w-])--[a-z]|python -m cxdata|\bcxdata [a-z]+ "
    r"|\b(encoding|member|header|sheet|constant)=|=NAME\b|=VALUE\b|mode upsert|auto = true"
)
SAID = ("intake", "publish", "query", "sources", "marts", "ui")
NOT_READ = {
    "intake/asking.py",  # how questions are answered: joined to the hint of an error
    "publish/dropped.py",  # the report of the watcher, which is a command
    "publish/load.py",  # the folder that ``load --out`` writes
    "sources/config.py",  # who sets the product up reads these where it starts
    "intake/duration.py",
}


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a module but its docstrings and the hints of its errors."""
    apart = {
        id(node)
        for one in ast.walk(tree)
        if (isinstance(one, ast.keyword) and one.arg == "hint") or _is_hint(one)
        for node in ast.walk(one)
    }
    apart |= {
        id(one.value)
        for one in ast.walk(tree)
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in apart:
            continue
        if isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value


def _is_hint(node: ast.AST) -> bool:
    """A constant that holds nothing but a command, for hints."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and str(node.value.value).startswith("python -m cxdata ")
    )


def modules() -> list[str]:
    found = (path.relative_to(PRODUCT) for part in SAID for path in (PRODUCT / part).rglob("*.py"))
    return sorted(str(path) for path in found if str(path) not in NOT_READ)


def test_no_sentence_of_the_product_says_what_to_type() -> None:
    found = [
        f"{name}:{line}: {text}"
        for name in modules()
        for line, text in sentences(ast.parse((PRODUCT / name).read_text("utf-8")))
        if TYPED.search(text)
    ]
    assert found == []


def test_the_walk_finds_what_it_looks_for() -> None:
    source = '''
def refuse(name):
    """Say --answer in a docstring."""
    raise IntakeError(f"{name} is unclear; --accept-many publishes it.", hint="--accept-many it")
'''
    found = [text for _, text in sentences(ast.parse(source)) if TYPED.search(text)]
    assert found == [" is unclear; --accept-many publishes it."]


@pytest.mark.parametrize(
    "error",
    [
        IntakeError("It does not fit.", hint="--accept-many publishes it."),
        Refused("Say which.", Question("member", "Which?", "a", (("a", "a"),), "two files")),
    ],
)
def test_a_hint_is_no_part_of_the_sentence(error: IntakeError) -> None:
    assert "--" not in str(error)


def test_names_of_tables_are_spoken_and_what_the_analyst_wrote_is_not() -> None:
    said = spoken("Rows of sales_transaction whose customer_id is not known ('my_customer_id').")
    assert said == "Rows of sales transaction whose customer id is not known ('my_customer_id')."
