"""Sizes and ages for a reader."""

from __future__ import annotations

from datetime import datetime


def size(count: int) -> str:
    """Return a number of bytes for a reader.

    >>> size(812), size(204_800), size(3_250_000)
    ('812 bytes', '205 kB', '3.2 MB')
    """
    if count < 1_000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:,.1f} MB"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, for a reader.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC))
    '2 hours ago'
    """
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    for length, noun in ((1_440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= length:
            count = minutes // length
            return f"{count} {noun}{'' if count == 1 else 's'} ago"
    return "just now"
