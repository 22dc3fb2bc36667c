"""One metric on a page: its tile, its sentence, its trend, its slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pandas as pd

from cxdata.analysis.breakdown import breakdown
from cxdata.analysis.figure import Figure, figure
from cxdata.analysis.figure import figures as figures_of
from cxdata.analysis.slices import tells_leaving
from cxdata.analysis.to_date import first_days
from cxdata.charts import rows
from cxdata.metrics import metric as known_metric
from cxdata.model.evidence import Flag
from cxdata.model.format import NOTHING, Format
from cxdata.model.metric import Additive, Metric
from cxdata.model.period import Period
from cxdata.model.scope import Scope
from cxdata.panels import finding, picture
from cxdata.panels.choices import Choices, Desk
from cxdata.panels.course import course
from cxdata.panels.finding import Movement
from cxdata.panels.picture import Picture
from cxdata.panels.programme import marked
from cxdata.panels.why import can_be_explained
from cxdata.query.evaluate import evaluate
from cxdata.query.gate import Gate
from cxdata.query.options import leaving
from cxdata.query.statement import JOURNEY

_PER_DAY: Final = " · judged per day"
"""Said of what happens on days, where the periods compared have not as many of them."""


@dataclass(frozen=True)
class Tile:
    """One figure in words. ``history`` are the finished periods, oldest first.

    ``missing`` names what the figure needs and the data do not have; ``is_explained`` says whether
    its changes can be taken apart.
    """

    name: str
    label: str
    figure: str
    move: Movement
    evidence: str
    history: tuple[float, ...]
    help: str
    missing: tuple[str, ...] = ()
    is_explained: bool = False


def tiles(desk: Desk, scope: Scope, names: tuple[str, ...]) -> tuple[Tile, ...]:
    """Return figures as tiles, read together; one that cannot be had says what it needs."""
    gate, form = desk.gate, desk.choices.format
    found = figures_of(gate, names, scope)
    return tuple(
        _tile(found[name], form, can_be_explained(desk, name))
        if name in found
        else _missing(known_metric(name), gate)
        for name in names
    )


def _tile(found: Figure, form: Format, is_explained: bool) -> Tile:
    metric, cell, move = found.metric, found.cell, move_of(found, form)
    # A line takes the colour of the step beside it; that of the finished periods shows another one.
    is_apart = found.to_date is not None and move.tone != "calm"
    shows = cell.flag.shows and cell.estimate is not None
    return Tile(
        name=metric.name,
        label=metric.label,
        figure=picture.say(form, cell.estimate, metric.unit) if shows else NOTHING,
        move=move,
        evidence=finding.evidence(metric, cell, form)
        + (_PER_DAY if found.comparison.per_day else ""),
        history=() if is_apart else _history(found.trend, found.scope.period),
        help=f"{metric.question} {metric.definition}",
        is_explained=is_explained and found.comparison.difference is not None,
    )


def move_of(found: Figure, form: Format) -> Movement:
    """Say how a figure stands against the earlier one; under way, by as many days of both."""
    fair = found.to_date
    if fair is None:
        return finding.movement(found.metric, found.comparison, found.scope.against, form)
    move = finding.movement(fair.metric, fair.comparison, fair.against, form)
    if not move.text:
        return move
    days = f"{first_days(fair.days)} vs {fair.days}"
    return replace(move, against=f"{days} of {fair.against.label}")


def _missing(metric: Metric, gate: Gate) -> Tile:
    calm = Movement("", "calm", "", "")
    return Tile(
        metric.name, metric.label, NOTHING, calm, "", (), metric.question, gate.missing(metric)
    )


def _history(trend: pd.DataFrame, period: Period) -> tuple[float, ...]:
    """The finished periods up to the one shown."""
    columns = (trend[name].tolist() for name in ("period_start", "flag", "estimate"))
    kept = [
        float(value)
        for start, flag, value in zip(*columns, strict=True)
        if start <= period.start and flag != Flag.PARTIAL.value and Flag(flag).shows
        if value == value
    ]
    return tuple(kept[-24:])


def trend(desk: Desk, scope: Scope, name: str) -> Picture:
    """Return a figure over time."""
    form = desk.choices.format
    found = figure(desk.gate, name, scope)
    metric = found.metric
    unit = finding.unit_words(metric, form)
    said = marked(desk.gate, metric, scope, found.trend, form)
    usual = course(desk.gate, found, said.rows, form)
    title = usual.title or finding.course(metric, found.trend, form, scope.period)
    drawn = picture.trend_picture(usual.rows, metric, title, form, unit)
    return replace(drawn, name=f"{metric.label} trend", notes=(*usual.notes, *said.notes))


def by_journey(desk: Desk, scope: Scope, name: str) -> Picture:
    """Return a figure by journey, in falling order."""
    return _by(desk, scope, name, JOURNEY)


def by_segment(desk: Desk, scope: Scope, name: str, scheme: str) -> Picture:
    """Return a figure by the members of an attribute, in their declared order."""
    return _by(desk, scope, name, scheme)


def _by(desk: Desk, scope: Scope, name: str, by: str) -> Picture:
    metric, offered = known_metric(name), desk.choices
    form, labels = offered.format, offered.labels
    worded = named(breakdown(desk.gate, name, scope, (by,)), by, offered)
    what = "journey" if by == JOURNEY else labels.scheme(by).lower()
    ways_out = leaving(desk.gate) if by == JOURNEY and tells_leaving(metric) else frozenset()
    is_leaving = worded[by].isin(ways_out)
    worded = worded.assign(**{rows.IS_ASIDE: worded[rows.IS_REST] | is_leaving})
    if worded["flag"].eq(Flag.PARTIAL.value).any():
        worded = worded.assign(against=float("nan"))  # half a period beside a full one misleads
    apart = [str(name) for name in worded.loc[is_leaving & rows.shows(worded), "name"]]
    order = _falling(worded) if by == JOURNEY else [str(label) for label in worded["name"]]
    drawn = picture.bars_picture(
        worded,
        metric,
        finding.spread(metric, worded, form, what, apart),
        form,
        finding.unit_words(metric, form),
        order,
        _everybody(desk, scope, metric, worded.loc[rows.shows(worded), "estimate"]),
        apart,
    )
    return replace(drawn, name=f"{metric.label} by {what}")


def _everybody(desk: Desk, scope: Scope, metric: Metric, parts: pd.Series[float]) -> float | None:
    """The figure of the whole scope, where it stands among those of its parts."""
    if metric.additive is not Additive.NO or parts.empty:
        return None
    whole = figure(desk.gate, metric.name, scope).cell.estimate
    return whole if whole is not None and parts.min() <= whole <= parts.max() else None


def over_time(desk: Desk, scope: Scope, name: str, scheme: str) -> Picture:
    """Return a figure over time for each member of an attribute."""
    metric, offered = known_metric(name), desk.choices
    labels, form = offered.labels, offered.format
    gate = desk.gate
    gate.require(metric)
    frame = evaluate(gate, [metric], scope, by=(scheme,))[name].frame
    lines = named(frame.assign(label=_labels(frame, scope.period)), scheme, offered)
    declared = list(offered.names(scheme).values())
    what = labels.scheme(scheme).lower()
    title = finding.lines(metric, lines, form, what, scope.period)
    unit = finding.unit_words(metric, form)
    drawn = picture.lines_picture(lines, metric, title, form, unit, declared)
    return replace(drawn, name=f"{metric.label} by {what} over time")


def _labels(frame: pd.DataFrame, like: Period) -> list[str]:
    return [replace(like, start=start).label for start in frame["period_start"]]


def named(frame: pd.DataFrame, by: str, offered: Choices) -> pd.DataFrame:
    """Add in ``name`` the reader's name of each journey or segment, as it is chosen by.

    ``is_rest`` marks what belongs to none.
    """
    names, labels = offered.names(by), offered.labels
    label = labels.journey if by == JOURNEY else partial(labels.segment, by)
    codes = frame[by].astype(str)
    return frame.assign(
        name=[names.get(code, label(code)) for code in codes],
        **{rows.IS_REST: codes.isin(rows.REST)},
    )


def _falling(frame: pd.DataFrame) -> Sequence[str]:
    ordered = frame.sort_values("estimate", ascending=False, na_position="last")
    return [str(name) for name in ordered["name"]]
