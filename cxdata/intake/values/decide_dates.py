"""How the dates and times of a column are written: order, formats, zone, serials and epochs."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from cxdata.intake.question import Question
from cxdata.intake.values.dates import dated
from cxdata.intake.values.decision import Decision, key, quoted
from cxdata.intake.values.facts import Facts
from cxdata.intake.values.house import House, order_votes
from cxdata.intake.values.numbers import Number
from cxdata.intake.values.writing import Writing

_SERIALS = (20_000, 60_000)
"""Days since 1899-12-30 from 1954 to 2064."""


@dataclass(frozen=True)
class Counted:
    """Numbers that may be dates, by what they may count."""

    serials: tuple[str, ...]
    seconds: tuple[str, ...]
    milliseconds: tuple[str, ...]
    compact: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return all of them."""
        return (*self.serials, *self.seconds, *self.milliseconds, *self.compact)


def counted(column: Facts) -> Counted:
    """Return the numbers of a column that may be serials of a spreadsheet, epochs or dates."""
    found: dict[str, list[str]] = defaultdict(list)
    for text, (one, _) in column.numbers.items():
        kind = _counts(text, one)
        if kind:
            found[kind].append(text)
    return Counted(*(tuple(found[one]) for one in ("serial", "seconds", "milliseconds", "compact")))


def _counts(text: str, one: Number) -> str:
    if one.power or one.group or one.sign or one.percent or one.negative or one.unclear:
        return ""
    if dated(text):
        return "compact"
    value = float(text.replace(",", "."))
    if _SERIALS[0] <= value <= _SERIALS[1]:
        return "serial"
    if one.whole and len(text) == 10 and text[0] in "12":
        return "seconds"
    if one.whole and len(text) == 13 and text[0] in "12":
        return "milliseconds"
    return ""


def decide_dates(column: Facts, house: House) -> Decision:
    """Return how the dates of a column are written; its other values are not looked at."""
    decision = Decision(Writing("date"))
    order = _order(column, house, decision)
    formats: dict[str, float] = defaultdict(float)
    for shown, count in column.dates.values():
        if not (shown.month_first if order == "day" else shown.day_first):
            formats[_in_order(shown.formats, order)] += count
    numbers = counted(column)
    formats |= _numbers(column, numbers, house, decision)
    stated = house.choice(column.name, "date_formats")
    ranked = stated or sorted(formats, key=lambda one: -formats[one])
    timed = any(shown.time for shown, _ in column.dates.values())
    timed = timed or any(one.startswith("epoch") for one in ranked)
    fractions = any("." in one or "," in one for one in numbers.serials)
    if numbers.serials and not fractions:
        decision.unclear = decision.unclear or "serial"
    timed = timed or fractions
    decision.writing = replace(
        decision.writing,
        kind="timestamp" if timed else "date",
        date_formats=tuple(ranked),
        decimal="," if any("," in one for one in numbers.serials) else ".",
        zone=_zone(column, house, decision) if timed else str(house.choices.get("zone", "UTC")),
    )
    if any("%" in one and not {"%d", "%G"} & set(re.findall("%.", one)) for one in ranked):
        decision.notes.append(f"{column.name}: months are taken as their first day.")
    if any("%y" in one for one in ranked):
        decision.notes.append(f"{column.name}: years of two digits are taken as 1969 to 2068.")
    return decision


def _in_order(formats: tuple[str, ...], order: str) -> str:
    if len(formats) == 1:
        return formats[0]
    return formats[1] if order == "month" else formats[0]


def _order(column: Facts, house: House, decision: Decision) -> str:
    """Return ``day`` or ``month``, whichever comes first; asked where nothing proves it."""
    votes = order_votes(column)
    unclear = [text for text, (one, _) in column.dates.items() if one.unclear]
    chosen = house.choice(column.name, "date_order")
    if chosen is not None:
        return "month" if str(chosen).startswith("m") else "day"
    if votes["day"] and votes["month"]:
        return _both_orders(column, votes, decision)
    if votes["day"] or votes["month"]:
        return "day" if votes["day"] else "month"
    dotted = all("." in one.split(" ")[0] for one in unclear)
    if not unclear or dotted:
        return "day"
    if house.order:
        decision.notes.append(
            f"{column.name}: no value proves whether the day or the month comes first; it is "
            f"taken as in {house.order_from}, the {house.order} first."
        )
        return house.order
    decision.unclear = "order"
    default = "month" if house.american else "day"
    _ask_order(column, decision, default, unclear, "every day is 12 or less")
    return default


