"""What a figure did since a day, in one line with its evidence; never with a cause."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cxdata.analysis.since import Since, since
from cxdata.metrics import metric as known
from cxdata.model.errors import CxError
from cxdata.model.evidence import Cell
from cxdata.model.format import NOTHING, Format
from cxdata.model.metric import Metric
from cxdata.model.period import Period
from cxdata.model.scope import Compare, Scope
from cxdata.panels import finding
from cxdata.panels.choices import Desk
from cxdata.panels.finding import Movement
from cxdata.panels.picture import say


@dataclass(frozen=True)
class Course:
    """A figure then and now. ``text`` is the whole line; ``tone`` as on a tile."""

    label: str
    then: str
    now: str
    move: Movement
    text: str


def course(desk: Desk, name: str, scope: Scope, then: Period) -> Course | None:
    """Say what a figure of a scope did from one period to the scope's own.

    None where the data cannot say: no such metric, no such tables, or nothing after that period.
    """
    if scope.period.start <= then.start:
        return None
    alone = replace(scope, compare=Compare.NONE)
    try:
        known(name)
        found = since(desk.gate, name, alone, then)
    except CxError:
        return None
    return _worded(found, desk.choices.format) if found else None


def _worded(found: Since, form: Format) -> Course:
    metric = found.metric
    move = finding.movement(metric, found.comparison, found.then, form)
    before = _figure(metric, found.before, form)
    after = _figure(metric, found.after, form)
    judged = ", ".join(part for part in (move.text, move.verdict) if part)
    text = (
        f"{metric.label} {before} in {found.then.label}, {after} in {found.now.label}"
        f"{f': {judged}' if judged else ''}."
    )
    return Course(metric.label, before, after, move, text)


def _figure(metric: Metric, cell: Cell, form: Format) -> str:
    """Write a figure with its margin and its number of people, where it has them."""
    if not cell.flag.shows or cell.estimate is None:
        return NOTHING
    parts = [form.margin(cell.margin, metric.unit)] if cell.margin is not None else []
    if cell.margin is not None and cell.n is not None:
        parts.append(f"n = {cell.n:,}")
    said = say(form, cell.estimate, metric.unit)
    return f"{said} ({', '.join(parts)})" if parts else said
