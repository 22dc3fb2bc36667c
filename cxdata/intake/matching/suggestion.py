"""What is suggested for an extract: tables, columns, and why. Frozen records."""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.intake.question import Question
from cxdata.intake.recipe import Recipe
from cxdata.intake.values import ColumnProfile


@dataclass(frozen=True)
class Candidate:
    """One curated column that a column of the extract could be; confidence from 0 to 1."""

    target: str
    reason: str
    confidence: float


@dataclass(frozen=True)
class ColumnSuggestion:
    """What a column of the extract is taken to be; an empty ``target`` is nothing known.

    ``others`` are what else it could be, the likeliest first.
    """

    column: str
    target: str = ""
    reason: str = ""
    confidence: float = 0.0
    others: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class TableSuggestion:
    """How well an extract fits one curated table: a score from 0 to 1, with the reason.

    ``missing`` are the columns that the table cannot do without and that no column gives.
    """

    table: str
    score: float
    reason: str
    columns: tuple[ColumnSuggestion, ...]
    missing: tuple[str, ...] = ()

    def source_of(self, target: str) -> str:
        """Return the column of the extract for a curated column, or nothing."""
        return next((one.column for one in self.columns if one.target == target), "")


@dataclass(frozen=True)
class Suggestion:
    """Tables an extract may be, the likeliest first, and the recipe that knows it, if any.

    ``questions`` are what only a person can say; each has a default, so that none must be asked
    where a person is absent and the recipe knows the extract.
    """

    header: tuple[str, ...]
    tables: tuple[TableSuggestion, ...]
    profiles: tuple[ColumnProfile, ...] = ()
    recipe: Recipe | None = None
    questions: tuple[Question, ...] = ()

    @property
    def best(self) -> TableSuggestion | None:
        """Return the likeliest table, or None where none fits at all."""
        return self.tables[0] if self.tables else None

    def table(self, name: str) -> TableSuggestion | None:
        """Return the suggestion for a table by name."""
        return next((one for one in self.tables if one.table == name), None)
