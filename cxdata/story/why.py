"""A change taken apart, in sentences: what its cells did, who was counted, where it stands out.

Parts are of arithmetic, not of cause: a sentence says what came with what (METRICS.md C13). Each
part has its interval beside it, or is said to be a full count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cxdata.analysis.items import Item
from cxdata.analysis.parts import Amount, Part
from cxdata.analysis.why import Why
from cxdata.model.format import Format
from cxdata.model.metric import Metric, Unit
from cxdata.model.scope import Labels
from cxdata.query.statement import JOURNEY

MOST = 3
"""Cells named in a sentence; the rest is counted."""


class Named(Protocol):
    """What is told of one metric."""

    @property
    def metric(self) -> Metric:
        """The metric."""


class Change(Protocol):
    """A change of a metric that is told in parts."""

    @property
    def metric(self) -> Metric:
        """What changed."""

    @property
    def change(self) -> float:
        """Later less earlier."""


def why_sentences(found: Why, labels: Labels, form: Format) -> tuple[str, ...]:
    """Tell a change: how much, its parts, and the cells that stand out."""
    told = [_lead(found, form)]
    if found.reversal is not None:
        told.append(_reversal(found, labels, form))
    elif found.items and found.parts:
        told.append(_parts(found, labels, form))
    elif found.parts:
        told.append(_lines(found, form))
    if found.items:
        told.append(_ranked(found, labels, form))
    return tuple(told)


def _lead(found: Why, form: Format) -> str:
    unit, label = found.metric.unit, found.metric.label
    then, now = (form.value(value, unit) for value in (found.value0, found.value1))
    periods = f"{found.against.label} to {found.scope.period.label}"
    n0, n1 = (None if n is None else f"{n:,}" for n in (found.n0, found.n1))
    base = f" (n = {n0} and {n1})" if n0 and n1 else " (full count)"
    if found.change == 0:
        return f"{label} stayed at {now} from {periods}{base}."
    step = form.change(abs(found.change), unit).lstrip("+")
    rose = "rose" if found.change > 0 else "fell"
    return f"{label} {rose} {step}, from {then} to {now}, {periods}{base}."


def _parts(found: Why, labels: Labels, form: Format) -> str:
    """Say the parts that METRICS.md 4.4 names: the metric itself, the mix, how many there were."""
    pieces = [
        f"{amount(part.amount, found, form)} came {_source(part, found, labels)}"
        for part in found.parts
    ]
    step = form.change(found.change, found.metric.unit)
    return f"Of the change of {step}, {listed(pieces)}."


def _source(part: Part, found: Why, labels: Labels) -> str:
    if part.name == "rate":
        return f"with {rate_words(found)} within each {_dimension(found, labels)}"
    if part.name == "volume":
        return f"with the number of {found.per}"
    if part.name.startswith("mix_"):
        dimension = _one_dimension(part.name.removeprefix("mix_"), labels)
        return f"with {_mix(found)} by {dimension}"
    return f"with {_mix(found)} by {_dimension(found, labels)}"


def rate_words(found: Why) -> str:
    """Name what the cells did: the figure itself, or of a total, the figure per head."""
    if found.part("volume") is None:
        return f"{in_sentence(found)} itself"
    return f"{in_sentence(found)} per {heads(found).removesuffix('s')}"


def heads(found: Why) -> str:
    """What a total is told per, in few words: customers, contacts."""
    return found.per.removesuffix(" at the start")


def _mix(found: Why) -> str:
    return "who answered," if found.metric.is_survey else "a different mix"


def _reversal(found: Why, labels: Labels, form: Format) -> str:
    """Say that whole and parts went opposite ways; which of both to go by is the reader's."""
    fell, rose = ("fell", "rose") if found.change < 0 else ("rose", "fell")
    rate = next(part.amount for part in found.parts if part.name == "rate")
    mixes = [part.amount for part in found.parts if part.name.startswith("mix")]
    where = f"in each larger {_dimension(found, labels)}"
    if found.reversal is not None and not found.reversal.is_strong:
        where = f"within the {_plural(_dimension(found, labels))} taken together"
    mixed = listed([amount(mix, found, form) for mix in mixes])
    return (
        f"{found.metric.label} {fell} in total although it {rose} {where}:"
        f" {amount(rate, found, form)} came with the figure itself, {mixed} with"
        f" {'who answered' if found.metric.is_survey else 'a different mix'}."
        f" Where the {_dimension(found, labels)} is itself a result of what was done,"
        " the total is the figure to go by."
    )


