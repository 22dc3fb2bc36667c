"""Findings: the sentences above charts and inside tiles, never more than their evidence.

No sentence names a cause, none colours or stresses what stays within the noise, and every figure
has its margin or its number of people beside it or in the line below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from cxdata.charts import rows
from cxdata.model.evidence import Cell, Comparison, Flag, Verdict
from cxdata.model.format import Format, span
from cxdata.model.metric import Better, Metric, Unit
from cxdata.model.period import Period
from cxdata.panels.picture import say, say_change

Tone = Literal["better", "worse", "moved", "calm"]

_COUNTS: Final = (Unit.CUSTOMERS, Unit.COUNT)
_SHORT: Final = {
    Flag.INDICATIVE: "wide margin",
    Flag.PROVISIONAL: "late data expected",
    Flag.PARTIAL: "unfinished",
}


@dataclass(frozen=True)
class Movement:
    """A change in words: ``text`` may be empty, ``tone`` says whether it may be coloured."""

    text: str
    tone: Tone
    against: str
    verdict: str


def movement(
    metric: Metric, comparison: Comparison | None, against: Period | None, form: Format
) -> Movement:
    """Say how a figure stands against an earlier one; coloured only where the evidence bears it."""
    if comparison is None or against is None:
        return Movement("", "calm", "", "")
    if comparison.verdict is Verdict.NONE:
        return _unjudged(metric, comparison, against, form)
    words = _verdict(comparison)
    if comparison.verdict in (Verdict.TOO_FEW, Verdict.INCOMPLETE) or comparison.difference is None:
        return Movement("", "calm", "", words)
    text = say_change(form, comparison.difference, metric.unit)
    return Movement(text, tone(metric, comparison), f"vs {against.label}", words)


def _unjudged(metric: Metric, comparison: Comparison, against: Period, form: Format) -> Movement:
    if comparison.difference is None:
        return Movement("", "calm", "", comparison.basis)
    text = say_change(form, comparison.difference, metric.unit)
    return Movement(text, "calm", f"vs {against.label}", comparison.basis)


def _verdict(comparison: Comparison) -> str:
    """Say a verdict; a test speaks of chance, a full count of its own usual range."""
    if comparison.verdict is Verdict.TOO_FEW:
        return "" if comparison.basis == Flag.NO_DATA.words else "too few to compare"
    if comparison.verdict is Verdict.INCOMPLETE:
        return "unfinished, so not compared"
    is_tested = comparison.p is not None
    if is_tested:
        return "more than chance" if comparison.verdict is Verdict.MOVED else "within chance"
    return f"{'outside' if comparison.verdict is Verdict.MOVED else 'within'} its usual range"


def tone(metric: Metric, comparison: Comparison) -> Tone:
    """Whether a change is for the better; calm unless it moved."""
    if comparison.verdict is not Verdict.MOVED or not comparison.difference:
        return "calm"
    if metric.better is Better.NEUTRAL:
        return "moved"
    is_up = comparison.difference > 0
    return "better" if is_up == (metric.better is Better.UP) else "worse"


def evidence(metric: Metric, cell: Cell, form: Format) -> str:
    """Say how sure a figure is: its margin and its number of people, or that it was counted."""
    if cell.flag is Flag.NO_DATA or (cell.estimate is None and cell.n is None):
        return cell.flag.words
    has_margin = cell.margin is not None
    parts = [form.margin(cell.margin, metric.unit) if has_margin else "full count"]
    if cell.n is not None and not (metric.unit in _COUNTS and not has_margin):
        parts.append(f"n = {cell.n:,}")
    if cell.flag in _SHORT:
        parts.append(_SHORT[cell.flag])
    elif not cell.flag.shows:
        parts = [*parts[1:], cell.flag.words]
    return " · ".join(parts)


def course(metric: Metric, frame: pd.DataFrame, form: Format, now: Period | None = None) -> str:
    """Say where a figure stands in the range of all finished periods before it.

    ``now`` is the period to tell; without a finished figure there, the last one that has.
    """
    ordered = _finished(frame, now)
    if len(ordered) < 2:
        return f"{metric.label}: no course yet to show"
    figures = [say(form, value, metric.unit) for value in ordered["estimate"]]
    last, before = ordered["estimate"].iloc[-1], ordered["estimate"].iloc[:-1]
    since = ordered["label"].iloc[0]
    said = f"{metric.label} {figures[-1]} in {ordered['label'].iloc[-1]}"
    low, high = (say(form, before.agg(pick), metric.unit) for pick in ("min", "max"))
    if len(set(figures)) == 1:
        return f"{said}, unchanged since {since}"
    for is_beyond, word in ((last < before.min(), "lowest"), (last > before.max(), "highest")):
        if is_beyond and figures[-1] not in (low, high):
            return f"{said}, {word} since {since}"
    if low == high:
        return f"{said}, as before"
    return f"{said}, within its range of {span(low, high)} since {since}"


def _finished(frame: pd.DataFrame, now: Period | None) -> pd.DataFrame:
    """Return the finished periods with a figure, oldest first, up to the one to tell."""
    shown = frame.loc[rows.shows(frame) & (frame["flag"] != Flag.PARTIAL.value)]
    upto = shown if now is None else shown.loc[shown["period_start"] <= now.start]
    return upto.sort_values("period_start")


def lines(
    metric: Metric, frame: pd.DataFrame, form: Format, what: str, now: Period | None = None
) -> str:
    """Say which member stood worst when a figure was last known over several members."""
    finished = _finished(frame.loc[rows.known(frame)], now)
    newest = finished.loc[finished["period_start"] == finished["period_start"].max()]
    is_low = metric.better is Better.UP
    ordered = newest.sort_values("estimate", ascending=is_low)
    if ordered["estimate"].head(2).nunique() < 2:
        return f"{by(metric, what)} over time"
    worst = ordered.iloc[0]
    figure = say(form, worst["estimate"], metric.unit)
    end = "lowest" if is_low else "highest"
    return f"{metric.label} over time: {worst['name']} {end} in {worst['label']}, {figure}"


def in_sentence(metric: Metric) -> str:
    """Write the name of a metric within a sentence; abbreviations keep their capitals."""
    label = metric.label
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def spread(
    metric: Metric, frame: pd.DataFrame, form: Format, what: str, apart: Sequence[str] = ()
) -> str:
    """Say between which members a figure lies, and how many are too small to show.

    ``apart`` are members that are no fair comparison, such as a journey on which customers cancel.
    """
    compared = frame.loc[~frame["name"].isin(apart)]
    told = rows.named(compared if compared["estimate"].notna().any() else frame)
    shown = told.loc[rows.shows(told)]
    hidden = len(told) - len(shown)
    if shown.empty:
        return f"{by(metric, what)}: no group is large enough to show"
    rest = f"; {hidden} too small to show" if hidden else ""
    ordered = shown.sort_values("estimate")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    if len(shown) == 1 or low["estimate"] == high["estimate"]:
        figure = say(form, high["estimate"], metric.unit)
        return f"{by(metric, what)}: {figure} in {high['name']}{rest}"
    first = say(form, low["estimate"], metric.unit)
    last = say(form, high["estimate"], metric.unit)
    return f"{by(metric, what)}: from {first} ({low['name']}) to {last} ({high['name']}){rest}"


def by(metric: Metric, what: str) -> str:
    """Name a figure by a dimension: ``Retention by segment``, ``NPS after each journey``."""
    of_one = f" a {what}"
    if metric.label.endswith(of_one):
        return f"{metric.label.removesuffix(of_one)} each {what}"
    return f"{metric.label} by {what}"


def unit_words(metric: Metric, form: Format) -> str:
    """Name the unit of a metric for a subtitle."""
    return {
        Unit.CUSTOMERS: "customers",
        Unit.COUNT: "count",
        Unit.SHARE: "share in %",
        Unit.MONEY: f"in {form.currency}",
        Unit.UNIT_MONEY: f"in {form.currency}",
        Unit.POINTS: "points from −100 to 100",
        Unit.RATE: "ratio",
        Unit.MONTHS: "in months",
    }[metric.unit]
