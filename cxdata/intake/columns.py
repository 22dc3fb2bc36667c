"""A recipe's column maps as SQL: the value, and the records whose text does not give one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from string import Formatter
from typing import Any

import sqlalchemy as sa

from cxdata.intake.duration import seconds
from cxdata.intake.recipe import (
    AS_OF,
    DURATION,
    ColumnMap,
    Condition,
    Factor,
    Layout,
    Recipe,
    Scalar,
)
from cxdata.intake.values import Writing, typed
from cxdata.intake.values.numbers import trimmed
from cxdata.intake.values.sql import SQL_TYPES, any_of, constant, literal, snake_case
from cxdata.intake.written import Written
from cxdata.model.errors import IntakeError
from cxdata.model.tables.checks import EXCLUSIVE_ENDS, KINDS_OF_VALUE, STARTS_AND_ENDS

READ_AS = KINDS_OF_VALUE | {DURATION: "a duration such as 4:10 or 0:04:10"}
DECIMALS = {"MONEY": 2, "UCOST": 4, "INT": 0}


@dataclass(frozen=True)
class Expression:
    """A value in SQL over the table ``text``.

    ``text`` is what the extract says (NULL where missing or not from the extract); a record fails
    where it says something and ``value`` is nothing, unless a map says so (``fails``). Where
    ``endless`` is true the extract states an end that means none.
    """

    value: str
    text: str = "NULL"
    fails: str = "false"
    shown: str = ""
    rule: str = "type"
    expected: str = ""
    endless: str = ""


class Columns:
    """The columns of one extract, as a recipe reads them."""

    def __init__(
        self,
        recipe: Recipe,
        header: tuple[str, ...],
        as_of: date | None,
        found: Mapping[str, Writing] | None = None,
    ) -> None:
        self.recipe, self.header, self.as_of = recipe, header, as_of
        self._places = {name: place for place, name in enumerate(header)}
        self.written = Written(recipe.layout, found)
        self._missing = _missing_codes(recipe.layout, header, self.written)

    def text_table(self, relation: str, names: Iterable[str] | None = None) -> str:
        """Return the query for ``text``: each used column trimmed, its missing codes as NULL.

        ``names`` are the columns wanted, all that the recipe reads by default.
        """
        used = []
        for name in self.recipe.reads if names is None else names:
            text = trimmed(self._raw(name))
            codes = any_of(self._missing[name])
            used.append(f"CASE WHEN {text} NOT IN ({codes}) THEN {text} END AS {self.ref(name)}")
        return f"SELECT {', '.join(['_record', '_line', *used])} FROM {relation}"

    def missing(self, column: str) -> tuple[str, ...]:
        """Return what stands for no value in a column."""
        return self._missing[column]

    def condition(self, one: Condition) -> str:
        """Return a condition on records as a predicate that is never NULL."""
        text = self.ref(one.source)
        if not one.values:
            return f"{text} IS {'NOT ' if one.negated else ''}NULL"
        found = f"coalesce({text} IN ({any_of(one.values)}), false)"
        return f"NOT {found}" if one.negated else found

    def expression(self, mapped: ColumnMap, column: sa.Column[Any]) -> Expression:
        """Return the value of a curated column, and when a record fails to give it."""
        found = self._expression(mapped, column)
        if not mapped.when:
            return found
        when = " AND ".join(self.condition(one) for one in mapped.when)
        return replace(
            found,
            value=f"CASE WHEN {when} THEN {found.value} END",
            text=found.text if found.text == "NULL" else f"CASE WHEN {when} THEN {found.text} END",
            fails=found.fails if found.fails == "false" else f"({when}) AND ({found.fails})",
        )

    def _expression(self, mapped: ColumnMap, column: sa.Column[Any]) -> Expression:
        logical = column.info["logical"]
        if mapped.constant is not None:
            return Expression(self._stated(mapped.constant, logical))
        if mapped.record_number is not None:
            return Expression(f"{literal(mapped.record_number)} || CAST(_record AS VARCHAR)")
        if mapped.months_before is not None:
            return self._months_before(mapped.months_before)
        if mapped.occurrence_of:
            return self._occurrence(mapped)
        if mapped.times or mapped.divided_by:
            return self._scaled(mapped, logical)
        if mapped.mapping is not None:
            return self._looked_up(mapped, logical)
        return self._typed(mapped, logical, _is_end(column))

    def order(self, mapped: ColumnMap) -> Expression:
        """Return the value by which the latest record of a key is found."""
        return self._typed(mapped, mapped.kind or "INT")

    def _typed(self, mapped: ColumnMap, logical: str, is_end: bool = False) -> Expression:
        text, shown = self._text(mapped)
        endless = f"coalesce(contains({text}, '9999'), false)" if is_end else ""
        if is_end:
            text = f"CASE WHEN NOT contains({text}, '9999') THEN {text} END"
        value = snake_case(text) if mapped.snake else self._read(text, mapped, logical)
        return Expression(
            value=value,
            text=text,
            fails=f"{text} IS NOT NULL AND ({value}) IS NULL",
            shown=shown,
            expected=self._expected(mapped.kind or logical, mapped),
            endless=endless,
        )

    def _occurrence(self, mapped: ColumnMap) -> Expression:
        """Number the records that are equal in some columns, the earliest first."""
        equal = ", ".join(self.ref(name) for name in mapped.occurrence_of)
        order = self._read(self.ref(str(mapped.by)), mapped, "TS")
        return Expression(f"row_number() OVER (PARTITION BY {equal} ORDER BY {order}, _record)")

    def _scaled(self, mapped: ColumnMap, logical: str) -> Expression:
        """A number in the target's unit, rounded to its decimals (half to even)."""
        text, shown = self._text(mapped)
        kind = mapped.kind or ("NUM" if logical == "INT" else logical)
        number = f"CAST({self._number(text, kind, mapped)} AS DOUBLE)"
        expected = READ_AS[kind]
        for sign, factor in (("*", mapped.times), ("/", mapped.divided_by)):
            if factor is not None:
                number = f"({number} {sign} {self._factor(factor)})"
                expected += _said_factor(factor)
        if logical in DECIMALS:
            number = f"round_even({number}, {DECIMALS[logical]})"
        value = f"TRY_CAST({number} AS {SQL_TYPES[logical]})"
        return Expression(
            value=value,
            text=text,
            fails=f"{text} IS NOT NULL AND ({value}) IS NULL",
            shown=shown,
            expected=expected,
        )

    def _number(self, text: str, kind: str, mapped: ColumnMap) -> str:
        if kind == DURATION:
            return seconds(text)
        return typed(text, kind, self._writing(mapped, kind))

    def _factor(self, factor: Factor) -> str:
        if factor.source is None:
            return f"CAST({factor.constant!r} AS DOUBLE)"
        text = self.ref(factor.source)
        if not factor.mapping:
            return f"nullif({typed(text, 'NUM', self.written.of(factor.source, 'NUM'))}, 0)"
        arms = " ".join(f"WHEN {literal(word)} THEN {number!r}" for word, number in factor.mapping)
        return f"CASE {text} {arms} END"

    def _read(self, text: str, mapped: ColumnMap, logical: str) -> str:
        kind = mapped.kind or logical
        if kind == DURATION:
            return f"TRY_CAST({seconds(text)} AS {SQL_TYPES[logical]})"
        writing = self._writing(mapped, kind)
        if kind == logical or (kind, logical) == ("TS", "DATE"):
            return typed(text, logical, writing)
        return f"TRY_CAST({typed(text, kind, writing)} AS {SQL_TYPES[logical]})"

    def _writing(self, mapped: ColumnMap, kind: str) -> Writing:
        return self.written.of(mapped.source or mapped.by or "", kind, mapped.formats)

    def _expected(self, kind: str, mapped: ColumnMap) -> str:
        said = READ_AS[kind]
        if kind not in ("DATE", "TS"):
            return said
        return f"{said} written as {' or '.join(self._writing(mapped, kind).date_formats)}"

    def _looked_up(self, mapped: ColumnMap, logical: str) -> Expression:
        text, shown = self._text(mapped)
        entries = mapped.mapping or ()
        known = [key for key, _ in entries]
        arms = " ".join(
            f"WHEN {literal(key)} THEN {self._stated(value, logical)}" for key, value in entries
        )
        rest = "" if mapped.other is None else f"ELSE {self._stated(mapped.other, logical)} "
        value = f"CASE WHEN {text} IS NOT NULL THEN CASE {text} {arms} {rest}END END"
        return Expression(
            value=value,
            text=text,
            fails="false" if mapped.other is not None else f"{text} NOT IN ({any_of(known)})",
            shown=shown,
            rule="map",
            expected=f"one of {', '.join(known)}",
        )

    def _months_before(self, source: str) -> Expression:
        """The day on which a tenure began.

        A tenure of 0 whole months began at the latest the day before the as-of date: whoever is
        in the extract was on the books at the close of that day.
        """
        text = self.ref(source)
        months = typed(text, "INT", self.written.of(source, "INT"))
        day = f"DATE '{self.as_of}'"
        value = (
            f"CASE WHEN {months} > 0 THEN CAST({day} - to_months({months}) AS DATE) "
            f"WHEN {months} = 0 THEN {day} - 1 END"
        )
        return Expression(
            value=value,
            text=text,
            fails=f"{text} IS NOT NULL AND ({value}) IS NULL",
            shown=source,
            expected="a whole number of months, 0 or more",
        )

    def _text(self, mapped: ColumnMap) -> tuple[str, str]:
        """Return the text a map reads, as SQL, and the name under which to show it."""
        if mapped.template is None:
            text, shown = self.ref(str(mapped.source)), str(mapped.source)
            if mapped.otherwise:
                rest = ", ".join(self.ref(name) for name in mapped.otherwise)
                text = f"coalesce({text}, {rest})"
        else:
            pieces = []
            for before, name, _, _ in Formatter().parse(mapped.template):
                pieces += [literal(before)] if before else []
                pieces += [self.ref(name)] if name else []
            text, shown = f"({' || '.join(pieces)})", " + ".join(mapped.reads)
        if mapped.missing:
            text = f"(CASE WHEN {text} NOT IN ({any_of(mapped.missing)}) THEN {text} END)"
        return text, shown

    def _stated(self, value: Scalar, logical: str) -> str:
        if value == AS_OF and logical == "DATE":
            return f"DATE '{self.as_of}'"
        return constant(value, logical)

    def _raw(self, name: str) -> str:
        return f"c{self._places[name]}"

    def ref(self, name: str) -> str:
        """Return the column of ``text`` that holds a column of the extract."""
        return f"t{self._places[name]}"


