"""What a native chart holds: the figures of a picture as series, ready to be drawn and edited."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdata.exports.scene import Scene
from cxdata.exports.sheet import Sheet
from cxdata.model.evidence import Flag
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.panels.picture import say, say_change

Numbers = tuple[float | None, ...]

NOW: Final = "now"
SO_FAR: Final = "so far"
LOW: Final = "low"
HIGH: Final = "high"
GOAL: Final = "goal"
EARLIER: Final = "earlier"
BASE: Final = "base"
TOTAL: Final = "total"
GAIN: Final = "gain"
LOSS: Final = "loss"
LABEL: Final = "label"
MEMBER: Final = "member"


@dataclass(frozen=True)
class Series:
    """One series: its name, what it stands for, its values, and labels where words are wanted."""

    name: str
    role: str
    values: Numbers
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plot:
    """Series over their categories; ``unit`` is that of the values."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Unit

    @property
    def values(self) -> list[float]:
        """Every number of every series."""
        return [value for one in self.series for value in one.values if value is not None]


def plot(scene: Scene, form: Format) -> Plot | None:
    """Return what the chart of a scene holds; None where a table says it better."""
    if scene.data is None:
        return None
    if scene.kind in ("trend", "survival"):
        return _course(scene.data, scene.kind)
    if scene.kind == "bridge":
        return _bridge(scene.data, form)
    if scene.kind in ("distribution", "scores"):
        first = scene.data.columns[0].name
        shares = Series(scene.data.columns[2].label, NOW, tuple(scene.data.numbers("share")))
        return Plot(tuple(scene.data.words(first)), (shares,), Unit.SHARE)
    if scene.kind == "groups":
        return _members(scene.data, "period", "group", "share")
    if scene.kind == "lines":
        found = _members(scene.data, "label", "name", "estimate")
        drawn = _drawn(scene)
        return replace(found, series=tuple(one for one in found.series if one.name in drawn))
    return None


def _drawn(scene: Scene) -> set[str]:
    """Return the members that the page's chart draws; others stand in its table alone."""
    rows = scene.picture.spec.get("datasets", {}).values() if scene.picture else ()
    return {str(name) for table in rows for name in table.column("line").to_pylist()}


def _course(data: Sheet, kind: str) -> Plot:
    """A figure over periods or ages: finished, unfinished, its interval, its goal."""
    at = "age" if kind == "survival" else "label"
    open_ = [word == Flag.PARTIAL.words for word in data.words("evidence")]
    now = data.numbers("estimate")
    label, unit = next((c.label, c.unit) for c in data.columns if c.name == "estimate")
    found = [Series(label, NOW, _where(now, [not one for one in open_]))]
    if any(open_):
        found.append(Series(f"{label}, so far", SO_FAR, _where(now, open_)))
    for role, name in ((LOW, "lo"), (HIGH, "hi"), (GOAL, "goal")):
        values = data.numbers(name)
        if any(value is not None for value in values):
            named = next(c.label for c in data.columns if c.name == name)
            keep = [True] * len(open_) if role == GOAL else [not one for one in open_]
            found.append(Series(named, role, _where(values, keep)))
    drawn = Plot(tuple(data.words(at)), tuple(found), unit or Unit.RATE)
    return stepped(drawn) if kind == "survival" else drawn


def stepped(drawn: Plot) -> Plot:
    """Give every age its place: a curve of steps keeps its level until the next one.

    Where somebody left only after half a year, a line between two neighbours would be a slope that
    nobody went down.
    """
    ages = [int(float(age)) for age in drawn.categories]
    if not ages:
        return drawn
    every = range(ages[0], ages[-1] + 1)
    last = [bisect_right(ages, age) - 1 for age in every]
    series = (replace(one, values=tuple(one.values[at] for at in last)) for one in drawn.series)
    return replace(drawn, categories=tuple(map(str, every)), series=tuple(series))


def _where(values: Sequence[float | None], keep: Sequence[bool]) -> Numbers:
    return tuple(value if kept else None for value, kept in zip(values, keep, strict=True))


def _bridge(data: Sheet, form: Format) -> Plot:
    """A waterfall: what stands below each bar is a series of its own, without a colour."""
    unit = data.columns[1].unit or Unit.CUSTOMERS
    amounts = [value or 0.0 for value in data.numbers("value")]
    last = len(amounts) - 1
    parts: dict[str, list[float | None]] = {role: [] for role in (BASE, TOTAL, GAIN, LOSS)}
    labels, level = [], 0.0
    for at, amount in enumerate(amounts):
        is_total = at in (0, last)
        before, level = (0.0, amount) if is_total else (level, level + amount)
        parts[BASE].append(0.0 if is_total else min(before, level))
        role = TOTAL if is_total else GAIN if amount >= 0 else LOSS
        for name in (TOTAL, GAIN, LOSS):
            parts[name].append(abs(amount) if name == role else None)
        labels.append((say if is_total else say_change)(form, amount, unit))
    names = {BASE: "Below", TOTAL: "Total", GAIN: "Gained", LOSS: "Lost"}
    found = [Series(names[role], role, tuple(parts[role])) for role in (BASE, TOTAL, GAIN, LOSS)]
    tops = [sum(parts[role][at] or 0.0 for role in parts) for at in range(len(amounts))]
    room = (max(tops, default=1.0) - floor(parts[BASE], tops)) * 0.09
    found.append(Series("Room for words", LABEL, (room,) * len(amounts), tuple(labels)))
    return Plot(tuple(data.words("line")), tuple(found), unit)


def floor(bases: Sequence[float | None], tops: Sequence[float]) -> float:
    """Where the bars of a waterfall begin: zero, or close below its steps when these would vanish.

    The same rule as on the page, which says that bars do not begin at zero.
    """
    inner = [base or 0.0 for base in bases[1:-1]]
    lowest = min(inner, default=0.0)
    span = max(tops, default=0.0) - lowest
    return lowest - span if inner and 0 < 3 * span <= lowest else 0.0


def _members(data: Sheet, over: str, by: str, figure: str) -> Plot:
    """One series a member, over the same categories."""
    categories = tuple(dict.fromkeys(data.words(over)))
    values = dict(
        zip(zip(data.words(by), data.words(over), strict=True), data.numbers(figure), strict=True)
    )
    names = dict.fromkeys(data.words(by))
    unit = next(c.unit for c in data.columns if c.name == figure) or Unit.RATE
    found = [
        Series(name, MEMBER, tuple(values.get((name, one)) for one in categories)) for name in names
    ]
    return Plot(categories, tuple(one for one in found if any(one.values)), unit)
