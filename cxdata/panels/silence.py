"""Who is silent: whom the score speaks for, and what those who did not answer could do to it."""

from __future__ import annotations

from typing import Any, Final

from cxdata.analysis.coverage import Coverage, coverage
from cxdata.analysis.figure import figure
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.panels.choices import Desk
from cxdata.panels.depth import Depth, dots
from cxdata.panels.picture import Column, Picture
from cxdata.query.evaluate import evaluate
from cxdata.story.coverage import coverage_sentences

_HEARD: Final = ("accounts_heard", "revenue_heard")


def heard(desk: Desk, scope: Scope) -> str:
    """Say whom the score speaks for; "" where a journey is chosen or nobody can tell."""
    gate = desk.gate
    if scope.journeys or gate.missing(known_metric("nps")):
        return ""
    score = figure(gate, "nps", scope).cell
    if not score.flag.shows:
        return ""
    wanted = [known_metric(name) for name in _HEARD]
    found = evaluate(gate, wanted, scope, at=[scope.period])
    cells = (found[name].cell(0) if name in found else None for name in _HEARD)
    told = [cell if cell and cell.estimate is not None else None for cell in cells]
    if not any(told):
        return ""
    known = Coverage(scope, score, told[0], told[1], None, None)
    return coverage_sentences(known, desk.choices.labels, desk.choices.format)[0]


def silence(desk: Desk, scope: Scope) -> Depth:
    """Tell whom the score speaks for, re-weighted, and between which bounds it lies for all.

    Raises:
        MissingTables: there are no answers.
        BadScope: a journey is chosen.
    """
    form = desk.choices.format
    found = coverage(desk.gate, scope)
    said = coverage_sentences(found, desk.choices.labels, form)
    drawn = _picture(found, form) if found.score.flag.shows else None
    return Depth(said, () if drawn is None else (drawn,))


def _picture(found: Coverage, form: Format) -> Picture | None:
    """The score of those who answered, of all customers, and of all those asked."""
    score = found.score
    rows = [("Those who answered", score.estimate, score.lo, score.hi, score.n)]
    if found.weighted is not None:
        one = found.weighted
        rows.append(("Weighted to all customers", one.estimate, one.lo, one.hi, score.n))
    if found.silence is not None:
        every = found.silence
        rows.append(
            ("All asked, whatever they say", score.estimate, every.lo, every.hi, every.asked)
        )
    if len(rows) < 2:
        return None
    records: list[dict[str, Any]] = [
        {
            "name": name,
            "estimate": value,
            "lo": lo,
            "hi": hi,
            "n": n,
            "text": f"{form.value(lo, Unit.POINTS)} to {form.value(hi, Unit.POINTS)}",
        }
        for name, value, lo, hi, n in rows
    ]
    low, high = (form.value(records[-1][end], Unit.POINTS) for end in ("lo", "hi"))
    title = f"NPS {form.value(score.estimate, Unit.POINTS)}; from {low} to {high} with the silent"
    drawn = "NPS, points; 95 % interval, and for all asked every answer the silent could give"
    columns = [
        Column("name", "Of whom"),
        Column("estimate", "NPS", Unit.POINTS),
        Column("lo", "Low", Unit.POINTS),
        Column("hi", "High", Unit.POINTS),
        Column("n", "n", Unit.COUNT),
    ]
    caption = Caption(title, drawn, f"{title}. {drawn}.")
    return dots(records, caption, columns, form, Unit.POINTS, name="NPS with the silent")
