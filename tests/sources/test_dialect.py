"""Every function of the dialect, on DuckDB and PostgreSQL, against values counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import md5
from math import floor, log10
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from cxdata.sources import dialect
from cxdata.sources.duckdb_engine import open_engine


@pytest.fixture(
    scope="module", params=["duckdb", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine, with a session whose time zone is far from UTC where that can be."""
    if request.param == "duckdb":
        engine = open_engine({}, [])
    else:
        engine = sa.create_engine(
            request.getfixturevalue("postgres_url"),
            connect_args={"options": "-c TimeZone=Pacific/Auckland"},
        )
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def value(connection: Connection, expression: Any) -> Any:
    return connection.execute(sa.select(expression)).scalar_one()


def day(text: str) -> sa.ColumnElement[date]:
    return dialect.day(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("function", "start"),
    [
        (dialect.month_start, date(2024, 5, 1)),
        (dialect.quarter_start, date(2024, 4, 1)),
        (dialect.year_start, date(2024, 1, 1)),
    ],
)
def test_starts_are_dates(connection: Connection, function: Any, start: date) -> None:
    found = value(connection, function(day("2024-05-31")))
    assert (type(found), found) == (date, start)


def test_month_start_can_be_grouped_by(connection: Connection) -> None:
    days = sa.union_all(*(sa.select(day(text).label("d")) for text in _DAYS)).subquery()
    month = dialect.month_start(days.c.d)
    rows = connection.execute(
        sa.select(month, dialect.whole_sum(sa.literal(1))).group_by(month).order_by(month)
    ).all()
    assert rows == [(date(2024, 1, 1), 2), (date(2024, 2, 1), 1)]


_DAYS = ["2024-01-01", "2024-01-31", "2024-02-29"]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, date(2024, 2, 29)),
        ("2023-01-31", 1, date(2023, 2, 28)),
        ("2024-03-31", -1, date(2024, 2, 29)),
        ("2024-02-29", 12, date(2025, 2, 28)),
        ("2024-05-15", 0, date(2024, 5, 15)),
    ],
)
def test_add_months(connection: Connection, start: str, months: int, end: date) -> None:
    found = value(connection, dialect.add_months(day(start), months))
    assert (type(found), found) == (date, end)


def test_days(connection: Connection) -> None:
    assert value(connection, dialect.add_days(day("2024-02-28"), 2)) == date(2024, 3, 1)
    assert value(connection, dialect.add_days(day("2024-03-01"), -1)) == date(2024, 2, 29)
    assert value(connection, dialect.days_between(day("2024-02-28"), day("2024-03-01"))) == 2
    assert value(connection, dialect.days_between(day("2024-03-01"), day("2024-02-28"))) == -2


@pytest.mark.parametrize(
    ("first", "second", "whole", "calendar"),
    [
        ("2024-01-15", "2024-02-14", 0, 1),
        ("2024-01-15", "2024-02-15", 1, 1),
        ("2024-01-31", "2024-02-29", 0, 1),
        ("2023-12-31", "2024-12-31", 12, 12),
        ("2024-05-01", "2024-05-31", 0, 0),
    ],
)
def test_months_between(
    connection: Connection, first: str, second: str, whole: int, calendar: int
) -> None:
    assert value(connection, dialect.months_between(day(first), day(second))) == whole
    assert value(connection, dialect.calendar_months_between(day(first), day(second))) == calendar


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("UTC", date(2026, 3, 1)),
        ("America/New_York", date(2026, 2, 28)),
        ("Asia/Kolkata", date(2026, 3, 1)),
    ],
)
def test_local_date(connection: Connection, zone: str, local: date) -> None:
    instant = sa.cast(sa.literal_column("'2026-03-01T02:30:00+00:00'"), sa.DateTime(timezone=True))
    assert value(connection, dialect.local_date(instant, zone)) == local


def test_month_series(connection: Connection) -> None:
    months = dialect.month_series(date(2025, 11, 30), date(2026, 2, 1))
    rows = connection.execute(sa.select(months.c.month).order_by(months.c.month)).scalars().all()
    assert rows == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def numbers(*values: str) -> sa.Subquery:
    return sa.union_all(
        *(
            sa.select(sa.cast(sa.literal(Decimal(text)), sa.Numeric(18, 2)).label("x"))
            for text in values
        )
    ).subquery()


def test_quantile_interpolates(connection: Connection) -> None:
    x = numbers("1.00", "2.00", "4.00", "10.00").c.x
    assert value(connection, dialect.quantile(x, 0.5)) == 3.0
    assert value(connection, dialect.quantile(x, 0.9)) == pytest.approx(8.2, rel=1e-12)
    with pytest.raises(ValueError, match="between 0 and 1"):
        dialect.quantile(x, 1.5)


def test_log_bins_mirror_below_zero(connection: Connection) -> None:
    cents = ["0.00", "0.01", "0.06", "1.00", "8.99", "9.00", "99.00", "12345.67", "999999.00"]
    x = numbers(*cents, "-0.01", "-9.00").c.x
    rows = connection.execute(sa.select(x, dialect.log_bin(x)).order_by(x)).all()
    bins = {row[0]: row[1] for row in rows}
    for text in cents:
        assert bins[Decimal(text)] == floor(40 * log10(1 + float(text))), text
    assert (bins[Decimal("9.00")], bins[Decimal("-9.00")], bins[Decimal("-0.01")]) == (40, -41, -1)


def test_bits(connection: Connection) -> None:
    positions = sa.union_all(*(sa.select(sa.literal(n).label("n")) for n in (0, 3, 62))).subquery()
    union = value(connection, dialect.bit_union(dialect.bit(positions.c.n)))
    assert union == 1 + 8 + 2**62
    held = sa.cast(sa.literal(union, sa.BigInteger()), sa.BigInteger())
    found = [value(connection, dialect.has_bit(held, n)) for n in (0, 1, 3, 61, 62)]
    assert found == [True, False, True, False, True]
    assert value(connection, dialect.has_any_bit(held, 6)) is False
    assert value(connection, dialect.has_any_bit(held, 12)) is True


def test_hash_buckets_are_the_same_everywhere(connection: Connection) -> None:
    keys = ["", "c1", "c2", "Zürich", "🙂"]
    found = [value(connection, dialect.hash_bucket(sa.literal(key), 1000)) for key in keys]
    heads = [int(md5(key.encode()).hexdigest()[:8], 16) & 0x7FFFFFFF for key in keys]
    assert found == [head % 1000 for head in heads]


def test_whole_sums_are_whole(connection: Connection) -> None:
    total = value(connection, dialect.whole_sum(sa.cast(sa.literal(7), sa.BigInteger())))
    assert (type(total), total) == (int, 7)


def test_a_table_of_a_select(connection: Connection) -> None:
    odd = "it's 100% :odd {x}"
    select = sa.select(
        sa.literal(odd).label("t"),
        dialect.day(date(2026, 1, 2)).label("d"),
        sa.literal(Decimal("1.50"), sa.Numeric(18, 2)).label("m"),
        dialect.add_months(day("2026-01-31"), 1).label("e"),
    )
    connection.execute(dialect.create_table_as("made", select))
    row = connection.exec_driver_sql("SELECT t, d, m, e FROM made").one()
    connection.rollback()
    assert tuple(row) == (odd, date(2026, 1, 2), Decimal("1.50"), date(2026, 2, 28))