def _is_end(column: sa.Column[Any]) -> bool:
    """Whether a column is the first day no longer in force, where nothing means still in force."""
    table = column.table.name
    return table in EXCLUSIVE_ENDS and column.name == STARTS_AND_ENDS[table][1]


def _said_factor(factor: Factor) -> str:
    """Return what a record must have beside a number for it to be scaled."""
    if factor.source is None:
        return ""
    words = ", ".join(word for word, _ in factor.mapping)
    return f", and in {factor.source} " + (f"one of {words}" if words else "a number other than 0")


def check_header(recipe: Recipe, header: tuple[str, ...]) -> None:
    """Refuse an extract whose columns the recipe does not fully account for, naming near names."""
    reads, there = recipe.reads, frozenset(header)
    used = frozenset(reads)
    lacking = [name for name in reads if name not in there]
    unknown = [
        name
        for name in header
        if name not in used
        and not any(fnmatchcase(name, pattern) for pattern in recipe.layout.ignore)
    ]
    if lacking and len(header) == 1 and recipe.layout.delimiter:
        raise IntakeError(
            f"The recipe {recipe.name} reads cells separated by {recipe.layout.delimiter!r}, and "
            f"so the extract has one column, {header[0]!r}; leave the delimiter out under "
            "[extract], and it is found."
        )
    if lacking:
        raise IntakeError(
            f"The recipe {recipe.name} needs the column {lacking[0]!r}, which the extract does "
            f"not have{_near(lacking[0], unknown or header, '; is it ', ' there?')}"
            + (f" Also lacking: {', '.join(lacking[1:])}." if lacking[1:] else "")
        )
    if unknown:
        raise IntakeError(
            f"The extract has a column {unknown[0]!r} that the recipe {recipe.name} neither uses "
            f"nor ignores{_near(unknown[0], recipe.reads, '; did you mean ', '?')} "
            "Map it, or add it to ignore."
            + (f" Also unknown: {', '.join(unknown[1:])}." if unknown[1:] else "")
        )


