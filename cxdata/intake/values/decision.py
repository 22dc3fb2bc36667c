"""What was decided about one column, before it is held against every record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cxdata.intake.question import Question
from cxdata.intake.values.facts import Facts
from cxdata.intake.values.house import House
from cxdata.intake.values.writing import Writing


@dataclass
class Decision:
    """A writing with what is asked and said about it.

    ``unclear`` is ``decimal``, ``order``, ``percent`` or ``serial`` while no value seen so far
    settles it, so that all records are searched for one that does.
    """

    writing: Writing
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unclear: str = ""


def quoted(values: Any, most: int = 3) -> str:
    """Return a few values as a sentence shows them.

    >>> quoted(["a", "b"])
    "'a', 'b'"
    """
    return ", ".join(repr(one) for one in list(values)[:most])


def key(column: Facts, what: str) -> str:
    """Return the name of the choice that decides something about a column."""
    return f"column:{column.name}:{what}"


__all__ = ["Decision", "Facts", "House", "key", "quoted"]
