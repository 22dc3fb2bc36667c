"""What a figure is: its sentence, its formula and what goes into it, and the SQL that reads it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from cxdata.analysis.programme import goal_of
from cxdata.metrics import metric as known_metric
from cxdata.model.metric import Better, Metric
from cxdata.model.scope import Scope
from cxdata.model.summaries import METHOD
from cxdata.panels.choices import Desk
from cxdata.panels.picture import say
from cxdata.query.programme import owner
from cxdata.query.written import statements

EXCLUDED = "test accounts"
"""Who is in no figure, whatever its definition."""

_WAYS = {Better.UP: "higher is better", Better.DOWN: "lower is better", Better.NEUTRAL: ""}


@dataclass(frozen=True)
class Definition:
    """One figure, ready to be read.

    ``rows`` are what is told of it, name and words; ``sql`` are the statements behind it on the
    engine in use, empty where the data cannot give the figure.
    """

    label: str
    question: str
    sentence: str
    rows: tuple[tuple[str, str], ...]
    sql: tuple[str, ...]


def definition(desk: Desk, scope: Scope, name: str) -> Definition:
    """Say what a figure is, who answers for it and how it is read."""
    metric, gate = known_metric(name), desk.gate
    top, base = parts_of(metric)
    goal = goal_of(gate, metric, scope, scope.period)
    rows = (
        ("Formula", metric.formula),
        ("Numerator", top),
        ("Denominator", base),
        ("Better", _WAYS[metric.better]),
        ("Left out", ", ".join((EXCLUDED, *_left_out(metric)))),
        ("Owner", owner(gate, "metric", name, scope.period.end - timedelta(days=1))),
        ("Goal", "" if goal is None else say(desk.choices.format, goal.value, metric.unit)),
        ("Method", metric.source),
        ("Version", version_of(metric)),
        ("Missing", ", ".join(gate.missing(metric))),
    )
    sql = () if gate.missing(metric) else statements(gate, metric, scope)
    told = tuple((name, words) for name, words in rows if words)
    return Definition(metric.label, metric.question, metric.definition, told, sql)


def parts_of(metric: Metric) -> tuple[str, str]:
    """Return what stands above and below the line of a formula; "" where there is no line.

    >>> parts_of(known_metric("logo_retention"))
    ('retained', 'start')
    >>> parts_of(known_metric("customers_net"))
    ('', '')
    """
    top, line, base = metric.formula.rpartition(" / ")
    return (top, base) if line else ("", "")


def _left_out(metric: Metric) -> list[str]:
    found = []
    if metric.is_survey:
        found.append("groups too small to stay anonymous")
    if not metric.has_journey:
        found.append("no figure by journey")
    return found


def version_of(metric: Metric) -> str:
    """Name the way of counting: it changes when the definition or the summaries do."""
    return f"{METHOD}-{digest(metric)[:8]}"


def digest(metric: Metric) -> str:
    """Return a name of the way of counting: the summaries' method, formula and definition."""
    said = repr((METHOD, metric.formula, metric.definition))
    return hashlib.sha256(said.encode()).hexdigest()[:16]
