"""From a look and the answers of a person to the recipe by which an extract is carried out."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from cxdata.intake.asking import matters, personal_questions
from cxdata.intake.fitting import snake
from cxdata.intake.matching import as_recipe
from cxdata.intake.matching.drift import adapted
from cxdata.intake.question import Question
from cxdata.intake.recipe import Recipe
from cxdata.intake.template import template_recipe
from cxdata.publish.looking import SAVED, SHIPPED, TEMPLATE, Look
from cxdata.publish.plan import Plan, decide
from cxdata.publish.recognising import library
from cxdata.publish.remembering import remembering
from cxdata.publish.staged import Staged
from cxdata.sources.store import Store

DRIFTED = "drifted"
"""Answered yes where an extract is what a saved recipe knows, with other columns."""

_LONGEST = 40


def recipe_for(store: Store, look: Look, plan: Plan, name: str) -> Recipe | None:
    """Return the recipe that a look and its answers amount to; None for mended records.

    Raises:
        IntakeError: the answers are no recipe yet; the sentence says what lacks.
    """
    if look.known is not None:
        if look.known.kind in (SAVED, SHIPPED):
            return library(store).find(look.known.name)
        return template_recipe(look.header) if look.known.kind == TEMPLATE else None
    answers = {**plan.choices, **plan.answers}
    if look.drifted is not None and answers.pop(DRIFTED, True):
        return adapted(look.drifted.drift(library(store)), answers)
    return as_recipe(look.suggestion, answers, name=name)


def open_questions(recipe: Recipe | None, look: Look) -> tuple[Question, ...]:
    """Return what the values of an extract leave to a person, for a recipe that depends on it."""
    if recipe is None:
        return ()
    stated = recipe.layout.choices
    left = [
        one
        for one in look.questions
        if one.key.startswith("column:") and one.key not in stated and matters(recipe, one)
    ]
    return (*left, *personal_questions(recipe, look.columns, {}))


def confirm(
    store: Store,
    item: Staged,
    look: Look,
    plan: Plan,
    *,
    name: str,
    user: str,
    now: datetime,
) -> Plan:
    """Save what was confirmed as a recipe, so that the next such extract needs no questions.

    Whoever goes on from a question with the likely answer before them has given it.

    Raises:
        IntakeError: the answers are no recipe yet, or it cannot be saved under that name.
    """
    recipe = recipe_for(store, look, plan, name)
    stated = recipe.layout.choices if recipe is not None else {}
    taken = {key: one for key, one in look.likely.items() if key not in stated}
    plan = replace(plan, choices={**taken, **plan.choices})
    if recipe is None or (look.known is not None and look.known.kind == TEMPLATE):
        return decide(store, item, replace(plan, recipe=""))
    kept = remembering(recipe, {**plan.choices, **plan.answers})
    if look.known is None or kept != recipe:
        saved = library(store).save(
            kept, by=user, at=now, why=f"Confirmed for {item.name}", header=look.header
        )
        return decide(store, item, replace(plan, recipe=saved.name))
    return decide(store, item, replace(plan, recipe=recipe.name))


def name_for(item: Staged) -> str:
    """Return a name under which a recipe may be kept: the file's, without dates and numbers.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> name_for(Staged("0", "CRM Export (Müller) 2026-01 v2.csv", "ann", at, at))
    'crm-export-muller'
    """
    stem = PurePosixPath(item.name.replace("\\", "/")).name.split(".")[0]
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    words = [word for word in snake(plain).split("_") if not any(one.isdigit() for one in word)]
    return "-".join(words)[:_LONGEST].strip("-") or "extract"
