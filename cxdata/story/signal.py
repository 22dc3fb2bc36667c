"""A figure's course in sentences: within its usual range, outside it, or on another level."""

from __future__ import annotations

from cxdata.analysis.signal import LevelChange, Signal
from cxdata.model.format import Format
from cxdata.model.metric import Unit

RUN = "the eighth or later in a row on one side of its centre"


def signal_sentences(found: Signal, form: Format) -> tuple[str, ...]:
    """Tell the last finished period against the usual range, and a confirmed change of level."""
    frame, unit, label = found.frame, found.metric.unit, found.metric.label
    if frame.empty or frame["lo"].isna().iloc[-1]:
        return (f"{label} has too short a history for a usual range (full count of {len(frame)}).",)
    last = frame.iloc[-1]
    lo, hi, value = (form.value(last[name], unit) for name in ("lo", "hi", "estimate"))
    usual = f"its usual range ({lo} to {hi}, set by {found.points} periods)"
    said = {
        "outside": f"{label} was {value} in {last['period']}, outside {usual}",
        "run": f"{label} was {value} in {last['period']}, within {usual} but {RUN}",
    }.get(last["rule"], f"{label} stayed in {usual} with {value} in {last['period']}")
    season = "" if found.season_removed else "; season is not taken out"
    told = [f"{said}{season}."]
    if found.change is not None:
        told.append(_change(found, found.change, form))
    return tuple(told)


def _change(found: Signal, change: LevelChange, form: Format) -> str:
    unit = Unit.RATE if found.metric.unit is Unit.RATE else found.metric.unit
    before, after = (form.value(v, unit) for v in (change.before, change.after))
    when = f"{change.since:%b %Y}"
    if change.earliest != change.latest:
        when += f" (between {change.earliest:%b %Y} and {change.latest:%b %Y})"
    what = "Its steps" if found.metric.is_stock else "Its level"
    what += ", season taken out," if change.is_adjusted else ""
    said = (
        f"{what} changed from {before} to {after} with {when}, more than chance gives"
        f" (p = {change.p:.3f}, n = {len(found.frame)} periods)"
    )
    if change.event is None:
        return f"{said}; no event is on record then, so the usual range stays as it was."
    drawn = (
        "The usual range is drawn anew from there."
        if change.is_anew
        else "Too few periods have passed since for a new usual range."
    )
    return f"{said}. On record then: {change.event.label}. {drawn}"
