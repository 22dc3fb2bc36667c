"""Small SQL expressions that several marts share."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from cxdata.marts.rules import FAR

Column = sa.ColumnElement[Any]


FAR_DATE = sa.literal_column(f"DATE '{FAR.isoformat()}'", sa.Date())
"""End of what has not ended."""


def month_start(day: Column) -> Column:
    """First day of a date's month, as a DATE.

    The unit is written into the SQL: a bound argument inside ``date_trunc`` breaks GROUP BY, and
    the result is cast because engines answer with an instant.
    """
    return sa.cast(sa.func.date_trunc(sa.literal_column("'month'"), day), sa.Date())


def plus_days(day: Column, days: int) -> Column:
    """A date so many days later."""
    return sa.type_coerce(
        sa.type_coerce(day, sa.Integer()) + sa.literal_column(str(int(days))), sa.Date()
    )


def days_between(later: Column, earlier: Column) -> Column:
    """Days from the earlier date to the later one."""
    return sa.type_coerce(
        sa.type_coerce(later, sa.Integer()) - sa.type_coerce(earlier, sa.Integer()), sa.Integer()
    )


def whole_months(later: Column, earlier: Column) -> Column:
    """Whole calendar months from the earlier date to the later one."""
    years = sa.extract("year", later) - sa.extract("year", earlier)
    months = sa.extract("month", later) - sa.extract("month", earlier)
    short = sa.case((sa.extract("day", later) < sa.extract("day", earlier), 1), else_=0)
    return sa.cast(years * 12 + months - short, sa.Integer())


def started_months(later: Column, earlier: Column) -> Column:
    """Calendar months from the earlier date to the later one, a begun month counted."""
    years = sa.extract("year", later) - sa.extract("year", earlier)
    months = sa.extract("month", later) - sa.extract("month", earlier)
    begun = sa.case((sa.extract("day", later) > sa.extract("day", earlier), 1), else_=0)
    return sa.cast(years * 12 + months + begun, sa.Integer())


def months_before(day: Column, months: int) -> Column:
    """The first day of a month so many months earlier than a first day of a month."""
    return sa.cast(day - sa.text(f"INTERVAL '{int(months)} month'"), sa.Date())


def flag(condition: Column) -> Column:
    """1 where the condition holds, else 0 (also where it is unknown)."""
    return sa.case((condition, 1), else_=0)


def is_sale(line: Any) -> Column:
    """Whether a line is a sale; where nothing says its kind the sign of its amount does."""
    by_sign = sa.case((line.c.net_amount < 0, sa.literal_column("'refund'")), else_="sale")
    return sa.func.coalesce(line.c.kind, by_sign) == "sale"


def zero(column: Column) -> Column:
    """The value, or 0 where there is none."""
    return sa.func.coalesce(column, sa.literal_column("0"))


def number(value: int) -> Column:
    """A whole number written into the SQL."""
    return sa.literal_column(str(int(value)), sa.Integer())


def byte_order(text: Column) -> Column:
    """Text that sorts by its bytes on every engine, whatever the database's collation."""
    return sa.collate(text, "C")


def double(column: Column) -> Column:
    """As a double."""
    return sa.cast(column, sa.Double())
