"""After how many quiet days does a customer without a contract count as lapsed?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxdata.statistics.interval import Floats, check, divide, root
from cxdata.statistics.risk import RiskTable, risk_table
from cxdata.statistics.survival import kaplan_meier, log_log_interval

_FLAG = "Each gap is either censored (1: the customer's last, still open) or not (0)."
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class LapseWindow:
    """W in days and its error rate: the share that comes back within the next W, with interval.

    at_risk counts gaps still open after W days, n all gaps.
    """

    days: int
    comes_back: float
    lo: float
    hi: float
    at_risk: float
    n: float


def lapse_window(
    gap_days: ArrayLike,
    is_censored: ArrayLike,
    count: ArrayLike = 1,
    tolerance: float = 0.10,
    step: int = 7,
) -> LapseWindow | None:
    """The smallest multiple of 7 days W with P(return within the next W | quiet for W) <= 10 %.

    S is the Kaplan-Meier curve of gaps between purchases, each customer's last gap censored:
    P = [S(W) - S(2W)] / S(W). Gaps of a day or more (one purchase a day); `count` of each.

    W is the smallest above all windows that break the rule beyond doubt (lower 95 % limit of P
    above the tolerance): of buyers with a monthly rhythm nobody returns in days 8 to 14 either,
    and a first W of 7 would call them all lapsed. When no gap at all outlasts W, nobody comes
    back. None when no W whose 2W lies inside the data will do: the history is too short.

    >>> lapse_window([5, 10, 400], [0, 0, 1], [60, 30, 10]).days
    14
    """
    table = _gaps(gap_days, is_censored, count)
    if table.time.size == 0:
        return None
    windows = np.arange(step, table.time[-1] + step, step)
    returns, lo, _ = _returns(table, windows)
    surely_more = (lo > tolerance) | ((returns == 1) & (_open_after(table, windows) > 1))
    start = int(np.flatnonzero(surely_more)[-1]) + 1 if surely_more.any() else 0
    fits = windows[start:][returns[start:] <= tolerance + _ROUNDING]
    return _window(table, int(fits[0])) if fits.size else None


def error_of_window(
    days: int, gap_days: ArrayLike, is_censored: ArrayLike, count: ArrayLike = 1
) -> LapseWindow:
    """What comes back after a W chosen otherwise; NaN when 2W lies beyond the data.

    >>> round(error_of_window(14, [5, 20, 400], [0, 0, 1], [60, 10, 30]).comes_back, 6)
    0.25
    """
    return _window(_gaps(gap_days, is_censored, count), days)


def _gaps(gap_days: ArrayLike, is_censored: ArrayLike, count: ArrayLike) -> RiskTable:
    censored = np.asarray(is_censored)
    check((censored == 0) | (censored == 1), _FLAG)
    return risk_table(0, gap_days, censored == 0, count)


def _window(table: RiskTable, days: int) -> LapseWindow:
    at = np.array([days], dtype=np.float64)
    back, lo, hi = (float(v[0]) for v in _returns(table, at))
    still_open, n = float(_open_after(table, at)[0]), float(table.at_risk.max(initial=0.0))
    return LapseWindow(days, back, lo, hi, still_open, n)


def _returns(table: RiskTable, windows: Floats) -> tuple[Floats, Floats, Floats]:
    """P(return within the next W | quiet for W) with interval; NaN where 2W is beyond the data.

    The share still quiet, S(2W)/S(W), has the Greenwood terms between W and 2W.
    """
    curve = kaplan_meier(table)
    quiet, longer = curve.at(windows), curve.at(2 * windows)
    still = np.where(quiet == 0, 1.0, divide(longer, quiet))
    terms = np.concatenate([[0.0], divide(curve.se, curve.survival) ** 2])
    spread = root(terms[_row(table, 2 * windows)] - terms[_row(table, windows)])
    inside = np.where((still > 0) & (still < 1), still, np.nan)
    lo, hi = log_log_interval(inside, still * spread, 0.95)
    return 1 - still, 1 - hi, 1 - lo


def _open_after(table: RiskTable, windows: Floats) -> Floats:
    """Gaps under observation that outlast W."""
    return np.append(table.at_risk, 0.0)[_row(table, windows)]


def _row(table: RiskTable, ages: Floats) -> NDArray[np.intp]:
    """How many rows of the table lie at or before each age."""
    return np.searchsorted(table.time, ages, side="right")
