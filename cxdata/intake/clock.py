"""Durations and counted instants in texts, as SQL expressions of the embedded engine."""

from __future__ import annotations

from cxdata.intake.recipe import EPOCHS


def seconds(text: str) -> str:
    """Return a duration (``h:mm:ss`` or ``m:ss``) in whole seconds, NULL where it is none."""
    parts = f"string_split({text}, ':')"
    shape = r"'(\d{1,4}:[0-5]?\d|\d{1,4}):[0-5]\d(\.\d+)?'"
    return (
        f"CASE WHEN regexp_full_match({text}, {shape}) THEN "
        f"round_even(3600 * CAST(coalesce({parts}[-3], '0') AS INTEGER) "
        f"+ 60 * CAST({parts}[-2] AS INTEGER) + CAST({parts}[-1] AS DOUBLE), 0) END"
    )


def instant(text: str, unit: str) -> str:
    """Return an instant that counts from 1970 in the unit of one of :data:`EPOCHS`.

    A count that leads to a year before 1990 or after 2199 is in another unit, and does not fit.
    """
    count = (
        rf"CASE WHEN regexp_full_match({text}, '\d{{1,16}}') "
        f"THEN TRY_CAST({text} AS HUGEINT) * {EPOCHS[unit]} END"
    )
    low, high = 631_152_000_000_000, 7_258_118_400_000_000
    return (
        f"CASE WHEN {count} BETWEEN {low} AND {high} "
        f"THEN timezone('UTC', make_timestamp(CAST({count} AS BIGINT))) END"
    )


def local_day(instant_sql: str, zone: str) -> str:
    """Return the business date of an instant in a zone."""
    return f"CAST(timezone('{zone}', {instant_sql}) AS DATE)"
