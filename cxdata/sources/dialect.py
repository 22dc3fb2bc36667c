"""The one place for what SQL engines do differently; everything above writes plain expressions.

Each function returns a SQLAlchemy expression that means the same on DuckDB and on PostgreSQL, and
has a test that runs it on both. Three traps shape them: a bound argument inside ``date_trunc``
breaks GROUP BY, so units are literals; ``date_trunc`` of a date is a timestamp, so it is cast; and
sums of whole numbers have different types, so :func:`whole_sum` names one.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FromClause
from sqlalchemy.sql.functions import FunctionElement

BINS_PER_DECADE = 40
"""Bins of a log histogram from one power of ten to the next (METRICS.md 7.1)."""

_Whole = int | ColumnElement[Any]


# -- dates -----------------------------------------------------------------------------------------


def day(value: date) -> ColumnElement[date]:
    """Return a date as a typed constant.

    Written out, a plain bound date is text to the engine: a table made from it would hold text.
    """
    return sa.cast(_literal(value.isoformat()), sa.Date())


def month_start(day: ColumnElement[Any]) -> ColumnElement[date]:
    """Return the first day of a date's month, as a DATE."""
    return _truncated("month", day)


def quarter_start(day: ColumnElement[Any]) -> ColumnElement[date]:
    """Return the first day of a date's calendar quarter, as a DATE."""
    return _truncated("quarter", day)


def year_start(day: ColumnElement[Any]) -> ColumnElement[date]:
    """Return the first of January of a date's year, as a DATE."""
    return _truncated("year", day)


def _truncated(unit: str, day: ColumnElement[Any]) -> ColumnElement[date]:
    # A timestamp without zone: truncating must not depend on the session's time zone.
    stamp = sa.cast(day, sa.DateTime())
    return sa.cast(sa.func.date_trunc(sa.literal_column(f"'{unit}'"), stamp), sa.Date())


class add_months(FunctionElement[date]):  # noqa: N801 - reads as the function it is
    """A date moved by whole months; a day the target month does not have becomes its last."""

    inherit_cache = True
    name = "add_months"
    type = sa.Date()

    def __init__(self, day: ColumnElement[Any], months: _Whole) -> None:
        super().__init__(sa.cast(day, sa.Date()), sa.cast(months, sa.Integer()))


@compiles(add_months)
def _add_months(element: add_months, compiler: SQLCompiler, **kw: Any) -> str:
    day, months = _arguments(element, compiler, kw)
    return f"CAST({day} + make_interval(months => {months}) AS DATE)"


@compiles(add_months, "duckdb")
def _add_months_duckdb(element: add_months, compiler: SQLCompiler, **kw: Any) -> str:
    day, months = _arguments(element, compiler, kw)
    return f"CAST({day} + to_months({months}) AS DATE)"


def add_days(day: ColumnElement[Any], days: _Whole) -> ColumnElement[date]:
    """Return a date moved by days."""
    moved = sa.cast(day, sa.Date()).op("+", return_type=sa.Date())(sa.cast(days, sa.Integer()))
    return sa.cast(moved, sa.Date())


