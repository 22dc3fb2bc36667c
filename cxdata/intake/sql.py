"""Texts turned into typed values by SQL expressions of the embedded engine.

Each function returns an expression that is NULL where the text does not fit, so that a record
that fails can be told from one whose value is missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cxdata.intake.recipe import Layout
from cxdata.intake.values.sql import SQL_TYPES, any_of, constant, literal, snake_case

__all__ = [
    "SQL_TYPES",
    "Notation",
    "any_of",
    "constant",
    "literal",
    "local_date",
    "snake_case",
    "typed",
]

_SCALES = {"MONEY": 2, "UCOST": 4}
_YES = ("true", "t", "yes", "y", "1")
_NO = ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class Notation:
    """How numbers, dates and instants are written."""

    decimal: str
    thousands: str
    dates: tuple[str, ...]
    timestamps: tuple[str, ...]
    zone: str

    @classmethod
    def of(cls, layout: Layout, formats: tuple[str, ...], kind: str) -> Notation:
        """Return the layout's notation, with a column's own formats in place of its own."""
        layout = layout.settled
        return cls(
            decimal=layout.decimal,
            thousands=layout.thousands,
            dates=formats if formats and kind == "DATE" else layout.dates,
            timestamps=formats if formats and kind == "TS" else layout.timestamps,
            zone=layout.zone,
        )


def typed(text: str, logical: str, notation: Notation) -> str:
    """Return the text as a value of a logical type, NULL where it does not fit."""
    if logical in _SCALES:
        return _decimal(text, _SCALES[logical], notation)
    if logical == "INT":
        return _whole(text, notation)
    if logical == "NUM":
        return _number(text, notation)
    if logical == "DATE":
        return _date(text, notation.dates)
    if logical == "TS":
        return _instant(text, notation)
    if logical == "BOOL":
        return (
            f"CASE WHEN lower({text}) IN ({any_of(_YES)}) THEN true "
            f"WHEN lower({text}) IN ({any_of(_NO)}) THEN false END"
        )
    return text


def local_date(text: str, notation: Notation) -> str:
    """Return the business date of an instant written as text, in the stated zone."""
    return f"CAST(timezone({literal(notation.zone)}, {_instant(text, notation)}) AS DATE)"


def _decimal(text: str, scale: int, notation: Notation) -> str:
    """An exact amount; one with more decimals than the type holds does not fit, never rounds."""
    plain = _plain(text, notation)
    return (
        f"CASE WHEN {_is_number(text, notation)} "
        rf"AND regexp_full_match({plain}, '[+-]?\d*(\.\d{{0,{scale}}}0*)?') "
        f"THEN TRY_CAST({plain} AS DECIMAL(18, {scale})) END"
    )


def _whole(text: str, notation: Notation) -> str:
    plain = _plain(text, notation)
    return (
        f"CASE WHEN {_is_number(text, notation)} "
        rf"AND regexp_full_match({plain}, '[+-]?\d+(\.0*)?') "
        f"THEN TRY_CAST({plain} AS INTEGER) END"
    )


def _number(text: str, notation: Notation) -> str:
    return (
        f"CASE WHEN {_is_number(text, notation, exponent=True)} "
        f"THEN TRY_CAST({_plain(text, notation)} AS DOUBLE) END"
    )


def _is_number(text: str, notation: Notation, exponent: bool = False) -> str:
    sign, mark, group = "[+-]?", re.escape(notation.decimal), re.escape(notation.thousands)
    whole = rf"(\d+|\d{{1,3}}({group}\d{{3}})+)" if group else r"\d+"
    power = r"([eE][+-]?\d+)?" if exponent else ""
    pattern = rf"{sign}({whole}({mark}\d*)?|{mark}\d+){power}"
    return f"regexp_full_match({text}, {literal(pattern)})"


def _plain(text: str, notation: Notation) -> str:
    plain = text
    if notation.thousands:
        plain = f"replace({plain}, {literal(notation.thousands)}, '')"
    if notation.decimal != ".":
        plain = f"replace({plain}, {literal(notation.decimal)}, '.')"
    return plain


def _date(text: str, formats: Sequence[str]) -> str:
    tried = ", ".join(f"try_strptime({text}, {literal(one)})" for one in formats)
    return _believable(f"CAST(coalesce({tried}) AS DATE)")


def _instant(text: str, notation: Notation) -> str:
    """An instant; a local time that the clock skips in the stated zone does not fit."""
    return (
        f"coalesce({', '.join(_one_instant(text, one, notation) for one in notation.timestamps)})"
    )


def _one_instant(text: str, written: str, notation: Notation) -> str:
    read = f"try_strptime({text}, {literal(written)})"
    if "%z" in written:
        return _believable(read)
    zone = literal(notation.zone)
    instant = f"timezone({zone}, {read})"
    return _believable(f"CASE WHEN timezone({zone}, {instant}) = {read} THEN {instant} END")


def _believable(value: str) -> str:
    """Refuse years that only a slip or a placeholder gives."""
    return f"CASE WHEN year({value}) BETWEEN 1900 AND 2199 THEN {value} END"
