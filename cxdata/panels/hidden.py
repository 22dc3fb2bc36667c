"""What an average hides: groups that stand apart beyond luck, and all of them at the same mix."""

from __future__ import annotations

from cxdata.analysis.league import League, league
from cxdata.analysis.standardised import Standardised, standardised
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.errors import BadScope
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.depth import Depth, dots
from cxdata.panels.fair import mix_picture
from cxdata.panels.finding import in_sentence
from cxdata.panels.picture import Column, Picture, say_change
from cxdata.query.statement import JOURNEY
from cxdata.story.league import hidden_sentence, league_sentence, standardised_sentence

_MOST = 12
"""Groups that are drawn; the sentence counts all of them."""


def hidden(desk: Desk, scope: Scope, metric: str, scheme: str) -> Depth:
    """Tell which groups the average hides, and how groups stand at the same mix.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: a total or a full count, or too few groups.
    """
    form, labels = desk.choices.format, desk.choices.labels
    desk.gate.require(known_metric(metric))
    by_scheme = league(desk.gate, metric, scope, (scheme,))
    said, pictures = [hidden_sentence(by_scheme, form)], [_league(by_scheme, form)]
    crossed = _crossed(desk, scope, metric, scheme)
    if crossed is not None:
        said.append(f"By journey and {labels.scheme(scheme).lower()}: {_lower(crossed, form)}")
        pictures += [_league(crossed, form)] if crossed.hidden else []
    said.append(league_sentence(by_scheme, form))
    other = next((name for name in desk.choices.schemes if name != scheme), None)
    if other is not None:
        same = standardised(desk.gate, metric, scope, scheme, other)
        said.append(standardised_sentence(same, labels, form))
        pictures += [mix_picture(same, labels, form)] if _is_told(same) else []
    return Depth(tuple(said), tuple(pictures))


def _lower(found: League, form: Format) -> str:
    said = hidden_sentence(found, form)
    return f"{said[:1].lower()}{said[1:]}"


def _crossed(desk: Desk, scope: Scope, metric: str, scheme: str) -> League | None:
    """Groups by journey and attribute, where a metric has them and they are large enough."""
    if not desk.choices.journeys or not known_metric(metric).has_journey:
        return None
    try:
        return league(desk.gate, metric, scope, (JOURNEY, scheme))
    except BadScope:
        return None


def _league(found: League, form: Format) -> Picture:
    """Each group against all others, its value drawn to the mean beside it."""
    unit = found.metric.unit
    ranked = sorted(found.standings, key=lambda one: -abs(one.gap))[:_MOST]
    records = [
        {
            "name": one.label,
            "estimate": one.gap,
            "lo": one.lo,
            "hi": one.hi,
            "text": say_change(form, one.gap, unit),
            "value": one.value,
            "shrunken": one.shrunken,
            "n": one.n,
            "evidence": "stands apart" if one.is_hidden else "within chance",
        }
        for one in sorted(ranked, key=lambda one: -one.gap)
    ]
    count = len(found.hidden)
    apart = "No group stands" if not count else f"{count} group{'s' if count > 1 else ''} stand"
    suffix = "s" if count == 1 else ""
    title = f"{apart}{suffix} apart from all others, of {found.looked_at} looked at"
    drawn = f"{found.metric.label} less that of all others together; 95 % interval"
    columns = [
        Column("name", "Group"),
        Column("estimate", "Against all others", unit),
        Column("lo", "Low (95 %)", unit),
        Column("hi", "High (95 %)", unit),
        Column("value", found.metric.label, unit),
        Column("shrunken", "Drawn to the mean", unit),
        Column("n", "n", Unit.COUNT),
        Column("evidence", "Evidence"),
    ]
    caption = Caption(title, drawn, f"{title}. {drawn}.")
    name = f"{in_sentence(found.metric)} against all others".capitalize()
    return dots(records, caption, columns, form, unit, overall=0.0, name=name)


def _is_told(found: Standardised) -> bool:
    return sum(one.adjusted is not None for one in found.slices) > 1
