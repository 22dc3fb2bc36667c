"""How the numbers of a column are written: decimal sign, groups, currency, percent, scores."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from cxdata.intake.question import Question
from cxdata.intake.values.currencies import SHARED, currency_of
from cxdata.intake.values.decision import Decision, key, quoted
from cxdata.intake.values.facts import Facts
from cxdata.intake.values.house import House, decimal_votes
from cxdata.intake.values.numbers import Number, labelled, number
from cxdata.intake.values.writing import Writing

_LONGEST_EXACT = 15
"""Most digits that a spreadsheet, or a double, keeps."""

NPS_RANGE = (0.0, 10.0)


def decide_numbers(column: Facts, house: House) -> Decision:
    """Return how the numbers of a column are written; its other values are not looked at."""
    shown = dict(column.numbers)
    for text, count in column.labels.items():
        inner = number(labelled(text) or "")
        if inner:
            shown[text] = (inner, count)
    labelled_column = replace_numbers(column, shown)
    decision = Decision(Writing("integer"))
    _decimal(labelled_column, house, decision)
    _signs(labelled_column, house, decision)
    _kind(labelled_column, decision)
    _percent(labelled_column, house, decision)
    _score(labelled_column, decision)
    return decision


def replace_numbers(column: Facts, numbers: dict[str, tuple[Number, float]]) -> Facts:
    """Return a column's facts with other numbers."""
    return replace(column, numbers=numbers)


def _decimal(column: Facts, house: House, decision: Decision) -> None:
    votes = decimal_votes(column)
    unclear = {text: one for text, (one, _) in column.numbers.items() if one.unclear}
    chosen = house.choice(column.name, "decimal")
    decimal = chosen or house.decimal or "."
    if chosen is None and votes["."] != votes[","]:
        decimal = max(votes, key=lambda mark: votes[mark])
        _note_other_sign(column, votes, decimal, decision)
    elif chosen is None and votes["."]:
        _ask(column, decision, decimal, "both are used", _proofs(column))
    elif chosen is None and unclear and house.decimal:
        decision.notes.append(
            f"{column.name}: {quoted(unclear)} could be read in two ways; the decimal sign is "
            f"{house.decimal!r}, as {house.decimal_from} shows."
        )
    elif chosen is None and unclear:
        decision.unclear = "decimal"
        _ask(column, decision, decimal, "nothing else in the extract decides", list(unclear))
    decision.writing = replace(
        decision.writing,
        decimal=decimal,
        thousands=_groups(column, decimal),
        negative=_negatives(column),
    )


def _ask(column: Facts, decision: Decision, decimal: str, why: str, shown: list[str]) -> None:
    example = shown[0]
    inner = number(example)
    ways = ((".", f"{example} with a decimal point"), (",", f"{example} with a decimal comma"))
    if inner is not None and inner.unclear:
        digits = example.split(inner.unclear)
        other = "," if inner.unclear == "." else "."
        meant = {
            inner.unclear: f"{inner.unclear!r} is the decimal sign: {example} is "
            f"{digits[0]} and a fraction",
            other: f"{inner.unclear!r} separates thousands: {example} is {''.join(digits)}",
        }
        ways = ((".", meant["."]), (",", meant[","]))
    decision.questions.append(
        Question(
            key=key(column, "decimal"),
            asks=f"{column.name}: what is the decimal sign, where {example} may be a thousand or "
            f"a fraction?",
            default=decimal,
            options=ways,
            evidence=f"{quoted(shown)}; {why}",
        )
    )


def _proofs(column: Facts) -> list[str]:
    marks: dict[str, str] = {}
    for text, (one, _) in column.numbers.items():
        if one.decimal:
            marks.setdefault(one.decimal, text)
    return list(marks.values()) or list(column.numbers)[:2]


def _note_other_sign(
    column: Facts, votes: dict[str, float], decimal: str, decision: Decision
) -> None:
    other = "," if decimal == "." else "."
    if votes[other]:
        decision.notes.append(
            f"{column.name}: the decimal sign is {decimal!r}; the fewer values that prove "
            f"{other!r} do not fit and are set aside."
        )


def _groups(column: Facts, decimal: str) -> str:
    marks = {one.group: None for one, _ in column.numbers.values() if one.group}
    marks |= {one.unclear: None for one, _ in column.numbers.values() if one.unclear}
    return "".join(mark for mark in marks if mark != decimal)


def _negatives(column: Facts) -> tuple[str, ...]:
    ways = {one.negative for one, _ in column.numbers.values() if one.negative}
    return tuple(dict.fromkeys(["-", *sorted(ways)]))


