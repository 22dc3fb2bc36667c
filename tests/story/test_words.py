"""The words of every sentence template: no cause without proof, no number without its evidence."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cxdata.story
from tests.story.examples import COUNTED, EXAMPLES, PIECES

FOLDER = Path(cxdata.story.__path__[0])
MODULES = sorted(info.name for info in pkgutil.iter_modules([str(FOLDER)]))

CAUSAL = re.compile(
    r"\bcaus(e|es|ed|ing)\b|\bdrove\b|\bdriven\b|\bbecause\b|\bled to\b|\bdue to\b"
    r"|\bimpact of\b|\bthanks to\b|\bresulted in\b|\braised\b|\blowered\b",
    re.IGNORECASE,
)
"""Verbs that only a grade A or B may carry (METRICS.md C13, 4.4)."""

NO_EFFECT = re.compile(r"\bno (significant )?effect\b(?! (found|larger))", re.IGNORECASE)
"""A finding that is not there is never told as a finding of nothing."""

GRADED: frozenset[str] = frozenset()
"""Modules that tell effects by their grade: none of those that are here."""

EVIDENCE = re.compile(
    r"n = [\d,]+|±|\d[^()]* to [−€\d]|full count|usual range|looked at"
    r"|customers (won|who had been)|when first shown on"
)


def templates(module: str) -> Iterator[tuple[int, str]]:
    """Every text in a module that a reader may meet: all but docstrings."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    said |= {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


@pytest.mark.parametrize("module", MODULES)
def test_no_template_names_a_cause_or_denies_an_effect(module: str) -> None:
    for line, text in templates(module):
        assert module in GRADED or not CAUSAL.search(text), f"{module}.py:{line}: {text}"
        assert not NO_EFFECT.search(text), f"{module}.py:{line}: {text}"


@pytest.mark.parametrize("module", MODULES)
def test_every_builder_has_examples(module: str) -> None:
    found = importlib.import_module(f"cxdata.story.{module}")
    public = {
        f"{module}.{name}"
        for name, one in vars(found).items()
        if callable(one) and not isinstance(one, type) and not name.startswith("_")
        if getattr(one, "__module__", "") == found.__name__
    }
    lacking = public - (EXAMPLES.keys() | PIECES | COUNTED)
    assert not lacking, f"give {lacking} examples in tests/story/examples.py"


@pytest.mark.parametrize("builder", EXAMPLES)
def test_every_number_has_its_evidence_beside_it(builder: str) -> None:
    for text in EXAMPLES[builder]():
        assert not CAUSAL.search(text), text
        assert not NO_EFFECT.search(text), text
        figures = re.sub(r"\b(Q\d )?(\w{3} )?20\d\d\b", "", text)
        assert not re.search(r"\d", figures) or EVIDENCE.search(text), text
        assert not text[0].islower(), text
        assert "nan" not in text.lower().split(), text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The bot caused it", CAUSAL),
        ("fell because of price", CAUSAL),
        ("There is no effect.", NO_EFFECT),
        ("no significant effect on spend", NO_EFFECT),
    ],
)
def test_a_broken_rule_is_seen(text: str, rule: re.Pattern[str]) -> None:
    assert rule.search(text)


def test_what_was_not_found_may_be_said() -> None:
    assert not NO_EFFECT.search("No effect found")
    assert not NO_EFFECT.search("No effect larger than 2 points can be ruled in")
    assert not EVIDENCE.search("NPS is 40.")
