"""One pass over all records: which values do not fit how their column was judged to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from cxdata.intake.values.date_sql import date_sql, instant_sql
from cxdata.intake.values.decision import Decision
from cxdata.intake.values.numbers import number_pattern, trimmed
from cxdata.intake.values.sql import any_of, literal
from cxdata.intake.values.typed import is_error, scored, typed
from cxdata.intake.values.words import (
    ALWAYS_MISSING,
    ERROR_PATTERN,
    PERHAPS_MISSING,
    SPACES,
)
from cxdata.intake.values.writing import NUMBERS, TEXTS, Writing

FIRST = 100
"""Values of each sort that are kept with where they stand."""

COUNTED = 1_000_000
"""Records whose different values are counted."""

_AT_ONCE = 50
"""Columns of one query; the engine plans thousands of them at once slowly."""

_ALIKE = 4
"""Columns that are written alike and are worth a query of their own."""

_BELOW = 500
"""Columns that are looked at one below the other at once; each record is held so many times."""

_FITS, _BLANK, _MISSING, _MISFIT, _TELLING, _PERSONAL = range(6)

_LONGEST_WORD = max(len(one) for one in (*ALWAYS_MISSING, *PERHAPS_MISSING))

SUSPECT = r"\+?\d(?:[ ()./-]{0,2}\d){6}|[A-Z]{2}\d{2} ?[A-Z0-9]{4}"
"""What may be a phone, a card or an account number within a text."""


_SHORTEST_DATUM = 7
_FRACTION = r"\d+[.,]\d+"


@dataclass(frozen=True)
class Placed:
    """A value with where it stands."""

    record: int
    line: int
    value: str


@dataclass(frozen=True)
class Scan:
    """What all records show of one column.

    ``telling`` are values that fit and settle what was unclear, ``suspects`` texts that may
    carry personal data; each is the first of its count.
    """

    filled: int
    missing: int
    misfit_count: int
    misfits: tuple[Placed, ...]
    telling_count: int
    telling: tuple[Placed, ...]
    suspect_count: int
    suspects: tuple[Placed, ...]
    distinct: int


def scan(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[int, Decision]]
) -> Iterator[tuple[int, Scan]]:
    """Hold each column's writing against every record; columns are ``(place, decision)``.

    In a wide table columns that are written alike share one expression.
    """
    rest = list(columns)
    if len(columns) > _AT_ONCE:
        alike: dict[tuple[Writing, str], list[tuple[int, Decision]]] = {}
        for place, decision in columns:
            alike.setdefault((decision.writing, decision.unclear), []).append((place, decision))
        rest = [one for group in alike.values() if len(group) < _ALIKE for one in group]
        for group in alike.values():
            if len(group) >= _ALIKE:
                yield from _scan_alike(connection, relation, group)
    for start in range(0, len(rest), _AT_ONCE):
        part = rest[start : start + _AT_ONCE]
        row = connection.execute(_query(relation, part)).fetchone() or ()
        for number, (place, decision) in enumerate(part):
            counts = row[1 + number * _WIDTH : 1 + (number + 1) * _WIDTH]
            yield place, _scan(connection, relation, place, decision, (row[0], *counts))


def _scan_alike(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[tuple[int, Decision]]
) -> Iterator[tuple[int, Scan]]:
    """Look at columns that are written alike one below the other.

    The engine plans and compiles one expression for hundreds of columns, where one for each
    would take longer than the values themselves.
    """
    counted = ", ".join(f"count(*) FILTER (sort = {sort})" for sort in _COUNTED)
    decision = columns[0][1]
    for start in range(0, len(columns), _BELOW):
        places = [place for place, _ in columns[start : start + _BELOW]]
        rows = connection.execute(
            f"SELECT place, count(*), {counted}, "
            f"approx_count_distinct(value) FILTER (_record <= {COUNTED}) "
            f"FROM {_below(relation, places, decision)} GROUP BY place ORDER BY place"
        ).fetchall()
        odd = [row[0] for row in rows if any(row[place] for place in _SHOWN_COUNTS)]
        shown = _first_alike(connection, relation, odd, decision) if odd else {}
        for place, records, blank, missing, misfits, telling, suspects, distinct in rows:
            yield (
                place,
                Scan(
                    filled=records - blank - missing,
                    missing=missing,
                    misfit_count=misfits,
                    misfits=shown.get((place, _MISFIT), ()),
                    telling_count=telling,
                    telling=shown.get((place, _TELLING), ()),
                    suspect_count=suspects,
                    suspects=shown.get((place, _PERSONAL), ()),
                    distinct=distinct,
                ),
            )


def _first_alike(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    places: Sequence[int],
    decision: Decision,
) -> dict[tuple[int, int], tuple[Placed, ...]]:
    """Return the first values of each sort that is shown, by place and sort."""
    sorts = ", ".join(map(str, _SHOWN))
    rows = connection.execute(
        f"SELECT place, sort, min(_record, {FIRST}), arg_min(_line, _record, {FIRST}), "
        f"arg_min(value, _record, {FIRST}) FROM {_below(relation, places, decision)} "
        f"WHERE sort IN ({sorts}) GROUP BY place, sort"
    ).fetchall()
    return {
        (place, sort): tuple(map(Placed, records, lines, values))
        for place, sort, records, lines, values in rows
    }


def _below(relation: str, places: Sequence[int], decision: Decision) -> str:
    """Return SQL of columns one below the other, each value with its place and sort."""
    values = ", ".join(f"c{place}" for place in places)
    numbers = ", ".join(map(str, places))
    return (
        f"(SELECT *, {sort_sql('value', decision)} AS sort FROM (SELECT _record, _line, "
        f"unnest([{values}]) AS value, unnest([{numbers}]) AS place FROM {relation}))"
    )


def _query(relation: str, columns: Sequence[tuple[int, Decision]]) -> str:
    """Return the query that counts the sorts of many columns in one pass."""
    inner = ", ".join(
        f"c{place}, {sort_sql(f'c{place}', decision)} AS s{place}" for place, decision in columns
    )
    outer = ", ".join(
        ", ".join(f"count(*) FILTER (s{place} = {sort})" for sort in _COUNTED)
        + f", approx_count_distinct(c{place}) FILTER (_record <= {COUNTED})"
        for place, _ in columns
    )
    return f"SELECT count(*), {outer} FROM (SELECT _record, _line, {inner} FROM {relation})"


_COUNTED = (_BLANK, _MISSING, _MISFIT, _TELLING, _PERSONAL)
_WIDTH = len(_COUNTED) + 1
_SHOWN = (_MISFIT, _TELLING, _PERSONAL)
_SHOWN_COUNTS = tuple(2 + _COUNTED.index(sort) for sort in _SHOWN)


def _scan(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    place: int,
    decision: Decision,
    counts: Sequence[int],
) -> Scan:
    records, blank, missing, misfits, telling, suspects, distinct = counts

    def first(sort: int, count: int) -> tuple[Placed, ...]:
        if not count:
            return ()
        rows = connection.execute(
            f"SELECT _record, _line, c{place} FROM {relation} "
            f"WHERE {sort_sql(f'c{place}', decision)} = {sort} LIMIT {FIRST}"
        ).fetchall()
        return tuple(Placed(*row) for row in sorted(rows))

    return Scan(
        filled=records - blank - missing,
        missing=missing,
        misfit_count=misfits,
        misfits=first(_MISFIT, misfits),
        telling_count=telling,
        telling=first(_TELLING, telling),
        suspect_count=suspects,
        suspects=first(_PERSONAL, suspects),
        distinct=distinct,
    )


def sort_sql(text: str, decision: Decision) -> str:
    """Return SQL for the sort of a raw cell: fits, blank, missing, misfit, telling or suspect.

    The usual value is recognised by the first test; only those that fail it are trimmed and
    looked at again.
    """
    writing = decision.writing
    if writing.kind in TEXTS:
        return _text_sort(text, writing)
    bare = trimmed(text)
    words = any_of(writing.missing or ("",))
    telling = _telling(text, decision)
    fits = f"WHEN {fits_sql(text, writing)} THEN {_FITS} "
    if telling:
        sort = f"CASE WHEN {telling} THEN {_TELLING} ELSE {_FITS} END"
        fits = f"WHEN {fits_sql(text, writing)} THEN {sort} "
    if writing.kind == "integer":
        # Most whole numbers say nothing; zeros in front and many digits may make ids of them.
        plain = f"regexp_full_match({text}, '[+-]?(?:0|[1-9][0-9]{{0,14}})')"
        fits = f"WHEN {plain} THEN {_FITS} WHEN {fits_sql(text, writing)} THEN {_TELLING} "
    return (
        f"CASE {fits}WHEN {text} IS NULL OR {bare} = '' THEN {_BLANK} "
        f"WHEN {bare} IN ({words}) THEN {_MISSING} "
        f"WHEN {fits_sql(bare, writing)} THEN {_FITS} ELSE {_MISFIT} END"
    )


def _text_sort(text: str, writing: Writing) -> str:
    """Return the sort of a text; what is too long for a word is not compared with any."""
    bare = trimmed(text)
    unsettled = [
        one for one in (*ALWAYS_MISSING, *PERHAPS_MISSING) if one and one not in writing.missing
    ]
    missing = f"WHEN {bare} IN ({any_of(writing.missing or ('',))}) THEN {_MISSING} "
    if writing.kind == "empty":
        return f"CASE WHEN {text} IS NULL OR {bare} = '' THEN {_BLANK} {missing}ELSE {_MISFIT} END"
    words = "|".join(re.escape(one) for one in dict.fromkeys([*unsettled, *writing.missing]))
    short = rf"[{SPACES}]*(?:{words}|{ERROR_PATTERN})?[{SPACES}]*"
    cut = f"WHEN contains({text}, 'E+') THEN {_TELLING} " if writing.kind == "id" else ""
    suspects = f"contains({text}, '@')"
    if writing.kind == "text":
        suspects += (
            f" OR (strlen({text}) >= {_SHORTEST_DATUM} "
            f"AND regexp_matches({text}, {literal(SUSPECT)}))"
        )
    longest = max(_LONGEST_WORD, *(len(one) for one in writing.missing)) + 4
    return (
        f"CASE WHEN {text} IS NULL OR {text} = '' THEN {_BLANK} "
        f"WHEN strlen({text}) <= {longest} AND regexp_full_match({text}, {literal(short)}) "
        f"THEN CASE WHEN {bare} = '' THEN {_BLANK} {missing}"
        f"WHEN {is_error(bare)} THEN {_MISFIT} ELSE {_TELLING} END "
        f"{cut}WHEN {suspects} THEN {_PERSONAL} ELSE {_FITS} END"
    )


def fits_sql(text: str, writing: Writing) -> str:
    """Return SQL that is true where a trimmed, present text fits the writing."""
    if writing.kind in NUMBERS:
        return _number_fits(text, writing)
    if writing.kind == "timestamp" and writing.zone != "UTC":
        return f"{instant_sql(text, writing)} IS NOT NULL"
    if writing.kind in ("date", "timestamp"):
        return f"{date_sql(text, writing)} IS NOT NULL"
    if writing.kind == "boolean":
        return f"lower({text}) IN ({any_of((*writing.yes, *writing.no))})"
    return f"NOT {is_error(text)}"


def _number_fits(text: str, writing: Writing) -> str:
    source = scored(text) if writing.kind == "score" else text
    fits = f"regexp_full_match({source}, {literal(number_pattern(writing, power=True))})"
    if writing.low is None or writing.high is None:
        return fits
    value = typed(text, "NUM", writing)
    return f"{fits} AND {value} BETWEEN {writing.low} AND {writing.high}"


def _telling(text: str, decision: Decision) -> str:
    """Return SQL that is true where a fitting value settles what is unclear, "" where nothing is.

    For a decimal sign any value with a mark that is not ``1.234``; for the order of day and month
    one whose first two numbers are not both at most 12; for percentages one without the sign,
    for serials of days one with a time.
    """
    if decision.unclear == "serial":
        return f"regexp_full_match({text}, {literal(_FRACTION)})"
    if decision.unclear == "percent":
        return f"NOT contains({text}, '%')"
    if decision.unclear == "decimal":
        unclear = r"[^.,]*|\D*[1-9]\d{0,2}[.,]\d{3}\D*"
        return f"NOT regexp_full_match({text}, {literal(unclear)})"
    if decision.unclear == "order":
        twelve = r"(?:0?[1-9]|1[0-2])"
        both = rf"^\s*{twelve}\D+{twelve}\D"
        return f"NOT regexp_matches({text}, {literal(both)})"
    return ""