def _lines(found: Why, form: Format) -> str:
    told = [part for part in found.parts if _is_seen(part, found, form)]
    ranked = sorted(told, key=lambda part: -abs(part.amount.value))
    counted = all(part.amount.lo is None for part in ranked)
    if not ranked:
        return "None of its lines moved it, a full count."
    pieces = [f"{part.label.lower()} {amount(part.amount, found, form)}" for part in ranked]
    return f"It is made of {listed(pieces)}{', a full count' if counted else ''}."


def _is_seen(part: Part, found: Why, form: Format) -> bool:
    """Whether a part is more than its last digit shown."""
    return any(digit in amount(part.amount, found, form) for digit in "123456789")


def _ranked(found: Why, labels: Labels, form: Format) -> str:
    """Name the cells that stand out beyond the luck of looking at many; else say how many."""
    groups = f"{found.looked_at} {_plural(_dimension(found, labels))}"
    if found.looked_at < 2:
        return f"There is only one {_dimension(found, labels)} to look at, a full count."
    if all(item.rate.p is None for item in found.items):
        named = _named(found.items, found, form, whole=True)
        return f"Most of it, by full count, lies in {named}, of {groups} looked at."
    standing = [item for item in found.items if item.stands_out]
    if not standing:
        return f"None of the {groups} looked at moved more than noise."
    ranked = sorted(standing, key=lambda item: -abs(item.rate.value))
    named = _named(ranked, found, form, whole=False)
    if len(ranked) > MOST:
        return f"Of {groups} looked at, {len(ranked)} moved more than noise, most {named}."
    return f"Of {groups} looked at, {len(ranked)} moved more than noise: {named}; no other one did."


def _named(items: Sequence[Item], found: Why, form: Format, *, whole: bool) -> str:
    return listed(
        [
            f"{item.label} {amount(item.amount if whole else item.rate, found, form)}"
            for item in items[:MOST]
        ]
    )


def amount(part: Amount, found: Change, form: Format) -> str:
    """Write a part with its interval: ``+7.2 points (3.7 to 10.8)``."""
    unit = found.metric.unit
    said = _step(part.value, found, form)
    if part.lo is None or part.hi is None:
        return said
    lo, hi = (_step(end, found, form).lstrip("+") for end in (part.lo, part.hi))
    if unit in (Unit.POINTS, Unit.SHARE):
        word = " points" if unit is Unit.POINTS else " pp"
        lo = lo.removesuffix(word)
        hi = hi.removesuffix(word)
    chance = ", within chance" if part.is_noise else ""
    return f"{said} ({lo} to {hi}{chance})"


def _step(value: float, found: Change, form: Format) -> str:
    """Write a difference finely enough for the change it is a part of."""
    unit = found.metric.unit
    if unit is Unit.SHARE and 0 < abs(found.change) < 0.001:
        return form.change(value, Unit.RATE)
    return form.change(value, unit)


def _dimension(found: Why, labels: Labels) -> str:
    return " and ".join(_one_dimension(name, labels) for name in found.by)


def _one_dimension(name: str, labels: Labels) -> str:
    return JOURNEY if name == JOURNEY else labels.scheme(name).lower()


def _plural(word: str) -> str:
    if " and " in word:
        return f"pairs of {word}"
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2] not in "aeou" else f"{word}s"


def in_sentence(found: Named) -> str:
    """Write the name of the metric within a sentence; abbreviations keep their capitals."""
    label = found.metric.label
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def listed(pieces: Sequence[str]) -> str:
    """Write pieces as a list in a sentence."""
    if len(pieces) == 1:
        return pieces[0]
    return f"{', '.join(pieces[:-1])} and {pieces[-1]}"
