"""The rules by which the marts are built; they are part of what makes two builds the same."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from cxdata.model.period import add_months, month_of


@dataclass(frozen=True)
class Rules:
    """Configured choices of METRICS.md 1.5, 2.2, 2.7 and 9.

    Days unless said otherwise. ``lapse_days`` is W of the order-based active rule; ``None`` lets
    the first build estimate it, after which it stays frozen.
    """

    currency: str | None = None
    grace_days: int = 7
    lapse_days: int | None = None
    exposure_days: int = 90
    repeat_days: int = 7
    score_days: int = 365
    paused_is_active: bool = True
    fiscal_start: int = 1
    sales_in_revenue: bool = False
    history_start: date | None = None

    def key(self) -> str:
        """The rules as one line of text, equal for equal rules."""
        return json.dumps(asdict(self), sort_keys=True, default=str)

    @classmethod
    def parse(cls, key: str) -> Rules:
        """Return the rules that a key says.

        >>> Rules.parse(Rules(grace_days=3, history_start=date(2024, 1, 1)).key()).history_start
        datetime.date(2024, 1, 1)
        """
        stated = json.loads(key)
        start = stated["history_start"]
        return cls(**stated | {"history_start": start and date.fromisoformat(start)})


@dataclass(frozen=True)
class Span:
    """The months a build covers, first and last included."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """First day after the last month."""
        return add_months(self.last, 1)

    def months(self) -> list[date]:
        """First days of the months covered."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [add_months(self.first, step) for step in range(count)]

    def batches(self, size: int) -> list[Span]:
        """Cut the months into spans of at most ``size``."""
        months = self.months()
        return [
            Span(months[at], months[min(at + size, len(months)) - 1])
            for at in range(0, len(months), size)
        ]

    def since(self, day: date) -> Span | None:
        """Return the part from the day's month on, or None where nothing is left."""
        first = max(self.first, month_of(day))
        return Span(first, self.last) if first <= self.last else None


FAR = date(9999, 12, 31)
"""End of what has not ended; never shown."""
