"""Earned growth: how much of it comes from customers who stay and from those they send."""

from __future__ import annotations

from dataclasses import dataclass

from cxdata.statistics.interval import check

ENOUGH_KNOWN = 0.70
"""Share of new revenue whose source must be known for the rate to be more than indicative."""


@dataclass(frozen=True, slots=True)
class EarnedGrowth:
    """Rates of last period's revenue; a source that is not known lies between lo and hi.

    retention: revenue now of last period's customers. new: revenue of earned new customers. rate:
    retention + new - 1, the earned growth. ratio: its share of all growth; None where revenue did
    not grow. growth: of all revenue. is_indicative: of less than 70 % of new revenue the source is
    known.
    """

    retention: float
    new_lo: float
    new_hi: float
    growth: float
    is_indicative: bool

    @property
    def rate(self) -> tuple[float, float]:
        """Earned growth rate: with none of the unknown earned, and with all of it."""
        return self.retention + self.new_lo - 1, self.retention + self.new_hi - 1

    @property
    def ratio(self) -> tuple[float, float] | None:
        """Share of the growth that is earned."""
        if self.growth <= 0:
            return None
        lo, hi = self.rate
        return lo / self.growth, hi / self.growth


def earned_growth(
    before: float, same: float, earned: float, bought: float, unknown: float = 0.0
) -> EarnedGrowth | None:
    """Earned growth from last period's revenue and this one's by where customers came from.

    ``same`` is this period's revenue of last period's customers; ``earned`` that of new customers
    who came by recommendation, ``bought`` by advertising or price, ``unknown`` the rest. None
    without revenue before.  Reichheld, Darnell & Burns 2021.

    >>> found = earned_growth(100, 105, 10, 12, 3)
    >>> [round(v, 2) for v in found.rate], round(found.growth, 2)
    ([0.15, 0.18], 0.3)
    """
    check(min(earned, bought, unknown) >= 0, "Revenue of new customers by source is 0 or more.")
    if before <= 0:
        return None
    new = earned + bought + unknown
    known = 1.0 if new == 0 else (earned + bought) / new
    return EarnedGrowth(
        same / before,
        earned / before,
        (earned + unknown) / before,
        (same + new) / before - 1,
        known < ENOUGH_KNOWN,
    )
