"""What a recipe says: how one extract becomes curated tables. Frozen records, no reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from string import Formatter

Scalar = str | int | float | bool | date | datetime
Answer = Scalar | tuple[str, ...]

READING = (
    *("encoding", "delimiter", "quote", "escape", "comment"),
    *("header", "skip", "sheet", "member"),
)
"""Settings of ``[extract]`` that decide how bytes become text records."""

AS_OF = "@as_of"
"""As a constant or the target of a value map: the as-of date of the extract."""

DURATION = "DURATION"
"""A kind to read a text as: ``4:10`` or ``0:04:10`` in seconds."""

MONTHS = "@months"
"""As a pattern of columns: every column whose name is a month: ``2026-01``, ``Jan 2026``."""

TREATMENTS = ("keep", "hash", "mask", "drop")
"""What may be done to personal data in a column."""

MODES = ("append", "upsert", "replace_period", "replace_table")
"""How the rows of a later extract of the same kind join those that are published."""


@dataclass(frozen=True)
class Condition:
    """Which records: those whose column holds one of ``values`` (or, negated, none of them).

    Without values: those whose column is missing (or, negated, present). An ``optional`` one is
    left out where the extract does not have the column.
    """

    source: str
    values: tuple[str, ...] = ()
    negated: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Factor:
    """What a number is multiplied or divided by: a number, or a column (and what its words mean).

    ``Factor(source="Interval", mapping=(("month", 1), ("year", 12)))`` turns a price per interval
    into one per month when divided by.
    """

    constant: float | None = None
    source: str | None = None
    mapping: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ColumnMap:
    """How one curated column is filled: exactly one of the first six says from what.

    ``source`` is a column of the extract, and where a record has nothing there the first of
    ``otherwise`` that has something; ``constant`` a stated value; ``template`` joins columns in a
    text such as ``"{store}-{receipt}"``; ``record_number`` numbers the records (after the text it
    holds); ``months_before`` is the column with a tenure in whole months before the as-of date;
    ``occurrence_of`` numbers the records that are equal in these columns, in the order of the
    instant in column ``by``.

    ``mapping`` turns source values into target values and is exhaustive unless ``other`` says what
    the rest becomes. ``kind`` is the logical type to read the text as, where it is not the
    target's own. ``formats`` are strptime formats, or ``epoch-s``, ``epoch-ms``, ``epoch-us``,
    which count from 1970. ``snake`` turns names into codes. ``times`` and ``divided_by`` turn a
    number into the unit of the target, rounded to its decimals (half to even). ``when`` takes the
    value of some records only. ``reduce`` (``min`` or ``max``) takes one value of the many records
    behind a distinct row. An ``optional`` map is left out where the extract does not have its
    columns.
    """

    column: str
    source: str | None = None
    constant: Scalar | None = None
    template: str | None = None
    record_number: str | None = None
    months_before: str | None = None
    occurrence_of: tuple[str, ...] = ()
    by: str | None = None
    otherwise: tuple[str, ...] = ()
    mapping: tuple[tuple[str, Scalar], ...] | None = None
    other: Scalar | None = None
    kind: str | None = None
    formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    snake: bool = False
    reduce: str | None = None
    times: Factor | None = None
    divided_by: Factor | None = None
    when: tuple[Condition, ...] = ()
    optional: bool = False

    @property
    def given(self) -> tuple[str, ...]:
        """Return the columns of the extract that its value comes from."""
        if self.template is not None:
            return tuple(name for _, name, _, _ in Formatter().parse(self.template) if name)
        stated = (self.source, *self.otherwise, self.months_before, *self.occurrence_of, self.by)
        return tuple(name for name in stated if name)

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the columns of the extract that it reads: its value's, and what bears on it."""
        factors = (one.source for one in (self.times, self.divided_by) if one is not None)
        found = (*self.given, *factors, *(one.source for one in self.when))
        return tuple(dict.fromkeys(name for name in found if name))


@dataclass(frozen=True)
class AcrossMap:
    """Wide to long by a pattern of names: each matching column that is not missing gives a row.

    ``columns`` and ``apart`` are patterns, or :data:`MONTHS`. The curated column ``name`` takes
    the column's name as a code (or as ``codes`` say; of a month its first day), ``value`` says how
    the cell is read, and ``constants`` stand in every such row.
    """

    columns: tuple[str, ...]
    name: str
    value: ColumnMap
    apart: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True)