def unknown_value(column: str, value: str, records: int, known: Mapping[str, Scalar]) -> str:
    """Return the sentence for a value that an exhaustive map does not list."""
    who = "1 record has" if records == 1 else f"{records:,} records have"
    near = _near(value, tuple(known), "; did you mean ", "?")
    return f"{who} {value!r} in {column}, which the recipe does not list{near}"


def _near(name: str, known: tuple[str, ...] | list[str], before: str, after: str) -> str:
    folded = {one.casefold(): one for one in known}
    near = [folded[one] for one in get_close_matches(name.casefold(), folded, n=2, cutoff=0.6)]
    return f"{before}{' or '.join(repr(one) for one in near)}{after}" if near else "."


def _missing_codes(
    layout: Layout, header: tuple[str, ...], written: Written
) -> dict[str, tuple[str, ...]]:
    for pattern, _ in layout.missing_in:
        if not any(fnmatchcase(name, pattern) for name in header):
            raise IntakeError(
                f"The recipe states missing codes for {pattern!r}, and the extract has no such "
                f"column{_near(pattern, header, '; did you mean ', '?')}"
            )
    return {name: (*written.missing(name), *_codes_of(name, layout)) for name in header}


def _codes_of(name: str, layout: Layout) -> list[str]:
    return [
        code for pattern, codes in layout.missing_in if fnmatchcase(name, pattern) for code in codes
    ]
