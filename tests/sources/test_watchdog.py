from __future__ import annotations

import time

import duckdb
import pytest

from cxdata.sources.watchdog import Watchdog

ENDLESS = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"


def test_what_runs_too_long_is_interrupted_and_the_cursor_stays_usable() -> None:
    dog, cursor = Watchdog(), duckdb.connect()
    watched = dog.watch(cursor, 0.1)
    with pytest.raises(duckdb.InterruptException):
        cursor.execute(ENDLESS).fetchall()
    dog.release(watched)
    assert watched.is_late
    assert cursor.execute("SELECT 1").fetchone() == (1,)


def test_a_cursor_that_was_released_in_time_is_never_interrupted() -> None:
    dog, cursor = Watchdog(), duckdb.connect()
    watched = dog.watch(cursor, 0.05)
    dog.release(watched)
    time.sleep(0.15)
    assert cursor.execute("SELECT 1").fetchone() == (1,)
    assert not watched.is_late


def test_the_more_urgent_of_two_is_stopped_first_though_it_came_later() -> None:
    dog, calm, urgent = Watchdog(), duckdb.connect(), duckdb.connect()
    waiting = dog.watch(calm, 60)
    time.sleep(0.05)
    late = dog.watch(urgent, 0.1)
    started = time.monotonic()
    with pytest.raises(duckdb.InterruptException):
        urgent.execute(ENDLESS).fetchall()
    assert time.monotonic() - started < 10
    assert late.is_late
    assert not waiting.is_late
