"""The course of a figure against its usual range: limits to draw, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from cxdata.analysis.figure import Figure
from cxdata.analysis.programme import concerning
from cxdata.analysis.signal import Event, Signal, signal
from cxdata.charts.trend import OUTSIDE, USUAL
from cxdata.model.format import Format
from cxdata.model.period import Period
from cxdata.panels.picture import say
from cxdata.query.gate import Gate
from cxdata.story.signal import RUN, signal_sentences

_SEEN: Final = 0.1
"""Share of a range by which another one differs to the eye."""


@dataclass(frozen=True)
class Course:
    """Rows of a trend with their usual range; ``title`` is "" where the history is too short."""

    rows: pd.DataFrame
    title: str
    notes: tuple[str, ...]


def course(gate: Gate, found: Figure, rows: pd.DataFrame, form: Format) -> Course:
    """Put the usual range beside the figures of a trend.

    The period asked for is judged as its tile judges it: a full count against the range that the
    periods before it set.
    """
    metric, scope = found.metric, found.scope
    if not metric.is_dated:
        return Course(rows, "", ())
    events = [Event(one.day, one.label) for one in concerning(gate, metric, scope)]
    charted = signal(gate, metric.name, scope, events)
    frame = _judged(charted, found)
    if frame["lo"].isna().all():
        return Course(rows, "", ())
    by_period = frame.set_index("period_start")
    drawn = rows.assign(
        **{
            name: rows["period_start"].map(by_period[column]).astype(float)
            for name, column in zip(USUAL, ("lo", "hi"), strict=True)
        },
        **{OUTSIDE: rows["period_start"].map(by_period["rule"]).eq("outside")},
    )
    notes = signal_sentences(charted, form)[1:]  # the first is the title, in fewer words
    notes += _another_range(charted, frame, found)
    return Course(drawn, _title(charted, frame, scope.period, form), notes)


def _judged(charted: Signal, found: Figure) -> pd.DataFrame:
    """The limits of each period; those of the period asked for as its tile has them."""
    frame, usual = charted.frame.copy(), found.usual
    asked = np.flatnonzero((frame["period_start"] == found.scope.period.start).to_numpy())
    if usual is None or not len(asked):
        return frame
    at = frame.index[int(asked[-1])]
    frame.loc[at, ["lo", "hi"]] = (usual.lo, usual.hi)
    is_within = usual.lo <= frame.loc[at, "estimate"] <= usual.hi
    if not is_within:
        frame.loc[at, "rule"] = "outside"
    elif frame.loc[at, "rule"] == "outside":
        frame.loc[at, "rule"] = ""
    return frame


def _another_range(charted: Signal, frame: pd.DataFrame, found: Figure) -> tuple[str, ...]:
    """Say that the period asked for has a range of its own, where that can be seen."""
    usual = found.usual
    asked = frame.loc[frame["period_start"] == found.scope.period.start].index
    if usual is None or not len(asked):
        return ()
    before = charted.frame.loc[asked[-1], ["lo", "hi"]].to_numpy(float)
    moved = np.abs(before - (usual.lo, usual.hi)).max()
    if not moved > _SEEN * (before[1] - before[0]):
        return ()
    when = found.scope.period.label
    return (f"The range in {when} is that of its tile, set by {usual.points} periods before it.",)


def _title(charted: Signal, frame: pd.DataFrame, like: Period, form: Format) -> str:
    """Say where the last finished period stands; "" where it has no limits."""
    last, metric = frame.iloc[-1], charted.metric
    if pd.isna(last["lo"]):
        return ""
    value, lo, hi = (say(form, last[name], metric.unit) for name in ("estimate", "lo", "hi"))
    when = replace(like, start=last["period_start"]).label
    usual = f"its usual range of {lo.removesuffix(' %') if hi.endswith(' %') else lo} to {hi}"
    if last["rule"] == "outside":
        side = "above" if last["estimate"] > last["hi"] else "below"
        return f"{metric.label} {value} in {when}, {side} {usual}"
    run = f", {RUN}" if last["rule"] == "run" else ""
    return f"{metric.label} {value} in {when}, within {usual}{run}"