def _both_orders(column: Facts, votes: dict[str, float], decision: Decision) -> str:
    proofs = {
        order: [text for text, (one, _) in column.dates.items() if getattr(one, f"{order}_first")]
        for order in votes
    }
    order = max(votes, key=lambda one: votes[one])
    other = "month" if order == "day" else "day"
    if votes["day"] == votes["month"]:
        evidence = f"the day stands first in {proofs['day'][0]}, the month in {proofs['month'][0]}"
        _ask_order(column, decision, order, [proofs["day"][0], proofs["month"][0]], evidence)
    else:
        decision.notes.append(
            f"{column.name}: the {order} comes first, as {proofs[order][0]} proves; the fewer "
            f"values with the {other} first, such as {proofs[other][0]}, are set aside."
        )
    return order


def _ask_order(
    column: Facts, decision: Decision, default: str, shown: list[str], evidence: str
) -> None:
    decision.questions.append(
        Question(
            key=key(column, "date_order"),
            asks=f"{column.name}: is {shown[0]} written day first or month first?",
            default=default,
            options=(("day", "day first"), ("month", "month first")),
            evidence=f"{quoted(shown)}: {evidence}",
        )
    )


def _numbers(column: Facts, numbers: Counted, house: House, decision: Decision) -> dict[str, float]:
    found: dict[str, float] = {}
    weights = {text: count for text, (_, count) in column.numbers.items()}
    if numbers.serials:
        found[_serial(column, numbers, house, decision)] = sum(weights[t] for t in numbers.serials)
    if numbers.seconds or numbers.milliseconds:
        _ask_epoch(column, numbers, house, decision)
    if numbers.seconds:
        found["epoch-s"] = sum(weights[text] for text in numbers.seconds)
    if numbers.milliseconds:
        found["epoch-ms"] = sum(weights[text] for text in numbers.milliseconds)
    return found


def _serial(column: Facts, numbers: Counted, house: House, decision: Decision) -> str:
    chosen = house.choice(column.name, "serial")
    if chosen is None:
        decision.questions.append(
            Question(
                key=key(column, "serial"),
                asks=f"{column.name}: are numbers such as {numbers.serials[0]} dates as a "
                "spreadsheet counts them (serial numbers, days since 1900)?",
                default="excel",
                options=(
                    ("excel", "days since 1900, as Excel counts"),
                    ("excel-1904", "days since 1904, as Excel for Mac once counted"),
                    ("number", "plain numbers"),
                ),
                evidence=f"{quoted(numbers.serials)} in a column of dates",
            )
        )
    return "excel-1904" if chosen == "excel-1904" else "excel"


def _ask_epoch(column: Facts, numbers: Counted, house: House, decision: Decision) -> None:
    if house.choice(column.name, "epoch") is not None:
        return
    example = (numbers.seconds or numbers.milliseconds)[0]
    unit = "seconds" if numbers.seconds else "milliseconds"
    if numbers.seconds and numbers.milliseconds:
        unit = "seconds (10 digits) and milliseconds (13 digits)"
    decision.questions.append(
        Question(
            key=key(column, "epoch"),
            asks=f"{column.name}: are numbers such as {example} times as computers count them "
            f"(epoch, {unit} since 1970)?",
            default="epoch",
            options=(("epoch", f"{unit} since 1970"), ("number", "plain numbers")),
            evidence=f"{quoted(numbers.seconds + numbers.milliseconds)} in a column of times",
        )
    )


def _zone(column: Facts, house: House, decision: Decision) -> str:
    """Return the zone of times without an offset; "" where others have one and none is stated."""
    stated = house.choice(column.name, "zone")
    with_offset = [text for text, (one, _) in column.dates.items() if one.offset]
    naive = [text for text, (one, _) in column.dates.items() if one.time and not one.offset]
    if stated:
        return str(stated)
    if with_offset and naive:
        decision.notes.append(
            f"{column.name}: times without an offset, such as {naive[0]}, stand beside others with "
            f"one, such as {with_offset[0]}; they are set aside until their zone is stated "
            "(zone=Europe/Paris)."
        )
        return ""
    if naive:
        decision.notes.append(
            f"{column.name}: times such as {naive[0]} carry no zone and are taken as UTC; "
            "state another with zone=Europe/Paris."
        )
    return "UTC"
