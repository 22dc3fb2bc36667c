"""Why a figure changed: sentences, its parts as a bridge, its cells, and where to look further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from cxdata.analysis.anatomy import anatomy
from cxdata.analysis.items import SMALL, Item
from cxdata.analysis.movement import BRIDGED, CHAINED
from cxdata.analysis.parts import Amount, Part
from cxdata.analysis.same_customers import PANELLED, SameCustomers, same_customers
from cxdata.analysis.why import Why
from cxdata.analysis.why import why as why_of
from cxdata.charts import bars, rows
from cxdata.charts.bridge import GAIN, LOSS, NOISE, bridge
from cxdata.charts.theme import Caption
from cxdata.metrics import metric as known_metric
from cxdata.model.errors import BadScope
from cxdata.model.evidence import Flag
from cxdata.model.format import Format
from cxdata.model.metric import Better, Unit
from cxdata.model.scope import Scope
from cxdata.panels import picture
from cxdata.panels.choices import Choices, Desk
from cxdata.panels.finding import in_sentence, unit_words
from cxdata.panels.picture import Column, Picture, say, say_change
from cxdata.query.cells import SEVERAL
from cxdata.query.statement import JOURNEY
from cxdata.story.same_customers import same_customers_sentence
from cxdata.story.why import amount, why_sentences

LINES: Final = "Its own parts"
"""Name of the split of a figure that has a bridge or a chain of factors of its own."""

ANSWERED: Final = ("(who answered)",)
"""In place of dimensions: the split of a score by who answered in both periods."""

_MOST: Final = 12
"""Cells that are drawn; the table has all of them."""

_FURTHER: Final = 4
"""Slices that are offered to be looked into."""


@dataclass(frozen=True)
class Narrower:
    """One slice of a split, as a reader names it: (dimension, code) pairs."""

    label: str
    within: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Explained:
    """A change taken apart. ``parts`` or ``cells`` is None where the split has none of them."""

    sentences: tuple[str, ...]
    parts: Picture | None
    cells: Picture | None
    further: tuple[Narrower, ...]


def can_be_explained(desk: Desk, name: str) -> bool:
    """Whether the data and the metric allow to take a change of it apart."""
    metric = known_metric(name)
    if desk.gate.missing(metric):
        return False
    try:
        anatomy(metric)
    except BadScope:
        return False
    return bool(splits(desk, name))


def splits(desk: Desk, name: str) -> dict[str, tuple[str, ...]]:
    """Return by what a change can be split, by the name to choose it by; () is its own parts."""
    metric, choices = known_metric(name), desk.choices
    found: dict[str, tuple[str, ...]] = {}
    if name in BRIDGED or name in CHAINED:
        found[LINES] = ()
    names = {code: shown for shown, code in choices.scheme_names.items()}
    found |= {names[scheme]: (scheme,) for scheme in choices.schemes}
    if name in PANELLED:
        found["By who answered"] = ANSWERED
    if not (metric.has_journey and choices.journeys):
        return found
    found["By journey"] = (JOURNEY,)
    if not anatomy(metric).is_whole_by_journey:
        found |= {
            f"By journey and {choices.labels.scheme(scheme).lower()}": (JOURNEY, scheme)
            for scheme in list(choices.schemes)[:1]
        }
    return found


def why(desk: Desk, scope: Scope, name: str, by: tuple[str, ...]) -> Explained:
    """Take the change of a figure apart.

    Raises:
        MissingTables: the data lack what the metric needs.
        BadScope: nothing to compare with, an unfinished period, or no split by that dimension.
    """
    form = desk.choices.format
    if by == ANSWERED:
        return _answered(desk, scope, name)
    found = why_of(desk.gate, name, scope, by or None)
    sentences = why_sentences(found, desk.choices.labels, form)
    return Explained(
        sentences,
        _parts(found, form) if found.parts else None,
        _cells(found, desk.choices) if len(found.items) > 1 else None,
        _further(found, desk.choices),
    )


def _answered(desk: Desk, scope: Scope, name: str) -> Explained:
    """Tell what the same customers changed, and what came with those who left, joined or did not.

    Raises:
        BadScope: a journey is chosen, or there is nothing to compare with.
    """
    form = desk.choices.format
    found = same_customers(desk.gate, name, scope)
    drawn = _parts(found, form) if found.parts else None
    return Explained((same_customers_sentence(found, form),), drawn, None, ())


def _parts(found: Why | SameCustomers, form: Format) -> Picture:
    """The bridge from the figure then to the figure now."""
    unit = found.metric.unit
    lines = parts_rows(found, form)
    drawn = [
        f"{found.metric.label}, {unit_words(found.metric, form)}",
        *(["thin line: 95 % interval"] if lines["lo"].notna().any() else ["full count"]),
        *(["grey: within chance"] if any(one.amount.is_noise for one in found.parts) else []),
    ]
    title = _parts_title(found, form)
    caption = Caption(title, "; ".join(drawn), f"{title}. {'. '.join(_said(lines))}.")
    levels = pd.Series([found.value0, found.value1])
    chart = bridge(
        lines,
        caption,
        number_format=picture.number_format(unit, levels),
        sign=picture.sign(form, unit),
    )
    rest = found.change - sum(part.amount.value for part in found.parts)
    left = {"line": "Left over", "value": round(rest, 9) + 0.0, "evidence": "exact split"}
    table = pd.concat([lines, pd.DataFrame([left])], ignore_index=True)
    columns = [
        Column("line", "Part"),
        Column("value", "Figure or change", unit),
        Column("lo", "Low (95 %)", unit),
        Column("hi", "High (95 %)", unit),
        Column("evidence", "Evidence"),
    ]
    return replace(picture.picture(chart, caption, table, columns), name=_file_name(found, "parts"))


def parts_rows(found: Why | SameCustomers, form: Format) -> pd.DataFrame:
    """Return the figure then, each part and the figure now, as a bridge draws them."""
    unit = found.metric.unit
    ends = [(found.against.label, found.value0), (found.scope.period.label, found.value1)]
    first, last = (
        {"line": label, "value": value, "is_total": True, "text": say(form, value, unit)}
        for label, value in ends
    )
    steps = [
        {
            "line": _short(part, found),
            "value": part.amount.value,
            "is_total": False,
            "text": say_change(form, part.amount.value, unit),
            "lo": part.amount.lo,
            "hi": part.amount.hi,
            "kind": _kind(part.amount, found),
            "evidence": _evidence(part.amount),
        }
        for part in found.parts
    ]
    frame = pd.DataFrame([first, *steps, last])
    numbers = {name: pd.to_numeric(frame[name]).astype(float) for name in ("lo", "hi")}
    return frame.assign(**numbers)


def _short(part: Part, found: Why | SameCustomers) -> str:
    """Name a part in as few words as stand below a bar."""
    if part.name == "rate":
        return f"{found.metric.label} itself"
    if part.name == "volume" and isinstance(found, Why):
        return f"Number of {found.per}"
    if part.name.startswith("mix"):
        by = part.name.removeprefix("mix").lstrip("_")
        mix = "Who answered" if found.metric.is_survey else "Mix"
        return f"{mix} by {by}" if by else mix
    return _BRIEF.get(part.name, part.label)


_BRIEF: Final = {"channel_mix": "Channels used", "unit_cost": "Cost of a contact"}


def _kind(found: Amount, why: Why | SameCustomers) -> str:
    """How a step is painted: for the better, for the worse, or within chance."""
    if found.is_noise:
        return NOISE
    if why.metric.better is Better.NEUTRAL:
        return NOISE
    is_good = (found.value >= 0) == (why.metric.better is Better.UP)
    return GAIN if is_good else LOSS


def _evidence(found: Amount) -> str:
    if found.lo is None:
        return "full count"
    return "within chance" if found.is_noise else "more than chance"


def _parts_title(found: Why | SameCustomers, form: Format) -> str:
    """Say the change and the part that brought most of it."""
    unit = found.metric.unit
    largest = max(found.parts, key=lambda part: abs(part.amount.value))
    step = say_change(form, found.change, unit)
    name = _short(largest, found)
    name = name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"
    return f"{found.metric.label} {step}: mostly {name}, {amount(largest.amount, found, form)}"


def _said(lines: pd.DataFrame) -> list[str]:
    return [f"{line} {text}" for line, text in zip(lines["line"], lines["text"], strict=True)]


def _cells(found: Why, choices: Choices) -> Picture:
    """What each slice brought to the change."""
    form, unit = choices.format, found.metric.unit
    frame = cells_rows(found, form)
    what = _what(found.by, choices)
    drawn = frame.head(_MOST)
    more = f"; {len(frame) - _MOST} more in the table" if len(frame) > _MOST else ""
    has_interval = frame["lo"].notna().any()
    subtitle = (
        f"What each {what} brought to {say_change(form, found.change, unit)}, together exactly"
        f" that; {'dot and 95 % interval' if has_interval else 'dot, full count'}{more}"
    )
    title = _cells_title(found, what, form)
    caption = Caption(title, subtitle, title)
    chart = bars.bars(
        drawn,
        caption,
        by="name",
        number_format=picture.number_format(unit, drawn["estimate"]),
        sign=picture.sign(form, unit),
        order=list(drawn["name"]),
        overall=0.0,
    )
    chosen = picture.picture(chart, caption, frame, _cell_columns(found, what))
    return replace(chosen, name=_file_name(found, f"by {what}"))


def cells_rows(found: Why, form: Format) -> pd.DataFrame:
    """Return a row a slice, the dearest first, as dots are drawn."""
    unit = found.metric.unit
    records = [
        {
            "name": item.label,
            "estimate": item.amount.value,
            "lo": item.amount.lo,
            "hi": item.amount.hi,
            "flag": Flag.OK.value,
            "text": say_change(form, item.amount.value, unit),
            "rate": item.rate.value,
            "mix": None if item.mix is None else item.mix.value,
            "volume": None if item.volume is None else item.volume.value,
            "then": item.value0,
            "now": item.value1,
            "share_then": item.share0,
            "share_now": item.share1,
            rows.IS_ASIDE: item.codes[0] in (SMALL, *rows.REST),
            "stands": _stands(item),
        }
        for item in found.items
    ]
    frame = pd.DataFrame(records)
    numeric = ("lo", "hi", "mix", "volume", "then", "now", "share_then", "share_now")
    return frame.assign(**{name: pd.to_numeric(frame[name]).astype(float) for name in numeric})


def _stands(item: Item) -> str:
    if item.rate.p is None:
        return "full count"
    return "stands out" if item.stands_out else "within chance"


def _cell_columns(found: Why, what: str) -> list[Column]:
    unit = found.metric.unit
    parts = [
        Column("rate", "By its own figure", unit),
        *([Column("mix", "By mix", unit)] if found.part("mix") or found.part("rate") else []),
        *([Column("volume", "By number", unit)] if found.part("volume") else []),
    ]
    return [
        Column("name", what[:1].upper() + what[1:]),
        Column("estimate", "Brought to the change", unit),
        Column("lo", "Low (95 %)", unit),
        Column("hi", "High (95 %)", unit),
        *parts,
        Column("then", found.against.label, unit),
        Column("now", found.scope.period.label, unit),
        Column("share_then", f"Share of {found.per or 'total'} then", Unit.SHARE),
        Column("share_now", "Share now", Unit.SHARE),
        Column("stands", "Evidence"),
    ]


def _cells_title(found: Why, what: str, form: Format) -> str:
    standing = [item for item in found.items if item.stands_out]
    looked = f"of {found.looked_at} looked at"
    if found.items[0].rate.p is not None and not standing:
        return f"No {what} stands out beyond chance, {looked}"
    named = [one for one in found.items if not set(one.codes) & {SMALL, *rows.REST}]
    best = (
        max(standing, key=lambda one: abs(one.rate.value))
        if standing
        else (named or found.items)[0]
    )
    step = amount(best.rate if standing else best.amount, found, form)
    return f"{best.label} brought most, {step}, {looked}"


def _what(by: Sequence[str], choices: Choices) -> str:
    names = [JOURNEY if name == JOURNEY else choices.labels.scheme(name).lower() for name in by]
    return " and ".join(names)


def _further(found: Why, choices: Choices) -> tuple[Narrower, ...]:
    """The slices worth looking into, those that stand out first."""
    ranked = sorted(found.items, key=lambda item: not item.stands_out)
    offered = [item for item in ranked if not set(item.codes) & {SMALL, SEVERAL, *rows.REST}]
    return tuple(
        Narrower(
            ", ".join(
                choices.names(name)[code] for name, code in zip(found.by, item.codes, strict=True)
            ),
            tuple(zip(found.by, item.codes, strict=True)),
        )
        for item in offered[:_FURTHER]
        if all(code in choices.names(name) for name, code in zip(found.by, item.codes, strict=True))
    )


def _file_name(found: Why | SameCustomers, how: str) -> str:
    return f"Why {in_sentence(found.metric)} changed {how}"
