"""Personal data noticed in a column: by its values, and where those cannot tell by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from cxdata.intake.values.identifiers import KINDS, TIGHT, is_card, spans, whole
from cxdata.intake.values.named import hints, words_of
from cxdata.intake.values.scan import Placed
from cxdata.intake.values.sql import literal
from cxdata.intake.values.writing import ColumnProfile

WORDS = {
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "card": "payment card numbers",
    "iban": "bank account numbers (IBAN)",
    "national_id": "national identity numbers",
    "name": "names of people",
    "address": "postal addresses",
    "birth_date": "dates of birth",
}
_DIALLED = re.compile(r"\+?[\d ()./-]{6,24}(?:\s?(?:x|ext\.?)\s?\d+)?")
_LOOKED_AT = 500
_LIKELY = 2000
_MOST = 0.5
_NEARLY_ALL = 0.8
_MANY = 3


@dataclass(frozen=True)
class Noticed:
    """The kind of a column that holds personal data, or ``text`` and the kinds it carries."""

    kind: str = ""
    kinds: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def notice(column: ColumnProfile, values: Sequence[str], suspects: Sequence[Placed]) -> Noticed:
    """Return the personal data of a column, from its different values and the suspect texts."""
    shown = list(dict.fromkeys([*values[:_LOOKED_AT], *(one.value for one in suspects)]))
    kind = _whole_column(column, values[:_LOOKED_AT] or shown)
    if kind:
        said = (
            f"{column.name}: holds {WORDS[kind]}, which are personal data; choose what becomes of "
            "them: keep, hash, mask or drop."
        )
        return Noticed(kind, (kind,), (said,))
    if column.writing.kind not in ("text", "id"):
        return Noticed()
    if column.writing.kind == "id":
        # Ids are long numbers, and a tenth of those looks like a card; e-mails stand out.
        shown = [text for text in shown if "@" in text]
    return within(column.name, shown, suspects)


def within(name: str, values: Sequence[str], placed: Sequence[Placed] = ()) -> Noticed:
    """Return the personal data that texts carry within them."""
    found = {kind for text in values for kind in {one.kind for one in spans(text)}}
    if not found:
        return Noticed()
    kinds = tuple(one for one in KINDS if one in found)
    first = next((one.line for one in placed if spans(one.value)), None)
    where = f" (first in line {first})" if first is not None else ""
    said = (
        f"{name}: texts carry {', '.join(WORDS[one] for one in kinds)}{where}, which are personal "
        "data; choose what becomes of them: keep, mask, hash or drop."
    )
    return Noticed("text", kinds, (said,))


def likely(
    connection: duckdb.DuckDBPyConnection, relation: str, place: int
) -> tuple[list[str], list[Placed]]:
    """Return the texts of a column that most likely carry personal data, with where they stand.

    For columns where many texts hold long digits, and the first of them were order numbers.
    """
    rows = connection.execute(
        f"SELECT _record, _line, c{place} FROM {relation} "
        f"WHERE regexp_matches(c{place}, {literal(TIGHT)}) LIMIT {_LIKELY}"
    ).fetchall()
    placed = [Placed(*row) for row in rows]
    return [one.value for one in placed], placed


def _whole_column(column: ColumnProfile, values: Sequence[str]) -> str:
    if not values or column.writing.kind in ("boolean", "empty", "percent", "score", "money"):
        return ""
    named = hints(column.name)
    kinds = [whole(text) for text in values]
    share = {kind: kinds.count(kind) / len(values) for kind in KINDS}
    for kind in ("email", "iban"):
        if share[kind] >= _MOST:
            return kind
    if _are_cards(values, named):
        return "card"
    if _are_phones(values, share["phone"], named, column):
        return "phone"
    return _by_name(column, values, named)


def _are_cards(values: Sequence[str], named: frozenset[str]) -> bool:
    share = sum(is_card(text) for text in values) / len(values)
    grouped = all(re.search(r"\d[ -]\d", text) for text in values)
    if "card" in named:
        return share >= _MOST
    return share >= 0.9 and (grouped or len(values) >= _MANY)


def _are_phones(
    values: Sequence[str], share: float, named: frozenset[str], column: ColumnProfile
) -> bool:
    if "phone" in named:
        dialled = [
            re.fullmatch(r"\+?[\d ()./-]{6,24}(?:\s?(?:x|ext\.?)\s?\d+)?", t) for t in values
        ]
        digits = [6 <= len(re.sub(r"\D", "", text)) <= 17 for text in values]
        good = sum(bool(one) and two for one, two in zip(dialled, digits, strict=True))
        return good / len(values) >= _MOST and column.writing.kind not in ("date", "timestamp")
    return "id" not in named and share >= _NEARLY_ALL


def _by_name(column: ColumnProfile, values: Sequence[str], named: frozenset[str]) -> str:
    texts = column.writing.kind == "text"
    if "national_id" in named and sum(bool(re.search(r"\d{3}", t)) for t in values) >= (
        _MOST * len(values)
    ):
        return "national_id"
    if "person" in named and texts and not any(re.search(r"\d{2}", text) for text in values):
        return "name"
    wired = {"ip", "mac", "url", "web", "site", "email"}
    if "address" in named and texts and not wired & set(words_of(column.name)):
        return "address"
    return "birth_date" if "birth" in named and column.writing.kind == "date" else ""
