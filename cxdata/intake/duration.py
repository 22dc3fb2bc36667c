"""Durations in texts, as SQL expressions of the embedded engine."""

from __future__ import annotations


def seconds(text: str) -> str:
    """Return a duration (``h:mm:ss`` or ``m:ss``) in whole seconds, NULL where it is none."""
    parts = f"string_split({text}, ':')"
    shape = r"'(\d{1,4}:[0-5]?\d|\d{1,4}):[0-5]\d(\.\d+)?'"
    return (
        f"CASE WHEN regexp_full_match({text}, {shape}) THEN "
        f"round_even(3600 * CAST(coalesce({parts}[-3], '0') AS INTEGER) "
        f"+ 60 * CAST({parts}[-2] AS INTEGER) + CAST({parts}[-1] AS DOUBLE), 0) END"
    )
