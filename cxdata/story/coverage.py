"""Whom a score speaks for, in sentences."""

from __future__ import annotations

from cxdata.analysis.coverage import Coverage, Silence, Weighted
from cxdata.model.evidence import Cell
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Labels


def coverage_sentences(found: Coverage, labels: Labels, form: Format) -> tuple[str, ...]:
    """Tell how much of the business is heard, and what the silent could do to the score."""
    score = found.score
    if not score.flag.shows or score.estimate is None:
        return (f"NPS in {found.scope.period.label}: {score.flag.words}.",)
    told = []
    heard = _heard(found, form)
    if heard:
        told.append(heard)
    if found.weighted is not None:
        told.append(_weighted(score, found.weighted, labels, form))
    if found.silence is not None:
        told.append(_silence(found.silence, form))
    return tuple(told)


def _heard(found: Coverage, form: Format) -> str:
    parts = [
        f"{form.value(cell.estimate, Unit.SHARE)} of {what}"
        for cell, what in ((found.revenue, "revenue"), (found.customers, "customers"))
        if cell is not None
    ]
    some = next((cell.n for cell in (found.customers, found.revenue) if cell is not None), None)
    if not parts or some is None:
        return ""
    period = found.scope.period.label
    return f"Our NPS speaks for {' and '.join(parts)} in {period} (n = {some:,} customers heard)."


def _weighted(score: Cell, weighted: Weighted, labels: Labels, form: Format) -> str:
    by = " and ".join(labels.scheme(name).lower() for name in weighted.by)
    value, lo, hi = (
        form.value(v, Unit.POINTS) for v in (weighted.estimate, weighted.lo, weighted.hi)
    )
    raw = form.value(score.estimate, Unit.POINTS)
    margin = form.margin(score.margin, Unit.POINTS)
    return (
        f"Those who answered give {raw} ({margin}, n = {score.n:,});"
        f" weighted to all customers by {by} it is {value} ({lo} to {hi}), worth"
        f" {weighted.n_effective:,.0f} equal answers."
    )


def _silence(silence: Silence, form: Format) -> str:
    rate = form.value(silence.rate, Unit.SHARE)
    lo, hi, target = (form.value(v, Unit.POINTS) for v in (silence.lo, silence.hi, silence.target))
    said = (
        f"{rate} of those asked answered (n = {silence.asked:,} invitations): all of them together"
        f" are somewhere from {lo} to {hi}"
    )
    if silence.tipping is None:
        return f"{said}, and no answers of the silent put them at {target}."
    needed = form.value(silence.tipping, Unit.POINTS)
    return f"{said}, and at {target} if the silent are at {needed}."
