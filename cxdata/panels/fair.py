"""Slices compared fairly: at the same mix, or with the luck of small groups taken out.

As they are, a region can look worse only by having more of the customers who are unhappy
everywhere, and the smallest groups stand at both ends by luck alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from cxdata.analysis.anatomy import anatomy
from cxdata.analysis.league import League, league
from cxdata.analysis.slices import tells_leaving
from cxdata.analysis.standardised import Standardised, standardised
from cxdata.charts import bars
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.errors import BadScope, MissingTables
from cxdata.model.evidence import Flag
from cxdata.model.format import Format
from cxdata.model.metric import Metric, Unit
from cxdata.model.scope import Labels, Scope
from cxdata.model.summaries import UNIDENTIFIED, UNKNOWN
from cxdata.panels import picture
from cxdata.panels.choices import Desk
from cxdata.panels.finding import by as by_words
from cxdata.panels.finding import unit_words
from cxdata.panels.picture import Column, Picture, say
from cxdata.query.cells import SEVERAL
from cxdata.query.options import leaving
from cxdata.query.statement import JOURNEY

_REST: Final = frozenset({UNKNOWN, UNIDENTIFIED})
AS_THEY_ARE: Final = "As they are"
SAME_MIX: Final = "At the same mix"
LUCK_OUT: Final = "Luck taken out"
_FEWEST: Final = 2
WAYS: Final = (AS_THEY_ARE, SAME_MIX, LUCK_OUT)
"""How slices are compared, in a reader's words."""

HELP: Final = (
    "As they are: each group's own figure. At the same mix: as if every group had the same"
    " customers by another attribute. Luck taken out: small groups drawn towards the average by"
    " how little is known of them."
)


def ways(desk: Desk, name: str, scheme: str | None) -> tuple[str, ...]:
    """Return how the slices of a metric can be compared; nothing where there is no choice."""
    metric = known_metric(name)
    try:
        made = anatomy(metric)
    except BadScope:
        return ()
    if made.is_total or not (made.classes or made.squares):
        return ()
    has_other = scheme is not None and _other(desk, scheme) is not None and made.base is not None
    return WAYS if has_other else (AS_THEY_ARE, LUCK_OUT)


def _other(desk: Desk, scheme: str) -> str | None:
    return next((name for name in desk.choices.schemes if name != scheme), None)


def same_mix(desk: Desk, scope: Scope, name: str, scheme: str) -> Picture:
    """Picture the members of an attribute as if each had the same mix of another attribute.

    Raises:
        MissingTables: the data lack what the metric needs, or a second attribute.
        BadScope: a full count, or fewer than two groups that are large enough.
    """
    over = _other(desk, scheme)
    if over is None:
        raise MissingTables("the same mix", ["a second attribute of customers"])
    form, labels = desk.choices.format, desk.choices.labels
    found = standardised(desk.gate, name, scope, scheme, over)
    if sum(one.adjusted is not None for one in found.slices) < _FEWEST:
        what = f"{labels.scheme(scheme).lower()} and {labels.scheme(over).lower()}"
        raise BadScope(f"Too few customers by {what} to compare {known_metric(name).label} so.")
    return mix_picture(found, labels, form)


def luck_out(desk: Desk, scope: Scope, name: str, by: str) -> Picture:
    """Picture journeys or the members of an attribute, each drawn to the mean by its margin.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: a full count, or fewer than two groups that are large enough.
    """
    form, labels = desk.choices.format, desk.choices.labels
    is_journey = by == JOURNEY
    is_bad = is_journey and tells_leaving(known_metric(name))
    apart = leaving(desk.gate) if is_bad else frozenset()
    found = league(desk.gate, name, scope, (by,), apart | _REST)
    drawn = drawn_picture(found, "journey" if is_journey else labels.scheme(by).lower(), form)
    if not any(SEVERAL in one.codes for one in found.standings):
        return drawn
    said = f"{drawn.caption.subtitle}; customers on several journeys are a group of their own"
    return replace(drawn, caption=replace(drawn.caption, subtitle=said))


