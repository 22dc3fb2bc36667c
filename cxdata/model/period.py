"""Periods of business dates: half-open, at a grain, of the calendar or the fiscal year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cxdata.model.errors import BadScope


class Grain(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Months in one period."""
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months on; past the month's end, its last day.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def month_of(day: date) -> date:
    """Return the first day of the day's month."""
    return day.replace(day=1)


_FORMS = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


@dataclass(frozen=True, order=True)
class Period:
    """One half-open period ``[start, end)`` of business dates (METRICS.md C1).

    ``fiscal_start`` is the month in which the year starts; quarters count from it.
    """

    start: date
    grain: Grain
    fiscal_start: int = 1

    @property
    def end(self) -> date:
        """First day after the period."""
        return add_months(self.start, self.grain.months)

    @property
    def days(self) -> int:
        """Days in the period."""
        return (self.end - self.start).days

    @property
    def key(self) -> str:
        """The period as it is written in an address: 2026-10, 2026-Q3, 2026."""
        if self.grain is Grain.MONTH:
            return f"{self.start:%Y-%m}"
        year = self._year
        return f"{year}" if self.grain is Grain.YEAR else f"{year}-Q{self._quarter}"

    @property
    def label(self) -> str:
        """The period for a reader: Oct 2026, Q3 2026, 2026."""
        if self.grain is Grain.MONTH:
            return f"{self.start:%b %Y}"
        fiscal = "FY " if self.fiscal_start != 1 else ""
        if self.grain is Grain.YEAR:
            return f"{fiscal}{self._year}"
        return f"Q{self._quarter} {fiscal}{self._year}"

    @property
    def _year(self) -> int:
        return add_months(self.start, (1 - self.fiscal_start) % -12).year + (
            1 if self.fiscal_start != 1 else 0
        )

    @property
    def _quarter(self) -> int:
        return ((self.start.month - self.fiscal_start) % 12) // 3 + 1

    def shift(self, periods: int) -> Period:
        """Return the period so many periods later (negative: earlier)."""
        moved = add_months(self.start, periods * self.grain.months)
        return Period(moved, self.grain, self.fiscal_start)

    def previous(self) -> Period:
        """Return the period before."""
        return self.shift(-1)

    def year_before(self) -> Period:
        """Return the same period of the year before."""
        return Period(add_months(self.start, -12), self.grain, self.fiscal_start)

    def months(self) -> Iterator[date]:
        """Yield the first day of each month in the period."""
        for step in range(self.grain.months):
            yield add_months(self.start, step)

    @classmethod
    def containing(cls, day: date, grain: Grain, fiscal_start: int = 1) -> Period:
        """Return the period of that grain in which the day lies."""
        back = (day.month - fiscal_start) % grain.months
        return cls(add_months(month_of(day), -back), grain, fiscal_start)

    @classmethod
    def parse(cls, text: str, fiscal_start: int = 1) -> Period:
        """Read ``2026-10``, ``2026-Q3`` or ``2026``.

        Raises:
            BadScope: the text is none of the three.
        """
        match = _FORMS.fullmatch(text.strip())
        if match is None or not 1 <= int(match["year"]) <= 9998:
            raise BadScope(
                f"{text!r} is no period; write a month as 2026-10, a quarter as 2026-Q3"
                " or a year as 2026."
            )
        year = int(match["year"])
        if match["month"]:
            return cls(date(year, int(match["month"]), 1), Grain.MONTH, fiscal_start)
        first = date(year if fiscal_start == 1 else year - 1, fiscal_start, 1)
        if match["quarter"]:
            first = add_months(first, 3 * (int(match["quarter"]) - 1))
            return cls(first, Grain.QUARTER, fiscal_start)
        return cls(first, Grain.YEAR, fiscal_start)
