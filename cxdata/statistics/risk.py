"""Risk tables: how many were under observation at each age, and how many left by which cause."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.interval import Floats, check


@dataclass(frozen=True, slots=True, eq=False)
class RiskTable:
    """One row an age: n at risk just before it and the events at it, a column a cause.

    time (T,) rising; at_risk (T,); lost_by (T, C); causes the C cause codes. Ages at which somebody
    left observation without an event have a row with zero events.
    """

    time: Floats
    at_risk: Floats
    lost_by: Floats
    causes: tuple[int, ...] = (1,)

    def __post_init__(self) -> None:
        rows = self.time.shape[0]
        fits = self.at_risk.shape == (rows,) and self.lost_by.shape == (rows, len(self.causes))
        check(fits, "A risk table needs one count at risk and one count a cause for each age.")
        check(np.diff(self.time) > 0, "The ages of a risk table rise without repeats.")
        check(self.lost <= self.at_risk, "More events than customers at risk at one age.")

    @classmethod
    def of(cls, time: ArrayLike, at_risk: ArrayLike, lost: ArrayLike) -> RiskTable:
        """A table of one cause from its three columns, as SQL returns them."""
        columns = (np.asarray(v, dtype=np.float64) for v in (time, at_risk, lost))
        ages, n, d = columns
        return cls(ages, n, d[:, np.newaxis])

    @property
    def lost(self) -> Floats:
        """Events of any cause at each age."""
        return np.sum(self.lost_by, axis=1)

    def after(self, age: float) -> RiskTable:
        """The rows above an age: survival given that the customer is still there at that age."""
        later = self.time > age
        return RiskTable(self.time[later], self.at_risk[later], self.lost_by[later], self.causes)


def risk_table(
    entry: ArrayLike, exit_age: ArrayLike, cause: ArrayLike, count: ArrayLike = 1
) -> RiskTable:
    """Risk table of customers grouped by (entry age, exit age, cause), count of each.

    Cause 0 (or False) is censored, any other code an event. At risk at t are those with
    entry < t <= exit: who was a customer before the data start enters late, or the leavers nobody
    saw would be credited to the stayers (left truncation). Rows with exit <= entry were never
    observed and count nowhere.

    >>> t = risk_table([0, 0, 2], [3, 3, 5], [1, 0, 1], [4, 6, 5])
    >>> t.time.tolist(), t.at_risk.tolist(), t.lost.tolist()
    ([3.0, 5.0], [15.0, 5.0], [4.0, 5.0])
    """
    ages = np.unique(np.asarray(exit_age, dtype=np.float64))
    return _table(ages, *_observed(entry, exit_age, cause, count))


def risk_tables(
    group: ArrayLike,
    entry: ArrayLike,
    exit_age: ArrayLike,
    cause: ArrayLike,
    count: ArrayLike = 1,
) -> dict[Hashable, RiskTable]:
    """One risk table a group, all on the same ages, as the log-rank test needs them."""
    labels = np.asarray(group)
    columns = np.broadcast_arrays(labels, entry, exit_age, cause, count)[1:]
    ages = np.unique(np.asarray(exit_age, dtype=np.float64))
    causes = _causes(np.asarray(cause))
    return {
        label: _table(ages, *_observed(*(c[labels == label] for c in columns)), causes=causes)
        for label in np.unique(labels).tolist()
    }


def drawable_to(table: RiskTable, floor: int = 10, share: float = 0.05) -> float | None:
    """The last age to draw: at risk at least `floor` and `share` of the largest risk set.

    Without late entry the largest risk set is the one at the start. None: nothing to draw.
    """
    if table.time.size == 0:
        return None
    enough = table.at_risk >= max(floor, share * float(table.at_risk.max()))
    return float(table.time[enough][-1]) if enough.any() else None


def _observed(
    entry: ArrayLike, exit_age: ArrayLike, cause: ArrayLike, count: ArrayLike
) -> tuple[Floats, Floats, NDArray[np.int64], Floats]:
    first, last, why, weight = np.broadcast_arrays(entry, exit_age, cause, count)
    starts, ends, n = (np.asarray(v, dtype=np.float64).ravel() for v in (first, last, weight))
    check(~(n < 0), "Counts of customers are never below 0.")
    seen = ends > starts
    return starts[seen], ends[seen], why.ravel()[seen].astype(np.int64), n[seen]


def _table(
    ages: Floats,
    entry: Floats,
    exit_age: Floats,
    cause: NDArray[np.int64],
    count: Floats,
    causes: tuple[int, ...] | None = None,
) -> RiskTable:
    codes = causes or _causes(cause)
    gone = np.searchsorted(ages, exit_age)  # the row of one's own exit; at risk up to it
    come = np.searchsorted(ages, entry, side="right")  # the first row strictly after entry
    rows = ages.size
    arrived = np.bincount(come, weights=count, minlength=rows + 1)[:rows]
    left = np.bincount(gone + 1, weights=count, minlength=rows + 1)[:rows]
    lost = [np.bincount(gone[cause == k], weights=count[cause == k], minlength=rows) for k in codes]
    lost_by = np.stack(lost, axis=1).astype(np.float64)
    return RiskTable(ages, np.cumsum(arrived - left), lost_by, codes)


def _causes(cause: NDArray) -> tuple[int, ...]:
    codes = np.unique(cause[cause != 0])
    return tuple(int(k) for k in codes) or (1,)
