"""What is odd about a score, in sentences."""

from __future__ import annotations

from cxdata.analysis.figure import Figure
from cxdata.analysis.sanity import Ceiling, Divergence, Flat
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.statistics.earned_growth import EarnedGrowth
from cxdata.story.why import in_sentence


def flat_sentence(figure: Figure, found: Flat) -> str:
    """Say that a score moves less than sampling alone would make it."""
    return (
        f"{figure.metric.label} hardly moves: over {found.periods} periods (n = {found.n:,}) it"
        f" varies less than sampling alone gives (p = {found.p:.3f}); look at who is asked and how."
    )


def ceiling_sentence(figure: Figure, found: Ceiling, form: Format) -> str:
    """Say that a score has no room left to rise."""
    share = form.value(found.share, Unit.SHARE)
    return (
        f"{figure.metric.label} is at its ceiling: {share} of answers (n = {found.n:,}) are the"
        " best there is, so it cannot tell of anything better."
    )


def divergence_sentence(found: Divergence, form: Format) -> str:
    """Say that what customers say and what they do went opposite ways."""
    score, behaviour = (_moved(one, form) for one in (found.score, found.behaviour))
    way = "better" if found.score_is_better else "worse"
    label = in_sentence(found.behaviour)
    return f"{score} while {behaviour}: the score got {way}, {label} did not."


def _moved(figure: Figure, form: Format) -> str:
    unit, step = figure.metric.unit, figure.comparison.difference or 0.0
    rose = "rose" if step > 0 else "fell"
    said = form.change(abs(step), unit).lstrip("+")
    n = "a full count" if figure.cell.n is None else f"n = {figure.cell.n:,}"
    label = figure.metric.label
    return f"{label} {rose} {said} ({n})"


def earned_sentence(found: EarnedGrowth, form: Format) -> str:
    """Say how much of the growth is earned; a range where some sources are not known."""
    lo, hi = (form.value(v, Unit.SHARE) for v in found.rate)
    growth = form.value(found.growth, Unit.SHARE)
    span = lo if lo == hi else f"{lo} to {hi}"
    said = f"Earned growth is {span} of last year's revenue (full count), out of {growth} in all"
    if found.ratio is not None:
        first, last = (form.value(v, Unit.SHARE) for v in found.ratio)
        said += f": {first if first == last else f'{first} to {last}'} of the growth"
    unknown = "; the source of much new revenue is unknown" if found.is_indicative else ""
    return f"{said}{unknown}."