def days_between(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the days from the first date to the second; negative if it lies before."""
    gap = sa.cast(second, sa.Date()).op("-", return_type=sa.Integer())(sa.cast(first, sa.Date()))
    return sa.cast(gap, sa.Integer())


def calendar_months_between(
    first: ColumnElement[Any], second: ColumnElement[Any]
) -> ColumnElement[int]:
    """Return how many months the second date's month lies after the first's, days aside."""
    return _month_number(second) - _month_number(first)


def months_between(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the whole months from the first date to the second, counted by the day of month.

    From 15 January to 14 February is 0, to 15 February is 1; from 31 January to 28 February is 0.
    The second date must not lie before the first.
    """
    short = sa.case((_part("day", second) < _part("day", first), 1), else_=0)
    return calendar_months_between(first, second) - short


def _month_number(day: ColumnElement[Any]) -> ColumnElement[int]:
    return _part("year", day) * 12 + _part("month", day)


def _part(unit: str, day: ColumnElement[Any]) -> ColumnElement[int]:
    return sa.cast(sa.extract(unit, sa.cast(day, sa.Date())), sa.Integer())


def local_date(instant: ColumnElement[Any], zone: str) -> ColumnElement[date]:
    """Return the date on the wall of an IANA zone at an instant."""
    return sa.cast(sa.func.timezone(_literal(zone), instant), sa.Date())


def month_series(first: date, last: date, name: str = "months") -> FromClause:
    """Return a relation with one column ``month``: the first of each month, both ends included."""
    series = (
        sa.func.generate_series(
            sa.cast(_literal(first.replace(day=1).isoformat()), sa.DateTime()),
            sa.cast(_literal(last.replace(day=1).isoformat()), sa.DateTime()),
            sa.cast(_literal("1 month"), sa.Interval()),
        )
        .table_valued(sa.column("at", sa.DateTime()), name="series")
        .render_derived()
    )
    return sa.select(sa.cast(series.c.at, sa.Date()).label("month")).subquery(name)


# -- numbers ---------------------------------------------------------------------------------------


def whole_sum(count: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a sum of whole numbers as BIGINT on every engine."""
    return sa.cast(sa.func.sum(count), sa.BigInteger())


def quantile(value: ColumnElement[Any], q: float) -> ColumnElement[float]:
    """Return the exact quantile of a column, interpolated between neighbours (``q`` 0 to 1)."""
    if not 0 <= q <= 1:
        raise ValueError(f"A quantile lies between 0 and 1, not at {q}.")
    ordered: ColumnElement[float] = sa.cast(value, sa.Double())
    point: ColumnElement[float] = sa.literal_column(repr(float(q)))
    return sa.func.percentile_cont(point).within_group(ordered).cast(sa.Double())


def log_bin(value: ColumnElement[Any], per_decade: int = BINS_PER_DECADE) -> ColumnElement[int]:
    """Return the bin of a value in a log-spaced histogram: ``floor(40 log10(1 + x))``.

    Values below zero mirror it: bins -1, -2, ... Bin ``b`` from 0 up covers
    ``[10**(b/40) - 1, 10**((b+1)/40) - 1)``.
    """
    exact: ColumnElement[float] = sa.cast(value, sa.Double())
    steps = sa.func.floor(sa.literal_column(str(per_decade)) * _log10(1 + sa.func.abs(exact)))
    positive = sa.cast(steps, sa.Integer())
    return sa.case((exact < 0, -positive - 1), else_=positive)


class _log10(FunctionElement[float]):  # noqa: N801 - reads as the function it is
    inherit_cache = True
    name = "log10"
    type = sa.Double()


@compiles(_log10)
def _compile_log10(element: _log10, compiler: SQLCompiler, **kw: Any) -> str:
    return f"log10({_arguments(element, compiler, kw)[0]})"


def hash_bucket(key: ColumnElement[Any], buckets: int) -> ColumnElement[int]:
    """Return a bucket from 0 to ``buckets`` - 1 for a key: even, and the same on every engine."""
    return sa.cast(_md5_number(sa.cast(key, sa.Text())), sa.BigInteger()) % sa.literal_column(
        str(int(buckets))
    )


class _md5_number(FunctionElement[int]):  # noqa: N801 - reads as the function it is
    inherit_cache = True
    name = "md5_number"
    type = sa.BigInteger()


@compiles(_md5_number)
def _compile_md5(element: _md5_number, compiler: SQLCompiler, **kw: Any) -> str:
    # 31 bits, so that the number is positive wherever it is read as signed.
    (key,) = _arguments(element, compiler, kw)
    return f"(CAST(CAST('x' || substr(md5({key}), 1, 8) AS BIT(32)) AS BIGINT) & 2147483647)"


@compiles(_md5_number, "duckdb")
def _compile_md5_duckdb(element: _md5_number, compiler: SQLCompiler, **kw: Any) -> str:
    (key,) = _arguments(element, compiler, kw)
    return f"(CAST('0x' || substr(md5({key}), 1, 8) AS BIGINT) & 2147483647)"


# -- sets as bits ----------------------------------------------------------------------------------


def bit(position: _Whole) -> ColumnElement[int]:
    """Return the BIGINT whose only bit is the one at the position (0 to 62)."""
    one = sa.cast(sa.literal_column("1"), sa.BigInteger())
    return one.bitwise_lshift(sa.cast(position, sa.Integer()))


def bit_union(bits: ColumnElement[Any]) -> ColumnElement[int]:
    """Aggregate bit sets into their union."""
    return sa.func.bit_or(sa.cast(bits, sa.BigInteger()), type_=sa.BigInteger())


def has_bit(bits: ColumnElement[Any], position: _Whole) -> ColumnElement[bool]:
    """Say whether a bit set holds the bit at the position."""
    moved = sa.cast(bits, sa.BigInteger()).bitwise_rshift(sa.cast(position, sa.Integer()))
    return moved.bitwise_and(sa.literal_column("1")) == sa.literal_column("1")


def has_any_bit(bits: ColumnElement[Any], wanted: _Whole) -> ColumnElement[bool]:
    """Say whether two bit sets have a bit in common."""
    return sa.cast(bits, sa.BigInteger()).bitwise_and(
        sa.cast(wanted, sa.BigInteger())
    ) != sa.literal_column("0")


# -- tables ----------------------------------------------------------------------------------------


def create_table_as(
    name: str, select: sa.SelectBase, *, temporary: bool = False
) -> sa.schema.CreateTableAs:
    """Return the statement that makes a table of a SELECT, its constants written out.

    A date that is itself a column of the SELECT must come from :func:`day`.
    """
    return sa.schema.CreateTableAs(select, name, temporary=temporary)


def _literal(text: str) -> ColumnElement[str]:
    return sa.literal_column("'" + text.replace("'", "''") + "'", sa.Text())


def _arguments(
    element: FunctionElement[Any], compiler: SQLCompiler, kw: dict[str, Any]
) -> list[str]:
    return [compiler.process(clause, **kw) for clause in element.clauses]
