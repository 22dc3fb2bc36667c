"""The demo's calendar: whole months, the last of which may be unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxdata.model.errors import BadScope

Array = NDArray[Any]

EPOCH = date(1970, 1, 1)
DAY_US = 86_400_000_000
LONGEST = 240


def number(day: date) -> int:
    """Return a day as days since 1970-01-01."""
    return (day - EPOCH).days


def calendar_day(day: int) -> date:
    """Return days since 1970-01-01 as a date."""
    return EPOCH + timedelta(days=int(day))


def add_months(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months after the day's own."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_and_day(days: Array) -> tuple[Array, Array]:
    """Return months since January 1970, and days since the first of the month.

    >>> month_and_day(np.array([0, 31, 40]))
    (array([0, 1, 1]), array([0, 0, 9]))
    """
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return months.astype(np.int64), (dates - months).astype(np.int64)


@dataclass(frozen=True)
class Timeline:
    """``months`` calendar months that end with the month of ``end``, the last complete day."""

    months: int
    end: date

    def __post_init__(self) -> None:
        if not 3 <= self.months <= LONGEST:
            raise BadScope(f"The demo needs 3 to {LONGEST} months, not {self.months}.")

    @cached_property
    def first(self) -> date:
        """First day of the data."""
        return add_months(self.end, 1 - self.months)

    @cached_property
    def starts(self) -> Array:
        """First day of each month and of the one after, shape (months + 1)."""
        return np.array([number(add_months(self.first, m)) for m in range(self.months + 1)])

    @cached_property
    def stop(self) -> int:
        """First day that is no longer in the data."""
        return number(self.end) + 1

    @cached_property
    def lengths(self) -> Array:
        """Days of each month, shape (months)."""
        return np.diff(self.starts)

    @cached_property
    def calendar_months(self) -> Array:
        """Month of the year, 0 is January, shape (months)."""
        return (np.arange(self.months) + self.first.month - 1) % 12

    @property
    def now(self) -> int:
        """Instant (µs) of the last load: six in the morning after the last day."""
        return self.stop * DAY_US + 6 * 3_600_000_000

    @property
    def last_complete(self) -> int:
        """Index of the last month that is complete."""
        return self.months - 1 if self.stop == self.starts[-1] else self.months - 2

    def month_of(self, days: Array) -> Array:
        """Return the index of the month of each day; days before the data count as month 0."""
        return np.clip(np.searchsorted(self.starts, days, side="right") - 1, 0, self.months - 1)

    def back(self, months: int) -> int:
        """Return the first day of the month so many months before the last complete one."""
        return number(add_months(self.first, self.last_complete - months))

    @cached_property
    def last_quarter(self) -> int:
        """First day of the last complete calendar quarter."""
        after = add_months(self.first, self.last_complete + 1)
        return number(add_months(date(after.year, (after.month - 1) // 3 * 3 + 1, 1), -3))
