"""Pictures of a change taken apart: the bridge of its parts, and what each slice brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from cxdata.analysis.items import SMALL, Item
from cxdata.analysis.parts import Amount, Part
from cxdata.analysis.same_customers import SameCustomers
from cxdata.analysis.why import Why
from cxdata.charts import bars, rows
from cxdata.charts.bridge import GAIN, LOSS, NOISE, bridge, is_cut
from cxdata.charts.theme import Caption
from cxdata.model.evidence import Flag
from cxdata.model.format import Format
from cxdata.model.metric import Better, Unit
from cxdata.panels import picture
from cxdata.panels.choices import Choices
from cxdata.panels.finding import in_sentence, unit_words
from cxdata.panels.picture import Column, Picture, say, say_change
from cxdata.query.statement import JOURNEY
from cxdata.story.why import amount, heads, rate_words

_MOST: Final = 12
"""Cells that are drawn; the table has all of them."""


def parts_picture(found: Why | SameCustomers, form: Format) -> Picture:
    """The bridge from the figure then to the figure now."""
    unit = found.metric.unit
    lines = parts_rows(found, form)
    seen = _seen(lines)
    drawn = [
        f"{found.metric.label}, {unit_words(found.metric, form)}",
        *(["bars do not begin at 0"] if is_cut(seen) else []),
        *(["thin line: 95 % interval"] if lines["lo"].notna().any() else ["full count"]),
        *(["grey: within chance"] if any(one.amount.is_noise for one in found.parts) else []),
    ]
    title = _parts_title(found, form)
    caption = Caption(title, "; ".join(drawn), f"{title}. {'. '.join(_said(lines))}.")
    levels = pd.Series([found.value0, found.value1])
    chart = bridge(
        seen,
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


def _seen(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines that are drawn: one that moved nothing by full count stands in the table alone."""
    is_nothing = ~lines["is_total"].astype(bool) & (lines["value"] == 0) & lines["lo"].isna()
    return lines.loc[~is_nothing].reset_index(drop=True)


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
        words = rate_words(found) if isinstance(found, Why) else f"{found.metric.label} itself"
        return f"{words[:1].upper()}{words[1:]}"
    if part.name == "volume" and isinstance(found, Why):
        return f"Number of {heads(found)}"
    if part.name.startswith("mix"):
        by = part.name.removeprefix("mix").lstrip("_")
        mix = "Who answered" if found.metric.is_survey else "Mix"
        return f"{mix} by {by}" if by else mix
    return _BRIEF.get(part.name, part.label)


_BRIEF: Final = {
    "contact_rate": "How often",
    "channel_mix": "Channel",
    "unit_cost": "Cost each",
    "direct": "Other direct",
}
"""Lines of the chain of costs, in words that stand side by side on a phone."""


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
    name = largest.label if largest.name in _BRIEF else _short(largest, found)
    name = name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"
    return f"{found.metric.label} {step}: mostly {name}, {amount(largest.amount, found, form)}"


def _said(lines: pd.DataFrame) -> list[str]:
    return [f"{line} {text}" for line, text in zip(lines["line"], lines["text"], strict=True)]


def cells_picture(found: Why, choices: Choices) -> Picture:
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
    if standing:
        return f"Within {best.label} it moved most by itself, {step}, {looked}"
    return f"{best.label} brought most, {step}, {looked}"


def _what(by: Sequence[str], choices: Choices) -> str:
    names = [JOURNEY if name == JOURNEY else choices.labels.scheme(name).lower() for name in by]
    return " and ".join(names)


def _file_name(found: Why | SameCustomers, how: str) -> str:
    return f"Why {in_sentence(found.metric)} changed {how}"
