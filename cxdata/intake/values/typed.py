"""Texts as typed values by one SQL expression a column."""

from __future__ import annotations

from dataclasses import replace

from cxdata.intake.values.date_sql import date_sql, instant_sql
from cxdata.intake.values.numbers import number_pattern, plain_sql, trimmed
from cxdata.intake.values.sql import SQL_TYPES, any_of, literal
from cxdata.intake.values.words import ERROR_PATTERN, NO, YES
from cxdata.intake.values.writing import Writing

_SCALES = {"MONEY": 2, "UCOST": 4}
_LABEL = r"^([+-]?\d+(?:[.,]\d+)?)\s*[-–—:=.)(|]\s*[^\d\s]"


def present(text: str, writing: Writing) -> str:
    """Return SQL for a cell without spaces around it, NULL where the column calls it missing."""
    bare = trimmed(text)
    return f"CASE WHEN {bare} IN ({any_of(writing.missing or ('',))}) THEN NULL ELSE {bare} END"


def typed(text: str, logical: str, writing: Writing) -> str:
    """Return SQL for a present text as a value of a logical type, NULL where it does not fit.

    Amounts are exact: one with more decimals than the type holds does not fit, and is never
    rounded. A local time that its zone's clock skips does not fit.
    """
    if logical in _SCALES:
        scale = _SCALES[logical]
        return _number(text, writing, f"DECIMAL(18, {scale})", scale)
    if logical == "INT":
        return _number(text, writing, "INTEGER", 0)
    if logical == "NUM":
        return _number(text, writing, "DOUBLE", None)
    if logical == "DATE":
        return date_sql(text, _dated(writing))
    if logical == "TS":
        return instant_sql(text, _dated(writing))
    if logical == "BOOL":
        return _boolean(text, writing)
    return f"CASE WHEN {is_error(text)} THEN NULL ELSE {text} END"


def is_error(text: str) -> str:
    """Return SQL that is true for what a spreadsheet writes where a formula failed."""
    begins = f"starts_with({text}, '#') OR starts_with({text}, 'Err:')"
    return f"(({begins}) AND regexp_full_match({text}, {literal(ERROR_PATTERN)}))"


def number_text(text: str, writing: Writing) -> str:
    """Return SQL for a number of any size as plain digits, exact, NULL where it is none."""
    source = scored(text) if writing.kind == "score" else text
    fits = f"regexp_full_match({source}, {literal(number_pattern(writing, power=True))})"
    return f"CASE WHEN {fits} THEN {_shifted(source, writing)} END"


def scored(text: str) -> str:
    """Return SQL for the number of an answer such as ``9 - Very satisfied``, or the text."""
    return (
        f"CASE WHEN regexp_matches({text}, {literal(_LABEL)}) "
        f"THEN regexp_extract({text}, {literal(_LABEL)}, 1) ELSE {text} END"
    )


def _number(text: str, writing: Writing, sql_type: str, scale: int | None) -> str:
    source = scored(text) if writing.kind == "score" else text
    if writing.kind != "percent" or writing.bare == "rate":
        rate = _fitting(source, replace(writing, kind="decimal"), sql_type, scale)
        if writing.kind != "percent":
            return rate
        share = _fitting(source, replace(writing, bare="percent"), sql_type, scale)
        return f"CASE WHEN contains({source}, '%') THEN {share} ELSE {rate} END"
    return _fitting(source, writing, sql_type, scale)


def _fitting(source: str, writing: Writing, sql_type: str, scale: int | None) -> str:
    decimals = scale - 2 if writing.kind == "percent" and scale is not None else scale
    pattern = number_pattern(writing, decimals, power=scale is None)
    value = f"TRY_CAST({_shifted(source, writing)} AS {sql_type})"
    fits = f"regexp_full_match({source}, {literal(pattern)})"
    if scale is None:
        # A number beyond the range of doubles reads as infinite, which nobody wrote.
        value = f"nullif(nullif({value}, 'inf'::DOUBLE), '-inf'::DOUBLE)"
    return f"CASE WHEN {fits} THEN {value} END"


def _shifted(source: str, writing: Writing) -> str:
    """Return a fitting number's digits; a percentage is a hundredth, by its exponent."""
    plain = plain_sql(source, writing)
    if writing.kind != "percent":
        return plain
    if writing.bare == "rate":
        return f"({plain}) || CASE WHEN contains({source}, '%') THEN 'e-2' ELSE '' END"
    return f"({plain}) || 'e-2'"


def _boolean(text: str, writing: Writing) -> str:
    yes = writing.yes or YES
    no = writing.no or NO
    return (
        f"CASE WHEN lower({text}) IN ({any_of([one.lower() for one in yes])}) THEN true "
        f"WHEN lower({text}) IN ({any_of([one.lower() for one in no])}) THEN false END"
    )


_USUAL = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z")


def _dated(writing: Writing) -> Writing:
    """Return the writing with ISO formats where none were seen."""
    return writing if writing.date_formats else replace(writing, date_formats=_USUAL)


__all__ = ["SQL_TYPES", "number_text", "present", "scored", "typed"]
