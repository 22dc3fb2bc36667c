"""Slices side by side in sentences: whom the average hides, and whether they can be ranked."""

from __future__ import annotations

from cxdata.analysis.league import League, Standing
from cxdata.analysis.standardised import Standardised
from cxdata.model.format import Format, span
from cxdata.model.metric import Unit
from cxdata.model.scope import Labels

MOST = 3
"""Slices named in a sentence; the rest is counted."""


def hidden_sentence(found: League, form: Format) -> str:
    """Say which slices the average hides, of how many looked at."""
    unit, hidden = found.metric.unit, found.hidden
    value = form.value(found.value, unit)
    looked = f"{found.looked_at} groups looked at"
    if not hidden:
        return f"No group stands apart from the average of {value} beyond chance, of {looked}."
    named = "; ".join(_named(one, unit, form) for one in hidden[:MOST])
    rest = f"; {len(hidden) - MOST} more stand apart" if len(hidden) > MOST else ""
    return f"The average of {value} hides {len(hidden)} of {looked}: {named}{rest}."


def _named(one: Standing, unit: Unit, form: Format) -> str:
    lo, hi = (form.change(end, unit) for end in (one.lo, one.hi))
    return (
        f"{one.label} {form.value(one.shrunken, unit)} (n = {one.n:,.0f}, {span(lo, hi)}"
        " against all others)"
    )


def league_sentence(found: League, form: Format) -> str:
    """Say who stands best and worst by values drawn to the mean, or that there is no ranking."""
    unit = found.metric.unit
    looked = f"{found.looked_at} groups looked at"
    if not found.differ:
        mean = form.value(found.mean, unit)
        return f"There is no ranking: {looked} differ no more than chance gives, around {mean}."
    best, worst = found.standings[0], found.standings[-1]
    first, last = (form.value(one.shrunken, unit) for one in (best, worst))
    return (
        f"Of {looked} the best is {best.label} with {first} (n = {best.n:,.0f}) and the last"
        f" {worst.label} with {last} (n = {worst.n:,.0f}), each drawn to the mean by its margin."
    )


def standardised_sentence(found: Standardised, labels: Labels, form: Format) -> str:
    """Say how far slices lie apart as they are, and at the same mix."""
    unit = found.metric.unit
    told = [(one, one.adjusted) for one in found.slices if one.adjusted is not None]
    over = labels.scheme(found.over).lower()
    if len(told) < 2:
        return f"Fewer than two groups have every {over}, so none is compared at the same mix."
    low = min(told, key=lambda pair: pair[1])
    high = max(told, key=lambda pair: pair[1])
    raw = [one.raw for one, _ in told]
    ends = [
        f"{one.label} {form.value(value, unit)} (n = {one.n:,.0f},"
        f" {span(form.value(one.lo, unit), form.value(one.hi, unit))})"
        for one, value in (low, high)
    ]
    return (
        f"At the same mix by {over} {found.metric.label} lies between {ends[0]} and {ends[1]};"
        f" as they are, groups lie {form.change(max(raw) - min(raw), unit).lstrip('+')} apart."
    )
