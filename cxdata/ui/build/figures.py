"""One metric on a page: its tile, its sentence, its trend, its slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cxdata.metrics import metric as known_metric
from cxdata.model.evidence import Flag
from cxdata.model.metric import Additive
from cxdata.model.period import Grain
from cxdata.model.scope import Labels, Scope
from cxdata.query.figure import figure
from cxdata.query.figures import breakdown
from cxdata.query.figures import trend as history_of
from cxdata.ui import data, finding, picture
from cxdata.ui.data import Ticket
from cxdata.ui.picture import Picture
from cxdata.ui.tiles import Tile
from cxdata.ui.view import Choices


@dataclass(frozen=True)
class Headline:
    """One figure in one sentence, and how sure it is."""

    sentence: str
    evidence: str


def choices(ticket: Ticket) -> Choices:
    """Return everything that may be chosen."""
    gate = data.gate(ticket)
    options = gate.options()
    periods = {
        grain: tuple(sorted(gate.periods(grain), reverse=True))
        for grain in Grain
        if gate.periods(grain)
    }
    labels = Labels(
        schemes={code: scheme.label for code, scheme in options.schemes.items()},
        segments={
            (code, member): label
            for code, scheme in options.schemes.items()
            for member, label in scheme.labels.items()
        },
        journeys=options.journeys,
    )
    schemes = {code: tuple(scheme.codes) for code, scheme in options.schemes.items()}
    return Choices(periods, gate.complete_through, schemes, labels)


def tile(ticket: Ticket, name: str, scope: Scope) -> Tile:
    """Return a figure as a tile."""
    gate, form = data.gate(ticket), choices(ticket).format
    found = figure(gate, name, scope)
    metric, cell = found.metric, found.cell
    history = history_of(gate, name, scope)
    finished = history.loc[history["flag"] == Flag.OK.value, "estimate"].dropna()
    shows = cell.flag.shows and cell.estimate is not None
    return Tile(
        label=metric.label,
        figure=picture.say(form, cell.estimate, metric.unit) if shows else "–",
        move=finding.movement(metric, found.comparison, scope.against, form),
        evidence=finding.evidence(metric, cell, form),
        history=tuple(float(value) for value in finished.tail(24)),
        help=f"{metric.question} {metric.definition}",
    )


def headline(ticket: Ticket, name: str, scope: Scope) -> Headline:
    """Return a figure as a sentence."""
    form = choices(ticket).format
    found = figure(data.gate(ticket), name, scope)
    move = finding.movement(found.metric, found.comparison, scope.against, form)
    return Headline(
        finding.headline(found.metric, found.cell, move, scope.period, form),
        finding.evidence(found.metric, found.cell, form),
    )


def trend(ticket: Ticket, scope: Scope, name: str) -> Picture:
    """Return a figure over time."""
    metric, form = known_metric(name), choices(ticket).format
    frame = history_of(data.gate(ticket), name, scope)
    title = finding.course(metric, frame, form)
    return picture.trend_picture(frame, metric, title, form, finding.unit_words(metric, form))


def by_journey(ticket: Ticket, scope: Scope, name: str) -> Picture:
    """Return a figure by journey, in falling order."""
    return _by(ticket, scope, name, "journey", "journey")


def by_segment(ticket: Ticket, scope: Scope, name: str, scheme: str) -> Picture:
    """Return a figure by the members of an attribute, in their declared order."""
    return _by(ticket, scope, name, scheme, choices(ticket).labels.scheme(scheme).lower())


def _by(ticket: Ticket, scope: Scope, name: str, by: str, what: str) -> Picture:
    metric, offered = known_metric(name), choices(ticket)
    gate, form = data.gate(ticket), offered.format
    frame = named(breakdown(gate, name, scope, by=(by,)), by, offered.labels)
    overall = figure(gate, name, scope).cell
    shown = overall.estimate if overall.flag.shows and metric.additive is not Additive.YES else None
    order = frame["name"].tolist() if by != "journey" else _falling(frame)
    title = finding.spread(metric, frame, form, what)
    return picture.bars_picture(
        frame, metric, title, form, finding.unit_words(metric, form), order, shown
    )


def over_time(ticket: Ticket, scope: Scope, name: str, scheme: str) -> Picture:
    """Return a figure over time for each member of an attribute."""
    metric, offered = known_metric(name), choices(ticket)
    frame = history_of(data.gate(ticket), name, scope, by=(scheme,))
    lines = named(frame, scheme, offered.labels)
    declared = [offered.labels.segment(scheme, code) for code in offered.schemes[scheme]]
    what = offered.labels.scheme(scheme).lower()
    form = offered.format
    return picture.lines_picture(
        lines,
        metric,
        f"{metric.label} by {what} over time",
        form,
        finding.unit_words(metric, form),
        declared,
    )


def named(frame: pd.DataFrame, by: str, labels: Labels, column: str = "name") -> pd.DataFrame:
    """Add the reader's name of each journey or segment."""
    names = [
        labels.journey(str(code)) if by == "journey" else labels.segment(by, str(code))
        for code in frame[by]
    ]
    return frame.assign(**{column: names})


def _falling(frame: pd.DataFrame) -> Sequence[str]:
    ordered = frame.sort_values("estimate", ascending=False, na_position="last")
    return [str(name) for name in ordered["name"]]
