"""What a recipe says: how one extract becomes curated tables. Frozen records, no reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter

Scalar = str | int | float | bool | date | datetime

AS_OF = "@as_of"
"""As a constant or the target of a value map: the as-of date of the extract."""


@dataclass(frozen=True)
class ColumnMap:
    """How one curated column is filled: exactly one of the first five says from what.

    ``source`` is a column of the extract; ``constant`` a stated value; ``template`` joins columns
    in a text such as ``"{store}-{receipt}"``; ``record_number`` numbers the records (after the
    text it holds); ``months_before`` is the column with a tenure in whole months before the as-of
    date.

    ``mapping`` turns source values into target values and is exhaustive unless ``other`` says what
    the rest becomes. ``kind`` is the logical type to read the text as, where it is not the
    target's own. ``formats`` are strptime formats. ``snake`` turns names into codes. ``reduce``
    (``min`` or ``max``) takes one value of the many records behind a distinct row.
    """

    column: str
    source: str | None = None
    constant: Scalar | None = None
    template: str | None = None
    record_number: str | None = None
    months_before: str | None = None
    mapping: tuple[tuple[str, Scalar], ...] | None = None
    other: Scalar | None = None
    kind: str | None = None
    formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    snake: bool = False
    reduce: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the columns of the extract that it reads."""
        if self.template is not None:
            return tuple(name for _, name, _, _ in Formatter().parse(self.template) if name)
        return tuple(name for name in (self.source, self.months_before) if name)


@dataclass(frozen=True)
class Condition:
    """Which records: those whose column holds one of ``values`` (or, negated, none of them).

    Without values: those whose column is missing (or, negated, present).
    """

    source: str
    values: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Remark:
    """Something worth counting and saying about the extract: ``"Records without a total"``."""

    where: Condition
    says: str


@dataclass(frozen=True)
class TableMap:
    """How records become rows of one curated table.

    Each record gives one row, or one row for each group of ``long`` columns (wide to long); a
    group whose columns are missing gives none.
    ``where`` keeps some records; ``latest_by`` keeps, per key, the record with the highest value;
    ``distinct`` makes equal rows one. ``rows`` are constants that stand in the recipe itself.
    """

    table: str
    columns: tuple[ColumnMap, ...] = ()
    long: tuple[tuple[ColumnMap, ...], ...] = ()
    where: tuple[Condition, ...] = ()
    latest_by: ColumnMap | None = None
    distinct: bool = False
    rows: tuple[tuple[tuple[str, Scalar], ...], ...] = ()

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
    """How the text of the extract is to be read."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    decimal: str = "."
    thousands: str = ""
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    timestamps: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
    zone: str = "UTC"
    as_of: date | None = None
    missing: tuple[str, ...] = ()
    missing_in: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """One way from one kind of extract to curated tables."""

    name: str
    label: str
    about: str
    source_system: str
    layout: Layout
    tables: tuple[TableMap, ...]
    complete_through: date | None = None
    history: str = "dated"
    remarks: tuple[Remark, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the columns of the extract that the recipe reads."""
        names = [name for table in self.tables for name in table.reads]
        return tuple(dict.fromkeys([*names, *(one.where.source for one in self.remarks)]))
