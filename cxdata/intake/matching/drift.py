"""How an extract differs from the one a recipe was saved for: lacking, new and renamed columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from cxdata.intake.fitting import fold
from cxdata.intake.matching.joins import Shares
from cxdata.intake.matching.names import key
from cxdata.intake.matching.recognition import lacking, same_header, unaccounted
from cxdata.intake.matching.suggest import suggest
from cxdata.intake.matching.suggestion import Candidate
from cxdata.intake.question import Question
from cxdata.intake.recipe import Recipe
from cxdata.intake.values import ColumnProfile
from cxdata.model.errors import IntakeError

_ALIKE = 0.6


@dataclass(frozen=True)
class Renamed:
    """A column the recipe needs, and the new column that it seems to be, with the evidence."""

    name: str
    now: str
    reason: str


@dataclass(frozen=True)
class Drift:
    """What is different about an extract; nothing but an order is no difference that matters."""

    recipe: Recipe
    lacking: tuple[str, ...]
    new: tuple[str, ...]
    renamed: tuple[Renamed, ...] = ()
    reordered: bool = False

    @property
    def refused(self) -> str | None:
        """Return why the extract cannot be loaded as it is, in one sentence, or None."""
        explained = {one.name for one in self.renamed}
        gone = [name for name in self.lacking if name not in explained]
        if not gone:
            return None
        columns = f"column {gone[0]!r}" if len(gone) == 1 else f"columns {', '.join(gone)}"
        return (
            f"The extract lacks the {columns}, which the recipe {self.recipe.name} needs; ask for "
            "it in the export, or say which column it is now."
        )

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what is to be confirmed once: new names, and what becomes of new columns."""
        renamed = [
            Question(
                f"renamed:{one.name}",
                f"Is {one.now!r} what {one.name!r} was?",
                one.now,
                ((one.now, "yes, and from now on"), ("", "no")),
                one.reason,
            )
            for one in self.renamed
        ]
        taken = {one.now for one in self.renamed}
        new = [
            Question(
                f"new:{name}",
                f"The column {name!r} is new. What becomes of it?",
                "ignore",
                (("ignore", "leave it out, from now on too"), ("add", "match it to a table")),
                f"The recipe {self.recipe.name} neither uses nor ignores it.",
            )
            for name in self.new
            if name not in taken
        ]
        return (*renamed, *new)


def drift(
    recipe: Recipe,
    header: Sequence[str],
    profiles: Sequence[ColumnProfile] = (),
    shares: Shares | None = None,
) -> Drift:
    """Compare a header with what a recipe needs and knows.

    Columns are found by name, so their order never matters. A needed column that is gone and a
    new one that fits what it was (by name, synonyms, values or published keys) are suggested to
    be one and the same; each new column is suggested at most once.
    """
    gone, new = lacking(recipe, header), unaccounted(recipe, header)
    same = same_header(recipe, header)
    known = () if recipe.saved is None else recipe.saved.header
    return Drift(
        recipe,
        gone,
        new,
        _renamed(recipe, gone, new, profiles, shares or {}),
        reordered=same and [fold(one) for one in known] != [fold(one) for one in header],
    )


def adapted(found: Drift, answers: Mapping[str, Any]) -> Recipe:
    """Return the recipe with what was confirmed: new names, and new columns left out.

    ``renamed:NAME`` is the column it is now; ``new:NAME`` is ``ignore``. A question without an
    answer takes its default; a new column that is to be added is matched anew, not here.
    """
    layout = found.recipe.layout
    names = {name: list(others) for name, others in layout.names}
    asked = {one.key: one.default for one in found.questions} | dict(answers)
    for name in found.lacking:
        now = str(asked.get(f"renamed:{name}") or "")
        if not now:
            raise IntakeError(found.refused or f"The extract lacks the column {name!r}.")
        names.setdefault(name, []).append(now)
    taken = {str(asked.get(f"renamed:{name}")) for name in found.lacking}
    left_out = [name for name in found.new if name not in taken]
    wanted = [name for name in left_out if asked.get(f"new:{name}") != "ignore"]
    if wanted:
        raise IntakeError(
            f"The column {wanted[0]!r} is to be added; match the extract to its tables again."
        )
    ignore = (*layout.ignore, *(name for name in left_out if name not in layout.ignore))
    by_name = tuple((name, tuple(others)) for name, others in names.items())
    return replace(found.recipe, layout=replace(layout, names=by_name, ignore=ignore))


def _renamed(
    recipe: Recipe,
    gone: Sequence[str],
    new: Sequence[str],
    profiles: Sequence[ColumnProfile],
    shares: Shares,
) -> tuple[Renamed, ...]:
    """Pair lost columns with new ones, the likeliest pairs first."""
    pairs = []
    for place, name in enumerate(gone):
        for target in _targets(recipe, name):
            for rank, column in enumerate(new):
                score, reason = _likeness(name, target, column, profiles, shares)
                if score >= _ALIKE:
                    pairs.append((-score, place, rank, Renamed(name, column, reason)))
    found: list[Renamed] = []
    for *_, one in sorted(pairs, key=lambda pair: pair[:3]):
        if all(one.name != other.name and one.now != other.now for other in found):
            found.append(one)
    return tuple(found)


def _targets(recipe: Recipe, name: str) -> list[tuple[str, str]]:
    """Return what a column of the recipe fills, as table and column."""
    found = [
        (table.table, one.column)
        for table in recipe.tables
        for group in table.groups
        for one in group
        if name in one.reads
    ]
    return found or [("", "")]


def _likeness(
    name: str,
    target: tuple[str, str],
    column: str,
    profiles: Sequence[ColumnProfile],
    shares: Shares,
) -> tuple[float, str]:
    """Return how likely a new column is a lost one, from its name and what it could be."""
    alike = SequenceMatcher(None, key(name), key(column)).ratio()
    table, wanted = target
    only = tuple(one for one in profiles if one.name == column)
    fit = suggest((column,), only, (), {column: shares.get(column, {})}).table(table)
    chosen = None
    if fit is not None:
        (one,) = fit.columns
        likeliest = Candidate(one.target, one.reason, one.confidence)
        options = (likeliest, *one.others)
        chosen = next((option for option in options if option.target == wanted), None)
    by_name = (alike, f"its name is like {name!r}")
    if chosen is None:
        return by_name if alike >= 0.8 else (0.0, "")
    reason = f"{chosen.reason} ({wanted})"
    if alike >= _ALIKE:
        reason = f"{by_name[1]}; {reason}"
    return max(chosen.confidence, alike), reason