def mix_picture(found: Standardised, labels: Labels, form: Format) -> Picture:
    """Picture groups at the same mix, beside what they are."""
    metric = found.metric
    over, by = labels.scheme(found.over).lower(), labels.scheme(found.by).lower()
    records = [
        {
            "name": one.label,
            "estimate": one.adjusted,
            "lo": one.lo,
            "hi": one.hi,
            "against": one.raw,
            "n": one.n,
            "flag": (Flag.OK if one.adjusted is not None else Flag.TOO_FEW).value,
        }
        for one in found.slices
    ]
    ends = _ends(metric, [(one.label, one.adjusted) for one in found.slices], form)
    title = f"{by_words(metric, by)} at the same mix by {over}{ends}"
    covered = form.value(found.covered, Unit.SHARE)
    drawn = (
        f"{metric.label}, {unit_words(metric, form)}, as if each {by} had the {over} mix of all;"
        f" dot and 95 % interval; thin mark: as it is; rests on {covered} of the customers"
    )
    shown = _shown(records, Caption(title, drawn, title), SAME_MIX, metric, form)
    return replace(shown, name=f"{by_words(metric, by)} at the same mix by {over}")


def drawn_picture(found: League, what: str, form: Format) -> Picture:
    """Picture groups drawn to the mean, beside what they are; without a ranking it says so."""
    metric = found.metric
    records = [
        {
            "name": one.label,
            "estimate": one.shrunken,
            "lo": one.drawn_lo,
            "hi": one.drawn_hi,
            "against": one.value,
            "n": one.n,
            "flag": Flag.OK.value,
        }
        for one in found.standings
    ]
    mean = say(form, found.mean, metric.unit)
    ends = _ends(metric, [(one.label, one.shrunken) for one in found.standings], form)
    said = ends if found.differ else f": no ranking, all within chance of {mean}"
    title = f"{by_words(metric, what)}, luck taken out{said}"
    drawn = (
        f"{metric.label}, {unit_words(metric, form)}, each drawn towards {mean} by how little is"
        " known of it; dot and 95 % interval; thin mark: as it is"
    )
    shown = _shown(records, Caption(title, drawn, title), LUCK_OUT, metric, form)
    return replace(shown, name=f"{by_words(metric, what)}, luck taken out")


def _ends(metric: Metric, values: Sequence[tuple[str, float | None]], form: Format) -> str:
    known = [(value, name) for name, value in values if value is not None]
    (low, first), (high, last) = min(known), max(known)
    return (
        f": from {say(form, low, metric.unit)} ({first}) to {say(form, high, metric.unit)} ({last})"
    )


def _shown(
    records: Sequence[dict[str, Any]], caption: Caption, way: str, metric: Metric, form: Format
) -> Picture:
    """Draw groups with their intervals, beside what they are."""
    unit = metric.unit
    numbers = ("estimate", "lo", "hi", "against", "n")
    rows = pd.DataFrame(records).astype(dict.fromkeys(numbers, float))
    rows = rows.assign(text=[say(form, value, unit) for value in rows["estimate"]])
    chart = bars.bars(
        rows,
        caption,
        by="name",
        number_format=picture.number_format(unit, rows["estimate"]),
        sign=picture.sign(form, unit),
        order=[str(name) for name in rows["name"]],
    )
    columns = [
        Column("name", "Group"),
        Column("estimate", way, unit),
        Column("lo", "Low (95 %)", unit),
        Column("hi", "High (95 %)", unit),
        Column("against", AS_THEY_ARE, unit),
        Column("n", "n", Unit.COUNT),
    ]
    return picture.picture(chart, caption, rows, columns)


LUCK_OF_JOURNEYS: Final = "luckjourney"
KINDS: Final[dict[str, Callable[[Desk, Scope, str, str], Picture]]] = {
    "mix": same_mix,
    "luck": luck_out,
    LUCK_OF_JOURNEYS: luck_out,
}
"""These pictures by the first part of their names, such as ``mix-nps``."""
