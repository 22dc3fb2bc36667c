"""The first sentences of a page: what moved, whether it is real, where, and what it is worth.

A sentence names no cause (METRICS.md C13), and every number has its margin, its n or its usual
range beside it. That nothing moved beyond noise is a finding too. Figures looked at together are
held to one rate of false alarms (Benjamini & Hochberg 1995), and their number is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from cxdata.analysis.comparison import UsualRange, better, chance
from cxdata.analysis.figure import Figure
from cxdata.analysis.worth import Worth
from cxdata.model.evidence import Comparison, Flag, Verdict
from cxdata.model.format import Format
from cxdata.model.metric import Unit
from cxdata.model.scope import Scope
from cxdata.statistics.multiplicity import discoveries
from cxdata.story.moved import margin, moved_sentence
from cxdata.story.to_date import to_date_sentence

MOST = 3
"""Movements told before the rest is left to the page."""

FALSE_ALARMS = 0.05
"""Share of headlines of companies in which nothing changed that tell a movement, at most."""


@dataclass(frozen=True)
class Telling:
    """One sentence; ``is_better`` is None where neither way is, or nothing moved."""

    text: str
    is_better: bool | None
    has_moved: bool


def headline(
    found: Sequence[Figure],
    worths: Mapping[str, Worth | None],
    slices: Mapping[str, pd.DataFrame],
    form: Format,
) -> tuple[Telling, ...]:
    """Tell what moved among several figures, the dearest first.

    Args:
        found: the figures looked at.
        worths: what each movement is worth, by metric.
        slices: the breakdown of each moved figure, with ``<dimension>_label`` and ``p``.
        form: how numbers are written.
    """
    moved = beyond_noise(found)
    if not moved:
        return (_steady(found[0], form) if len(found) == 1 else _nothing(found),)
    ranked = sorted(moved, key=lambda figure: -_size(worths.get(figure.metric.name)))
    return tuple(
        Telling(
            moved_sentence(
                figure,
                worths.get(figure.metric.name),
                where(slices.get(figure.metric.name), form, figure),
                form,
            ),
            better(figure.metric, figure.comparison.difference),
            True,
        )
        for figure in ranked[:MOST]
    ) + _looked_at(found, moved)


class Judged(Protocol):
    """What was compared with an earlier period: a figure, or a slice of one."""

    @property
    def comparison(self) -> Comparison:
        """How it stands to the earlier period."""

    @property
    def usual(self) -> UsualRange | None:
        """The range that its own history sets."""


J = TypeVar("J", bound=Judged)


def beyond_noise(found: Sequence[J]) -> list[J]:
    """Return what moved, also when the luck of looking at several is allowed for."""
    chances = [chance(figure.comparison, figure.usual) for figure in found]
    p = np.array([np.nan if one is None else one for one in chances])
    passed = np.atleast_1d(discoveries(p, FALSE_ALARMS))
    return [
        figure
        for figure, passes in zip(found, passed, strict=True)
        if passes and figure.comparison.verdict is Verdict.MOVED
    ]


def _looked_at(found: Sequence[Figure], moved: Sequence[Figure]) -> tuple[Telling, ...]:
    """Say how many figures were looked at for those told."""
    judged = sum(chance(figure.comparison, figure.usual) is not None for figure in found)
    if judged < 2:
        return ()
    told = "all of which moved" if len(moved) == judged else f"of which {len(moved)} moved"
    return (Telling(f"{judged} figures were looked at, {told} beyond noise.", None, False),)


def balance(found: Mapping[str, Figure], scope: Scope) -> Telling | None:
    """Say who came and who went; for customers of journeys, who left, since none can join them."""
    heads = {name: f.cell.estimate for name, f in found.items() if f.cell.estimate is not None}
    if not {"customers_start", "customers_lost", "customers_net"} <= heads.keys():
        return None
    start, lost, net = (
        heads[name] for name in ("customers_start", "customers_lost", "customers_net")
    )
    so_far = " so far" if found["customers_lost"].cell.flag is Flag.PARTIAL else ""
    period = f"{scope.period.label}{so_far}"
    if scope.journeys:
        text = f"Of {start:,.0f} customers who had been on it before {period}, {lost:,.0f} left."
        return Telling(text, None, False)
    won = heads.get("customers_new", 0.0)
    back = heads.get("customers_reactivated", 0.0)
    parts = [f"{won:,.0f} customers won", f"{lost:,.0f} lost"]
    if back:
        parts.insert(1, f"{back:,.0f} won back")
    more = f"{abs(net):,.0f} {'more' if net >= 0 else 'fewer'}"
    text = f"{', '.join(parts)} in {period}: {more} than the {start:,.0f} at the start."
    return Telling(text, None, False)


def _size(worth: Worth | None) -> float:
    return abs(worth.amount) if worth else 0.0


def _steady(figure: Figure, form: Format) -> Telling:
    """One figure that did not move, or cannot be judged."""
    if not figure.metric.is_dated:
        value = form.value(figure.cell.estimate, figure.metric.unit)
        return Telling(f"{figure.metric.label}: {value} {margin(figure, form)}.", None, False)
    cell, test, label = figure.cell, figure.comparison, figure.metric.label
    period, against = figure.scope.period.label, figure.scope.against
    if not cell.flag.shows or cell.estimate is None:
        return Telling(f"{label} in {period}: {cell.flag.words}.", None, False)
    fair = figure.to_date
    if fair is not None and fair.comparison.difference is not None:
        has_moved = fair.comparison.verdict is Verdict.MOVED
        way = better(fair.metric, fair.comparison.difference) if has_moved else None
        return Telling(to_date_sentence(fair, form), way, has_moved)
    was = "were" if figure.metric.unit is Unit.CUSTOMERS else "was"
    value = form.value(cell.estimate, figure.metric.unit)
    said = f"{label} {was} {value} in {period} {margin(figure, form)}"
    if test.verdict is Verdict.USUAL and against is not None:
        step = form.change(test.difference, figure.metric.unit)
        real = "what chance gives" if test.p is not None else "its usual range"
        return Telling(f"{said}; {step} on {against.label} is within {real}.", None, False)
    return Telling(f"{said}: {test.basis}.", None, False)


def _nothing(found: Sequence[Figure]) -> Telling:
    judged = [f for f in found if chance(f.comparison, f.usual) is not None]
    if not judged:
        return Telling(f"Nothing can be judged yet: {_why_not(found)}.", None, False)
    names = _listed([figure.metric.label for figure in judged])
    return Telling(
        f"Nothing moved beyond noise: {names} stayed within what chance"
        f" or their own usual range gives ({len(judged)} figures looked at).",
        None,
        False,
    )


def _why_not(found: Sequence[Figure]) -> str:
    if any(figure.comparison.verdict is Verdict.INCOMPLETE for figure in found):
        period = found[0].scope.period.label
        return f"{period} is unfinished, and is not compared with a finished period"
    return found[0].comparison.basis if found else "there are no figures"


def where(frame: pd.DataFrame | None, form: Format, figure: Figure) -> str:
    """Say in which slices a figure moved, those only that pass the false discovery rate.

    Slices that went the other way are a finding of their own: the whole can fall while its parts
    rise, when those counted are others than before.
    """
    if frame is None:
        return ""
    tested = frame[frame["p"].notna() & frame["difference"].notna()]
    if len(tested) < 2:
        return ""
    found = tested[np.asarray(discoveries(tested["p"].to_numpy(float)))]
    sign = np.sign(figure.comparison.difference or 0)
    with_it = found[np.sign(found["difference"]) == sign]
    against_it = tested[np.sign(tested["difference"]) == -sign]
    if len(against_it) > len(tested) / 2:
        way = "rose" if sign < 0 else "fell"
        return f"yet it {way} in {len(against_it)} of {len(tested)} groups: the mix of them changed"
    if with_it.empty:
        return f"none of {len(tested)} groups stands out alone"
    label = next(name for name in frame.columns if name.endswith("_label"))
    ranked = with_it.reindex(with_it["difference"].abs().sort_values(ascending=False).index)
    names = [
        f"{row[label]} ({form.change(row['difference'], figure.metric.unit)})"
        for row in ranked.head(2).to_dict("records")
    ]
    all_of = f", in {len(with_it)} of {len(tested)} groups" if len(with_it) > len(names) else ""
    return f"steepest in {' and '.join(names)}{all_of}"


def _listed(names: Sequence[str]) -> str:
    lowered = [
        names[0],
        *(f"{name[0].lower()}{name[1:]}" if name != "NPS" else name for name in names[1:]),
    ]
    return lowered[0] if len(lowered) == 1 else f"{', '.join(lowered[:-1])} and {lowered[-1]}"