class Remark:
    """Something worth counting and saying about the extract: ``"Records without a total"``."""

    where: Condition
    says: str


@dataclass(frozen=True)
class Adaptation:
    """Columns that differ from company to company, and what to do about them in the recipe."""

    columns: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Saved:
    """Where a saved recipe stands: its version, who saved it, when and why, and for which header.

    ``header`` are the columns of the extract it was saved for, by which the next one is known.
    """

    version: int
    by: str
    at: datetime
    why: str = ""
    header: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableMap:
    """How records become rows of one curated table.

    Each record gives one row, or one row for each group of ``long`` columns (wide to long); a
    group whose columns are missing gives none; ``across`` gives such groups by the names of
    columns. A table that is ``optional`` is left out where the extract lacks what it needs.
    ``where`` keeps some records; ``latest_by`` keeps, per key, the record with the highest value;
    ``distinct`` makes equal rows one. ``rows`` are constants that stand in the recipe itself.
    """

    table: str
    columns: tuple[ColumnMap, ...] = ()
    long: tuple[tuple[ColumnMap, ...], ...] = ()
    across: tuple[AcrossMap, ...] = ()
    where: tuple[Condition, ...] = ()
    latest_by: ColumnMap | None = None
    distinct: bool = False
    rows: tuple[tuple[tuple[str, Scalar], ...], ...] = ()
    optional: bool = False

    @property
    def groups(self) -> tuple[tuple[ColumnMap, ...], ...]:
        """Return the column maps of each row that one record gives."""
        return tuple((*self.columns, *group) for group in self.long) or (self.columns,)

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the columns of the extract that it reads."""
        maps = [one for group in self.groups for one in group]
        if self.latest_by is not None:
            maps.append(self.latest_by)
        names = [name for one in maps for name in one.reads]
        return tuple(dict.fromkeys([*names, *(one.source for one in self.where)]))


@dataclass(frozen=True)
class Layout:
    """How the text of the extract is to be read; what is not stated is found by evidence.

    ``names`` are the other names under which a column may come; ``personal`` is the treatment of
    columns with personal data; ``writing`` is what was answered about how a column's values are
    written. Their keys are names of columns; those of ``personal`` are patterns.
    """

    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    escape: str = ""
    comment: str = ""
    header: int | None = None
    skip: int | None = None
    sheet: str = ""
    member: str = ""
    decimal: str = ""
    thousands: str = ""
    dates: tuple[str, ...] = ()
    timestamps: tuple[str, ...] = ()
    zone: str = ""
    as_of: date | None = None
    missing: tuple[str, ...] = ()
    missing_in: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ignore: tuple[str, ...] = ()
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    personal: tuple[tuple[str, str], ...] = ()
    writing: tuple[tuple[str, tuple[tuple[str, Answer], ...]], ...] = ()

    @property
    def choices(self) -> dict[str, Answer]:
        """Return what is stated, as the choices that reading and its questions understand."""
        stated = {name: getattr(self, name) for name in READING}
        found = {name: value for name, value in stated.items() if value not in ("", None)}
        for column, answers in self.writing:
            found |= {f"column:{column}:{aspect}": value for aspect, value in answers}
        return found


@dataclass(frozen=True)
class Recipe:
    """One way from one kind of extract to curated tables.

    ``adapts`` says which columns a company's own extract will name differently. ``stop_above`` is
    the share of records that may break one rule before nothing is loaded; ``mode`` how the rows
    join those that are published; ``auto`` whether that may happen without a person.
    """

    name: str
    label: str
    about: str
    source_system: str
    layout: Layout
    tables: tuple[TableMap, ...]
    complete_through: date | None = None
    history: str = "dated"
    remarks: tuple[Remark, ...] = ()
    adapts: tuple[Adaptation, ...] = ()
    stop_above: float | None = None
    mode: str = ""
    auto: bool = False
    saved: Saved | None = None

    def in_zone(self, zone: str) -> Recipe:
        """Return the recipe with the configured zone of business dates, where it states none."""
        if self.layout.zone or zone == "UTC":
            return self
        return replace(self, layout=replace(self.layout, zone=zone))

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the columns of the extract that the recipe reads."""
        names = [name for table in self.tables for name in table.reads]
        return tuple(dict.fromkeys([*names, *(one.where.source for one in self.remarks)]))
