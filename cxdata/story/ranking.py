"""The few movements of a page over all its declared slices, the dearest first.

Figures and all their slices are held to one rate of false alarms together. Of a metric that moved
one way there is one sentence: the whole explains its slices, and slices that share customers, such
as a region and a plan, are not told as two movements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxdata.analysis.comparison import better, chance
from cxdata.analysis.figure import Figure
from cxdata.analysis.slices import Slice
from cxdata.analysis.to_date import first_days
from cxdata.analysis.worth import Worth
from cxdata.model.evidence import Verdict
from cxdata.model.format import Format
from cxdata.model.scope import Labels
from cxdata.query.statement import JOURNEY
from cxdata.story.headline import MOST, Telling, beyond_noise, headline
from cxdata.story.moved import moved_sentence
from cxdata.story.to_date import to_date_sentence
from cxdata.story.why import in_sentence, listed

_NAMED = 2
"""Slices named within a sentence; the rest is counted."""


@dataclass(frozen=True)
class Movement:
    """One movement: the whole of a figure, or the slice in which it is surest.

    ``slices`` are those of one attribute, or journeys, that moved the same way beyond noise; the
    one that is told first is not among them. ``figure`` is that of the whole or of the slice.
    """

    figure: Figure
    place: Slice | None
    slices: tuple[Slice, ...]
    worth: Worth | None


@dataclass(frozen=True)
class Looked:
    """All that was looked at: whole figures and their slices; and those beyond noise."""

    whole: tuple[Figure, ...]
    slices: tuple[Slice, ...]
    moved: tuple[Figure | Slice, ...]

    @property
    def judged(self) -> int:
        """How many could be judged."""
        return sum(chance(one.comparison, one.usual) is not None for one in self.every)

    @property
    def every(self) -> tuple[Figure | Slice, ...]:
        """Whole figures and slices."""
        return (*self.whole, *self.slices)


def looked(whole: Sequence[Figure], slices: Sequence[Slice]) -> Looked:
    """Judge whole figures and slices together."""
    every: list[Figure | Slice] = [*whole, *slices]
    return Looked(tuple(whole), tuple(slices), tuple(beyond_noise(every)))


def leads(found: Looked) -> tuple[tuple[Figure | Slice, tuple[Slice, ...]], ...]:
    """Return what to tell of each metric and way it moved, and the slices to name beside it."""
    groups: dict[tuple[str, float], list[Figure | Slice]] = {}
    for one in found.moved:
        way = float(np.sign(one.comparison.difference or 0))
        groups.setdefault((one.metric.name, way), []).append(one)
    return tuple(_lead(group) for group in groups.values())


def _lead(group: Sequence[Figure | Slice]) -> tuple[Figure | Slice, tuple[Slice, ...]]:
    parts = sorted((one for one in group if isinstance(one, Slice)), key=surest_first)
    beside = [one for one in parts if one.by == parts[0].by]
    whole = next((one for one in group if isinstance(one, Figure)), None)
    return (whole, tuple(beside)) if whole is not None else (beside[0], tuple(beside[1:]))


def surest_first(one: Slice) -> tuple[float, float]:
    """Order slices by how unlikely their step is, then by its size."""
    likely = chance(one.comparison, one.usual)
    return 1.0 if likely is None else likely, -abs(one.comparison.difference or 0)


def ranking(
    found: Looked, movements: Sequence[Movement], labels: Labels, form: Format
) -> tuple[Telling, ...]:
    """Tell the dearest movements, and how many figures were looked at for them."""
    if not movements:
        return _still(found, labels, form)
    ranked = sorted(movements, key=lambda one: -abs(one.worth.amount) if one.worth else 0.0)
    told = [
        Telling(_sentence(one, found, labels, form), _is_better(one), True) for one in ranked[:MOST]
    ]
    rest = len(ranked) - len(told)
    more = f" {rest} more moved; each page tells its own." if rest else ""
    passed = len(found.moved)
    moved = "one moved" if passed == 1 else f"{passed} moved"
    once = "; those that overlap are told once" if passed > len(ranked) else ""
    counted = f"{_family(found, labels)}: {moved} beyond noise{once}.{more}"
    return (*told, Telling(counted, None, False))


def _is_better(one: Movement) -> bool | None:
    return better(one.figure.metric, one.figure.comparison.difference)


def _sentence(one: Movement, found: Looked, labels: Labels, form: Format) -> str:
    subject = one.figure.metric.label if one.place is None else _subject(one.place)
    return moved_sentence(one.figure, one.worth, _where(one, found, labels, form), form, subject)


def _subject(one: Slice) -> str:
    """Name a figure of a slice: ``Retention in Nordics``, ``NPS after Onboarding``.

    A label such as "NPS after a journey" takes the journey's name in place of its last words.
    """
    label = one.metric.label
    if one.by != JOURNEY:
        return f"{label} in {one.label}"
    of_one = label.removesuffix(" a journey")
    return f"{of_one} {one.label}" if of_one != label else f"{label} on {one.label}"


def _where(one: Movement, found: Looked, labels: Labels, form: Format) -> str:
    """Say which slices moved with it; or that they went the other way; or that none stands out."""
    if one.place is None and (against := _reversal(one, found, labels)):
        return against
    unit = one.figure.metric.unit
    named = [f"{s.label} ({form.change(s.comparison.difference, unit)})" for s in one.slices]
    if named:
        first = " and ".join(named[:_NAMED])
        by = "journey" if one.slices[0].by == JOURNEY else labels.scheme(one.slices[0].by).lower()
        beside = f"by {by} clearest in" if one.place is None else "also in"
        more = len(named) - _NAMED
        return f"{beside} {first}{f', and in {more} more' if more > 0 else ''}"
    parts = [s for s in found.slices if s.metric.name == one.figure.metric.name]
    judged = sum(chance(s.comparison, s.usual) is not None for s in parts)
    if one.place is not None or judged < _NAMED:
        return ""
    return f"none of {judged} segments and journeys stands out alone"


def _reversal(one: Movement, found: Looked, labels: Labels) -> str:
    """Say where most segments went the other way than their whole: others are counted than then."""
    sign = np.sign(one.figure.comparison.difference or 0)
    for by in dict.fromkeys(s.by for s in found.slices if s.by != JOURNEY):
        steps = [
            s.comparison.difference or 0.0
            for s in found.slices
            if s.by == by and s.metric.name == one.figure.metric.name
            if s.comparison.p is not None
        ]
        other = sum(np.sign(step) == -sign for step in steps)
        if len(steps) >= _NAMED and other > len(steps) / 2:
            way = "rose" if sign < 0 else "fell"
            return (
                f"yet it {way} in {other} of {len(steps)} groups by {labels.scheme(by).lower()}:"
                " the mix of them changed"
            )
    return ""


def _family(found: Looked, labels: Labels) -> str:
    """Say what was looked at: ``62 figures looked at, by segment, region and journey``."""
    names = [
        "journey" if by == JOURNEY else labels.scheme(by).lower()
        for by in dict.fromkeys(one.by for one in found.slices)
    ]
    by = f", in all and by {listed(names)}" if names else ""
    return f"{found.judged} figures looked at{by}"


def _still(found: Looked, labels: Labels, form: Format) -> tuple[Telling, ...]:
    judged = [f for f in found.whole if chance(f.comparison, f.usual) is not None]
    if not judged:
        return _under_way(found.whole, form) or headline(found.whole, {}, {}, form)
    if not found.slices:
        return headline(found.whole, {}, {}, form)
    alone = [in_sentence(f) for f in judged if f.comparison.verdict is Verdict.MOVED]
    calm = [f for f in judged if f.comparison.verdict is not Verdict.MOVED]
    said = f"Nothing moved beyond noise ({_family(found, labels)})."
    if calm:
        names = [calm[0].metric.label, *(in_sentence(f) for f in calm[1:])]
        own = "its" if len(calm) == 1 else "their"
        said = (
            f"Nothing moved beyond noise: {listed(names)} stayed within what chance or {own} own"
            f" usual range gives ({_family(found, labels)})."
        )
    if alone:
        said += (
            f" Taken alone {listed(alone)} moved more than chance gives; among {found.judged}"
            " figures looked at, that can still be luck."
        )
    return (Telling(said, None, False),)


def _under_way(whole: Sequence[Figure], form: Format) -> tuple[Telling, ...]:
    """Tell a period under way by its first days, where as many days of the other are known."""
    fair = [one.to_date for one in whole if one.to_date and one.to_date.comparison.difference]
    if not fair:
        return ()
    moved = beyond_noise(fair)
    told = [
        Telling(
            to_date_sentence(one, form),
            better(one.metric, one.comparison.difference),
            has_moved=True,
        )
        for one in moved[:MOST]
    ]
    days = f"the {first_days(fair[0].days)} of {fair[0].scope.period.label}"
    if not moved:
        names = [fair[0].metric.label, *(in_sentence(one) for one in fair[1:])]
        said = (
            f"Nothing moved beyond noise in {days}: {listed(names)} stayed within what chance or"
            " their own usual range gives"
        )
        return (Telling(f"{said} ({len(fair)} figures looked at).", None, False),)
    count = f"{len(fair)} figures looked at in {days}: {len(moved)} moved beyond noise."
    return (*told, Telling(count, None, False))