def _signs(column: Facts, house: House, decision: Decision) -> None:
    counts: dict[str, float] = defaultdict(float)
    signs: dict[str, list[str]] = defaultdict(list)
    for one, count in column.numbers.values():
        if one.sign:
            currency = currency_of(one.sign) or one.sign
            counts[currency] += count
            if one.sign not in signs[currency]:
                signs[currency].append(one.sign)
    stated = house.choice(column.name, "currency")
    if not counts:
        return
    _merge_shared(counts, signs)
    default = max(counts, key=lambda currency: counts[currency])
    currency = stated if stated in counts else default
    if len(counts) > 1 and stated is None:
        options = tuple((one, f"amounts in {one} are taken, others set aside") for one in counts)
        decision.questions.append(
            Question(
                key=key(column, "currency"),
                asks=f"{column.name} holds more than one currency ({', '.join(counts)}), which are "
                "never added up: which one is meant?",
                default=default,
                options=options,
                evidence=", ".join(f"{one}: {number:.0f} values" for one, number in counts.items()),
            )
        )
    code = stated or (currency if len(currency) == 3 and currency.isupper() else "")
    decision.writing = replace(
        decision.writing, kind="money", currency=code, signs=tuple(signs[currency])
    )
    shared = [one for one in signs[currency] if one in SHARED]
    if shared and stated is None and len(signs[currency]) == 1:
        decision.notes.append(
            f"{column.name}: {shared[0]} is the sign of {', '.join(SHARED[shared[0]])}"
            + (f"; it is taken as {code}." if code else "; state the currency.")
        )


def _merge_shared(counts: dict[str, float], signs: dict[str, list[str]]) -> None:
    """A sign of several currencies beside one of their codes means that code: ``kr`` and SEK."""
    for sign, currencies in SHARED.items():
        said = next((one for one, seen in signs.items() if seen == [sign]), None)
        beside = [one for one in currencies if one in counts and one != said]
        if said is not None and sign == "kr" and len(beside) == 1:
            counts[beside[0]] += counts.pop(said)
            signs[beside[0]] += signs.pop(said)


def _kind(column: Facts, decision: Decision) -> None:
    writing = decision.writing
    if writing.kind == "money":
        return
    found = [one for one, _ in column.numbers.values()]
    fraction = any(one.decimal or one.power for one in found)
    fraction = fraction or any(one.unclear == writing.decimal for one in found)
    decision.writing = replace(writing, kind="decimal" if fraction else "integer")


def _percent(column: Facts, house: House, decision: Decision) -> None:
    signed = [text for text, (one, _) in column.numbers.items() if one.percent]
    bare = [text for text, (one, _) in column.numbers.items() if not one.percent]
    if not signed:
        return
    chosen = house.choice(column.name, "percent")
    decision.writing = replace(decision.writing, kind="percent", bare=chosen or "percent")
    if not bare and chosen is None:
        decision.unclear = decision.unclear or "percent"
    if bare and chosen is None:
        example = bare[0]
        decision.questions.append(
            Question(
                key=key(column, "percent"),
                asks=f"{column.name}: is {example}, without a percent sign, a percentage like "
                f"{signed[0]}?",
                default="percent",
                options=(
                    ("percent", f"{example} means {example}%"),
                    ("rate", f"{example} is a rate as it stands"),
                ),
                evidence=f"with the sign: {quoted(signed)}; without: {quoted(bare)}",
            )
        )


def _score(column: Facts, decision: Decision) -> None:
    score = "score" in column.hints and "date" not in column.hints
    whole = {one.digits <= 2 for one, _ in column.numbers.values()} == {True}
    if column.labels:
        decision.writing = replace(decision.writing, kind="score")
    if score and whole and decision.writing.kind in ("integer", "decimal", "score"):
        decision.writing = replace(
            decision.writing, kind="score", low=NPS_RANGE[0], high=NPS_RANGE[1]
        )


def looks_like_ids(column: Facts) -> bool:
    """Return whether digits are names of things: zeros in front, or more than a number keeps."""
    found = [one for one, _ in column.numbers.values()]
    if not all(one.plain for one in found if not one.power):
        return False
    if any(one.leading_zero or one.digits > _LONGEST_EXACT for one in found):
        return True
    return "id" in column.hints and "number" not in column.hints and not ruined(column)


def ruined(column: Facts) -> list[str]:
    """Return long ids that a spreadsheet has cut to six digits, such as ``1.23457E+15``."""
    cut = [
        text
        for text, (one, _) in column.numbers.items()
        if one.power[:2] in ("E+", "e+") and int(one.power[2:]) >= 11
    ]
    small = any(one.decimal and not one.power for one, _ in column.numbers.values())
    return [] if small else cut


def decide_ruined(column: Facts, cut: list[str], house: House) -> Decision:
    """Ask about ids that a spreadsheet has cut; as they stand, they collide."""
    chosen = house.choice(column.name, "ruined")
    if chosen == "number":
        return decide_numbers(column, house)
    decision = Decision(Writing("id"))
    if chosen is None:
        decision.questions.append(
            Question(
                key=key(column, "ruined"),
                asks=f"{column.name}: values such as {cut[0]} (E+) are long ids that a spreadsheet "
                "has cut, so that different ids collide. Export them anew as text?",
                default="text",
                options=(
                    ("text", "keep what is written as the id, though different ids are one now"),
                    ("number", "they are measurements, not ids"),
                ),
                evidence=f"{len(cut)} different values with E+, such as {quoted(cut)}",
            )
        )
    return decision
