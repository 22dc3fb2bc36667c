"""What speaks against a score: it parts ways with what customers do, hardly moves, or is full."""

from __future__ import annotations

from cxdata.analysis.figure import Figure, figures
from cxdata.analysis.nps import score_shares
from cxdata.analysis.sanity import BEHAVIOURS, SCORES, Ceiling, alarms, ceiling, flat_line
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.story.sanity import ceiling_sentence, divergence_sentence, flat_sentence

_BEST = 9
"""Lowest answer to "would you recommend us" that counts as the best there is."""


def doubts(desk: Desk, scope: Scope) -> tuple[str, ...]:
    """Return what speaks against the scores of a period, in sentences; mostly nothing does."""
    form = desk.choices.format
    found = figures(desk.gate, (*SCORES, *BEHAVIOURS), scope)
    said = [divergence_sentence(alarm, form) for alarm in alarms(found)]
    for score in (found[name] for name in SCORES if name in found):
        flat, full = flat_line(score), _ceiling(desk, scope, score)
        said += [flat_sentence(score, flat)] if flat is not None else []
        said += [ceiling_sentence(score, full, form)] if full is not None else []
    return tuple(said)


def _ceiling(desk: Desk, scope: Scope, score: Figure) -> Ceiling | None:
    cell = score.cell
    if not cell.flag.shows or cell.estimate is None or not cell.n:
        return None
    if score.metric.name != "nps":
        return ceiling(cell.estimate * cell.n, cell.n)
    answers = score_shares(desk.gate, scope)
    best = answers.loc[answers["score"] >= _BEST, "answers"].sum()
    return ceiling(float(best), float(answers["answers"].sum()))
